"""A clock that moves when told, a client that goes where an address says, and what a page shows."""

import html
import http.client
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import urlsplit

from demo.replica import Replica

ZERO = datetime(2024, 12, 1, 1, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until moved."""

    at: datetime = ZERO

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at = ZERO + timedelta(seconds=seconds)


@dataclass
class Got:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        kind = self.headers["Content-Type"] or ""
        return self.body.decode("gb18030" if "gb2312" in kind else "utf-8")


@dataclass
class Browser:
    """Fetches real addresses from a replica, TLS where the address says https."""

    replica: Replica

    def connection(self, scheme: str, host: str) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.replica.port, timeout=20)
        connection.sock = socket.create_connection(("127.0.0.1", self.replica.port), timeout=20)
        if scheme == "https":
            context = ssl.create_default_context(cadata=self.replica.certificate)
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        return connection

    def ask(self, url: str, method: str = "GET", body: str | None = None, **headers: str) -> Got:
        parts = urlsplit(url)
        connection = self.connection(parts.scheme, parts.hostname or "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            sent = body.encode() if body else None
            connection.request(method, target, body=sent, headers={"Host": parts.netloc, **named})
            answer = connection.getresponse()
            return Got(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


Open = Callable[[Replica], Browser]
Ask = Callable[..., Got]


def visible(page: str) -> str:
    """A page's text without mark-up, scripts and white space: what must hold every line, whatever wraps it."""
    page = re.sub(r"<script.*?</script>|<!--.*?-->|<[^>]+>", "", page, flags=re.DOTALL)
    return re.sub(r"\s", "", html.unescape(page))
