"""One address fetched now, within robots.txt, its answer kept whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import httpx
import protego

from domain.clock import now
from domain.connect import connect_to, is_loopback, parse_connect_to
from domain.errors import FetchError
from domain.settings import settings
from spiders.configuration import user_agent

_MAX_BYTES = 20 * 2**20
_HOPS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered. `url` is where the bytes came from, after redirects; `at` when the request left, UTC.

    `headers` in order, as received. `payload` with its content coding, if the server used one.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    at: datetime

    def header(self, name: str) -> str | None:
        """A header's first value, whatever the case of its name; None where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def content_type(self) -> str | None:
        return self.header("content-type")

    @property
    def content_encoding(self) -> str | None:
        return self.header("content-encoding")


def fetch(url: str) -> Answer:
    """The answer of an address, redirects followed. It is asked for without content coding; few servers insist.

    Raises FetchError naming the address and what happened: robots.txt, no connection, a status from 400 on.
    """
    asked = url
    for _ in range(_HOPS):
        _ask_robots(url)
        answer = _get(url)
        location = answer.header("location")
        if answer.status in (301, 302, 303, 307, 308) and location:
            url = _joined(url, location)
            continue
        if answer.status >= 400:
            raise FetchError(f"{url}: answered {answer.status}", hint="Its kept captures: tongjian history URL.")
        return answer
    raise FetchError(f"{asked}: redirected more than {_HOPS} times", hint="Open it in a browser: is it one page?")


def _ask_robots(url: str) -> None:
    robots = _get(_joined(url, "/robots.txt"), follow=True)
    rules = robots.payload.decode("utf-8", "replace")
    if robots.status == 200 and not protego.Protego.parse(rules).can_fetch(url, "tongjian"):
        raise FetchError(f"{url}: robots.txt does not allow it", hint="Save the page yourself and name the file.")


def _joined(url: str, href: str) -> str:
    try:
        return str(httpx.URL(url).join(href))
    except httpx.InvalidURL as error:
        raise FetchError(f"{url}: {error}", hint="Write the address whole, as in http://example.cn/news/.") from error


def _get(url: str, *, follow: bool = False) -> Answer:
    at = now()
    headers = {"User-Agent": user_agent(settings()), "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(
                transport=_Led(), timeout=30, trust_env=False, headers=headers, follow_redirects=follow
            ) as client,
            client.stream("GET", url) as answer,
        ):
            payload = b"".join(_bounded(answer, url))
            named = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in answer.headers.raw)
            return Answer(str(answer.url), answer.status_code, named, payload, at)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(f"{url}: {error}", hint="Check the address and the network.") from error


def _bounded(answer: httpx.Response, url: str) -> Iterator[bytes]:
    size = 0
    for piece in answer.iter_raw():
        size += len(piece)
        if size > _MAX_BYTES:
            raise FetchError(f"{url}: larger than {_MAX_BYTES >> 20} MiB", hint="That is no page; leave it out.")
        yield piece


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
        there = httpx.Request(
            request.method,
            request.url.copy_with(host=led[0], port=led[1]),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return (self._unverified if is_loopback(led[0]) else self._verified).handle_request(there)

    def close(self) -> None:
        self._verified.close()
        self._unverified.close()
