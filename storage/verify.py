"""Fixity: is what the ledger names there, whole and unchanged, and is the ledger what was signed?

Levels: 0 each segment's presence and size; 1 its bytes' hash, and that of bodies outside it; 2 (deep) each record's
leaf hash, its digests and the root over them; 3 the chain of every ledger here, and what checkpoints promise of it
(storage/proofs/audit). Everything is read once and in order; what is kept in memory is a number a run.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import IntegrityError, NotFound
from storage import keys
from storage.ahead import ahead
from storage.archive import Archive
from storage.checking import Checker, Finding, Level
from storage.ledger import CLOCKS, Entry, Ledger
from storage.proofs.promises import Promises, Watch

__all__ = ["Checked", "Finding", "Level", "verify"]

# An endpoint answers several questions about as fast as one.
_THREADS = 4
_ENTRY = re.compile(r"/(?P<seq>\d{10})\.json$")


@dataclass(frozen=True, slots=True)
class Checked:
    """One ledger entry looked at (0: what is no entry): how many bytes and captures, what was found wrong, and in
    `notes` what was taken down, which is not."""

    site: str
    seq: int
    captures: int
    size: int
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a worker thread saw: an entry and its segment, or what is no entry."""

    seq: int
    entry: Entry | None
    findings: tuple[Finding, ...]


def verify(
    archive: Archive, site: str, *, deep: bool = False, quick: bool = False, promises: Promises | None = None
) -> Iterator[Checked]:
    """Looks at every entry of a site's ledger, in order, then for entries that are no longer there: those that others
    above wait for, those that a checkpoint names, and those that a finished run said it had made.

    `quick` looks at sizes only, `deep` at every record. Raises EndpointDown.
    """
    level = Level.SIZES if quick else Level.RECORDS if deep else Level.HASHES
    ledger, watch = archive.ledger(site), (promises or Promises()).watch(site)
    prev, expected, made = watch.base.hash, watch.base.seq + 1, Counter[str]()
    for looked in _look(archive, ledger, watch.base.seq, level):
        findings, entry = list(looked.findings), looked.entry
        if looked.seq > expected:
            findings.insert(0, _gap(ledger, expected, looked.seq))
        expected = looked.seq + 1 if looked.seq else expected
        if entry is not None:
            if entry.prev != prev:
                key = keys.ledger(site, entry.seq)
                findings.insert(0, Finding(site, key, f"does not follow entry {entry.seq - 1}: the chain is broken"))
            findings += watch.check(entry)
            prev = entry.hash
            made[entry.commit.run] += 1
        size, captures = (entry.commit.size, entry.commit.captures) if entry else (0, 0)
        notes = tuple(one for one in findings if one.is_note)
        wrong = tuple(one for one in findings if not one.is_note)
        yield Checked(site, looked.seq, captures, size, wrong, notes)
    yield Checked(site, 0, 0, 0, (*watch.end(expected - 1), *_unkept(archive, ledger, expected - 1, made, watch)))


def _look(archive: Archive, ledger: Ledger, after: int, level: Level) -> Iterator[_Looked]:
    """Everything under the ledger's name beyond entry `after`, in order, listed: galloping would stop at a gap."""
    checker = Checker(archive, level)

    def look(key: str) -> _Looked:
        found = _ENTRY.search(key)
        seq = int(found["seq"]) if found else 0
        if not seq:
            return _Looked(0, None, (Finding(ledger.site, key, "no entry of a ledger has this name"),))
        try:
            entry = ledger.read(seq)
        except (NotFound, IntegrityError) as error:
            return _Looked(seq, None, (Finding(ledger.site, key, str(error)),))
        return _Looked(seq, entry, tuple(checker.check(entry)))

    return ahead(look, ledger.above(after), _THREADS)


def _gap(ledger: Ledger, first: int, found: int) -> Finding:
    what = f"entry {first}" if found == first + 1 else f"entries {first} to {found - 1}"
    return Finding(ledger.site, keys.ledger(ledger.site, first), f"removed: {what}; entry {found} is there")


def _unkept(archive: Archive, ledger: Ledger, last: int, made: Counter[str], watch: Watch) -> Iterator[Finding]:
    """Finished runs with fewer entries than they said: the chain alone does not show that its end was cut off."""
    try:
        for run in archive.runs(ledger.site):
            if watch.base_at and keys.started(run.run) < watch.base_at + CLOCKS:
                continue  # its entries lie before what was asked for
            if made[run.run] < run.segments:
                last = _late(ledger, last, made)  # it may have ended while we were looking
            if made[run.run] < run.segments:
                what = f"removed: the run made {run.segments} segments, the ledger names {made[run.run]}"
                yield Finding(ledger.site, keys.manifest(ledger.site, run.run, "done"), what)
    except IntegrityError as error:
        yield Finding(ledger.site, f"{keys.RUNS}{ledger.site}/", str(error))


def _late(ledger: Ledger, last: int, made: Counter[str]) -> int:
    """Counts entries that were appended meanwhile; gives the last one's number."""
    while True:
        try:
            made[ledger.read(last + 1).commit.run] += 1
        except (NotFound, IntegrityError):
            return last
        last += 1
