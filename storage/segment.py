"""Segments: up to 64 captures in one immutable object.

A segment is a row of zstd frames, one a record (warcinfo; then request, response or revisit, and metadata
of each capture), so any record can be read alone by its offset. What its records share may stand before them as a
dictionary (storage/dictionaries.py). A last frame is skippable (RFC 8878, section 3.1.2: magic 0x184D2A5E): it holds
the index, zstd-compressed JSON, and ends in its own length and four letters, so that the index is found from the end
of the object alone.
"""

import hashlib
import json
import logging
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import zstandard

from domain.capture import Capture, Exchange
from domain.clock import iso
from domain.errors import IntegrityError
from domain.urls import urlkey
from storage import big, keys, merkle, warc
from storage.dictionaries import Dictionary, dictionary_in, length_in, unpack

__all__ = ["Builder", "Frame", "Index", "Sealed", "Segment", "index_length", "read_index", "salvage", "unpack"]

log = logging.getLogger(__name__)

INDEX_MAGIC = 0x184D2A5E
_BLANK = struct.pack("<I", 0x184D2A5C)
TAIL = struct.Struct("<I4s")
MARK = b"TJ01"
MAX_CAPTURES = 64
MAX_BYTES = 2 * 2**20
# zstd's: without a dictionary a higher level saves 5 % and takes three times as long. With one, 6 saves 5 to 15 % over
# 3, at 200 MB/s still; 9 saves 1 % over that for twice the time, 19 another 4 to 10 % for eight to twelve times.
LEVEL, SHARED_LEVEL = 3, 6
# By so much a dictionary must have gained before the records are no longer packed without it as well: more than the
# few bytes a frame that later ones could lose.
_SETTLED = 8 * 1024


@dataclass(frozen=True, slots=True)
class Frame:
    """One record's frame: where it lies, its type and the leaf hash of its uncompressed record (hex)."""

    offset: int
    length: int
    type: str
    leaf: str


@dataclass(frozen=True, slots=True)
class Index:
    """What a segment's last frame says. Captures' `segment` is filled in by the reader. `outside` says of captures
    (by id) whose payload lies in an object of its own which object that is."""

    site: str
    run: str
    frames: tuple[Frame, ...]
    captures: tuple[Capture, ...]
    outside: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """RFC 6962 tree head over the frames' leaves, hex."""
        return merkle.root([bytes.fromhex(frame.leaf) for frame in self.frames]).hex()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished segment, ready to be put once the bodies outside it are: SHA-256 (hex) → bytes."""

    data: bytes
    sha256: str
    index: Index
    bodies: Mapping[str, bytes] = field(default_factory=dict)


class Segment:
    """A segment's whole bytes, to read records from; may be sent to another process. `key` is for messages, `bodies`
    are those outside it that were fetched, by the key of their object. Raises IntegrityError."""

    def __init__(self, data: bytes, key: str, bodies: Mapping[str, bytes] | None = None) -> None:
        self.data, self.key, self.bodies = data, key, bodies or {}

    def __reduce__(self) -> tuple[type["Segment"], tuple[bytes, str, Mapping[str, bytes]]]:
        return Segment, (self.data, self.key, self.bodies)

    @cached_property
    def index(self) -> Index:
        return read_index(self.data, self.key)

    @cached_property
    def dictionary(self) -> Dictionary | None:
        return dictionary_in(self.data, self.key)

    def record(self, offset: int, length: int) -> bytes:
        """The uncompressed record whose frame lies there."""
        return unpack(self.data[offset : offset + length], self.key, self.dictionary)


class _Track:
    """The records packed one way: with a dictionary, or without."""

    def __init__(self, dictionary: Dictionary | None) -> None:
        level, shared = (SHARED_LEVEL, dictionary.shared) if dictionary else (LEVEL, None)
        self._pack = zstandard.ZstdCompressor(level=level, write_checksum=True, dict_data=shared).compress
        self.head = dictionary.frame if dictionary else b""
        self.frames: list[bytes] = []
        self.size = len(self.head)

    def add(self, record: bytes) -> None:
        self.frames.append(self._pack(record))
        self.size += len(self.frames[-1])


class Builder:
    """Collects one segment's captures. Not thread-safe: one writer a site.

    With a dictionary the records are packed with it and without it until it is clear which is smaller: a few captures
    are smaller without, for a segment carries its dictionary.
    """

    def __init__(self, site: str, run: str, at: datetime, software: str, dictionary: Dictionary | None = None) -> None:
        self._site, self._run = site, run
        self._tracks = [_Track(None), *([_Track(dictionary)] if dictionary else [])]
        self._records: list[tuple[str, str]] = []
        self._captures: list[tuple[int, dict[str, Any]]] = []
        self._bodies: dict[str, bytes] = {}
        self._chains: set[tuple[bytes, ...]] = set()
        self.since = at
        self._append("warcinfo", warc.warcinfo(site, run, iso(at), software))

    def __len__(self) -> int:
        return len(self._captures)

    @property
    def full(self) -> bool:
        return len(self._captures) >= MAX_CAPTURES or min(track.size for track in self._tracks) >= MAX_BYTES

    def _append(self, kind: str, record: bytes) -> str:
        leaf = merkle.leaf(record).hex()
        self._records.append((kind, leaf))
        for track in self._tracks:
            track.add(record)
        if len(self._tracks) > 1 and self._tracks[1].size + _SETTLED < self._tracks[0].size:
            del self._tracks[0]
        return leaf

    def add(self, exchange: Exchange) -> None:
        """Adds one capture: request, answer, metadata; before them the server's certificates where they are new."""
        self._add_certificates(exchange)
        response_id, request_id = warc.new_id(), warc.new_id()
        sha256 = big.sha256_outside(exchange)
        outside = keys.big(sha256) if sha256 else None
        if sha256:
            self._bodies[sha256] = exchange.body
            exchange = warc.unframed(exchange)
        self._append("request", warc.request(exchange, request_id))
        kind = "revisit" if exchange.status == 304 and exchange.refers_to else "response"
        leaf = self._append(kind, warc.response(exchange, response_id, request_id, outside))
        self._captures.append((len(self._records) - 1, _row(exchange, leaf, outside)))
        self._append("metadata", warc.metadata(exchange, response_id))

    def _add_certificates(self, exchange: Exchange) -> None:
        chain = exchange.wire.chain if exchange.wire else ()
        if chain and chain not in self._chains:
            self._chains.add(chain)
            self._append("resource", warc.certificates(exchange))

    def seal(self) -> Sealed:
        """The finished object's bytes, its hash and its index."""
        best = min(self._tracks, key=lambda track: track.size)
        frames = list(self._frames(best))
        captures = [row | {"offset": frames[at].offset, "length": frames[at].length} for at, row in self._captures]
        document = {
            "v": 1,
            "site": self._site,
            "run": self._run,
            "captures": captures,
            "frames": [[f.offset, f.length, f.type, f.leaf] for f in frames],
        }
        data = b"".join([best.head, *best.frames, _index_frame(document)])
        return Sealed(data, hashlib.sha256(data).hexdigest(), read_index(data, ""), self._bodies)

    def _frames(self, track: _Track) -> Iterator[Frame]:
        offset = len(track.head)
        for (kind, leaf), packed in zip(self._records, track.frames, strict=True):
            yield Frame(offset, len(packed), kind, leaf)
            offset += len(packed)


def _index_frame(document: dict[str, Any]) -> bytes:
    said = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    body = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(said)
    size = len(body) + TAIL.size
    return struct.pack("<II", INDEX_MAGIC, size) + body + TAIL.pack(size + 8, MARK)


def _row(exchange: Exchange, leaf: str, outside: str | None) -> dict[str, Any]:
    refers_to = exchange.refers_to
    row = {
        "id": leaf,
        "url": exchange.url,
        "urlkey": urlkey(exchange.url),
        "at": iso(exchange.at),
        "role": exchange.role.value,
        "status": exchange.status,
        "content_type": _header(exchange, b"content-type"),
        "payload_digest": refers_to.payload_digest
        if exchange.status == 304 and refers_to
        else warc.digest(exchange.body),
        "payload_length": len(exchange.body),
        "etag": _header(exchange, b"etag"),
        "last_modified": _header(exchange, b"last-modified"),
        "location": _header(exchange, b"location"),
        "refers_to": refers_to.model_dump(mode="json") if refers_to else None,
        "flags": list(exchange.flags),
    }
    return row | ({"big": outside} if outside else {})


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
    outside = {str(row["id"]): str(row["big"]) for row in document["captures"] if row.get("big")}
    return Index(site, run, tuple(Frame(*frame) for frame in document["frames"]), captures, outside)


def salvage(data: bytes, key: str) -> Iterator[bytes]:
    """The records that can still be read, from the front, where a segment's index is lost."""
    offset = length_in(data)
    dictionary = dictionary_in(data, key)
    unpacker = zstandard.ZstdDecompressor(dict_data=dictionary.shared if dictionary else None)
    while offset < len(data):
        if data[offset : offset + 4] == _BLANK:  # a record that was taken down
            offset += 8 + int.from_bytes(data[offset + 4 : offset + 8], "little")
            continue
        piece = unpacker.decompressobj()
        try:
            record = piece.decompress(memoryview(data)[offset:])
        except zstandard.ZstdError:
            log.debug("%s: no record can be read beyond byte %d", key, offset)
            return
        if not record or not piece.eof:
            return
        yield record
        offset = len(data) - len(piece.unused_data)
