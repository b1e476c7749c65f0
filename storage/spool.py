"""The spool: sealed segments on the local disk until the bucket has acknowledged them.

A segment is written and fsynced before its PUT and dropped after its ledger entry, so that what a killed
process or a dead endpoint left behind is sent by the site's next run.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import StorageError
from storage.segment import Sealed, read_index

_NAME = re.compile(r"(?P<number>\d{6})_[0-9a-f]{16}\.warc\.zst")


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
        except OSError as error:
            raise StorageError(
                f"spool {path}: {error}",
                hint="Make room or give rights on the state folder; nothing acknowledged is lost.",
            ) from error
        return Kept(path, number, sealed)

    def drop(self, kept: Kept) -> None:
        """Forgets a segment that the ledger names, and its folder where that was the last."""
        kept.path.unlink(missing_ok=True)
        if not any(kept.path.parent.iterdir()):
            kept.path.parent.rmdir()

    def pending(self) -> Iterator[Kept]:
        """What earlier processes left, oldest first. A half-written `.part` was never acknowledged: removed."""
        for part in sorted(self._folder.glob("*/*.part")):
            part.unlink()
        for path in sorted(self._folder.glob("*/*.warc.zst")):
            found = _NAME.fullmatch(path.name)
            data = path.read_bytes()
            if found:
                sealed = Sealed(data, hashlib.sha256(data).hexdigest(), read_index(data, str(path)))
                yield Kept(path, int(found["number"]), sealed)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
