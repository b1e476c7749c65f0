"""Endpoints on loopback that can be down, refuse, and remember what they were sent."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Authority:
    """Vouches for the endpoints of a test; `file` is what clients have to trust."""

    def __init__(self, folder: Path) -> None:
        self._made, self.file = trustme.CA(), folder / "authority.pem"
        self._made.cert_pem.write_to_path(str(self.file))

    def context(self, *hosts: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._made.issue_cert(*hosts).configure_cert(made)
        return made


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
    """A webhook receiver, over TLS with a context. `status`, `sent_headers` and `sent` are what it answers, `echo`
    says it repeats what it was sent; `hold`, when set, keeps every answer back until it is released; `stop` and
    `start` keep the port."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.status, self.posts, self.sent, self.echo = 200, list[Post](), b"", False
        self.sent_headers: dict[str, str] = {}
        self.hold: threading.Event | None = None
        self._context = context
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http{'s' if self._context else ''}://127.0.0.1:{self._port}/hook"

    @property
    def port(self) -> int:
        return self._port

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                said = {name.lower(): value for name, value in self.headers.items()}
                receiver.posts.append(Post(self.path, said, raw))
                if receiver.hold:
                    receiver.hold.wait(20)
                sent = receiver.sent
                if receiver.echo:
                    sent = json.dumps({"errcode": 999, "code": 999, "errmsg": self.path, "msg": self.path}).encode()
                self.send_response(receiver.status, self.path if receiver.echo else None)
                for name, value in receiver.sent_headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *_: object) -> None:
                """Quiet: tests say what they expect."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        if self._context:
            self._server.socket = self._context.wrap_socket(self._server.socket, server_side=True)
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


class GuardedPostbox(Postbox):
    """A mail server that takes mail only from those who log in, and logins only over TLS."""

    def __init__(self, context: ssl.SSLContext, users: dict[str, str], *, tls: bool = False) -> None:
        super().__init__()
        super().stop()
        self.logins, self._users, self._tls = list[str](), users, tls
        more: dict[str, Any] = {"ssl_context": context} if tls else {"tls_context": context, "require_starttls": True}
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=int(self.server.rpartition(":")[2]),
            authenticator=self._authenticate,
            auth_required=True,
            auth_require_tls=not tls,
            **more,
        )
        self._controller.start()

    @property
    def url(self) -> str:
        """As the first of its users writes it."""
        user = quote(next(iter(self._users), ""), safe="")
        return f"smtp{'s' if self._tls else ''}://{user}@{self.server}"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        good = self._users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=good, handled=good)


class Tunnel:
    """A proxy that opens tunnels to loopback, whatever it is asked for; `asked` are the places."""

    def __init__(self, to: int, status: int = 200) -> None:
        self.asked, self.heads, self._to, self._status = list[str](), list[bytes](), to, status
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listening.accept()
                threading.Thread(target=self._pass, args=(taken,), daemon=True).start()

    def _pass(self, taken: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += taken.recv(1)
        self.asked.append(head.split()[1].decode())
        self.heads.append(head)
        taken.sendall(f"HTTP/1.1 {self._status} whatever\r\n\r\n".encode())
        if self._status != 200:
            taken.close()
            return
        there = socket.create_connection(("127.0.0.1", self._to))
        pump(taken, there)

    def stop(self) -> None:
        self._listening.close()


def pump(*pair: socket.socket) -> None:
    """Carries what either says to the other, until one ends."""

    def carry(source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                to.sendall(piece)
        for end in (source, to):
            end.close()

    for source, to in (pair, pair[::-1]):
        threading.Thread(target=carry, args=(source, to), daemon=True).start()


def dripping(first: bytes, drops: Sequence[bytes], pause: float) -> socket.socket:
    """A listening socket that answers each connection with `first`, then with drop after drop."""
    listening = socket.create_server(("127.0.0.1", 0))

    def drip(taken: socket.socket) -> None:
        with taken, suppress(OSError):
            taken.sendall(first)
            for drop in drops:
                time.sleep(pause)
                taken.sendall(drop)

    def serve() -> None:
        with suppress(OSError):
            while True:
                taken, _ = listening.accept()
                threading.Thread(target=drip, args=(taken,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listening
