"""The ledger: one hash-chained entry a segment, and the queue between the steps.

Entry `seq` carries the SHA-256 of entry `seq - 1`'s bytes. Entries are dense from 1, so the head is found
by galloping, and an entry that is missing below the head is damage, not an end.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta

from domain.clock import iso
from domain.errors import Conflict, IntegrityError, NotFound
from storage import keys, merkle
from storage.ahead import ahead
from storage.bucket import Bucket

GENESIS = "0" * 64
# How far the clocks of two machines that capture one site may be apart.
CLOCKS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Commit:
    """What a ledger entry says of a segment: its key, hash and size in bytes, the counts of its captures and
    records, the RFC 6962 root over its records, the run, and when it was committed (UTC, ISO)."""

    segment: str
    sha256: str
    size: int
    captures: int
    records: int
    root: str
    run: str
    at: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as kept; `hash` is the SHA-256 of its bytes, hex, `data` those bytes."""

    site: str
    seq: int
    prev: str
    commit: Commit
    hash: str
    data: bytes = field(repr=False)

    @property
    def leaf(self) -> bytes:
        """What stands for this entry in the house's tree: SHA-256(0x00 ‖ its bytes)."""
        return merkle.leaf(self.data)


def _pack(site: str, seq: int, prev: str, commit: Commit) -> bytes:
    document = {"v": 1, "site": site, "seq": seq, "prev": prev, **asdict(commit)}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def unpack(data: bytes, key: str) -> Entry:
    """The entry that these bytes are. Raises IntegrityError naming `key`."""
    try:
        document = json.loads(data)
        version, site, seq, prev = (document.pop(name) for name in ("v", "site", "seq", "prev"))
        commit = Commit(**document)
        odd = [one.name for one in fields(commit) if type(getattr(commit, one.name)) is not one.type]
        if odd or type(seq) is not int:
            raise TypeError(f"of another type: {', '.join(odd) or 'seq'}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"{key}: no ledger entry: {error}") from error
    if version != 1:
        raise IntegrityError(f"{key}: ledger entry of version {version}; this program knows 1")
    return Entry(site, seq, prev, commit, hashlib.sha256(data).hexdigest(), data)


def last(is_there: Callable[[int], bool], known: int = 0) -> int:
    """The last of a row of objects numbered from 1 without gaps, found by galloping from `known`; 0 of none."""
    number, step = known, 1
    while is_there(number + step):
        number, step = number + step, step * 2
    while step := step // 2:
        if is_there(number + step):
            number += step
    return number


class Ledger:
    """One site's ledger."""

    def __init__(self, bucket: Bucket, site: str) -> None:
        self._bucket, self.site = bucket, site
        self._head: Entry | None = None

    def read(self, seq: int) -> Entry:
        """Entry `seq`. Raises NotFound, IntegrityError."""
        key = keys.ledger(self.site, seq)
        entry = unpack(self._bucket.get(key).data, key)
        if (entry.site, entry.seq) != (self.site, seq):
            raise IntegrityError(f"{key}: holds entry {entry.seq} of {entry.site}")
        return entry

    def head(self) -> Entry | None:
        """The last entry, None in an empty ledger."""
        seq = last(self._there, self._head.seq if self._head else 0)
        if seq and (self._head is None or self._head.seq != seq):
            self._head = self.read(seq)
        return self._head

    def _there(self, seq: int) -> bool:
        return self._bucket.size(keys.ledger(self.site, seq)) is not None

    def walk(self, after: int = 0, *, threads: int = 1) -> Iterator[Entry]:
        """Entries from `after + 1` to the head, the chain checked between neighbours. Raises IntegrityError.

        With `threads` above 1 entries are fetched ahead, as long as the head was when the walk began.
        """
        head = self.head()
        self._refuse_gap(head.seq if head else 0, after)
        prev = self._known(after).hash if after else GENESIS
        for entry in ahead(self._known, range(after + 1, (head.seq if head else 0) + 1), threads):
            if entry.prev != prev:
                raise IntegrityError(f"{keys.ledger(self.site, entry.seq)}: does not follow entry {entry.seq - 1}")
            prev = entry.hash
            yield entry

    def above(self, seq: int) -> Iterator[str]:
        """The keys of all entries above `seq`, by listing: galloping stops at a gap, a list does not."""
        return (key for key, _ in self._bucket.list(f"{keys.LEDGERS}{self.site}/", keys.ledger(self.site, seq)))

    def _refuse_gap(self, head: int, after: int) -> None:
        """A head below what was read before, or with entries above a gap, is no head: entries were removed."""
        beyond = next(self.above(head), None)
        is_next = beyond == keys.ledger(self.site, head + 1)  # appended since the head was found
        if head < after or (beyond is not None and not is_next):
            raise IntegrityError(
                f"{keys.ledger(self.site, head + 1)} is missing: the ledger went on beyond it",
                hint=f"See what is left with: tongjian verify {self.site}",
            )

    def _known(self, seq: int) -> Entry:
        """An entry that must be there."""
        try:
            return self.read(seq)
        except NotFound as error:
            raise IntegrityError(f"{keys.ledger(self.site, seq)} is missing below the head") from error

    def append(self, commit: Commit, *, resent: bool = False) -> Entry:
        """Appends a commit. The loser of a race reads the winner's entry and takes the next number.

        `resent` says the segment comes from the spool of an earlier process: where an entry since its run
        began already names it, that entry is given and nothing is written.
        """
        head = self._head if self._head and not resent else self.head()
        if resent and (found := self._already(commit, head)):
            return found
        while True:
            seq, prev = (head.seq + 1, head.hash) if head else (1, GENESIS)
            data = _pack(self.site, seq, prev, commit)
            try:
                self._bucket.put_once(keys.ledger(self.site, seq), data)
            except Conflict:
                head = self.head()
                if found := self._since(seq, head, commit):
                    return found
                continue
            self._head = unpack(data, keys.ledger(self.site, seq))
            return self._head

    def _since(self, seq: int, head: Entry | None, commit: Commit) -> Entry | None:
        """The entry from `seq` on that names the segment already: another run sent it from the spool both share."""
        newer = (self._known(number) for number in range(seq, (head.seq if head else 0) + 1))
        return next((entry for entry in newer if entry.commit.segment == commit.segment), None)

    def _already(self, commit: Commit, head: Entry | None) -> Entry | None:
        began = iso(keys.started(commit.run) - CLOCKS)
        entry = head
        while entry is not None and entry.commit.at >= began:
            if entry.commit.segment == commit.segment:
                return entry
            entry = self._known(entry.seq - 1) if entry.seq > 1 else None
        return None
