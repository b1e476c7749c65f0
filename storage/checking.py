"""Holding one segment against its ledger entry, as far as is asked: its size, its bytes' hash, every record's digests.

A finding names the object, the record and the page.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from threading import Lock

from domain.errors import IntegrityError, NotFound
from storage import keys, merkle, warc
from storage.archive import Archive
from storage.ledger import Entry
from storage.proofs.log import Log
from storage.redacted import Redacted
from storage.segment import Index, Segment, salvage
from storage.tombstones import is_blank

_TARGET = re.compile(rb"^WARC-Target-URI: (.+)\r$", re.MULTILINE)
_DIGEST = re.compile(rb"^WARC-(Block|Payload)-Digest: (\S+)\r$", re.MULTILINE)
_SEGMENT = re.compile(r"v1/seg/[0-9a-z._-]+/\d{4}/\d\d/\d\d/[0-9a-z._-]+/\d{6}_[0-9a-f]{16}\.warc\.zst")
_RUNS, _BODIES = 16, 10_000


class Level(IntEnum):
    """How far to look; each level does what the ones below it do."""

    SIZES = 0
    HASHES = 1
    RECORDS = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where; with `is_note` what is to be known and is not wrong."""

    site: str
    key: str
    message: str
    is_note: bool = False


class Checker:
    """Looks at segments, from several threads. Listings and bodies that many entries share are looked at once."""

    def __init__(self, archive: Archive, level: Level) -> None:
        self._archive, self._level = archive, level
        self._lock = Lock()
        self._runs: OrderedDict[str, dict[str, int]] = OrderedDict()
        self._bodies: OrderedDict[str, str] = OrderedDict()

    def check(self, entry: Entry) -> list[Finding]:
        """What is wrong with the segment that an entry names. Raises EndpointDown."""
        try:
            return list(self._size(entry) if self._level is Level.SIZES else self._bytes(entry))
        except NotFound:
            what = f"removed: entry {entry.seq} names it and it is not there"
            return [Finding(entry.site, entry.commit.segment, what)]

    def _size(self, entry: Entry) -> Iterator[Finding]:
        key = entry.commit.segment
        taken = self._taken(entry)
        size = self._listed(key).get(taken.place)
        size = self._archive.bucket.size(taken.place) if size is None else size
        if size is None:
            raise NotFound(key)
        yield from self._notes(entry, taken)
        if size != entry.commit.size:
            what = f"damaged: {size} bytes, entry {entry.seq} says {entry.commit.size}"
            yield Finding(entry.site, key, what)

    def _listed(self, key: str) -> dict[str, int]:
        """The sizes of the run's segments; entries of a run lie beside one another."""
        if not _SEGMENT.fullmatch(key):
            return {}
        folder = key[: key.rindex("/") + 1]
        with self._lock:
            if folder not in self._runs:
                self._runs[folder] = dict(self._archive.bucket.list(folder))
                if len(self._runs) > _RUNS:
                    self._runs.popitem(last=False)
            return self._runs[folder]

    def _bytes(self, entry: Entry) -> Iterator[Finding]:
        key = entry.commit.segment
        data = self._archive.segment(key)
        segment = Segment(data, key)
        taken = self._taken(entry)
        whole = len(data) == entry.commit.size and hashlib.sha256(data).hexdigest() == taken.sha256
        if not whole:
            what = f"damaged: {len(data)} bytes, {taken.who} says {entry.commit.size} and another hash"
            yield Finding(entry.site, key, what)
        try:
            index = segment.index
        except IntegrityError as error:
            yield Finding(entry.site, key, f"{error}; {_readable(entry, data)}")
            return
        yield from self._notes(entry, taken, index)
        if not whole or taken.removed or self._level is Level.RECORDS:
            yield from _records(entry, segment, index, taken.removed)
        yield from self._outside(entry, index, taken.removed)

    def _taken(self, entry: Entry) -> Redacted:
        return Redacted(entry, self._archive.taken_down(entry.site))

    def _notes(self, entry: Entry, taken: Redacted, index: Index | None = None) -> Iterator[Finding]:
        """What was taken down of it, which is not wrong; and tombstones that are."""
        if not taken.tombstones:
            return
        try:
            for key, what in taken.notes(Log(self._archive.bucket).claimed_keys()):
                yield Finding(entry.site, key, what, is_note=True)
        except IntegrityError as error:
            yield Finding(entry.site, taken.place, str(error))
        for key, what in taken.contradictions(index) if index else ():
            yield Finding(entry.site, key, what)

    def _outside(self, entry: Entry, index: Index, removed: frozenset[str]) -> Iterator[Finding]:
        for capture in index.captures:
            if capture.id in removed:
                continue
            if (key := index.outside.get(capture.id)) and (what := self._body(key)):
                where = f"{what}: the payload of {capture.url} at {capture.at.isoformat()} in entry {entry.seq}"
                yield Finding(entry.site, key, where)

    def _body(self, key: str) -> str:
        """What is wrong with a body that has an object of its own; its name is its hash."""
        if key not in self._bodies:
            try:
                data = self._archive.bucket.get(key).data
                right = keys.big(hashlib.sha256(data).hexdigest()) == key
                self._bodies[key] = "" if right else f"damaged: {len(data)} bytes of another hash"
            except NotFound:
                self._bodies[key] = "removed"
            with self._lock:
                while len(self._bodies) > _BODIES:
                    self._bodies.popitem(last=False)
        return self._bodies.get(key, "")


def _records(entry: Entry, segment: Segment, index: Index, removed: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Each record against its leaf and its own digests, so that damage is traced to a page."""
    key = entry.commit.segment
    for frame, page in zip(index.frames, _pages(index), strict=True):
        blank = is_blank(segment.data[frame.offset : frame.offset + frame.length])
        if blank and frame.leaf in removed:
            continue
        try:
            record = segment.record(frame.offset, frame.length)
            wrong = "is damaged" if merkle.leaf(record).hex() != frame.leaf else _digests(record)
        except IntegrityError:
            wrong = "is damaged"
        if blank:
            wrong = "was removed, and no tombstone says why"
        if wrong:
            yield Finding(entry.site, key, f"{frame.type} record at {frame.offset}{page} {wrong}")
    held, committed = (len(index.captures), len(index.frames)), (entry.commit.captures, entry.commit.records)
    if index.root != entry.commit.root or held != committed:
        what = "holds {} captures in {} records, not the {} in {} that entry {} committed; its pages: {}"
        urls = ", ".join([capture.url for capture in index.captures[:3]] + ["…"] * (held[0] > 3))
        yield Finding(entry.site, key, what.format(*held, *committed, entry.seq, urls))


def _digests(record: bytes) -> str:
    """What is wrong with the digests a record says of itself; the payload's where the record holds it."""
    head = record[: record.find(b"\r\n\r\n") + 2]
    said = {name: value.decode("latin-1") for name, value in _DIGEST.findall(head)}
    block = warc.block(record)
    if said.get(b"Block") != warc.digest(block):
        return "has a block digest that is not its own"
    holds = head.find(b"WARC-Type: response") > 0 and b"\nTJ-Payload-Object: " not in head
    if holds and said.get(b"Payload") != warc.digest(warc.payload(block)):
        return "has a payload digest that is not its own"
    return ""


def _pages(index: Index) -> list[str]:
    """For each record, the page it belongs to, in words: a request lies before its answer, metadata after it."""
    answers = {capture.offset: f" of {capture.url} at {capture.at.isoformat()}" for capture in index.captures}
    own = [answers.get(frame.offset, "") for frame in index.frames]
    near = zip(own, [*own[1:], ""], ["", *own[:-1]], strict=True)
    return [mine or after or before for mine, after, before in near]


def _readable(entry: Entry, data: bytes) -> str:
    """How much of a segment without index can still be read."""
    records = []
    try:
        records = list(salvage(data, entry.commit.segment))
    except IntegrityError as error:
        return f"nothing of it can be read: {error}"
    urls = [url.decode("utf-8", "replace") for record in records for url in _TARGET.findall(record[:4096])]
    last = f", the last of {urls[-1]}" if urls else ""
    return f"{len(records)} of its {entry.commit.records} records can be read{last}"
