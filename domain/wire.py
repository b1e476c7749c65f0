"""HTTP/1.1 as it goes over a connection: an exchange's own bytes, and the framing undone (RFC 9112)."""

import re
from dataclasses import dataclass
from typing import Literal

# What a parser takes for the end of a head: an empty line, with or without its carriage return.
_HEAD_ENDS = re.compile(rb"\n\r?\n")
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")

Header = tuple[bytes, bytes]
Ending = Literal["whole", "cut", "broken"]


@dataclass(frozen=True, slots=True)
class Wire:
    """What one connection carried for one exchange, byte for byte.

    `head` is the answer's status line and header lines with the empty line that ends them; `body` its body where
    that differs from the payload (chunked framing and trailers), else None; `sent` the request. `interim` are the
    heads of answers 1xx before it. `chain` are the server's certificates in DER, its own first; `tls` is OpenSSL's
    name of protocol and cipher, `TLSv1.3 TLS_AES_256_GCM_SHA384`, and behind them what ALPN agreed on. `dns` are
    the system resolver's answers for the host as lines of a master file (RFC 1035, section 5) without times to live.
    """

    head: bytes
    body: bytes | None = None
    sent: bytes | None = None
    interim: bytes = b""
    chain: tuple[bytes, ...] = ()
    tls: str | None = None
    dns: tuple[str, ...] = ()


def split(block: bytes) -> tuple[bytes, bytes]:
    """A message's head, the empty line included, and what follows it."""
    found = _HEAD_ENDS.search(block)
    return (block[: found.end()], block[found.end() :]) if found else (block, b"")


def fields(head: bytes) -> tuple[bytes, tuple[Header, ...]]:
    """The first line of a head, and its header lines in their order, a folded value as one (RFC 9112, section 5.2).

    Lines without a colon are left out, as browsers leave them out.
    """
    first, *lines = head.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    whole: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and whole:
            whole[-1] = whole[-1].rstrip() + b" " + line.strip()
        else:
            whole.append(line)
    parted = (line.partition(b":") for line in whole)
    return first, tuple((name.strip(), value.strip()) for name, colon, value in parted if colon)


def is_chunked(headers: tuple[Header, ...]) -> bool:
    """True where the last transfer coding is chunked (RFC 9112, section 6.3)."""
    codings = [value for name, value in headers if name.lower() == b"transfer-encoding"]
    return bool(codings) and codings[-1].rpartition(b",")[2].strip().lower() == b"chunked"


def dechunk(data: bytes) -> tuple[bytes, Ending]:
    """A chunked body's payload (RFC 9112, section 7.1), and how it ended: whole, cut off, or broken inside.

    As much as can be read: spaces around a size and bare line feeds are borne with. What does not begin with a
    chunk at all was announced as chunked and is not: it is its own payload.
    """
    pieces: list[bytes] = []
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        size = data[at:end].partition(b";")[0].strip()
        if not _SIZE.fullmatch(size):
            return (b"".join(pieces) if at else data), "broken"
        length = int(size, 16)
        if length == 0:
            return b"".join(pieces), "whole"
        pieces.append(data[end + 1 : end + 1 + length])
        at = end + 1 + length
        if data[at : at + 2] == b"\r\n":
            at += 2
        elif data[at : at + 1] == b"\n":
            at += 1
        elif at < len(data) and data[at:] != b"\r":
            return b"".join(pieces), "broken"
    return (b"".join(pieces), "cut") if at or _begins(data) else (data, "broken")


def _begins(data: bytes) -> bool:
    """True where a body may be the beginning of a chunk's size, and no more of it came."""
    return not data.strip() or _SIZE.fullmatch(data.partition(b";")[0].strip()) is not None
