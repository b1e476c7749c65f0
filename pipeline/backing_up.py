"""The verb backup: what follows from nothing else — people, channels, subscriptions, what was told — in the bucket.

Addresses and secrets of channels stay sealed as they are; the key that opens them is not in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from alerts.dumping import TABLES, snapshot
from alerts.upgrading import upgrade
from domain.settings import Settings
from pipeline.house import House
from storage import backups
from storage.backup_form import Backup, Header, Maker


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was kept: the object's key and size in bytes, the moment of the snapshot (UTC), rows by table. `removed`
    are older backups that are not needed any more, `left` says of those that could not be deleted why."""

    key: str
    taken: datetime
    size: int
    rows: dict[str, int]
    removed: list[str]
    left: list[str]


def backup(house: House) -> BackedUp:
    """Writes one, reads it back and checks it, and only then deletes old ones. Notifiers may go on meanwhile.

    Raises CatalogueError, EndpointDown, StorageError, IntegrityError where what came back is not what was written.
    """
    engine = house.catalogue.engine
    upgrade(engine)
    with room(house.settings) as file, room(house.settings) as spool, room(house.settings) as again:
        maker = Maker(spool)
        with snapshot(engine) as seen:
            for name in TABLES:
                maker.table(name, seen.columns(name), seen.rows(name))
        header, sha256 = maker.finish(file, seen.taken, seen.revision)
        kept = backups.put(house.bucket, file, sha256, header.taken)
        read_back(house, kept, again)
    removed, left = backups.delete(house.bucket, backups.spare(backups.listed(house.bucket)))
    return BackedUp(kept.key, kept.taken, kept.size, header.rows, removed, left)


@contextmanager
def room(settings: Settings) -> Iterator[IO[bytes]]:
    """A file without a name in the folder of local state: whatever ends the process, nothing of it is left."""
    settings.state.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=settings.state) as file:
        yield file


def read_back(house: House, kept: backups.Kept, file: IO[bytes]) -> Header:
    """The object in a file, each line of it checked. Raises NotFound, IntegrityError, ConfigurationError."""
    backups.fetch(house.bucket, kept, file)
    return Backup(file, kept.key).check()
