"""A server that says exactly what it is told to, over plain TCP or TLS, and remembers what it was asked."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, Self


class OddServer(ThreadingTCPServer):
    """`answers` by path, each a row of pieces sent one by one. A connection goes on until an answer's last piece is
    empty: then it is closed."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answers: Mapping[str, list[bytes]], context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port: int = self.server_address[1]
        self.answers, self.context = answers, context
        self.asked: dict[str, list[bytes]] = {}
        self.connections = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is what some tests are about."""


class _Handler(BaseRequestHandler):
    server: OddServer
    request: socket.socket

    def handle(self) -> None:
        self.server.connections += 1
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.context:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        with contextlib.suppress(OSError):
            while (asked := self._read()) and self._answer(asked):
                continue
        with contextlib.suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)
        self.request.close()

    def _read(self) -> bytes:
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            piece = self.request.recv(65536)
            if not piece:
                return b""
            asked += piece
        return asked

    def _answer(self, asked: bytes) -> bool:
        path = asked.split(b" ", 2)[1].decode()
        self.server.asked.setdefault(path, []).append(asked)
        pieces = self.server.answers[path]
        for piece in pieces:
            self.request.sendall(piece)
            threading.Event().wait(0.002)  # so that pieces come as pieces
        return bool(pieces[-1])
