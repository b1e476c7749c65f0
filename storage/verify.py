"""Fixity: is what the ledger names there, whole and unchanged?

Levels: the chain of every ledger; each segment's presence, size and hash; and, deep, each record's leaf hash,
block digest and the root over them. A finding names the object, the record and the page.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from domain.capture import RunSummary
from domain.errors import IntegrityError, NotFound
from storage import keys, merkle
from storage.archive import Archive
from storage.ledger import GENESIS, Entry, Ledger
from storage.segment import Index, read_index, salvage, unpack

_ENTRY = re.compile(r"/(?P<seq>\d{10})\.json$")
_TARGET = re.compile(rb"^WARC-Target-URI: (.+)\r$", re.MULTILINE)


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
    """Looks at every entry of a site's ledger, in order, then for entries that are no longer there: those
    that others above wait for, and those that a finished run said it had made."""
    runs = tuple(archive.runs(site))  # read before the head: what these runs made is in the ledger by now
    ledger = archive.ledger(site)
    prev, expected, made = GENESIS, 1, Counter[str]()
    for seq in sorted(filter(None, map(_seq, ledger.above(0)))):  # listed: galloping would stop at a gap
        if seq > expected:
            yield Checked(site, expected, 0, 0, (_gap(ledger, expected, seq),))
        entry, findings = _entry(ledger, seq, prev)
        expected = seq + 1
        if entry is not None:
            prev = entry.hash
            made[entry.commit.run] += 1
            findings += _segment(archive, entry, deep=deep)
        size, captures = (entry.commit.size, entry.commit.captures) if entry else (0, 0)
        yield Checked(site, seq, captures, size, tuple(findings))
    yield Checked(site, 0, 0, 0, (*_strangers(ledger), *_unkept(runs, made)))


def _gap(ledger: Ledger, first: int, found: int) -> Finding:
    what = f"entry {first}" if found == first + 1 else f"entries {first} to {found - 1}"
    return Finding(ledger.site, keys.ledger(ledger.site, first), f"removed: {what}; entry {found} is there")


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
        return [Finding(entry.site, key, f"{error}; {_readable(entry, data)}")]
    pages = _pages(index)
    findings = []
    for frame, page in zip(index.frames, pages, strict=True):
        piece = data[frame.offset : frame.offset + frame.length]
        if not _sound(piece, frame.leaf, key):
            findings.append(Finding(entry.site, key, f"{frame.type} record at {frame.offset}{page} is damaged"))
    held, committed = _counts(index), (entry.commit.captures, entry.commit.records)
    if index.root != entry.commit.root or held != committed:
        what = "holds {} captures in {} records, not the {} in {} that entry {} committed; its pages: {}"
        urls = ", ".join([capture.url for capture in index.captures[:3]] + ["…"] * (held[0] > 3))
        findings.append(Finding(entry.site, key, what.format(*held, *committed, entry.seq, urls)))
    return findings


def _counts(index: Index) -> tuple[int, int]:
    return len(index.captures), len(index.frames)


def _pages(index: Index) -> list[str]:
    """For each record, the page it belongs to, in words: a request lies before its answer, metadata after it."""
    answers = {capture.offset: f" of {capture.url} at {capture.at.isoformat()}" for capture in index.captures}
    own = [answers.get(frame.offset, "") for frame in index.frames]
    near = zip(own, [*own[1:], ""], ["", *own[:-1]], strict=True)
    return [mine or after or before for mine, after, before in near]


def _readable(entry: Entry, data: bytes) -> str:
    """How much of a segment without index can still be read."""
    records = list(salvage(data, entry.commit.segment))
    urls = [url.decode("utf-8", "replace") for record in records for url in _TARGET.findall(record[:4096])]
    last = f", the last of {urls[-1]}" if urls else ""
    return f"{len(records)} of its {entry.commit.records} records can be read{last}"


def _sound(piece: bytes, leaf: str, key: str) -> bool:
    try:
        return merkle.leaf(unpack(piece, key)).hex() == leaf
    except IntegrityError:
        return False


def _strangers(ledger: Ledger) -> list[Finding]:
    """Objects among the entries that are none."""
    return [Finding(ledger.site, key, "no entry of a ledger has this name") for key in ledger.above(0) if not _seq(key)]


def _unkept(runs: tuple[RunSummary, ...], made: Counter[str]) -> Iterator[Finding]:
    """Finished runs with fewer entries than they said: the chain alone does not show that its end was cut off."""
    for run in runs:
        if made[run.run] < run.segments:
            what = f"removed: the run made {run.segments} segments, the ledger names {made[run.run]}"
            yield Finding(run.site, keys.manifest(run.site, run.run, "done"), what)


def _seq(key: str) -> int:
    """An entry's number; 0 of a key that is none."""
    found = _ENTRY.search(key)
    return int(found["seq"]) if found else 0
