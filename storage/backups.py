"""Backups in the bucket, `v1/backup/alerts/<time>_<hash>.jsonl.zst`: each whole and never changed; old ones go."""

import base64
import hashlib
import logging
import re
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import Conflict, EndpointDown, IntegrityError, NotFound, StorageError
from storage import keys
from storage.bucket import Bucket
from storage.failures import TAKEN, is_final, named, status
from storage.fence import refused
from storage.takedown import erase

log = logging.getLogger(__name__)

DAYS, MONTHS = 30, 12
# Whoever makes one by hand before doing something bold finds it again, however many follow on the same day.
FRESH = timedelta(days=2)
_NAME = re.compile(re.escape(keys.BACKUPS) + r"(\d{8}t\d{6}z)_([0-9a-f]{16})\.jsonl\.zst")
_PIECE = 8 << 20
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the bucket: when its snapshot was taken (UTC, to the second), the beginning of its SHA-256, and its
    size in bytes."""

    key: str
    taken: datetime
    sha256: str
    size: int


def listed(bucket: Bucket) -> tuple[Kept, ...]:
    """All of them, the oldest first; what has no name of ours is left out. Raises EndpointDown."""
    found = (_kept(key, size) for key, size in bucket.list(keys.BACKUPS))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.taken, one.key)))


def _kept(key: str, size: int) -> Kept | None:
    said = _NAME.fullmatch(key)
    if not said:
        return None
    try:
        moment = datetime.strptime(said[1], "%Y%m%dt%H%M%Sz").replace(tzinfo=UTC)
    except ValueError:  # the 31st of February is no name of ours either
        return None
    return Kept(key, moment, said[2], size)


def put(bucket: Bucket, file: IO[bytes], sha256: str, taken: datetime) -> Kept:
    """Puts the file, which has that SHA-256, where nothing is. As in Bucket.put_once, an answer that says nothing is
    read back. Raises EndpointDown, Conflict, StorageError."""
    key, last = keys.backup(taken, sha256), None
    for attempt in range(_TRIES):
        time.sleep(0.2 * 2 ** (attempt - 1) if attempt else 0)
        try:
            _put(bucket, key, file, sha256)
        except (ClientError, BotoCoreError) as error:
            last = error
            if is_final(error):
                break
            if not _is_there(bucket, key, sha256, taken=status(error) in TAKEN):
                log.warning("put %s: %s; trying again", key, error)
                continue
        return Kept(key, taken, sha256[:16], file.seek(0, 2))
    raise named(last, f"{bucket.address}: {bucket.name}/{key}") from last


def _put(bucket: Bucket, key: str, file: IO[bytes], sha256: str) -> None:
    if bucket.refusal:
        raise StorageError(bucket.refusal, hint="See `tongjian doctor`, and docs/operating.md on endpoints.")
    condition: dict[str, Any] = {} if bucket.lock else {"IfNoneMatch": "*"}
    file.seek(0)
    with bucket.lock(f"{bucket.name}/{key}") if bucket.lock else nullcontext():
        if bucket.lock and bucket.size(key) is not None:
            raise refused(key)
        bucket.client.put_object(
            Bucket=bucket.name,
            Key=key,
            Body=file,
            ContentType="application/zstd",
            ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
            **condition,
        )


def _is_there(bucket: Bucket, key: str, sha256: str, *, taken: bool) -> bool:
    """Whether the key holds those very bytes; raises Conflict where it holds others."""
    try:
        found = _sum(bucket, key, ())
    except NotFound:
        return False
    except EndpointDown:
        if taken:
            raise
        return False
    if found != sha256:
        raise Conflict(f"{bucket.name}/{key} already holds other bytes", hint="Run the same command again.")
    return True


def fetch(bucket: Bucket, kept: Kept, file: IO[bytes]) -> None:
    """Copies one into a file, piece by piece, and holds it against the hash in its name. Raises NotFound,
    IntegrityError, EndpointDown."""
    if not _sum(bucket, kept.key, (file,)).startswith(kept.sha256):
        raise IntegrityError(
            f"{kept.key}: damaged: its bytes are not those of its name",
            hint="Take an earlier one: `tongjian doctor restore --list`.",
        )
    file.flush()


def _sum(bucket: Bucket, key: str, files: Iterable[IO[bytes]]) -> str:
    size = bucket.size(key)
    if size is None:
        raise NotFound(f"{bucket.name}/{key} is not there", hint="`tongjian doctor restore --list` shows what is.")
    whole = hashlib.sha256()
    for start in range(0, size, _PIECE):
        piece = bucket.get(key, start, min(_PIECE, size - start)).data
        whole.update(piece)
        for file in files:
            file.write(piece)
    return whole.hexdigest()


def spare(kept: Sequence[Kept]) -> tuple[Kept, ...]:
    """Those that are not needed any more: all but those of the last two days before the newest, the newest of each of
    the last 30 days that have one, and of each of the last 12 months that do (days and months in UTC)."""
    newest = sorted(kept, key=lambda one: (one.taken, one.key), reverse=True)
    needed = {one.key for one in newest if one.taken > newest[0].taken - FRESH}
    for form, most in (("%Y%m%d", DAYS), ("%Y%m", MONTHS)):
        first: dict[str, str] = {}
        for one in newest:
            first.setdefault(one.taken.strftime(form), one.key)
        needed |= set(list(first.values())[:most])
    return tuple(one for one in reversed(newest) if one.key not in needed)


def delete(bucket: Bucket, kept: Sequence[Kept]) -> tuple[list[str], list[str]]:
    """Deletes these, all their versions: the keys that went; of the others why they stayed."""
    gone, left = list[str](), list[str]()
    for one in kept:
        try:
            _, why = erase(bucket, one.key)
        except StorageError as error:
            why = [f"{one.key}: {error}"]
        if why:
            left += why
        else:
            gone.append(one.key)
    return gone, left
