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
from spiders import parts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Request, Response

# Scrapy parses an answer's head and keeps neither the order nor the case of its lines.
RECONSTRUCTED = "headers-reconstructed"


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

    async def process_response(self, request: "Request", response: "Response") -> "Response":
        recorder: Recorder | None = getattr(self._crawler.spider, "recorder", None)
        if recorder is None or parts.gathered(request, taken := exchange(request, response)):
            return response
        group = await parts.with_parts(self._crawler, taken)
        while recorder.crowded:  # noqa: ASYNC110 - the writer is a thread; an Event of this loop is not its to set
            await asyncio.sleep(0.02)
        recorder.put_together(group)
        return response


def exchange(request: "Request", response: "Response") -> Exchange:
    """What storage keeps of a request and its answer."""
    asked: datetime = request.meta["asked_at"]
    reference: Reference | None = request.meta.get("reference")
    return Exchange(
        url=request.url,
        at=asked,
        role=_role(request, response.status),
        method=request.method,
        status=response.status,
        reason=_reason(response.status),
        protocol=response.protocol or "HTTP/1.1",
        request_headers=_pairs(request.headers),
        response_headers=_pairs(response.headers),
        body=response.body,
        ip=str(response.ip_address) if response.ip_address else None,
        # A redirect carries the request's meta along: a 304 from elsewhere confirms nothing of ours.
        refers_to=reference if response.status == 304 and reference and reference.url == request.url else None,
        flags=tuple(_flags(request.url, response.flags)),
    )


def _role(request: "Request", status: int) -> Role:
    """Requests without a role are Scrapy's own, for robots.txt, and where it was moved to."""
    role = Role(request.meta.get("role", Role.ROBOTS))
    return Role.HOP if role is Role.PAGE and status != 200 and "redirect_urls" in request.meta else role


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(headers: "Headers") -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)


def _flags(url: str, flags: list[Any]) -> list[str]:
    found = [RECONSTRUCTED]
    if "dataloss" in flags or "partial" in flags:
        found.append("truncated:disconnect")
    if _led_elsewhere(url):
        found.append("connect-to")
    return found


def _led_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return connect_to(parse_connect_to(settings().connect_to), parts.hostname or "", port) is not None
