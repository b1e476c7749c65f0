"""A segment that something was taken down of, held against its tombstones."""

from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.clock import iso
from domain.errors import IntegrityError
from storage import keys
from storage.ledger import Entry
from storage.segment import Index
from storage.tombstones import TakenFrom, Tombstone


class Redacted:
    """What tombstones say of the segment that an entry names; of most segments nothing. The redaction's hash is the
    tombstone's word alone, so every record left in it is held against the leaf that the ledger committed."""

    def __init__(self, entry: Entry, taken: TakenFrom) -> None:
        self._entry, self._taken = entry, taken
        self.tombstones: Sequence[Tombstone] = taken.of(entry.commit.segment)
        self._redaction = taken.redaction(entry.commit.segment)

    @property
    def place(self) -> str:
        return self._redaction.key if self._redaction else self._entry.commit.segment

    @property
    def sha256(self) -> str:
        return self._redaction.sha256 if self._redaction else self._entry.commit.sha256

    @property
    def who(self) -> str:
        return "its tombstone" if self._redaction else f"entry {self._entry.seq}"

    @property
    def removed(self) -> frozenset[str]:
        """Ids of the captures that have a tombstone of their own and are said to be removed."""
        said = self._redaction.removed if self._redaction else ()
        return frozenset(one.capture for one in self.tombstones if one.redaction and one.capture in said)

    def notes(self, known: Sequence[Ed25519PublicKey]) -> Iterator[tuple[str, str]]:
        """For each tombstone its key, and what is to be known. Raises IntegrityError where one was changed."""
        for one in self.tombstones:
            key = keys.tombstone(one.site, one.capture)
            until = f"withheld until {iso(one.until)}" if one.until and not one.redaction else "taken down"
            try:
                signer = one.signer(known)
            except IntegrityError as error:
                raise IntegrityError(f"{key}: {error}") from error
            why = f"by {one.by}, {iso(one.taken_down)}: {one.reason}; {signer}"
            yield key, f"{until}: {one.url} at {iso(one.at)}, {why}"

    def contradictions(self, index: Index) -> Iterator[tuple[str, str]]:
        """Tombstones that are of no capture of this segment, or say of one what its index does not."""
        places = {one.id: (one.offset, one.length, one.url) for one in index.captures}
        for one in self.tombstones:
            if places.get(one.capture) != (one.offset, one.length, one.url) or one.seq != self._entry.seq:
                yield keys.tombstone(one.site, one.capture), "a tombstone that contradicts the segment it names"
