"""Undo a payload's content coding (RFC 9110 §8.4), within a bound."""

import zlib
from dataclasses import dataclass

import zstandard

from domain.errors import ReadError

MAX_BYTES = 8 * 2**20
"""Bytes of a page that are read; what lies beyond is left unread, and the article says so."""

_CODINGS = 4
_MEMBERS = 100
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """At most MAX_BYTES bytes of a page, and what was odd about getting them."""

    data: bytes
    issues: tuple[str, ...] = ()


def unpack(payload: bytes, content_encoding: str | None, url: str) -> Unpacked:
    """The page's own bytes. Raises ReadError, naming the address, where the coding is broken or unknown.

    A payload that carries no mark of the coding its header names is taken as it is: proxies undo
    codings and keep the header. One that is gzip without any header is unpacked: servers forget it.
    """
    issues: list[str] = []
    data = payload
    codings = _codings(content_encoding, payload)
    if len(codings) > _CODINGS:
        raise ReadError(f"{url}: more than {_CODINGS} content codings", hint="No server means that; keep the payload.")
    for coding in codings:
        data, note = _undo(coding, data, url)
        issues.extend(note)
    if len(data) > MAX_BYTES:
        issues.append(f"page: {len(data)} bytes, only the first {MAX_BYTES} are read")
        data = _whole_tags(data[:MAX_BYTES])
    return Unpacked(data, tuple(issues))


def _whole_tags(data: bytes) -> bytes:
    """Cut after the last >, which is no part of a character in any encoding of Chinese but UTF-16."""
    end = data.rfind(b">", -65536)
    return data[: end + 1] if end > 0 else data


def _codings(content_encoding: str | None, payload: bytes) -> list[str]:
    named = [part.strip().lower() for part in (content_encoding or "").split(",")]
    codings = [part for part in reversed(named) if part not in ("", "identity")]
    if not codings and payload.startswith(_GZIP):
        return ["gzip"]
    return codings[: _CODINGS + 1]


def _undo(coding: str, data: bytes, url: str) -> tuple[bytes, list[str]]:
    if not data:
        return data, []
    if coding in ("gzip", "x-gzip"):
        return _inflate(data, zlib.MAX_WBITS | 16, coding, url) if data[:2] == _GZIP else _bare(data, coding)
    if coding == "deflate":
        zlib_wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return _inflate(data, zlib.MAX_WBITS if zlib_wrapped else -zlib.MAX_WBITS, coding, url)
    if coding == "zstd":
        return _unzstd(data, url) if data[:4] == _ZSTD else _bare(data, coding)
    if coding == "br":
        return _unbrotli(data, url)
    raise ReadError(f"{url}: content coding «{coding}» is not known", hint="Keep the payload; it can be read later.")


def _bare(data: bytes, coding: str) -> tuple[bytes, list[str]]:
    return data, [f"declared {coding}, is not"]


def _inflate(data: bytes, window: int, coding: str, url: str) -> tuple[bytes, list[str]]:
    """Every member of a gzip stream (RFC 1952 §2.2); what follows the last is no part of the page."""
    plain = bytearray()
    rest = data
    for _ in range(_MEMBERS):
        machine = zlib.decompressobj(window)
        try:
            plain += machine.decompress(rest, MAX_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise _broken(coding, url, str(error)) from error
        if not machine.eof and len(plain) <= MAX_BYTES:
            raise _broken(coding, url, f"ends early, after {len(data)} bytes")
        rest = machine.unused_data
        if not rest.startswith(_GZIP) or len(plain) > MAX_BYTES:
            break
    stray = rest if len(plain) <= MAX_BYTES else b""
    return bytes(plain), [f"{len(stray)} bytes after the {coding} payload"] if stray.strip(b"\0") else []


def _unzstd(data: bytes, url: str) -> tuple[bytes, list[str]]:
    machine = zstandard.ZstdDecompressor().decompressobj()
    try:
        plain = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read(MAX_BYTES + 1)
        if len(plain) <= MAX_BYTES:
            machine.decompress(data)
    except zstandard.ZstdError as error:
        raise _broken("zstd", url, str(error)) from error
    if len(plain) <= MAX_BYTES and not machine.eof:
        raise _broken("zstd", url, f"ends early, after {len(data)} bytes")
    return plain, []


def _unbrotli(data: bytes, url: str) -> tuple[bytes, list[str]]:
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError as error:
        raise ReadError(f"{url}: no brotli here to undo «br»", hint="Install the package brotli.") from error
    machine = brotli.Decompressor()
    try:
        plain: bytes = machine.process(data, output_buffer_limit=MAX_BYTES + 1)
    except brotli.error as error:
        if b"<" in data[:1024]:
            return _bare(data, "br")
        raise _broken("br", url, str(error)) from error
    if not machine.is_finished() and len(plain) <= MAX_BYTES:
        raise _broken("br", url, f"ends early, after {len(data)} bytes")
    return plain, []


def _broken(coding: str, url: str, detail: str) -> ReadError:
    return ReadError(
        f"{url}: the {coding} payload cannot be unpacked: {detail}",
        hint="The answer was cut short; the next capture will tell.",
    )
