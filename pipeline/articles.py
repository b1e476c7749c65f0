"""One page read now, without keeping it: from a file, or fetched from its address."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx
import protego

from domain.article import Article
from domain.connect import connect_to, is_loopback, parse_connect_to
from domain.errors import ConfigurationError, FetchError
from domain.settings import settings
from domain.site import Site
from parsers import read
from sites import load
from spiders.configuration import user_agent

_MAX_BYTES = 20 * 2**20


def read_address_or_file(where: str, *, site: str | None = None, url: str | None = None) -> Article:
    """Reads a page. An address is fetched once, within robots.txt; a site is found by its host unless named.

    Raises FetchError, ReadError, ConfigurationError.
    """
    if where.startswith(("http://", "https://")):
        payload, content_type = fetch(where)
        return read(payload, where, content_type, _site(site, where))
    path = Path(where)
    if not path.is_file():
        raise ConfigurationError(f"{where}: no such file", hint="Give a file, or an address with http:// or https://.")
    return read(path.read_bytes(), url or "", None, _site(site, url or ""))


def _site(name: str | None, url: str) -> Site | None:
    known = load()
    if name is not None:
        if name not in known:
            raise ConfigurationError(f"no site called {name}", hint=f"There are: {', '.join(known)}.")
        return known[name]
    host = (urlsplit(url).hostname or "").lower()
    return next((site for site in known.values() if host in site.hosts), None)


def fetch(url: str) -> tuple[bytes, str | None]:
    """A page's bytes and Content-Type. Raises FetchError naming the address and what happened."""
    parts = urlsplit(url)
    robots, status, _ = _get(f"{parts.scheme}://{parts.netloc}/robots.txt")
    if status == 200 and not protego.Protego.parse(robots.decode("utf-8", "replace")).can_fetch(url, "tongjian"):
        raise FetchError(f"{url}: robots.txt does not allow it")
    payload, status, content_type = _get(url)
    if status >= 400:
        raise FetchError(f"{url}: answered {status}", hint="Its kept captures: tongjian history URL.")
    return payload, content_type


def _get(url: str) -> tuple[bytes, int, str | None]:
    try:
        with (
            httpx.Client(
                transport=_Led(),
                follow_redirects=True,
                timeout=30,
                trust_env=False,
                headers={"User-Agent": user_agent(settings())},
            ) as client,
            client.stream("GET", url) as answer,
        ):
            body = b"".join(_bounded(answer, url))
            return body, answer.status_code, answer.headers.get("Content-Type")
    except httpx.HTTPError as error:
        raise FetchError(f"{url}: {error}", hint="Check the address and the network.") from error


def _bounded(answer: httpx.Response, url: str) -> list[bytes]:
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_BYTES:
            raise FetchError(f"{url}: larger than {_MAX_BYTES >> 20} MiB; cut off")
    return pieces


class _Led(httpx.BaseTransport):
    """Obeys TONGJIAN_CONNECT_TO: the address stays, the connection goes where a rule says."""

    def __init__(self) -> None:
        self._rules = parse_connect_to(settings().connect_to)
        self._verified, self._unverified = httpx.HTTPTransport(), httpx.HTTPTransport(verify=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        led = connect_to(self._rules, host, port)
        if led is None:
            return self._verified.handle_request(request)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=led[0], port=led[1])
        return (self._unverified if is_loopback(led[0]) else self._verified).handle_request(request)

    def close(self) -> None:
        self._verified.close()
        self._unverified.close()
