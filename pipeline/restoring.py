"""The verb doctor restore: a backup from the bucket put back, and what that means for who is told.

What was told after the backup is forgotten with it. It is told again, under the ids it had: whoever honours them
hears nothing twice, and nobody misses anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts import outbox
from alerts.loading import held, load
from alerts.standing import keyring, unopened
from alerts.upgrading import upgrade
from alerts.withdrawing import withdraw
from domain.clock import iso, parse, shown
from domain.errors import ConfigurationError, NotFound
from domain.subscription import Channel
from domain.urls import urlkey
from pipeline.backing_up import read_back, room
from pipeline.house import House
from pipeline.takedown import notice_of
from storage import backups, keys
from storage.backup_form import Backup
from storage.backups import Kept

_ENDING = ".jsonl.zst"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the object's key, when it was taken (UTC), of which form, rows by table; `replaced` rows were
    there before. `again` changes are told again or for the first time, as far as the catalogue knows of any; the text
    of `withdrawn` was taken down after the backup, and is blank now too. `unopened` channels need another key, or
    their addresses anew."""

    key: str
    taken: datetime
    revision: str
    rows: dict[str, int]
    replaced: dict[str, int]
    again: int
    withdrawn: int
    unopened: tuple[Channel, ...]


def choose(kept: Sequence[Kept], at: str | None) -> Kept:
    """The newest; the newest at a time; or the one of that key, or of its last part. Raises NotFound where there is
    none, ConfigurationError where `at` is neither a time nor a key."""
    if at is None:
        return _newest(kept, "there is no backup in the bucket")
    name = at.removeprefix(keys.BACKUPS).removesuffix(_ENDING)
    if named := [one for one in kept if one.key == f"{keys.BACKUPS}{name}{_ENDING}"]:
        return named[0]
    try:
        moment = parse(at)
    except ValueError as error:
        raise ConfigurationError(
            f"--at {at}: neither a time nor the key of a backup",
            hint="Write 2026-11-22 or 2026-11-22T08:00 (Asia/Shanghai), or a key of `tongjian doctor restore --list`.",
        ) from error
    return _newest([one for one in kept if one.taken <= moment], f"no backup was taken by {shown(moment)}")


def _newest(kept: Sequence[Kept], without: str) -> Kept:
    if not kept:
        raise NotFound(without, hint="`tongjian backup` makes one; `tongjian doctor restore --list` shows those there.")
    return kept[-1]


def restore(house: House, at: str | None = None, *, overwrite: bool = False) -> Restored:
    """Puts back the backup that `choose` chooses: all of it, or nothing. It is checked before anything is touched.

    Raises ConfigurationError where the tables hold something and `overwrite` is not said, or where a newer Tongjian
    made it, or where the file of the sealing keys holds none; NotFound, IntegrityError, CatalogueError, EndpointDown.
    """
    engine = house.catalogue.engine
    kept = choose(backups.listed(house.bucket), at)
    keyring(house.settings)
    with room(house.settings) as file:
        header = read_back(house, kept, file)
        upgrade(engine)
        replaced = held(engine)
        if replaced and not overwrite:
            raise _refused(replaced)
        load(engine, Backup(file, kept.key))
    return Restored(
        key=kept.key,
        taken=header.taken,
        revision=header.revision,
        rows=header.rows,
        replaced=replaced,
        again=len(outbox.untold(engine)),
        withdrawn=_withdrawn(house),
        unopened=unopened(engine, keyring(house.settings)),
    )


def _refused(replaced: dict[str, int]) -> ConfigurationError:
    rows = ", ".join(f"{name} {count}" for name, count in replaced.items())
    return ConfigurationError(
        f"the tables are not empty: {rows}",
        hint="`tongjian backup` keeps what is there; then --yes puts the backup in its place, whole or not at all.",
    )


def _withdrawn(house: House) -> int:
    """What was taken down stays taken down, whatever an older backup says; gives how many changes were blanked."""
    engine, count = house.catalogue.engine, 0
    for site in house.bucket.folders(keys.GONE):
        for stone in house.archive.taken_down(site, fresh=True).tombstones.values():
            if stone.is_in_force:
                notice = notice_of(stone.by, stone.reason)
                count += withdraw(engine, site, urlkey(stone.url), stone.at, stone.at, notice)
    return count


def described(kept: Sequence[Kept]) -> list[dict[str, object]]:
    """Backups as the command line shows them, the newest first."""
    return [{"key": one.key, "taken": iso(one.taken), "size": one.size} for one in reversed(kept)]
