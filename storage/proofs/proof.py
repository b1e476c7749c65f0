"""Proofs: that one record is in a signed checkpoint, in a form that a stranger checks without this house.

The steps, each a name that `verify_proof` fails with:
  record       SHA-256(0x00 ‖ the uncompressed WARC record) is `record`
  segment      `record_path` leads from there to the `root` in `entry`, the ledger entry's bytes
  checkpoint   `entry_path` leads from SHA-256(0x00 ‖ `entry`) to the head that `checkpoint` names
  signature    the Ed25519 signature under `checkpoint` is that of the public key
  token        the RFC 3161 token, where there is one, is of the bytes of `checkpoint`
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.article import Frozen
from domain.capture import Capture
from domain.clock import iso
from domain.errors import IntegrityError, NotFound
from storage import keys, ledger, merkle
from storage.archive import Archive
from storage.ledger import Entry
from storage.proofs import note, timestamps
from storage.proofs.checkpoint import Checkpoint, Signed, parse
from storage.proofs.log import Log
from storage.proofs.signing import key_id, load_public
from storage.proofs.tiles import Tiles
from storage.proofs.timestamps import Stamp

_ENTRIES_CACHED = 4096
_NUMBER = re.compile(r"/(\d{6})_[0-9a-f]{16}\.warc\.zst$")


class Proof(Frozen):
    """That a record is in a checkpoint. All hashes are SHA-256, hex; paths are innermost first (RFC 9162, 2.1.3).

    `record` is the record's leaf hash, which is the capture's id; `record_index` (from 0) and `records` its place in
    the segment. `entry` is the ledger entry as it lies in the bucket, `entry_index` (from 0) its place in the tree,
    whose size and head are the second and third line of `checkpoint`, a signed note. `token` is a time-stamping
    authority's answer over the bytes of `checkpoint` (DER, base64), None where there is none. `key` is the first 16
    hex digits of SHA-256 over the public key's 32 bytes: which key, not why to trust it.
    """

    v: int = 1
    record: str
    record_index: int
    records: int
    record_path: tuple[str, ...]
    entry: str
    entry_index: int
    entry_path: tuple[str, ...]
    checkpoint: str
    token: str | None = None
    key: str


@dataclass(frozen=True, slots=True)
class _Vouched:
    """A checkpoint as it goes into proofs: how many entries it covers, its text, its time stamp, whose it is."""

    size: int
    text: str
    token: str | None
    key: str


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the proofs of a segment's records share: the proof of its first one, where each lies, their tree."""

    common: Proof
    places: Mapping[str, int]
    subtree: merkle.Subtree


class Prover:
    """Proves many captures of one archive, remembering what they have in common.

    `keys` are the public keys a checkpoint may be signed with; without them those that the bucket holds, so that
    what comes out is for another to judge. With `checkpoint` all is proved in the one of that number, and what it
    does not cover is not proved.
    """

    def __init__(
        self, archive: Archive, keys: Sequence[Ed25519PublicKey] = (), *, checkpoint: int | None = None
    ) -> None:
        self._archive, self._log = archive, Log(archive.bucket)
        self._keys = tuple(keys) or self._log.claimed_keys()
        self._pinned = checkpoint
        self._head = self._log.read(checkpoint) if checkpoint else self._log.head()
        self._tiles = Tiles(archive.bucket, self._head.checkpoint.size if self._head else 0)
        self._entries: dict[str, Entry] = {}
        self._read = lru_cache(maxsize=_ENTRIES_CACHED)(lambda site, seq: archive.ledger(site).read(seq))
        self._covering = lru_cache(maxsize=1024)(self._checkpoint)
        self._stamped = lru_cache(maxsize=1024)(self._stamped_from)
        self._signed = lru_cache(maxsize=64)(self._signed_by)
        self._shared = lru_cache(maxsize=16)(self._shared_by)

    def prove(self, capture: Capture) -> Proof:
        """The proof of a capture's answer, in the first checkpoint over it that is time-stamped, else in the first.

        Raises NotFound where the ledger does not name its segment, or no checkpoint covers it yet; IntegrityError
        where what is kept does not lead to a signed head.
        """
        entry = self._entry(capture)
        shared = self._shared(entry.site, entry.seq)
        place = shared.places.get(capture.id)
        if place is None:
            raise IntegrityError(f"{capture.segment}: holds no record {capture.id} of {capture.url}")
        path = _hex(merkle.inclusion(shared.subtree, place, shared.common.records))
        # The index's own root is the one that the entry names, so what it says leads there.
        return shared.common.model_copy(update={"record": capture.id, "record_index": place, "record_path": path})

    def _shared_by(self, site: str, seq: int) -> "_Shared":
        """What the proofs of all records of a segment share, found to lead to a signed head. Raises IntegrityError."""
        entry = self._read(site, seq)
        leaves = [frame.leaf for frame in self._archive.index(entry).frames]
        number, index = self._place(entry)
        signed = self._signed(number)
        subtree = merkle.of([bytes.fromhex(one) for one in leaves])
        common = Proof(
            record=leaves[0],
            record_index=0,
            records=len(leaves),
            record_path=_hex(merkle.inclusion(subtree, 0, len(leaves))),
            entry=entry.data.decode(),
            entry_index=index,
            entry_path=_hex(merkle.inclusion(self._tiles.subtree, index, signed.size)),
            checkpoint=signed.text,
            token=signed.token,
            key=signed.key,
        )
        _follow(common)
        return _Shared(common, {leaf: place for place, leaf in enumerate(leaves)}, subtree)

    def _signed_by(self, number: int) -> "_Vouched":
        """A checkpoint whose signature is found to be of a key that may sign. Raises IntegrityError."""
        signed, token = self._log.read(number), self._log.token(number)
        public = note.open_note(signed.data, signed.checkpoint.origin, self._keys, keys.checkpoint(number))
        stamp = base64.b64encode(token).decode() if token else None
        return _Vouched(signed.checkpoint.size, signed.data.decode(), stamp, key_id(public))

    def checkpoint_of(self, capture: Capture) -> int:
        """The number of the checkpoint that `prove` would prove a capture in. Raises NotFound as it does."""
        entry = self._entry(capture)
        return self._stamped(self._covering(entry.site, entry.seq))

    def _entry(self, capture: Capture) -> Entry:
        """The ledger entry that names a capture's segment. Entries lie by the time of their commit, and a run's in
        the order of its segments: so it is looked for there, and where a segment came late, from there on."""
        if capture.segment not in self._entries:
            for seq in self._places(capture):
                entry = self._read(capture.site, seq)
                self._remember(entry)
                if entry.commit.segment == capture.segment:
                    break
            else:
                where = f"{capture.segment}, where {capture.url} lies"
                raise NotFound(
                    f"{where}: no checkpoint covers it yet, or no ledger entry names it",
                    hint="Where it was captured just now, make a checkpoint first: tongjian checkpoint",
                )
        return self._entries[capture.segment]

    def _places(self, capture: Capture) -> Iterator[int]:
        """Where an entry may be: the likely place first, then all from an hour before its run began (clocks differ)."""
        last = self._head.checkpoint.head(capture.site).seq if self._head else 0
        began = keys.started(capture.run)
        number = _NUMBER.search(capture.segment)
        likely = self._first(capture.site, last, iso(began)) + (int(number[1]) if number else 1) - 1
        if likely <= last:
            yield likely
        yield from range(self._first(capture.site, last, iso(began - ledger.CLOCKS)), last + 1)

    def _first(self, site: str, last: int, began: str) -> int:
        """The first entry from a time on; beyond the last where none is."""
        return _bisect(1, last + 1, lambda seq: seq > last or self._read(site, seq).commit.at >= began)

    def _remember(self, entry: Entry) -> None:
        if len(self._entries) >= _ENTRIES_CACHED:
            self._entries.pop(next(iter(self._entries)))
        self._entries[entry.commit.segment] = entry

    def _place(self, entry: Entry) -> tuple[int, int]:
        """The number of the checkpoint to prove an entry by, and the entry's place among the leaves."""
        first = self._covering(entry.site, entry.seq)
        before = self._log.read(first - 1).checkpoint if first > 1 else None
        span = next(one for one in self._log.read(first).checkpoint.since(before) if one.site == entry.site)
        return self._stamped(first), span.start + entry.seq - span.first

    def _checkpoint(self, site: str, seq: int) -> int:
        """The number of the first checkpoint over entry `seq`, which the newest covers."""
        assert self._head is not None
        return _bisect(1, self._head.checkpoint.number, lambda one: self._at(one).head(site).seq >= seq)

    def _stamped_from(self, first: int) -> int:
        """The first checkpoint from `first` on that has a time stamp; `first` where none has."""
        assert self._head is not None
        newest = self._head.checkpoint.number
        if self._pinned:
            return self._pinned
        named = _bisect(first, newest + 1, lambda one: one > newest or (self._at(one).token or (0, ""))[0] >= first)
        if named <= newest:
            return (self._at(named).token or (first, ""))[0]
        return newest if self._log.token(newest) else first

    def _at(self, number: int) -> Checkpoint:
        return self._log.read(number).checkpoint


def _bisect(low: int, high: int, is_reached: Callable[[int], bool]) -> int:
    """The first number from `low` for which the condition holds; `high` must hold."""
    while low < high:
        middle = (low + high) // 2
        if is_reached(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _hex(hashes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(one.hex() for one in hashes)


def prove(archive: Archive, capture: Capture, keys: Sequence[Ed25519PublicKey] = ()) -> Proof:
    """The proof of one capture; see `Prover`, which is for many."""
    return Prover(archive, keys).prove(capture)


def verify_proof(record: bytes, proof: Proof, public_key: bytes | Ed25519PublicKey) -> None:
    """Checks a proof of these bytes (the whole uncompressed record) under a public key (PEM) that the caller trusts.

    Needs nothing but its arguments. Raises IntegrityError whose message begins with the step that failed, as this
    module lists them. A token is held against the checkpoint's bytes only: `verify_token` holds its signature too.
    """
    if merkle.leaf(record).hex() != proof.record:
        raise IntegrityError("record: these bytes are not the record that the proof is of")
    signed = _follow(proof)
    key = public_key if isinstance(public_key, Ed25519PublicKey) else load_public(public_key, "the public key given")
    try:
        note.open_note(signed.data, signed.checkpoint.origin, [key], "checkpoint")
    except IntegrityError as error:
        raise IntegrityError(f"signature: {error}", hint=error.hint) from error
    if proof.token is not None:
        verify_token(proof, ())


def _follow(proof: Proof) -> Signed:
    """The checkpoint, once both paths are found to lead to it. Raises IntegrityError."""
    try:
        said = json.loads(proof.entry)
        root, records = bytes.fromhex(said["root"]), int(said["records"])
        record, record_path = bytes.fromhex(proof.record), [bytes.fromhex(one) for one in proof.record_path]
        entry_path = [bytes.fromhex(one) for one in proof.entry_path]
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"segment: the proof cannot be read: {error!r}") from error
    if proof.records != records or not merkle.includes(record, proof.record_index, records, record_path, root):
        raise IntegrityError("segment: the record's path does not lead to the root in the ledger entry")
    signed = parse(proof.checkpoint.encode(), "checkpoint")
    head = signed.checkpoint
    if not merkle.includes(merkle.leaf(proof.entry.encode()), proof.entry_index, head.size, entry_path, head.root):
        raise IntegrityError("checkpoint: the entry's path does not lead to the head that the checkpoint names")
    return signed


def verify_token(proof: Proof, roots: Sequence[x509.Certificate]) -> Stamp:
    """When the authority saw the proof's checkpoint. Raises IntegrityError (`token: …`) where there is no token, it is
    of other bytes, or, given `roots`, not of an authority that these vouch for."""
    if proof.token is None:
        raise IntegrityError("token: the proof has none")
    try:
        answer = base64.b64decode(proof.token, validate=True)
    except binascii.Error as error:
        raise IntegrityError(f"token: no base64: {error}") from error
    return timestamps.check(answer, proof.checkpoint.encode(), roots, "token")
