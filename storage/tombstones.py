"""Tombstones: what is said of captures that were taken down, and where to read what is left beside them.

`v1/gone/<site>/<capture>.json` says who had a record removed, when and why. Its leaf hash, which is the capture's
id, stays in the segment's index: so the segment's root, the ledger, every checkpoint and the proof of every other
record stay what they were.
"""

import base64
import hashlib
import json
import struct
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.article import Frozen
from domain.capture import Capture
from domain.clock import now, shown
from domain.errors import IntegrityError, NotFound, TakenDown
from storage import keys
from storage.bucket import Bucket

# A listing of a site's tombstones is believed for so many seconds: so long a takedown by another process takes.
FRESH = 10.0
_MAGIC = 0x184D2A5C
_CONTEXT = b"tongjian tombstone v1\n"


class Redaction(Frozen):
    """The segment without what was taken down of it: its key, hash and size; `removed` are the captures' ids."""

    key: str
    sha256: str
    size: int
    removed: tuple[str, ...]


class Signature(Frozen):
    """Ed25519 over the tombstone without this field; `key` is the first 16 hex digits of SHA-256 over the public key,
    `value` in base64."""

    key: str
    value: str


class Tombstone(Frozen):
    """What is said of one capture. `capture` is the leaf hash of its record, which lay at `offset`, `length` bytes, in
    the segment that ledger entry `seq` names. `until` is None where it was removed, else when it may be read again."""

    v: int = 1
    capture: str
    site: str
    seq: int
    url: str
    at: datetime
    segment: str
    offset: int
    length: int
    payload_digest: str
    payload_length: int
    outside: str | None = None
    reason: str
    by: str
    taken_down: datetime
    until: datetime | None = None
    redaction: Redaction | None = None
    signature: Signature | None = None

    @property
    def is_in_force(self) -> bool:
        return self.until is None or now() < self.until

    def error(self) -> TakenDown:
        """What is raised where somebody asks for the capture."""
        ends = f" (until {shown(self.until)})" if self.until else ""
        return TakenDown(
            f"{self.url} {shown(self.at)}: 应 {self.by} 要求，已于 {shown(self.taken_down)} 下架：{self.reason} "
            f"— taken down at the request of {self.by}{ends}: {self.reason}",
            hint=f"Its tombstone is {keys.tombstone(self.site, self.capture)}; every other record is untouched.",
        )

    @property
    def text(self) -> bytes:
        """What is signed."""
        said = self.model_dump(mode="json", exclude={"signature"})
        return _CONTEXT + json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    def signed(self, key: Ed25519PrivateKey) -> "Tombstone":
        value = base64.b64encode(key.sign(self.text)).decode()
        return self.model_copy(update={"signature": Signature(key=_key_id(key.public_key()), value=value)})

    def signer(self, known: Iterable[Ed25519PublicKey]) -> str:
        """Who signed it, in words. Raises IntegrityError where a known key is named and did not."""
        if self.signature is None:
            return "not signed"
        for key in known:
            if _key_id(key) == self.signature.key:
                try:
                    key.verify(base64.b64decode(self.signature.value), self.text)
                except (InvalidSignature, ValueError) as error:
                    raise IntegrityError("its signature is not valid: it was changed") from error
                return f"signed by {self.signature.key}"
        return f"signed by {self.signature.key}, which is not known here"


def _key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def unpack(data: bytes, key: str) -> Tombstone:
    """Raises IntegrityError where the bytes are no tombstone, or that of another capture."""
    try:
        found = Tombstone.model_validate_json(data)
    except ValueError as error:
        raise IntegrityError(f"{key}: no tombstone: {error}") from error
    if keys.tombstone(found.site, found.capture) != key:
        raise IntegrityError(f"{key}: the tombstone of another capture, {found.capture}")
    return found


def blank(length: int, capture: str) -> bytes:
    """A skippable frame (RFC 8878, section 3.1.2) of `length` bytes in a removed record's place."""
    said = f"removed: {capture}".encode()[: length - 8]
    return struct.pack("<II", _MAGIC, length - 8) + said + bytes(length - 8 - len(said))


def is_blank(frame: bytes) -> bool:
    return frame[:8] == struct.pack("<II", _MAGIC, len(frame) - 8)


def without(data: bytes, captures: Iterable[Capture]) -> bytes:
    """A segment's bytes without the records of these captures; everything else stays where and what it is."""
    left = bytearray(data)
    for capture in captures:
        left[capture.offset : capture.offset + capture.length] = blank(capture.length, capture.id)
    return bytes(left)


@dataclass(frozen=True)
class TakenFrom:
    """What was taken down of one site, by capture id."""

    tombstones: Mapping[str, Tombstone]

    def __contains__(self, capture: object) -> bool:
        return (found := self.tombstones.get(str(capture))) is not None and found.is_in_force

    def refuse(self, capture: Capture) -> None:
        """Raises TakenDown where the capture may not be read."""
        if capture.id in self:
            raise self.tombstones[capture.id].error()

    def of(self, segment: str) -> list[Tombstone]:
        """All that is said of one segment's captures."""
        return [found for found in self.tombstones.values() if found.segment == segment]

    def redaction(self, segment: str) -> Redaction | None:
        """The one with most removed: each is made from the one before."""
        made = [found.redaction for found in self.of(segment) if found.redaction]
        return max(made, key=lambda one: len(one.removed), default=None)

    def place(self, segment: str) -> str:
        """Where the bytes of a segment are to be read."""
        found = self.redaction(segment)
        return found.key if found else segment


class Tombstones:
    """The tombstones of a bucket, by site. Raises EndpointDown, IntegrityError."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._known: dict[str, tuple[float, dict[str, Tombstone], TakenFrom]] = {}

    def of(self, site: str, *, fresh: bool = False) -> TakenFrom:
        """What was taken down of a site, listed at most FRESH seconds ago; `fresh`: now."""
        since, read, found = self._known.get(site, (0.0, {}, TakenFrom({})))
        if site in self._known and not fresh and time.monotonic() - since < FRESH:
            return found
        return self._look(site, read)

    def _look(self, site: str, read: Mapping[str, Tombstone]) -> TakenFrom:
        # The tombstone of a capture that was removed never changes; one that is withheld may be removed, or given back.
        settled = {key: one for key, one in read.items() if one.redaction}
        listed = [key for key, _ in self._bucket.list(f"{keys.GONE}{site}/")]
        now_read = {key: settled.get(key) or unpack(self._bucket.get(key).data, key) for key in listed}
        found = TakenFrom({one.capture: one for one in now_read.values()})
        self._known[site] = time.monotonic(), now_read, found
        return found

    def get(self, site: str, capture: str) -> tuple[Tombstone, str] | None:
        """A capture's tombstone and the tag to replace it by."""
        key = keys.tombstone(site, capture)
        try:
            stored = self._bucket.get(key)
        except NotFound:
            return None
        return unpack(stored.data, key), stored.etag

    def put(self, tombstone: Tombstone, etag: str | None) -> None:
        data = tombstone.model_dump_json(indent=1).encode()
        self._bucket.replace(keys.tombstone(tombstone.site, tombstone.capture), data, etag)
