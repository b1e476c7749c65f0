"""Segments: up to 64 captures in one immutable object.

A segment is a row of zstd frames, one a record (warcinfo; then request, response or revisit, and metadata
of each capture), so any record can be read alone by its offset. A last frame is skippable (RFC 8878,
section 3.1.2: magic 0x184D2A5E): it holds the index, zstd-compressed JSON, and ends in its own length and
four letters, so that the index is found from the end of the object alone.
"""

import hashlib
import json
import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard

from domain.capture import Capture, Exchange
from domain.clock import iso
from domain.errors import IntegrityError
from domain.urls import urlkey
from storage import merkle, warc

log = logging.getLogger(__name__)

INDEX_MAGIC = 0x184D2A5E
TAIL = struct.Struct("<I4s")
MARK = b"TJ01"
MAX_CAPTURES = 64
MAX_BYTES = 2 * 2**20
LEVEL = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """One record's frame: where it lies, its type and the leaf hash of its uncompressed record (hex)."""

    offset: int
    length: int
    type: str
    leaf: str


@dataclass(frozen=True, slots=True)
class Index:
    """What a segment's last frame says. Captures' `segment` is filled in by the reader."""

    site: str
    run: str
    frames: tuple[Frame, ...]
    captures: tuple[Capture, ...]

    @property
    def root(self) -> str:
        """RFC 6962 tree head over the frames' leaves, hex."""
        return merkle.root([bytes.fromhex(frame.leaf) for frame in self.frames]).hex()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished segment, ready to be put."""

    data: bytes
    sha256: str
    index: Index


class Builder:
    """Collects one segment's captures. Not thread-safe: one writer a site."""

    def __init__(self, site: str, run: str, at: datetime, software: str) -> None:
        self._site, self._run = site, run
        self._frames: list[Frame] = []
        self._captures: list[dict[str, Any]] = []
        self._data = bytearray()
        self._compress = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress
        self.since = at
        self._append("warcinfo", warc.warcinfo(site, run, iso(at), software))

    def __len__(self) -> int:
        return len(self._captures)

    @property
    def full(self) -> bool:
        return len(self._captures) >= MAX_CAPTURES or len(self._data) >= MAX_BYTES

    def _append(self, kind: str, record: bytes) -> Frame:
        packed = self._compress(record)
        frame = Frame(len(self._data), len(packed), kind, merkle.leaf(record).hex())
        self._data += packed
        self._frames.append(frame)
        return frame

    def add(self, exchange: Exchange) -> None:
        """Adds one capture: request, answer, metadata."""
        response_id, request_id = warc.new_id(), warc.new_id()
        self._append("request", warc.request(exchange, request_id))
        kind = "revisit" if exchange.status == 304 and exchange.refers_to else "response"
        frame = self._append(kind, warc.response(exchange, response_id, request_id))
        self._append("metadata", warc.metadata(exchange, response_id))
        self._captures.append(self._row(exchange, frame))

    def _row(self, exchange: Exchange, frame: Frame) -> dict[str, Any]:
        return {
            "id": frame.leaf,
            "url": exchange.url,
            "urlkey": urlkey(exchange.url),
            "at": iso(exchange.at),
            "role": exchange.role.value,
            "status": exchange.status,
            "content_type": _header(exchange, b"content-type"),
            "payload_digest": exchange.refers_to.payload_digest
            if exchange.status == 304 and exchange.refers_to
            else warc.digest(exchange.body),
            "payload_length": len(exchange.body),
            "etag": _header(exchange, b"etag"),
            "last_modified": _header(exchange, b"last-modified"),
            "location": _header(exchange, b"location"),
            "refers_to": exchange.refers_to.model_dump(mode="json") if exchange.refers_to else None,
            "flags": list(exchange.flags),
            "offset": frame.offset,
            "length": frame.length,
        }

    def seal(self) -> Sealed:
        """The finished object's bytes, its hash and its index."""
        document = {
            "v": 1,
            "site": self._site,
            "run": self._run,
            "captures": self._captures,
            "frames": [[f.offset, f.length, f.type, f.leaf] for f in self._frames],
        }
        body = self._compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
        size = len(body) + TAIL.size
        data = bytes(self._data) + struct.pack("<II", INDEX_MAGIC, size) + body + TAIL.pack(size + 8, MARK)
        return Sealed(data, hashlib.sha256(data).hexdigest(), read_index(data, ""))


def _header(exchange: Exchange, name: bytes) -> str | None:
    for key, value in exchange.response_headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return None


def index_length(tail: bytes, key: str) -> int:
    """The length of the index frame, from an object's last eight bytes. Raises IntegrityError."""
    if len(tail) < TAIL.size:
        raise IntegrityError(f"{key}: truncated: no index at its end")
    length, mark = TAIL.unpack(tail[-TAIL.size :])
    if mark != MARK or length < 8 + TAIL.size:
        raise IntegrityError(f"{key}: truncated or damaged: its last bytes are no index mark")
    return int(length)


def read_index(data: bytes, key: str) -> Index:
    """The index of a segment from its bytes, or from its last bytes. Raises IntegrityError."""
    length = index_length(data, key)
    frame = data[-length:]
    if length > len(data) or frame[:8] != struct.pack("<II", INDEX_MAGIC, length - 8):
        raise IntegrityError(f"{key}: truncated or damaged: its index frame is not whole")
    try:
        return _index(json.loads(unpack(frame[8 : -TAIL.size], key)), key)
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"{key}: its index cannot be read: {error}") from error


def _index(document: dict[str, Any], key: str) -> Index:
    if document["v"] != 1:
        raise IntegrityError(f"{key}: index of version {document['v']}; this program knows 1")
    site, run = document["site"], document["run"]
    captures = tuple(Capture(**row, site=site, run=run, segment=key) for row in document["captures"])
    return Index(site, run, tuple(Frame(*frame) for frame in document["frames"]), captures)


def unpack(frame: bytes, key: str) -> bytes:
    """One record's bytes from its frame; the frame's own checksum is checked. Raises IntegrityError.

    Unpacked piece by piece: one flipped bit in a frame's head can claim any length, and memory for it.
    """
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    try:
        record = unpacker.decompress(frame)
    except zstandard.ZstdError as error:
        raise IntegrityError(f"{key}: a frame cannot be unpacked: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise IntegrityError(f"{key}: a frame cannot be unpacked: it is not one whole frame")
    return record


def salvage(data: bytes, key: str) -> Iterator[bytes]:
    """The records that can still be read, from the front, where a segment's index is lost."""
    offset = 0
    while offset < len(data):
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        try:
            record = unpacker.decompress(memoryview(data)[offset:])
        except zstandard.ZstdError:
            log.debug("%s: no record can be read beyond byte %d", key, offset)
            return
        if not record or not unpacker.eof:
            return
        yield record
        offset = len(data) - len(unpacker.unused_data)
