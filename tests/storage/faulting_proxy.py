"""A small HTTP proxy in front of an S3 endpoint that answers badly when told to."""

import hashlib
import http.client
import os
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

DROP_BEFORE = "the connection is closed before the endpoint hears of it"
DROP_AFTER = "the endpoint has done it, and the connection is closed before its answer"
RESET_SENDING = "the connection is reset at some byte of the request's body, and the endpoint hears nothing"
RESET_REPLY = "the endpoint has done it, and the connection is reset at some byte of its answer"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next `times` requests of a method whose path holds `part`.

    `how` is one of the words above or a status; `stored` says the endpoint did its work before that status, `at`
    at which byte a connection is reset.
    """

    method: str
    how: str | int
    part: str = ""
    times: int = 1
    stored: bool = False
    at: int = 0


class Proxy:
    """Listens on a free port of 127.0.0.1 while the block lasts. `seen` lists the requests: (method, path); `bodies`
    the SHA-256 of what came with each PUT that was passed on; `erase`, where it is set, is called with the path of a
    conditional PUT before that goes on: a store that ignores conditions. `change`, where it is set, makes of what
    a GET answers (path, body) what the client gets.
    """

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream).netloc
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.seen: list[tuple[str, str]] = []
        self.bodies: dict[str, str] = {}
        self.framed: list[str] = []
        self.erase: Callable[[str], None] | None = None
        self.change: Callable[[str, bytes], bytes] | None = None
        self.down = False
        self.open = threading.Event()
        self.open.set()
        self.held = threading.Event()
        self._go_on = threading.Event()
        self._holding: tuple[str, str] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.open.set()
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def fail(self, *faults: Fault) -> None:
        """Adds faults; each request meets the first that fits it."""
        with self._lock:
            self._faults += [fault for fault in faults for _ in range(fault.times)]

    def hold(self, method: str, part: str) -> None:
        """The next such request waits for `release`; `held` is set once it came."""
        self._holding = (method, part)

    def release(self) -> None:
        self._go_on.set()

    def wait(self, method: str, path: str) -> None:
        """Where a request waits, if it is to."""
        self.open.wait()
        if self._holding and self._holding[0] == method and self._holding[1] in path:
            self._holding = None
            self.held.set()
            self._go_on.wait()

    def count(self, method: str, part: str = "") -> int:
        return sum(one == method and part in path for one, path in self.seen)

    def note(self, method: str, path: str) -> Fault | None:
        """Writes a request down and gives what shall go wrong with it."""
        with self._lock:
            self.seen.append((method, path))
            for number, fault in enumerate(self._faults):
                if fault.method == method and fault.part in path:
                    return self._faults.pop(number)
        return Fault(method, DROP_BEFORE) if self.down else None

    def forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """The endpoint's own answer: status, headers, body. The signature covers Host, so that goes on as it came."""
        if request.command == "PUT":
            self._look_at(request, body)
        connection = http.client.HTTPConnection(self._upstream, timeout=30)
        try:
            connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers.items():
                if name.lower() not in {"expect", "connection"}:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def changed(
        self, request: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        if self.change is None or request.command != "GET" or status >= 300:
            return status, headers, body
        kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "etag"}]
        return status, [*kept, ("ETag", '"changed"')], self.change(request.path, body)

    def _look_at(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        self.bodies[request.path] = hashlib.sha256(body).hexdigest()
        framing = ("aws-chunked" in request.headers.get("Content-Encoding", ""), request.headers.get("x-amz-trailer"))
        if any(framing) or "x-amz-decoded-content-length" in request.headers:
            self.framed.append(request.path)
        if self.erase and request.headers.get("If-None-Match"):
            self.erase(request.path)


def _handler(proxy: Proxy) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one(self) -> None:
            fault = proxy.note(self.command, self.path)
            length = int(self.headers.get("Content-Length") or 0)
            if fault is not None and fault.how == RESET_SENDING:
                self.rfile.read(min(fault.at, length))
                return self._reset()
            body = self.rfile.read(length)
            proxy.wait(self.command, self.path)
            if fault is not None and fault.how == DROP_BEFORE:
                return self._hang_up()
            if fault is None:
                return self._answer(*proxy.changed(self, *proxy.forward(self, body)))
            if fault.how == RESET_REPLY:
                return self._half_an_answer(*proxy.forward(self, body), fault.at)
            if fault.stored or fault.how == DROP_AFTER:
                proxy.forward(self, body)
            if isinstance(fault.how, str):
                return self._hang_up()
            return self._answer(fault.how, [("Content-Type", "application/xml")], _error(fault.how))

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_one

        def _half_an_answer(self, status: int, headers: list[tuple[str, str]], body: bytes, at: int) -> None:
            lines = [f"HTTP/1.1 {status} {self.responses[status][0]}", *(f"{name}: {value}" for name, value in headers)]
            self.wfile.write(("\r\n".join(lines).encode() + b"\r\n\r\n" + body)[:at])
            self._reset()

        def _reset(self) -> None:
            """RST, not FIN: no time to linger."""
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

        def _hang_up(self) -> None:
            self.close_connection = True

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            named = {name.lower() for name, _ in headers}
            for name, value in headers:
                if name.lower() not in {"transfer-encoding", "connection"}:
                    self.send_header(name, value)
            if "content-length" not in named:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    return Handler


def _error(status: int) -> bytes:
    if status < 300:
        return b""  # it says that it has done what it has not
    code = {503: "SlowDown", 409: "ConditionalRequestConflict"}.get(status, f"Fault{status}")
    return f"<Error><Code>{code}</Code><Message>as told</Message></Error>".encode()
