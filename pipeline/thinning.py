"""The verb thin: what was delivered long ago keeps its headings alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import thinning
from alerts.upgrading import upgrade
from domain.clock import now
from pipeline.house import House


@dataclass(frozen=True, slots=True)
class Done:
    """So many messages, and so many bytes of theirs, that were delivered before `before` (None: none ever go)."""

    before: datetime | None
    messages: int = 0
    bytes: int = 0


def thin(house: House, days: int | None = None, *, dry: bool = False) -> Done:
    """Thins what was delivered more than `days` ago, or as TONGJIAN_KEEP_MESSAGES says, where 0 is never; a dry run
    counts. By the real time, since nothing brings back what went. Raises CatalogueError."""
    kept = house.settings.keep_messages if days is None else days
    if not kept:
        return Done(None)
    engine, before = house.catalogue.engine, now() - timedelta(days=kept)
    upgrade(engine)
    done = thinning.whole(engine, before) if dry else thinning.thin(engine, before)
    return Done(before, done.messages, done.bytes)
