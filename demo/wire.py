"""HTTP/1.1, plain and over TLS on one port: a connection's first byte tells which (0x16 opens a TLS handshake,
RFC 8446, 5.1)."""

import contextlib
import logging
import socket
import ssl
import struct
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.model import Answer, Ask

_HANDSHAKE = 0x16
_IDLE = 30.0
_LARGEST_REQUEST = 4 * 2**20
_log = logging.getLogger(__name__)

Respond = Callable[[Ask], Answer]
Note = Callable[[Ask, Answer, bytes], None]


class Wire(ThreadingHTTPServer):
    """Listens on loopback. `respond` makes the answers; `note` hears of each answer before it leaves."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, context: ssl.SSLContext, respond: Respond, note: Note) -> None:
        self.context = context
        self.respond = respond
        self.note = note
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Runs in the connection's own thread, so that a client that says nothing holds up no one else."""
        request.settimeout(_IDLE)
        with contextlib.suppress(TimeoutError, ssl.SSLError, ConnectionError):  # the client left: its right
            first = request.recv(1, socket.MSG_PEEK)
            if first and first[0] == _HANDSHAKE:
                request = self.context.wrap_socket(request, server_side=True)
            self._open.add(request)
            try:
                Handler(request, client_address, self)
            finally:
                self._open.discard(request)
                self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.exception("replica: a request from %s failed", client_address)

    def close_all(self) -> None:
        """Stops listening and ends the connections that are kept alive."""
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Wire
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = _IDLE

    def do_GET(self) -> None:
        ask = self._ask()
        answer = self.server.respond(ask)
        if answer.reset:
            self._reset()
            return
        body = b"" if self.command == "HEAD" or answer.status == 304 else answer.body
        self.server.note(ask, answer, body)
        self._head(answer)
        self.wfile.write(body)
        if answer.stream and self.command != "HEAD":
            for chunk in answer.stream:
                self.wfile.write(chunk)
        if answer.length and not answer.stream:
            self.close_connection = True

    do_HEAD = do_GET
    do_POST = do_GET

    def _head(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        headers = dict(answer.headers)
        headers.setdefault("Date", self.date_time_string())
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(answer.length or len(answer.body)))
        self.end_headers()

    def _ask(self) -> Ask:
        parts = urlsplit(self.path)
        host = parts.netloc or self.headers.get("Host", "")
        length = self.headers.get("Content-Length", "0")
        size = min(int(length) if length.isdigit() else 0, _LARGEST_REQUEST)
        return Ask(
            method=self.command,
            scheme="https" if isinstance(self.connection, ssl.SSLSocket) else "http",
            host=host.rsplit(":", 1)[0].lower().rstrip(".") if not host.endswith("]") else host,
            path=unquote(parts.path) or "/",
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            raw_path=parts.path or "/",
            raw_query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(size),
        )

    def _reset(self) -> None:
        """Closed with SO_LINGER of no seconds: the client sees a reset (tcp(7))."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        _log.debug("%s " + format, self.address_string(), *args)
