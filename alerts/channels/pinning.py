"""Connections to the very addresses that the guard looked at, and through a proxy of the environment to no other."""

import asyncio
import base64
import concurrent.futures
import os
import ssl
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

import httpcore
import httpx

from alerts.guard import Guard
from domain.connect import is_loopback
from domain.errors import DeliveryError

_Made = TypeVar("_Made")
_LONGEST_HEAD = 16_384
# Of one step; the whole has a bound of its own (alerts.channels.posting).
PATIENCE = 10.0


class Unproxied(DeliveryError):
    """The proxy of the environment cannot be used, or did not let a connection through."""


def transport(guard: Guard, url: httpx.URL) -> httpx.AsyncHTTPTransport:
    """A transport for one request to `url`: certificates are verified, but for stand-ins on this very machine
    (docs/decisions/0002-certificates-and-stand-ins.md)."""
    led = guard.led(url.raw_host.decode("ascii"), _port(url))
    context = _context(led is None or not is_loopback(led[0]), *map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))
    made = httpx.AsyncHTTPTransport(verify=context)
    # httpx has no way to say how connections are made; its pool has.
    made._pool = httpcore.AsyncConnectionPool(ssl_context=context, network_backend=_Pinned(guard, url.scheme))
    return made


@lru_cache(maxsize=8)
def _context(verify: bool, file: str | None, folder: str | None) -> ssl.SSLContext:
    """As httpx makes it, once: reading all root certificates takes ten times as long as a message. `file` and `folder`
    are what the environment says of them."""
    return httpx.create_ssl_context(verify=verify)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


class _Pinned(httpcore.AsyncNetworkBackend):
    """Makes connections: resolves once, by the guard, and connects to what it found."""

    def __init__(self, guard: Guard, scheme: str) -> None:
        self._guard, self._scheme, self._inner = guard, scheme, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's name)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        proxy = self._proxy(host, port)
        if proxy and self._guard.trusts(host):
            return await self._tunnel(proxy, host, port)
        way = await _aside(lambda: self._guard.way(host, port))
        if proxy:
            return await self._tunnel(proxy, way.addresses[0], way.port)
        return await self._first(way.addresses, way.port)

    def _proxy(self, host: str, port: int) -> str | None:
        """The proxy that the environment has for this host; none for what a rule of ours leads elsewhere."""
        if self._guard.led(host, port) or is_loopback(host) or proxy_bypass_environment(f"{host}:{port}"):
            return None
        known = getproxies_environment()
        return known.get(self._scheme) or known.get("all")

    async def _first(self, addresses: tuple[str, ...], port: int) -> httpcore.AsyncNetworkStream:
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, PATIENCE)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, PATIENCE)

    async def _tunnel(self, proxy: str, to: str, port: int) -> httpcore.AsyncNetworkStream:
        """A connection through the proxy (RFC 9110, 9.3.6) to an address, so that it has nothing to resolve."""
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unproxied("the proxy of the environment is neither http:// nor https://")
        stream = await self._inner.connect_tcp(parts.hostname, parts.port or 3128, PATIENCE)
        if parts.scheme == "https":
            stream = await stream.start_tls(ssl.create_default_context(), parts.hostname, PATIENCE)
        place = f"[{to}]:{port}" if ":" in to else f"{to}:{port}"
        login = _login(parts.username, parts.password)
        await stream.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{login}\r\n".encode("ascii"), PATIENCE)
        status = await _status(stream)
        if not 200 <= status < 300:
            await stream.aclose()
            raise Unproxied(f"the proxy of the environment answered {status}")
        return stream


def _login(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}\r\n"


async def _status(stream: httpcore.AsyncNetworkStream) -> int:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = await stream.read(1, PATIENCE)  # no byte of what comes after the head may be taken
        head += piece
        if not piece or len(head) > _LONGEST_HEAD:
            raise Unproxied("the proxy of the environment gave no answer")
    parts = head.split(maxsplit=2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0


async def _aside(call: Callable[[], _Made]) -> _Made:
    """The call in a thread that nobody waits for longer than he wants: a resolver may take half a minute."""
    outcome: concurrent.futures.Future[_Made] = concurrent.futures.Future()

    def run() -> None:
        try:
            made = call()
        except DeliveryError as error:
            if outcome.set_running_or_notify_cancel():
                outcome.set_exception(error)
        else:
            if outcome.set_running_or_notify_cancel():
                outcome.set_result(made)

    threading.Thread(target=run, name="resolving", daemon=True).start()
    return await asyncio.wrap_future(outcome)
