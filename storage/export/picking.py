"""What is taken away, piece by piece, and the records of it as they are kept."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.capture import Capture
from domain.errors import IntegrityError
from storage import big, merkle, warc
from storage.archive import Archive
from storage.segment import Frame, Segment
from storage.tombstones import Tombstone

log = logging.getLogger(__name__)

# So much payload (bytes) goes through memory at a time for each thread, unless one capture alone has more.
_LOAD = 8 * 2**20
_CERTIFICATES = re.compile(rb"^certificates: (\S+)\r$", re.MULTILINE)
_TARGET = re.compile(rb"^WARC-Target-URI: urn:x-tongjian:certificates:(\S+)\r$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Captures of one segment, in its order; `seq` is its ledger entry, where that is known."""

    segment: str
    captures: tuple[Capture, ...]
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be taken away. `walk` gives the pieces, and the same ones each time it is called; `title` says what
    they are; `captures` counts them, `until` is the time of the newest (UTC)."""

    title: str
    walk: Callable[[], Iterable[Piece]]
    captures: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A record to write: uncompressed, as kept, but for an answer whose payload lies outside of its segment: that is
    put into it, and `kept` is the record without it. `capture` is that of an answer, `seq` its ledger entry where
    that is known. Of a capture that was taken down there is its tombstone in place of records."""

    kind: str
    record: bytes
    capture: Capture | None = None
    kept: bytes | None = None
    seq: int | None = None
    tombstone: Tombstone | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """A part of a piece that goes through memory at once."""

    piece: Piece
    captures: tuple[Capture, ...]
    is_first: bool


def loads(pieces: Iterable[Piece]) -> Iterator[Load]:
    """Cuts pieces where their payloads get too many for memory."""
    for piece in pieces:
        taken: list[Capture] = []
        is_first = True
        for capture in piece.captures:
            if taken and sum(one.payload_length for one in taken) + capture.payload_length > _LOAD:
                yield Load(piece, tuple(taken), is_first)
                taken, is_first = [], False
            taken.append(capture)
        yield Load(piece, tuple(taken), is_first)


def items(archive: Archive, load: Load) -> Iterator[Item]:
    """The records of a load: at a piece's beginning its segment's warcinfo and the certificates that its captures
    name; then request, answer and metadata of each. Raises NotFound, IntegrityError, EndpointDown."""
    records = Records(archive, load.piece.segment, load.piece.seq)
    if load.is_first:
        yield from records.opening(load.piece.captures)
    for capture in load.captures:
        if capture.id in records.taken:
            tombstone = records.taken.tombstones[capture.id]
            log.warning("left out: %s", tombstone.error())
            yield Item("tombstone", b"", capture, tombstone=tombstone)
            continue
        yield from records.of(capture)


class Records:
    """The records of a segment by its captures, each checked against its leaf."""

    def __init__(self, archive: Archive, key: str, seq: int | None = None) -> None:
        self._archive, self._seq = archive, seq
        self._segment = Segment(archive.segment(key), key)
        self.taken = archive.taken_down(self._segment.index.site)
        self._places = {frame.offset: place for place, frame in enumerate(self._segment.index.frames)}

    def opening(self, captures: Iterable[Capture]) -> Iterator[Item]:
        """The segment's warcinfo, and the certificates that these captures name."""
        frames = self._segment.index.frames
        yield from (Item(frame.type, self._read(frame)) for frame in frames[:1] if frame.type == "warcinfo")
        chains = [frame for frame in frames if frame.type == "resource"]
        left = [capture for capture in captures if capture.id not in self.taken]
        named = {digest for capture in left for digest in self._named(capture)} if chains else set()
        for frame in chains:
            record = self._read(frame)
            found = _TARGET.search(record.partition(b"\r\n\r\n")[0] + b"\r\n")
            if found and found[1] in named:
                yield Item(frame.type, record)

    def of(self, capture: Capture) -> Iterator[Item]:
        """A capture's request, answer and metadata, in this order."""
        for frame in self._around(capture):
            record = self._read(frame)
            if frame.leaf != capture.id:
                yield Item(frame.type, record)
                continue
            key = big.outside(record)
            if key is None:
                yield Item(frame.type, record, capture, seq=self._seq)
                continue
            body = big.get(self._archive.bucket, key, capture.payload_digest)
            yield Item(frame.type, big.whole(record, body, capture.flags), capture, record, self._seq)

    def kept(self, capture: Capture) -> dict[str, bytes]:
        """A capture's records as they are kept, by type; those of its answer and of its certificates too. Without its
        answer where that was taken down."""
        is_gone = capture.id in self.taken
        found = {one.type: self._read(one) for one in self._beside(capture) if not (is_gone and one.leaf == capture.id)}
        chains = [] if is_gone else [one.record for one in self.opening([capture]) if one.kind == "resource"]
        return found | ({"resource": chains[0]} if chains else {})

    def _named(self, capture: Capture) -> list[bytes]:
        metadata = [self._read(frame) for frame in self._around(capture) if frame.type == "metadata"]
        return [digest for record in metadata for digest in _CERTIFICATES.findall(warc.block(record))]

    def _around(self, capture: Capture) -> list[Frame]:
        self.taken.refuse(capture)
        return self._beside(capture)

    def _beside(self, capture: Capture) -> list[Frame]:
        """The frames of a capture's records."""
        frames = self._segment.index.frames
        place = self._places.get(capture.offset)
        if place is None or frames[place].leaf != capture.id:
            raise IntegrityError(
                f"{self._segment.key}: no record of {capture.url} at {capture.offset}",
                hint="The catalogue is not of this bucket: tongjian rebuild makes it again.",
            )
        before = [frame for frame in frames[max(0, place - 1) : place] if frame.type == "request"]
        after = [frame for frame in frames[place + 1 : place + 2] if frame.type == "metadata"]
        return [*before, frames[place], *after]

    def _read(self, frame: Frame) -> bytes:
        record = self._segment.record(frame.offset, frame.length)
        if merkle.leaf(record).hex() != frame.leaf:
            raise IntegrityError(f"{self._segment.key}: the record at {frame.offset} is not what was recorded")
        return record
