"""The spool: sealed segments on the local disk until the bucket has acknowledged them.

A segment is written and fsynced before its PUT and dropped after its ledger entry, so that what a killed
process or a dead endpoint left behind is sent by the site's next run. The bodies that lie outside it are written
before it and dropped after it: a segment in the spool is whole.
"""

import errno
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
_TRIES = 10
_BODY = re.compile(r"(?P<number>\d{6})_(?P<hash>[0-9a-f]{64})\.big")


@dataclass(frozen=True, slots=True)
class Kept:
    """A spooled segment: its file, and what it is in its run."""

    path: Path
    number: int
    sealed: Sealed


class Spool:
    """One site's folder: `<folder>/<site>/<run>/<seq6>_<sha256-16>.warc.zst`, and `<seq6>_<sha256>.big` for each body
    outside that segment."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder = folder / site

    def keep(self, run: str, number: int, sealed: Sealed) -> Kept:
        """Writes a segment so that it outlives this process. Raises StorageError (a full disk, no rights)."""
        path = self._folder / run / f"{number:06d}_{sealed.sha256[:16]}.warc.zst"
        for left in range(_TRIES, 0, -1):
            try:
                self._keep(path, number, sealed)
                break
            except (FileExistsError, FileNotFoundError) as error:
                # The sender has acknowledged the segment before this one, and taken the run's empty folder away.
                if left == 1:
                    raise _failed(path, error) from error
            except OSError as error:
                raise _failed(path, error) from error
        return Kept(path, number, sealed)

    def _keep(self, path: Path, number: int, sealed: Sealed) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        for sha256, body in sealed.bodies.items():
            _write(path.with_name(f"{number:06d}_{sha256}.big"), body)
        _write(path, sealed.data)
        _sync(path.parent)
        _sync(self._folder)

    def drop(self, kept: Kept) -> None:
        """Forgets a segment that the ledger names, then its bodies, and its folder where that was the last."""
        bodies = _bodies(kept.path, kept.number)
        for path in (kept.path, *bodies):
            _forget(path)

    def pending(self) -> Iterator[Kept]:
        """What earlier processes left, oldest first. Raises StorageError.

        A half-written `.part` was never acknowledged, nor was a body without its segment: removed. A file that is not
        what its name says would stop every later run of its site: it is set aside as `<name>.damaged`, for a person to
        look at.
        """
        for part in (*sorted(self._folder.glob("*/*.part")), *self._orphans()):
            _forget(part)
        for path in sorted(self._folder.glob("*/*.warc.zst")):
            if found := _NAME.fullmatch(path.name):
                try:
                    yield Kept(path, int(found["number"]), _read(path, found["hash"], int(found["number"])))
                except IntegrityError as error:
                    _set_aside(path, error)

    def _orphans(self) -> Iterator[Path]:
        """Bodies whose segment never came to be, or was sent. Those of one that is set aside stay with it."""
        for path in sorted(self._folder.glob("*/*.big")):
            if not any(path.parent.glob(f"{path.name[:6]}_*.warc.zst*")):
                yield path


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _bodies(path: Path, number: int) -> list[Path]:
    return [other for other in sorted(path.parent.glob(f"{number:06d}_*.big")) if _BODY.fullmatch(other.name)]


def _read(path: Path, name: str, number: int) -> Sealed:
    data, sha256 = _checked(path, name)
    index = read_index(data, str(path))
    bodies = {found: body for body, found in (_checked(other, other.name[7:-4]) for other in _bodies(path, number))}
    if missing := [key for key in index.outside.values() if key.rpartition("/")[2] not in bodies]:
        raise IntegrityError(f"{path}: the body of {missing[0]} is not beside it")
    return Sealed(data, sha256, index, bodies)


def _checked(path: Path, name: str) -> tuple[bytes, str]:
    """A file's bytes and their hash, which begins as its name says."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _failed(path, error) from error
    sha256 = hashlib.sha256(data).hexdigest()
    if not sha256.startswith(name):
        raise IntegrityError(f"{path}: its bytes have another hash than its name says")
    return data, sha256


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
        if error.errno != errno.ENOTEMPTY:  # else the next segment has just been put there
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
