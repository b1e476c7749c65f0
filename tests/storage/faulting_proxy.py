"""A small HTTP proxy in front of an S3 endpoint that answers badly when told to."""

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

DROP_BEFORE = "the connection is closed before the endpoint hears of it"
DROP_AFTER = "the endpoint has done it, and the connection is closed before its answer"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next `times` requests of a method whose path holds `part`.

    `how` is DROP_BEFORE, DROP_AFTER or a status; `stored` says the endpoint did its work before that status.
    """

    method: str
    how: str | int
    part: str = ""
    times: int = 1
    stored: bool = False


class Proxy:
    """Listens on a free port of 127.0.0.1 while the block lasts. `seen` lists the requests: (method, path)."""

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream).netloc
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.seen: list[tuple[str, str]] = []
        self.down = False
        self.open = threading.Event()
        self.open.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()

    def fail(self, *faults: Fault) -> None:
        """Adds faults; each request meets the first that fits it."""
        with self._lock:
            self._faults += [fault for fault in faults for _ in range(fault.times)]

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


def _handler(proxy: Proxy) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.note(self.command, self.path)
            proxy.open.wait()
            if fault is not None and fault.how == DROP_BEFORE:
                return self._hang_up()
            if fault is None:
                return self._answer(*proxy.forward(self, body))
            if fault.stored or fault.how == DROP_AFTER:
                proxy.forward(self, body)
            if isinstance(fault.how, str):
                return self._hang_up()
            return self._answer(fault.how, [("Content-Type", "application/xml")], _error(fault.how))

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_one

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
    return f"<Error><Code>Fault{status}</Code><Message>as told</Message></Error>".encode()
