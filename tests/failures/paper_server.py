"""Small newspapers on loopback, plain and TLS on one port, each on a host name of its own, with faults to order.

An answer is a row of byte strings written as they are, so a fault can be anything a socket can carry. Every
connection ends after its answer.
"""

import contextlib
import hashlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Self

_HANDSHAKE = 0x16


@dataclass(frozen=True)
class Ask:
    """A request. `headers` by names in lower case; `right` makes the answer that a sound server would give."""

    host: str
    path: str
    headers: dict[str, str]
    right: Callable[[], bytes] = field(default=lambda: b"", repr=False)

    @property
    def place(self) -> str:
        return f"{self.host}{self.path}"


Fault = Callable[[Ask], Iterable[bytes]]


def answer(body: bytes, status: str = "200 OK", content_type: str = "text/html; charset=utf-8", *more: str) -> bytes:
    """A whole answer. `more` are header lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


def paragraph(title: str, turn: int) -> str:
    return (
        f"记者从有关部门了解到，{title}一事已进入第{turn}阶段。全市各级各部门认真贯彻落实会议精神，把这项工作作为当前的重要任务，"
        "统筹安排、明确责任、加强督导，确保各项政策措施落到实处，让群众得到实实在在的好处。"
    )


@dataclass
class Story:
    """One article of a paper."""

    number: int
    title: str
    extra: str = ""

    @property
    def path(self) -> str:
        return f"/2026/{self.number}.html"

    def page(self, charset: str = "utf-8") -> str:
        body = "".join(f"<p>{paragraph(self.title, turn)}</p>" for turn in (1, 2, 3))
        return (
            f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}"><title>{self.title}_小报</title></head>'
            f'<body><div class="nav"><a href="/">首页</a></div><div class="article"><h1>{self.title}</h1>'
            f'<div class="info"><span>2026-05-{self.number % 28 + 1:02d} 09:30</span> <span>来源：小报</span></div>'
            f'<div class="content">{body}<p>{self.extra}</p></div></div></body></html>'
        )


@dataclass
class Paper:
    """One host: a list at / and articles below it. Taken-away articles answer 404 and leave the list."""

    host: str
    stories: dict[str, Story]
    gone: set[str] = field(default_factory=set)

    def answer(self, ask: Ask) -> bytes:
        if ask.path == "/" or ask.path.startswith("/list/"):
            return answer(self._list().encode())
        story = self.stories.get(ask.path)
        if story is None or story.path in self.gone:
            return answer(b"<html><body><h1>404</h1></body></html>", "404 Not Found")
        body = story.page().encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if ask.headers.get("if-none-match") == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n".encode()
        return answer(body, "200 OK", "text/html; charset=utf-8", f"ETag: {tag}")

    def _list(self) -> str:
        shown = [story for story in self.stories.values() if story.path not in self.gone]
        rows = "".join(f'<li><a href="{story.path}">{story.title}</a><span>2026-05-01</span></li>' for story in shown)
        return f'<html><head><meta charset="utf-8"><title>小报</title></head><body><ul>{rows}</ul></body></html>'

    def url(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://{self.host}{path}"


class PaperServer(ThreadingTCPServer):
    """Serves papers by host name. `faults` go by host (its robots.txt left alone) or by host and path."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.port: int = self.server_address[1]
        self.context = context
        self.papers: dict[str, Paper] = {}
        self.faults: dict[str, Fault] = {}
        self.asked: list[Ask] = []
        self.written: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()
        self.most_busy: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.arrived = threading.Condition(self.lock)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def paper(self, host: str, articles: int) -> Paper:
        """Opens a paper with that many articles. Its host's first label is part of every title."""
        label = host.split(".", maxsplit=1)[0]
        numbers = range(1001, 1001 + articles)
        stories = [Story(number, f"{label}关于第{number}号工作安排的通知") for number in numbers]
        self.papers[host] = Paper(host, {story.path: story for story in stories})
        return self.papers[host]

    def reply(self, ask: Ask) -> Iterable[bytes]:
        place = ask.place.partition("?")[0]
        fault = self.faults.get(place) or (self.faults.get(ask.host) if ask.path != "/robots.txt" else None)
        return fault(ask) if fault else [ask.right()]

    def right(self, ask: Ask) -> bytes:
        paper = self.papers.get(ask.host)
        if ask.path == "/robots.txt" or paper is None:
            return answer(b"", "404 Not Found", "text/plain")
        return paper.answer(ask)

    def wait_for(self, count: int, seconds: float = 60.0) -> bool:
        """Blocks until that many requests have come; False where they do not."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.asked) >= count, seconds)

    def asked_for(self, place: str) -> list[Ask]:
        with self.lock:
            return [ask for ask in self.asked if ask.place == place]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is what many tests are about."""


def _marked(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether it is the last."""
    waiting: bytes | None = None
    for piece in pieces:
        if waiting is not None:
            yield waiting, False
        waiting = piece
    if waiting is not None:
        yield waiting, True


class _Handler(StreamRequestHandler):
    server: PaperServer

    def setup(self) -> None:
        self.request.settimeout(30)
        first = self.request.recv(1, socket.MSG_PEEK)
        if first and first[0] == _HANDSHAKE and self.server.context:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        ask = self._ask()
        if ask is None:
            return
        with self._counted(ask) as done, contextlib.suppress(OSError):
            for piece, last in _marked(self.server.reply(ask)):
                if last:  # who has the last byte may ask again before we come back from sending it
                    done()
                self.request.sendall(piece)
                self.server.written[ask.place] += len(piece)

    @contextlib.contextmanager
    def _counted(self, ask: Ask) -> Iterator[Callable[[], None]]:
        server, busy = self.server, [ask.host]

        def done() -> None:
            with server.lock:
                server.busy.subtract(busy)
                busy.clear()

        with server.arrived:
            server.asked.append(ask)
            server.busy[ask.host] += 1
            server.most_busy[ask.host] = max(server.most_busy[ask.host], server.busy[ask.host])
            server.arrived.notify_all()
        try:
            yield done
        finally:
            done()

    def _ask(self) -> Ask | None:
        words = self.rfile.readline(65536).decode("latin-1").split()
        if len(words) != 3:
            return None
        headers = {}
        while line := self.rfile.readline(65536).decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        host = headers.get("host", "").lower().split(":")[0]
        ask = Ask(host, words[1], headers)
        return Ask(host, words[1], headers, lambda: self.server.right(ask))
