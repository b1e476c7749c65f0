"""What doctor finds of alerts: the sealing key, channels, messages that do not leave, and the backup of it all."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts.standing import Standing, keyring, standing, unopened
from alerts.upgrading import upgrade
from domain.clock import now, shown
from domain.errors import TongjianError
from domain.subscription import Channel
from pipeline.findings import Finding, fault, look
from storage import backups

if TYPE_CHECKING:
    from pipeline.house import House

# The backup of a day may fail once.
OLDEST = timedelta(days=2)
_SHOWN = 5


def of_alerts(house: "House") -> list[Finding]:
    """Each thing by itself; where the database is away, that alone."""
    try:
        upgrade(house.catalogue.engine)
        how = standing(house.catalogue.engine, now())
    except TongjianError as error:
        return [Finding("alerts", ok=False, message=f"{error} {error.hint or ''}".strip())]
    return [
        look("sealing key", lambda: _sealing(house)),
        look("channels", lambda: _channels(how)),
        look("deliveries", lambda: _deliveries(how)),
        look("backup", lambda: _backup(house, how)),
    ]


def _sealing(house: "House") -> str:
    place = house.settings.sealing_file
    if closed := unopened(house.catalogue.engine, keyring(house.settings)):
        lacks = f"{place} does not open" if place.exists() else f"there is none at {place}, for"
        fault(f"{lacks} {_named(closed)}: put back the key they were sealed with, or give each its address anew")
    if not place.exists():
        return "none yet: it is made with the first channel"
    if place.stat().st_mode & 0o077:
        fault(f"{place} can be read by others: chmod 600, and think of it as known")
    return f"{place} opens every channel; it is in no backup: keep a copy of it elsewhere"


def _named(channels: Sequence[Channel]) -> str:
    more = f" and {len(channels) - _SHOWN} more" if len(channels) > _SHOWN else ""
    return ", ".join(f"{one.id} ({one.name}, {one.shown})" for one in channels[:_SHOWN]) + more


def _channels(how: Standing) -> str:
    if how.off:
        fault(f"{len(how.off)} switched off, and their messages wait: {_named(how.off)}: {how.off[0].disabled_why}")
    return "none is switched off"


def _deliveries(how: Standing) -> str:
    dead = f"{how.dead} given up (tongjian subscriptions deliveries --state dead)" if how.dead else "none given up"
    if how.late:
        fault(f"{how.late} should have left an hour ago: does the DAG deliver run? By hand: tongjian deliver; {dead}")
    return f"none overdue, {dead}"


def _backup(house: "House", how: Standing) -> str:
    """A fault where what somebody subscribed to would be lost with the database."""
    kept = backups.listed(house.bucket)
    newest = f"the last one is of {shown(kept[-1].taken)} Asia/Shanghai, {kept[-1].size:,} bytes" if kept else "none"
    last = max(filter(None, [how.since, kept[-1].taken if kept else None]), default=now())
    if how.since and now() - last > OLDEST:
        fault(f"{newest}: does the DAG backup run? By hand: tongjian backup")
    return newest if kept else "none yet: tongjian backup"
