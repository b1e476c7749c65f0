"""The ledger: one hash-chained entry a segment, and the queue between the steps.

Entry `seq` carries the SHA-256 of entry `seq - 1`'s bytes. Entries are dense from 1, so the head is found
by galloping, and an entry that is missing below the head is damage, not an end.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from domain.errors import Conflict, IntegrityError, NotFound
from storage import keys
from storage.bucket import Bucket

GENESIS = "0" * 64
_LOOK_BACK = 256


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
    """One entry as kept; `hash` is the SHA-256 of its bytes, hex."""

    site: str
    seq: int
    prev: str
    commit: Commit
    hash: str


def _pack(site: str, seq: int, prev: str, commit: Commit) -> bytes:
    document = {"v": 1, "site": site, "seq": seq, "prev": prev, **asdict(commit)}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _unpack(data: bytes, key: str) -> Entry:
    try:
        document = json.loads(data)
        version, site, seq, prev = (document.pop(name) for name in ("v", "site", "seq", "prev"))
        commit = Commit(**document)
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"{key}: no ledger entry: {error}") from error
    if version != 1:
        raise IntegrityError(f"{key}: ledger entry of version {version}; this program knows 1")
    return Entry(site, seq, prev, commit, hashlib.sha256(data).hexdigest())


class Ledger:
    """One site's ledger."""

    def __init__(self, bucket: Bucket, site: str) -> None:
        self._bucket, self.site = bucket, site
        self._head: Entry | None = None

    def read(self, seq: int) -> Entry:
        """Entry `seq`. Raises NotFound, IntegrityError."""
        key = keys.ledger(self.site, seq)
        entry = _unpack(self._bucket.get(key).data, key)
        if (entry.site, entry.seq) != (self.site, seq):
            raise IntegrityError(f"{key}: holds entry {entry.seq} of {entry.site}")
        return entry

    def head(self) -> Entry | None:
        """The last entry, None in an empty ledger."""
        seq = self._head.seq if self._head else 0
        step = 1
        while self._there(seq + step):
            seq, step = seq + step, step * 2
        while step := step // 2:
            if self._there(seq + step):
                seq += step
        if seq and (self._head is None or self._head.seq != seq):
            self._head = self.read(seq)
        return self._head

    def _there(self, seq: int) -> bool:
        return self._bucket.size(keys.ledger(self.site, seq)) is not None

    def walk(self, after: int = 0) -> Iterator[Entry]:
        """Entries from `after + 1` to the head, the chain checked between neighbours. Raises IntegrityError."""
        head = self.head()
        prev = self.read(after).hash if after else GENESIS
        for seq in range(after + 1, (head.seq if head else 0) + 1):
            entry = self.read(seq)
            if entry.prev != prev:
                raise IntegrityError(f"{keys.ledger(self.site, seq)}: does not follow entry {seq - 1}")
            prev = entry.hash
            yield entry

    def append(self, commit: Commit, *, resent: bool = False) -> Entry:
        """Appends a commit. The loser of a race reads the winner's entry and takes the next number.

        `resent` says the segment comes from the spool of an earlier process: where one of the last entries
        already names it, that entry is given and nothing is written.
        """
        head = self.head()
        if resent and (found := self._already(commit.segment, head)):
            return found
        while True:
            seq, prev = (head.seq + 1, head.hash) if head else (1, GENESIS)
            data = _pack(self.site, seq, prev, commit)
            try:
                self._bucket.put_once(keys.ledger(self.site, seq), data)
            except Conflict:
                head = self.head()
                continue
            self._head = _unpack(data, keys.ledger(self.site, seq))
            return self._head

    def _already(self, segment: str, head: Entry | None) -> Entry | None:
        entry = head
        for _ in range(_LOOK_BACK):
            if entry is None or entry.commit.segment == segment:
                return entry
            entry = self._before(entry)
        return None

    def _before(self, entry: Entry) -> Entry | None:
        if entry.seq == 1:
            return None
        try:
            return self.read(entry.seq - 1)
        except NotFound as error:
            raise IntegrityError(f"{self.site}: ledger entry {entry.seq - 1} is missing") from error
