"""A server that is faster than any crawler here: pages made beforehand, one process, no delay.

`python -m bench.server COUNT` prints its port when it is ready and ends on SIGTERM.
"""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench import pages
from bench.places import PYTHON
from bench.saying import say

_HEAD = (
    b"HTTP/1.1 %d %s\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\nContent-Type: %s\r\n"
    b"Content-Length: %d\r\nLast-Modified: Sat, 21 Nov 2026 01:00:00 GMT\r\nConnection: keep-alive\r\n\r\n"
)
_HTML = b"text/html; charset=utf-8"
_LIST = re.compile(rb"/list/(\d+)-(\d+)\.html")


class Book:
    """Every answer there is: /article/N.html, /list/FIRST-COUNT.html, /robots.txt."""

    def __init__(self, count: int) -> None:
        self._answers = {f"/article/{n}.html".encode(): _answer(pages.article(n)) for n in range(count)}
        self._answers[b"/robots.txt"] = _answer(b"User-agent: *\nAllow: /\n", b"text/plain")
        self._missing = _answer(b"<html><h1>404</h1></html>", status=(404, b"Not Found"))

    def answer(self, path: bytes) -> bytes:
        found = self._answers.get(path)
        if found is None and (asked := _LIST.fullmatch(path)):
            found = self._answers[path] = _answer(pages.listing(int(asked[1]), int(asked[2])))
        return found or self._missing


def _answer(body: bytes, kind: bytes = _HTML, status: tuple[int, bytes] = (200, b"OK")) -> bytes:
    return _HEAD % (*status, kind, len(body)) + body


class Connection(asyncio.Protocol):
    """One connection, kept alive; what it is asked is answered in order."""

    def __init__(self, book: Book) -> None:
        self._book, self._asked = book, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *whole, self._asked = (self._asked + data).split(b"\r\n\r\n")
        for request in whole:
            self._transport.write(self._book.answer(request.split(b" ", 2)[1]))


async def _serve(count: int) -> None:
    book, ended = Book(count), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(lambda: Connection(book), "127.0.0.1", 0, backlog=512)
    say(server.sockets[0].getsockname()[1])
    await ended.wait()
    server.close()


@contextmanager
def serving(count: int) -> Iterator[int]:
    """The server as a process of its own; gives its port on 127.0.0.1."""
    command = [PYTHON, "-m", "bench.server", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
