"""Records of WARC/1.1 (ISO 28500:2017), written; reading them back is FastWARC's."""

import hashlib
import uuid
from collections.abc import Iterable
from urllib.parse import urlsplit

from domain.capture import Exchange
from domain.clock import iso

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def digest(data: bytes) -> str:
    """`sha256:<hex>`: what sha256sum prints, in records, catalogue and interface alike (WARC/1.1, 5.8, leaves
    the encoding to the writer)."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def record(kind: str, block: bytes, headers: Iterable[tuple[str, str]]) -> bytes:
    """One whole record, its block digest and length included, ending in the two empty lines."""
    lines = [
        f"WARC-Type: {kind}",
        *(f"{name}: {value}" for name, value in headers),
        f"WARC-Block-Digest: {digest(block)}",
        f"Content-Length: {len(block)}",
    ]
    return b"WARC/1.1\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def warcinfo(site: str, run: str, at: str, software: str) -> bytes:
    """The record that opens a segment."""
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\nisPartOf: {site}/{run}\r\n"
    return record(
        "warcinfo",
        fields.encode(),
        [("WARC-Record-ID", new_id()), ("WARC-Date", at), ("Content-Type", "application/warc-fields")],
    )


def response(exchange: Exchange, record_id: str, request_id: str) -> bytes:
    """The answer; a 304 as a revisit record that names the capture it confirms."""
    head = _head(f"{exchange.protocol} {exchange.status} {exchange.reason}".rstrip(), exchange.response_headers)
    headers = [("WARC-Record-ID", record_id), *_common(exchange), ("WARC-Concurrent-To", request_id)]
    if exchange.ip:
        headers.append(("WARC-IP-Address", exchange.ip))
    if truncated := next((flag for flag in exchange.flags if flag.startswith("truncated:")), None):
        headers.append(("WARC-Truncated", truncated.removeprefix("truncated:")))
    headers.append(("Content-Type", "application/http;msgtype=response"))
    if exchange.status == 304 and exchange.refers_to:
        return record("revisit", head, [*headers, *_revisit(exchange)])
    return record("response", head + exchange.body, [*headers, ("WARC-Payload-Digest", digest(exchange.body))])


def _revisit(exchange: Exchange) -> list[tuple[str, str]]:
    assert exchange.refers_to is not None
    return [
        ("WARC-Profile", _NOT_MODIFIED),
        ("WARC-Refers-To-Target-URI", exchange.refers_to.url),
        ("WARC-Refers-To-Date", iso(exchange.refers_to.at)),
        ("WARC-Payload-Digest", exchange.refers_to.payload_digest),
    ]


def request(exchange: Exchange, record_id: str) -> bytes:
    """The question, with the path and the query that were asked for."""
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = [(b"Host", parts.netloc.encode()), *exchange.request_headers]
    block = _head(f"{exchange.method} {target} HTTP/1.1", tuple(named))
    return record(
        "request",
        block,
        [("WARC-Record-ID", record_id), *_common(exchange), ("Content-Type", "application/http;msgtype=request")],
    )


def metadata(exchange: Exchange, response_id: str) -> bytes:
    """What we know besides: why it was fetched, and what is not as on the wire."""
    lines = [f"role: {exchange.role.value}", *(f"flag: {flag}" for flag in exchange.flags)]
    block = "".join(f"{line}\r\n" for line in lines).encode()
    return record(
        "metadata",
        block,
        [
            ("WARC-Record-ID", new_id()),
            *_common(exchange),
            ("WARC-Refers-To", response_id),
            ("Content-Type", "application/warc-fields"),
        ],
    )


def _common(exchange: Exchange) -> list[tuple[str, str]]:
    return [("WARC-Date", iso(exchange.at)), ("WARC-Target-URI", exchange.url)]


def _head(first: str, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    lines = [first.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"
