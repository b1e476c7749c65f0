"""Fixity: is what the ledger names there, whole and unchanged?

Levels: the chain of every ledger; each segment's presence, size and hash; and, deep, each record's leaf hash,
block digest and the root over them. A finding names the object, the record and the page.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import IntegrityError, NotFound
from storage import keys, merkle
from storage.archive import Archive
from storage.ledger import GENESIS, Entry, Ledger
from storage.segment import read_index, unpack


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where."""

    site: str
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One ledger entry looked at: how many bytes and captures, and what was found wrong."""

    site: str
    seq: int
    captures: int
    size: int
    findings: tuple[Finding, ...]


def verify(archive: Archive, site: str, *, deep: bool = False) -> Iterator[Checked]:
    """Looks at every entry of a site's ledger, in order, then at objects that no entry names."""
    ledger = archive.ledger(site)
    head = ledger.head()
    prev, named = GENESIS, set[str]()
    for seq in range(1, (head.seq if head else 0) + 1):
        entry, findings = _entry(ledger, seq, prev)
        if entry is not None:
            prev = entry.hash
            named.add(entry.commit.segment)
            findings += _segment(archive, entry, deep=deep)
        size, captures = (entry.commit.size, entry.commit.captures) if entry else (0, 0)
        yield Checked(site, seq, captures, size, tuple(findings))
    yield Checked(site, 0, 0, 0, _lost_tail(archive, site, head.seq if head else 0))


def _entry(ledger: Ledger, seq: int, prev: str) -> tuple[Entry | None, list[Finding]]:
    key = keys.ledger(ledger.site, seq)
    try:
        entry = ledger.read(seq)
    except (NotFound, IntegrityError) as error:
        return None, [Finding(ledger.site, key, str(error))]
    if entry.prev != prev:
        return entry, [Finding(ledger.site, key, f"does not follow entry {seq - 1}: the chain is broken")]
    return entry, []


def _segment(archive: Archive, entry: Entry, *, deep: bool) -> list[Finding]:
    key = entry.commit.segment
    try:
        data = archive.segment(key)
    except NotFound:
        return [Finding(entry.site, key, f"removed: entry {entry.seq} names it and it is not there")]
    if len(data) == entry.commit.size and hashlib.sha256(data).hexdigest() == entry.commit.sha256:
        return _records(entry, data) if deep else []
    what = f"damaged: {len(data)} bytes, entry {entry.seq} says {entry.commit.size} and another hash"
    return [Finding(entry.site, key, what), *_records(entry, data)]


def _records(entry: Entry, data: bytes) -> list[Finding]:
    """Each record against its leaf, so that damage is traced to a page."""
    key = entry.commit.segment
    try:
        index = read_index(data, key)
    except IntegrityError as error:
        return [Finding(entry.site, key, str(error))]
    pages = {capture.offset: capture for capture in index.captures}
    findings = []
    for frame in index.frames:
        piece = data[frame.offset : frame.offset + frame.length]
        if not _sound(piece, frame.leaf, key):
            capture = pages.get(frame.offset)
            page = f" of {capture.url} at {capture.at.isoformat()}" if capture else ""
            findings.append(Finding(entry.site, key, f"{frame.type} record at {frame.offset}{page} is damaged"))
    if index.root != entry.commit.root:
        findings.append(Finding(entry.site, key, f"its records are not those that entry {entry.seq} committed"))
    return findings


def _sound(piece: bytes, leaf: str, key: str) -> bool:
    try:
        return merkle.leaf(unpack(piece, key)).hex() == leaf
    except IntegrityError:
        return False


def _lost_tail(archive: Archive, site: str, head: int) -> tuple[Finding, ...]:
    """Entries above the head: an entry between is gone, and all after it cannot be reached."""
    above = [key for key, _ in archive.bucket.list(f"{keys.LEDGERS}{site}/") if _seq(key) > head]
    return tuple(Finding(site, key, f"entry {head + 1} is missing below it") for key in above)


def _seq(key: str) -> int:
    return int(key.rsplit("/", 1)[-1].removesuffix(".json"))
