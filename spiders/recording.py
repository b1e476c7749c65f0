"""A downloader middleware next to the wire: every answer, errors and redirects included, becomes a capture.

An article's further pages are fetched before its first is handed over: one segment holds them together.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import urlsplit

from domain.capture import Exchange, Reference, Role
from domain.clock import now
from domain.connect import connect_to, parse_connect_to
from domain.settings import settings
from domain.wire import Header, Wire, dechunk, fields
from spiders import parts, resolving
from spiders.second import AGAIN
from spiders.tee import TAPE, Tape

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

# Where no tape ran (a proxy): Scrapy keeps neither the order nor the case of a head's lines.
RECONSTRUCTED = "headers-reconstructed"
BROKEN = "chunking-broken"


class Recorder(Protocol):
    """Who takes captures; storage.Writer is one."""

    @property
    def crowded(self) -> bool: ...

    def put_together(self, exchanges: Sequence[Exchange]) -> None: ...


class Recording:
    """Hands each answer to the spider's `recorder`; waits while it is crowded, so nothing piles up."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler)

    async def process_request(self, request: "Request") -> None:
        request.meta["asked_at"] = now()
        for name in (TAPE, parts.GROUP):  # of the request that was sent on here
            request.meta.pop(name, None)

    async def process_response(self, request: "Request", response: "Response") -> "Response":
        recorder: Recorder | None = getattr(self._crawler.spider, "recorder", None)
        if recorder is None or parts.gathered(request, taken := exchange(request, response)):
            return response
        group = await parts.with_parts(self._crawler, taken)
        while recorder.crowded:  # noqa: ASYNC110 - the writer is a thread; an Event of this loop is not its to set
            await asyncio.sleep(0.02)
        recorder.put_together(group)
        if taken.role is Role.PAGE:
            request.meta[parts.GROUP] = group
        return response


def exchange(request: "Request", response: "Response") -> Exchange:
    """What storage keeps of a request and its answer. Takes the tape out of the request."""
    asked: datetime = request.meta["asked_at"]
    reference: Reference | None = request.meta.get("reference")
    tape: Tape | None = request.meta.pop(TAPE, None)
    wire = tape.wire(resolving.answers(_dialled(request.url))) if tape else None
    body, flags = _payload(wire, response)
    reason, headers = _head(wire, response)
    proxied = bool(request.meta.get("proxy"))
    return Exchange(
        url=request.url,
        at=asked,
        role=_role(request, response.status),
        method=request.method,
        status=response.status,
        reason=reason,
        protocol=response.protocol or "HTTP/1.1",
        request_headers=tuple((name, value) for name, values in request.headers.items() for value in values),
        response_headers=headers,
        body=body,
        ip=str(response.ip_address) if response.ip_address and not proxied else None,
        # A redirect carries the request's meta along: a 304 from elsewhere confirms nothing of ours.
        refers_to=reference if response.status == 304 and reference and reference.url == request.url else None,
        flags=(*flags, *_flags(request.url, response.flags, tape), *((AGAIN,) if request.meta.get(AGAIN) else ())),
        wire=wire,
    )


def _payload(wire: Wire | None, response: "Response") -> tuple[bytes, tuple[str, ...]]:
    """The payload, by the same rule as whoever reads the record; of a chunked answer from its raw body."""
    if wire is None:
        return response.body, (RECONSTRUCTED,)
    if wire.body is None:
        return response.body, ()
    payload, ending = dechunk(wire.body)
    return payload, (BROKEN,) if ending == "broken" else ()


def _head(wire: Wire | None, response: "Response") -> tuple[str, tuple[Header, ...]]:
    """The reason phrase and the header lines: as they came, or as Scrapy tells them."""
    if wire is None:
        pairs = tuple((name, value) for name, values in response.headers.items() for value in values)
        return _reason(response.status), pairs
    first, pairs = fields(wire.head)
    return first.decode("latin-1").partition(" ")[2].partition(" ")[2], pairs


def _role(request: "Request", status: int) -> Role:
    """Requests without a role are Scrapy's own, for robots.txt, and where it was moved to."""
    role = Role(request.meta.get("role", Role.ROBOTS))
    return Role.HOP if role is Role.PAGE and status != 200 and "redirect_urls" in request.meta else role


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _flags(url: str, flags: list[Any], tape: Tape | None) -> list[str]:
    """`partial` is Scrapy's word for an answer that tells no length and ends with its connection: whole, if that
    ended in good order (RFC 9112, section 6.3)."""
    found = []
    if "dataloss" in flags or ("partial" in flags and not (tape and tape.closed)):
        found.append("truncated:disconnect")
    elif "partial" in flags:
        found.append("length-unknown")
    if _led_elsewhere(url):
        found.append("connect-to")
    return found


def _led_elsewhere(url: str) -> bool:
    return _rule(url) is not None


def _dialled(url: str) -> str:
    """The name whose address was looked up: the host's, or the one that a rule leads to."""
    led = _rule(url)
    return led[0] if led else urlsplit(url).hostname or ""


def _rule(url: str) -> tuple[str, int] | None:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return connect_to(parse_connect_to(settings().connect_to), parts.hostname or "", port)
