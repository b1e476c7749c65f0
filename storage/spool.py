"""The spool: sealed segments on the local disk until the bucket has acknowledged them.

A segment is written and fsynced before its PUT and dropped after its ledger entry, so that what a killed
process or a dead endpoint left behind is sent by the site's next run.
"""

import hashlib
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import IntegrityError, StorageError
from storage.segment import Sealed, read_index

log = logging.getLogger(__name__)

_NAME = re.compile(r"(?P<number>\d{6})_(?P<hash>[0-9a-f]{16})\.warc\.zst")


@dataclass(frozen=True, slots=True)
class Kept:
    """A spooled segment: its file, and what it is in its run."""

    path: Path
    number: int
    sealed: Sealed


class Spool:
    """One site's folder: `<folder>/<site>/<run>/<seq6>_<sha256-16>.warc.zst`."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder = folder / site

    def keep(self, run: str, number: int, sealed: Sealed) -> Kept:
        """Writes a segment so that it outlives this process. Raises StorageError (a full disk, no rights)."""
        path = self._folder / run / f"{number:06d}_{sealed.sha256[:16]}.warc.zst"
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(sealed.data)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            _sync(path.parent)
            _sync(self._folder)
        except OSError as error:
            raise _failed(path, error) from error
        return Kept(path, number, sealed)

    def drop(self, kept: Kept) -> None:
        """Forgets a segment that the ledger names, and its folder where that was the last."""
        _forget(kept.path)

    def pending(self) -> Iterator[Kept]:
        """What earlier processes left, oldest first. Raises StorageError.

        A half-written `.part` was never acknowledged: removed. A file that is not what its name says would
        stop every later run of its site: it is set aside as `<name>.damaged`, for a person to look at.
        """
        for part in sorted(self._folder.glob("*/*.part")):
            _forget(part)
        for path in sorted(self._folder.glob("*/*.warc.zst")):
            if found := _NAME.fullmatch(path.name):
                try:
                    yield Kept(path, int(found["number"]), _read(path, found["hash"]))
                except IntegrityError as error:
                    _set_aside(path, error)


def _read(path: Path, name: str) -> Sealed:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _failed(path, error) from error
    sha256 = hashlib.sha256(data).hexdigest()
    if not sha256.startswith(name):
        raise IntegrityError(f"{path}: its bytes have another hash than its name says")
    return Sealed(data, sha256, read_index(data, str(path)))


def _set_aside(path: Path, why: IntegrityError) -> None:
    aside = path.with_name(f"{path.name}.damaged")
    log.error("spool %s: %s; set aside as %s, and not sent", path, why, aside.name)
    try:
        path.rename(aside)
    except OSError as error:
        raise _failed(path, error) from error


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    except FileNotFoundError:
        log.debug("%s: its folder is gone already", path)
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"spool {path}: {error}",
        hint="Make room or give rights on the state folder; nothing acknowledged is lost.",
    )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
