"""What an endpoint was found to do, remembered in the state folder, and what follows for writing to it.

A store is tried when this machine first uses it, again after a month, and whenever `tongjian doctor` is asked.
"""

import hashlib
import logging
from datetime import timedelta
from pathlib import Path

from domain.clock import now
from domain.errors import ConfigurationError, EndpointDown, StorageError
from domain.settings import Settings
from storage import Bucket
from storage.fence import Lock
from storage.probing import Probe, probe

log = logging.getLogger(__name__)

_BELIEVED = timedelta(days=30)


def admit(bucket: Bucket, settings: Settings, lock: Lock, *, embedded: bool) -> None:
    """Lets the bucket be written to as its store allows: with conditions, under a lock, or not at all. Who may only
    read is not asked for more. Raises EndpointDown."""
    path = _file(bucket, settings, embedded=embedded)
    found = _remembered(path)
    if found is None or not _covers(found, bucket):
        try:
            found = probe(bucket)
        except EndpointDown:
            raise
        except StorageError as error:
            log.info("the endpoint could not be tried: %s", error)
            return
        _remember(path, found)
    _settle(bucket, settings, lock, found)


def try_anew(bucket: Bucket, settings: Settings, lock: Lock, *, embedded: bool) -> Probe:
    """Tries whatever was remembered. Raises EndpointDown, StorageError."""
    found = probe(bucket)
    _remember(_file(bucket, settings, embedded=embedded), found)
    _settle(bucket, settings, lock, found)
    return found


def _settle(bucket: Bucket, settings: Settings, lock: Lock, found: Probe) -> None:
    bucket.lock, bucket.refusal = None, None
    where = f"{bucket.address}/{bucket.name}"
    if found.faults:
        bucket.refusal = f"{where} is not written to: {'; '.join(one.message for one in found.faults)}"
    elif not found.keeps_conditions:
        why = "; ".join(one.message for one in found.traits if one.name.startswith("if-") and not one.ok)
        if settings.fence == "database":
            bucket.lock = lock
            log.info("%s: %s; a lock in the database keeps writers apart", where, why)
        else:
            bucket.refusal = (
                f"{where} is not written to: {why}. TONGJIAN_FENCE=database keeps writers apart by a lock in the "
                "database instead, which all of them must then share"
            )


def _covers(found: Probe, bucket: Bucket) -> bool:
    """Where retention was set since, whether the bucket can lock was not asked; where a fault was found, it may have
    been mended."""
    return now() - found.at < _BELIEVED and not found.faults and (bucket.retained is None or found.retained)


def _file(bucket: Bucket, settings: Settings, *, embedded: bool) -> Path:
    """The embedded server's port may be another one each time."""
    where = "embedded" if embedded else bucket.address
    name = hashlib.sha256(f"{where} {bucket.name}".encode()).hexdigest()[:16]
    return settings.state / "endpoints" / f"{name}.json"


def _remembered(path: Path) -> Probe | None:
    try:
        return Probe.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s: not readable, so the endpoint is tried again: %s", path, error)
        return None


def _remember(path: Path, found: Probe) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(found.model_dump_json(indent=1))
        part.replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written: {error}") from error
