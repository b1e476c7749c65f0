"""Endpoints on loopback that can be down, refuse, and remember what they were sent."""

import json
import socket
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class Receiver:
    """A webhook receiver. `status` is what it answers; `stop` and `start` keep the port."""

    def __init__(self) -> None:
        self.status, self.posts = 200, list[Post]()
        self.sent_headers: dict[str, str] = {}
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/hook"

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                said = {name.lower(): value for name, value in self.headers.items()}
                receiver.posts.append(Post(self.path, said, raw))
                self.send_response(receiver.status)
                for name, value in receiver.sent_headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet: tests say what they expect."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def ids(self) -> list[str]:
        return [post.id for post in self.posts]

    @property
    def told(self) -> list[str]:
        return [post.body["title"] for post in self.posts]


class Postbox:
    """A mail server. `answer` is what it says to a message's data."""

    def __init__(self) -> None:
        self.answer, self.messages = "250 taken", list[EmailMessage]()
        self.refused: set[str] = set()
        with socket.create_server(("127.0.0.1", 0)) as probe:  # aiosmtpd cannot choose a port itself
            port = probe.getsockname()[1]
        self.server = f"127.0.0.1:{port}"
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return self.answer

    def stop(self) -> None:
        self._controller.stop()
