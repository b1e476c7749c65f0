"""The paper's server: a thread with a loop of its own; answers for all hosts on one port, as origin and as proxy."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import responses
from urllib.parse import urlsplit

from bench.paper.press import Press, Reply

_DATE = "Mon, 12 Oct 2026 00:00:00 GMT"


def wire(reply: Reply) -> bytes:
    """An answer's bytes. HTML goes without a charset in its header: the page's own meta is all there is."""
    phrase = responses.get(reply.status, "Challenge")
    where = f"Location: {reply.location}\r\n" if reply.location else ""
    head = (
        f"HTTP/1.1 {reply.status} {phrase}\r\nServer: nginx\r\nDate: {_DATE}\r\nContent-Type: {reply.kind}\r\n{where}"
        f"Content-Length: {len(reply.body)}\r\n\r\n"
    )
    return head.encode("latin-1") + reply.body


class Connection(asyncio.Protocol):
    """One connection, kept alive; what it is asked is answered in order."""

    def __init__(self, answer: Callable[[str, str], Reply]) -> None:
        self._answer, self._asked = answer, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *whole, self._asked = (self._asked + data).split(b"\r\n\r\n")
        for request in whole:
            first, *headers = request.decode("latin-1").split("\r\n")
            method, target, *_ = first.split(" ")
            named = dict(line.lower().split(": ", 1) for line in headers if ": " in line)
            parts = urlsplit(target)
            host = (parts.netloc or named.get("host", "")).split(":")[0]
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            sent = wire(self._answer(host, path))
            self._transport.write(sent.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else sent)


@contextmanager
def serving(press: Press) -> Iterator[int]:
    """The port on 127.0.0.1 for as long as the block takes. Turn the press only while nobody asks."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = loop.create_server(lambda: Connection(press.answer), "127.0.0.1", 0, backlog=512)
    server = asyncio.run_coroutine_threadsafe(made, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
