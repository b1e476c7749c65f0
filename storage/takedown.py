"""Taking captures down for a legal reason, so that everything else stays provable.

A segment never changes. So one without the record's bytes is put beside it, every other frame at its old place; then
the tombstone that names both; then the old object goes, all its versions, as far as the store lets it. Killed
anywhere, the same call goes on where this one was.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.capture import Capture
from domain.clock import now
from domain.errors import NotFound
from storage import keys
from storage.ahead import ahead
from storage.archive import Archive
from storage.bucket import Bucket
from storage.failures import named, status
from storage.ledger import Entry
from storage.tombstones import Redaction, Tombstone, without

log = logging.getLogger(__name__)

# A store that does not know versions has one of each object.
_UNKNOWN = frozenset({400, 404, 405, 501})


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants it, why, and until when it is withheld (UTC; None: removed for good). `bypass` asks the store to
    delete what is locked in GOVERNANCE mode."""

    reason: str
    by: str
    until: datetime | None = None
    bypass: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to one segment; `left` says of each object that could not be deleted why not."""

    segment: str
    captures: tuple[str, ...]
    deleted: int
    left: tuple[str, ...]


def take_down(
    archive: Archive, site: str, captures: Iterable[Capture], order: Order, key: Ed25519PrivateKey | None = None
) -> Iterator[Done]:
    """Takes captures of one site down, a segment at a time; the caller holds the site's lease. Raises NotFound where
    the ledger names no such segment, Conflict where another takedown is going on, EndpointDown."""
    by_segment: dict[str, list[Capture]] = defaultdict(list)
    for capture in captures:
        by_segment[capture.segment].append(capture)
    entries = _entries(archive, site, set(by_segment))
    for entry in entries:
        yield _Segment(archive, entry, order, key).without(by_segment[entry.commit.segment])


def _entries(archive: Archive, site: str, wanted: set[str]) -> list[Entry]:
    found = [entry for entry in archive.ledger(site).walk(threads=8) if entry.commit.segment in wanted]
    if missing := wanted - {entry.commit.segment for entry in found}:
        raise NotFound(f"{site}: its ledger does not name {sorted(missing)[0]}")
    return found


class _Segment:
    """One segment while captures are taken out of it."""

    def __init__(self, archive: Archive, entry: Entry, order: Order, key: Ed25519PrivateKey | None) -> None:
        self._archive, self._bucket, self._entry = archive, archive.bucket, entry
        self._order, self._key = order, key
        self._name = entry.commit.segment

    def without(self, captures: list[Capture]) -> Done:
        ids = {capture.id for capture in captures}
        index = self._archive.index(self._entry)
        redaction = None if self._order.until else self._redact(index.captures, ids)
        for capture in captures:
            self._bury(capture, index.outside.get(capture.id), redaction)
        self._archive.taken_down(self._entry.site, fresh=True)
        erased = self._erase_all(redaction, captures)
        return Done(self._name, tuple(sorted(ids)), *erased)

    def _redact(self, captures: Iterable[Capture], ids: set[str]) -> Redaction:
        """The segment without these captures and those removed before."""
        taken = self._archive.taken_down(self._entry.site, fresh=True)
        before = taken.redaction(self._name)
        gone = ids | set(before.removed if before else ())
        if before and gone == set(before.removed):
            return before
        held = self._archive.segment(self._name)
        data = without(held, (capture for capture in captures if capture.id in gone))
        sha256 = hashlib.sha256(data).hexdigest()
        key = keys.redacted(self._name, sha256)
        self._bucket.put_once(key, data, "application/warc+zstd")
        return Redaction(key=key, sha256=sha256, size=len(data), removed=tuple(sorted(gone)))

    def _bury(self, capture: Capture, outside: str | None, redaction: Redaction | None) -> None:
        held = self._archive.tombstones.get(capture.site, capture.id)
        if held and (held[0].redaction or redaction is None):
            log.info("%s: has its tombstone already", capture.url)
            return
        made = Tombstone(
            capture=capture.id,
            site=capture.site,
            seq=self._entry.seq,
            url=capture.url,
            at=capture.at,
            segment=self._name,
            offset=capture.offset,
            length=capture.length,
            payload_digest=capture.payload_digest,
            payload_length=capture.payload_length,
            outside=outside,
            reason=self._order.reason,
            by=self._order.by,
            taken_down=now(),
            until=self._order.until,
            redaction=redaction,
        )
        self._archive.tombstones.put(made.signed(self._key) if self._key else made, held[1] if held else None)

    def _erase_all(self, redaction: Redaction | None, captures: list[Capture]) -> tuple[int, tuple[str, ...]]:
        """Articles read from it can be made again without these; what is only withheld stays as it is."""
        site, bypass = self._entry.site, self._order.bypass
        deleted, left = 0, list[str]()
        for key in self._gone(redaction):
            count, why = erase(self._bucket, key, bypass=bypass)
            deleted, left = deleted + count, left + why
        for reader in self._bucket.folders(f"{keys.ARTICLES}{site}/"):
            count, why = erase(self._bucket, keys.articles(site, reader, self._entry.seq))
            deleted, left = deleted + count, left + why
        return deleted, tuple(left)

    def _gone(self, redaction: Redaction | None) -> Iterator[str]:
        if redaction is None:
            return
        yield self._name
        for key, _ in self._bucket.list(keys.redactions(self._name)):
            if key != redaction.key:
                yield key


def erase(bucket: Bucket, key: str, *, bypass: bool = False) -> tuple[int, list[str]]:
    """Deletes all versions of an object; gives how many went, and of the others why they stayed. Raises EndpointDown
    where the store does not say which versions there are."""
    deleted, left = 0, list[str]()
    for version, what in list(_versions(bucket, key)):
        named_version: dict[str, Any] = {"VersionId": version} if version else {}
        named_version |= {"BypassGovernanceRetention": True} if bypass else {}
        try:
            bucket.client.delete_object(Bucket=bucket.name, Key=key, **named_version)
            deleted += what == "Versions"
        except (ClientError, BotoCoreError) as error:
            left.append(f"{key} (version {version}): {_why(bucket, key, version, error)}")
    return deleted, left


def _versions(bucket: Bucket, key: str) -> Iterator[tuple[str, str]]:
    try:
        for page in bucket.client.get_paginator("list_object_versions").paginate(Bucket=bucket.name, Prefix=key):
            for what in ("Versions", "DeleteMarkers"):
                found = page.get(what, ())
                yield from ((item["VersionId"], what) for item in found if item["Key"] == key)  # type: ignore[attr-defined]
    except (ClientError, BotoCoreError) as error:
        if status(error) not in _UNKNOWN:
            raise named(error, f"{bucket.address}: versions of {key}") from error
        yield "", "Versions"


def _why(bucket: Bucket, key: str, version: str, error: Exception) -> str:
    """The lock that holds it, where there is one; else the store's own words."""
    if status(error) not in {400, 403, 409}:
        return str(error)
    try:
        head = bucket.client.head_object(Bucket=bucket.name, Key=key, VersionId=version)
    except (ClientError, BotoCoreError):
        return str(error)
    until = head.get("ObjectLockRetainUntilDate")
    return f"locked in {head.get('ObjectLockMode')} mode until {until.isoformat()}" if until else str(error)


def erase_bodies(archive: Archive, captures: Iterable[Capture], *, bypass: bool = False) -> tuple[int, tuple[str, ...]]:
    """Deletes the objects that hold the payloads of removed captures, where no other capture needs them: for that the
    index of every segment of every site is read. Gives what `erase` gives."""
    found = [(capture, archive.taken_down(capture.site).tombstones.get(capture.id)) for capture in captures]
    wanted = {stone.outside for _, stone in found if stone and stone.redaction and stone.outside}
    deleted, left = 0, list[str]()
    needed = _needed(archive, wanted) if wanted else {}
    for key in sorted(wanted):
        if key in needed:
            left.append(f"{key}: {needed[key]} has the same payload")
            continue
        count, why = erase(archive.bucket, key, bypass=bypass)
        deleted, left = deleted + count, left + why
    return deleted, tuple(left)


def _needed(archive: Archive, wanted: set[str]) -> dict[str, str]:
    """Of these bodies those that a capture which was not removed has: an address of one."""
    found: dict[str, str] = {}
    for site in archive.sites():
        stones = archive.taken_down(site, fresh=True).tombstones
        for index in ahead(archive.index, archive.ledger(site).walk(threads=4), 4):
            urls = {capture.id: capture.url for capture in index.captures}
            for id, key in index.outside.items():
                stone = stones.get(id)
                if key in wanted and not (stone and stone.redaction):
                    found[key] = urls[id]
    return found
