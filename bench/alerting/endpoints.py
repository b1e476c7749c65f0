"""Endpoints on loopback that keep what they take. As a program it is a webhook receiver in a process of its own: it
prints its port, then the id of each message."""

import json
import re
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# What is told carries a number in its headline, so that it can be found again in any message.
_MARK = re.compile(r"事项(\d{6})号")


def mark(number: int) -> str:
    """A number below 1,000,000 as headlines carry it."""
    return f"事项{number:06}号"


def marks(text: str) -> set[int]:
    """The numbers of what a message tells of."""
    return {int(found) for found in _MARK.findall(text)}


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as it came: when (seconds, monotonic), its bytes, and what a reader of it reads."""

    at: float
    raw: bytes
    text: str


class Endpoint(Protocol):
    """Takes messages. While it is stopped its port is closed, and stays its own."""

    taken: list[Taken]
    port: int

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Hook:
    """Takes JSON by POST, over TLS with a context, and answers `said` with 200."""

    context: ssl.SSLContext | None = None
    said: bytes = b"{}"
    hear: Callable[[str], object] = lambda id: None
    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        if self.context:
            self._server.socket = self.context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, id: str, raw: bytes) -> None:
        self.hear(id)
        self.taken.append(Taken(time.monotonic(), raw, "\n".join(_strings(json.loads(raw)))))


def _handler(hook: Hook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            hook.take(self.headers.get("webhook-id", ""), raw)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(hook.said)))
            self.end_headers()
            self.wfile.write(hook.said)

        def log_message(self, *_: object) -> None:
            """Quiet: the benchmark says what came."""

    return Handler


def _strings(said: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for one in said.values() if isinstance(said, dict) else said:
            yield from _strings(one)


@dataclass
class Postbox:
    """A mail server that takes every mail."""

    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    _controller: Controller | None = None

    def start(self) -> None:
        self.port = self.port or _free()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken.append(Taken(time.monotonic(), raw, _plain(raw)))
        return "250 taken"


def _plain(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _serve() -> None:
    hook = Hook(hear=lambda id: sys.stdout.write(f"{id}\n"))
    hook.start()
    sys.stdout.write(f"{hook.port}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        sys.stdin.read()  # until who started it closes it
    hook.stop()
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
