"""Endpoints that fail in every way an endpoint can, and a receiver that honours idempotency keys: the oracle."""

import json
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = ("well", "500", "429", "400", "hangs", "hangs after accepting", "cuts after accepting", "drips", "cuts")


@dataclass
class Heard:
    """What a receiver took: each idempotency key once, in the order of its coming. `repeats` counts the others."""

    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    repeats: int = 0

    def take(self, id: str, body: dict[str, Any]) -> None:
        if id in self.messages:
            self.repeats += 1
            assert self.messages[id] == body, "the same key says another thing"
        else:
            self.messages[id] = body

    def changes(self) -> Iterator[dict[str, Any]]:
        for body in self.messages.values():
            for change in body.get("changes", [body]):
                yield change
                yield from change.get("also", ())


def judge(changes: Sequence[dict[str, Any]], expected: set[str]) -> None:
    """Every matching change, each exactly once, nothing out of order within one page."""
    ids = [change["id"] for change in changes]
    assert sorted(ids) == sorted(set(ids)), "told twice"
    assert expected - set(ids) == set(), "lost"
    assert set(ids) - expected == set(), "never happened"
    last: dict[str, str] = {}
    for change in changes:
        assert last.get(change["url"], "") <= change["at"], f"{change['url']}: out of order"
        last[change["url"]] = change["at"]


class FaultyReceiver:
    """A webhook receiver over TLS. `fault` is how it answers now; `stop` and `start` keep the port."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.fault, self.heard, self.requests = "well", Heard(), 0
        self._lock, self._context, self._port = threading.Lock(), context, 0
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}/hook"

    def start(self) -> None:
        if self._server:
            return
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answer(self)

            def log_message(self, *_: object) -> None:
                """Quiet: tests say what they expect."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        self._server.socket = self._context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["content-length"])))
        with self._lock:
            self.requests += 1
            fault = self.fault
            if fault == "well" or fault.endswith("after accepting"):
                self.heard.take(request.headers["webhook-id"], body)
        request.close_connection = True
        with suppress(OSError):
            self._misbehave(request, fault)

    @staticmethod
    def _misbehave(request: BaseHTTPRequestHandler, fault: str) -> None:
        if fault.startswith("hangs"):
            time.sleep(1.5)
        elif fault.startswith("cuts"):
            request.connection.close()
        elif fault == "drips":
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(15):
                request.wfile.write(b"x-drip: drop\r\n")
                time.sleep(0.1)
        else:
            request.send_response(200 if fault == "well" else int(fault))
            if fault == "429":
                request.send_header("retry-after", "120")
            request.send_header("content-length", "0")
            request.end_headers()
