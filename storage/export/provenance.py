"""What an export carries to be checked by: proofs, checkpoints, time stamps, and a signed list of its files."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.capture import Capture
from domain.clock import iso
from domain.errors import NotFound
from storage import keys
from storage.archive import Archive
from storage.export.picking import Item, Selection
from storage.proofs import Proof, Prover, note
from storage.proofs.log import Log
from storage.proofs.signing import Signer, key_id, public_pem
from storage.tombstones import Tombstone


@dataclass(frozen=True, slots=True)
class Sealer:
    """Who vouches: the public keys that checkpoints may be signed with, and the key that signs the list of files,
    where this machine has it."""

    trusted: Sequence[Ed25519PublicKey] = ()
    signer: Signer | None = None

    def signed(self, text: bytes, name: str) -> bytes:
        """A list as a signed note under `name`; as it is where there is no key."""
        return note.sign(text, name, self.signer.private) if self.signer else text


def listing(origin: str, hashes: Mapping[str, str]) -> bytes:
    """What is signed: a line that no checkpoint begins with, then a line a file as sha256sum prints them."""
    rows = [f"{sha256}  {path}" for path, sha256 in sorted(hashes.items())]
    return "\n".join([origin, *rows, ""]).encode()


def origin_of(archive: Archive) -> str:
    """The name that lists are signed under; checkpoints have one without the last part."""
    return f"tongjian/{archive.bucket.name}/export"


def covering(archive: Archive, chosen: Selection, sealer: Sealer, prover: Prover | None = None) -> int | None:
    """The number of the first checkpoint (a time-stamped one before others) that covers all of the selection that
    any checkpoint covers; None where none does."""
    prover = prover or Prover(archive, sealer.trusted)
    best: int | None = None
    for piece in chosen.walk():
        try:
            best = max(best or 0, prover.checkpoint_of(piece.captures[0]))
        except NotFound:
            continue  # captured since the last checkpoint: counted as unproved where it is written
    return best


class Provenance:
    """The proofs of a selection in one checkpoint, written a line a capture and a line a ledger entry."""

    def __init__(self, archive: Archive, sealer: Sealer, number: int | None) -> None:
        self._prover = Prover(archive, sealer.trusted, checkpoint=number) if number else None
        self._log, self.number = Log(archive.bucket), number
        self._entries: tuple[str, int] | None = None
        self._key: str | None = None
        self._keys = (*sealer.trusted, *self._log.claimed_keys())
        self.proved = self.unproved = 0

    def add(self, item: Item, offset: int, proofs: IO[bytes], entries: IO[bytes]) -> None:
        """Writes the proof of an answer whose member begins at `offset` of the WARC file. Raises IntegrityError."""
        assert item.capture is not None
        capture = item.capture
        try:
            proof = self._prover.prove(capture) if self._prover else None
        except NotFound:
            proof = None
        if proof is None:
            self.unproved += 1
            return
        self.proved += 1
        self._key = proof.key
        self._add_entry(proof, entries)
        entry = json.loads(proof.entry)
        said = {
            "url": capture.url,
            "at": iso(capture.at),
            "offset": offset,
            "record": proof.record,
            "record_index": proof.record_index,
            "records": proof.records,
            "record_path": proof.record_path,
            "site": entry["site"],
            "seq": entry["seq"],
        }
        kept = {} if item.kept is None else {"kept_record": base64.b64encode(item.kept).decode()}
        proofs.write(_line(said | kept))

    def _add_entry(self, proof: Proof, entries: IO[bytes]) -> None:
        said = json.loads(proof.entry)
        name = said["site"], said["seq"]
        if name == self._entries:
            return
        self._entries = name
        place = {"entry_index": proof.entry_index, "entry_path": proof.entry_path}
        entries.write(_line({"site": name[0], "seq": name[1], "entry": proof.entry, **place}))

    def files(self) -> dict[str, bytes]:
        """The checkpoint, its time stamp and the public key, by name; none where nothing is proved."""
        if self.number is None or self._key is None:
            return {}
        token = self._log.token(self.number)
        public = next(one for one in self._keys if key_id(one) == self._key)
        name = keys.checkpoint(self.number).rpartition("/")[2]
        found = {name: self._log.read(self.number).data, "checkpoint.pub.pem": public_pem(public)}
        return found | ({name.replace(".txt", ".tsr"): token} if token else {})


def of_record(prover: Prover, capture: Capture, leaf: str) -> Proof:
    """The proof of any record of a capture's segment, by its leaf."""
    return prover.prove(capture.model_copy(update={"id": leaf}))


def said_of(tombstone: Tombstone) -> dict[str, Any]:
    """A tombstone as it is kept."""
    return tombstone.model_dump(mode="json")


def _line(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
