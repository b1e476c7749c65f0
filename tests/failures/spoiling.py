"""Faults for a PaperServer: each takes a request and gives the bytes that a broken or hostile server would."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from functools import cache
from itertools import repeat
from typing import Self

from paper_server import Ask, Fault, answer

_MEGABYTE = 2**20
_FILL = ("<p>" + "填充" * 10922 + "</p>").encode()


def _body(ask: Ask) -> bytes:
    return ask.right().partition(b"\r\n\r\n")[2]


def page(ask: Ask) -> str:
    """The right page's text, asked for anew, without the condition."""
    plain = {name: value for name, value in ask.headers.items() if name != "if-none-match"}
    ask.headers.clear()
    ask.headers.update(plain)
    return _body(ask).decode()


def status(line: str) -> Fault:
    return lambda ask: [answer(f"<html><h1>{line}</h1></html>".encode(), line)]


def empty(ask: Ask) -> list[bytes]:
    return [answer(b"")]


def gb18030_called_utf8(ask: Ask) -> list[bytes]:
    return [answer(page(ask).encode("gb18030"))]


def utf8_called_gb2312(ask: Ask) -> list[bytes]:
    text = page(ask).replace('charset="utf-8"', 'charset="gb2312"')
    return [answer(text.encode(), "200 OK", "text/html; charset=gb2312")]


def no_charset_fits(ask: Ask) -> list[bytes]:
    spoilt = bytes(0xFF if number % 7 == 3 else byte for number, byte in enumerate(page(ask).encode()))
    return [answer(spoilt, "200 OK", "text/html; charset=x-none")]


def _gzipped(body: bytes) -> bytes:
    return answer(body, "200 OK", "text/html; charset=utf-8", "Content-Encoding: gzip")


def gzip_cut(ask: Ask) -> list[bytes]:
    packed = gzip.compress(page(ask).encode())
    return [_gzipped(packed[: len(packed) // 2])]


def gzip_damaged(ask: Ask) -> list[bytes]:
    packed = bytearray(gzip.compress(page(ask).encode()))
    packed[20:60] = b"\xff" * 40
    return [_gzipped(bytes(packed))]


@cache
def _bomb() -> bytes:
    machine = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(machine.compress(bytes(_MEGABYTE)) for _ in range(100)) + machine.flush()


def gzip_bomb(ask: Ask) -> list[bytes]:
    """100 MB of zeros in a tenth of one."""
    return [_gzipped(_bomb())]


def short(ask: Ask) -> list[bytes]:
    body = page(ask).encode()
    head, _, _ = answer(body).partition(b"\r\n\r\n")
    return [head + b"\r\n\r\n" + body[: len(body) // 2]]


def huge(megabytes: int, *, announced: bool) -> Fault:
    """That much, with a length or until the connection ends."""

    def stream(ask: Ask) -> Iterator[bytes]:
        size = megabytes * _MEGABYTE
        length = f"Content-Length: {size}\r\n" if announced else ""
        yield f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{length}Connection: close\r\n\r\n".encode()
        yield from repeat(_FILL, size // len(_FILL) + 1)

    return stream


def redirect_on(ask: Ask) -> list[bytes]:
    path, _, turn = ask.path.partition("?turn=")
    return [answer(b"", "302 Found", "text/html", f"Location: {path}?turn={int(turn or 0) + 1}")]


def redirect_nowhere(ask: Ask) -> list[bytes]:
    return [answer(b"", "302 Found")]


def drip(ask: Ask) -> Iterator[bytes]:
    """A head at once, then a byte now and then: never silent, never done."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<html>"
    for _ in range(600):
        time.sleep(0.1)
        yield b" "


def garbage(ask: Ask) -> list[bytes]:
    return [b"\x00\x01\x02 this is no HTTP\xff\xfe\r\n\r\n\x89PNG\r\n"]


def odd_headers(ask: Ask) -> list[bytes]:
    """The right page under header lines that hold a NUL, bytes of no charset, and nothing."""
    body = page(ask).encode()
    head = b"\r\n".join(
        [
            b"HTTP/1.1 200 \xcf\xb0",
            b"Content-Type: text/html; charset=utf-8\x00; x",
            b'ETag: "\x00\xff\xfe"',
            b"Last-Modified: \xd6\xdc\xd2\xbb",
            b"X-Empty:",
            f"Content-Length: {len(body)}".encode(),
        ]
    )
    return [head + b"\r\n\r\n" + body]


def no_links(ask: Ask) -> list[bytes]:
    return [answer("<html><body><ul></ul><p>栏目建设中</p></body></html>".encode())]


def refuse_robots(ask: Ask) -> list[bytes]:
    return [answer(b"User-agent: *\nDisallow: /\n", "200 OK", "text/plain")]


def captcha(ask: Ask) -> list[bytes]:
    text = "<html><title>访问验证</title><body>您的访问过于频繁,请完成安全验证后继续访问</body></html>"
    return [answer(text.encode())]


def hang_up(ask: Ask) -> list[bytes]:
    """Not a byte, then the end."""
    return []


class RawPort:
    """A port that speaks no TLS: answers the first bytes with `says`, or with nothing, and ends the connection."""

    def __init__(self, says: bytes) -> None:
        self._says = says
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                if connection.recv(4096):
                    connection.sendall(self._says)


def closed_port() -> int:
    """A port that refuses connections."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
