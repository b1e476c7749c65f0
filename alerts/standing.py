"""How this room stands, for who looks after the house: channels that lead nowhere, messages given up or overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, func, or_, select

from alerts import endpoints, schema
from alerts.sealing import Keyring
from catalogue.connection import transaction
from domain.errors import ConfigurationError
from domain.settings import Settings
from domain.subscription import Channel, State

_channels, _deliveries, _notices = schema.channels.c, schema.deliveries.c, schema.notices.c
# What is due leaves within minutes where somebody runs `deliver`; a burst may take longer.
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """`since` is when the oldest subscription was made (None: there is none), `off` are the channels that are switched
    off. `dead` messages were given up; `late` messages and changes should have left an hour ago."""

    subscriptions: int
    since: datetime | None
    off: tuple[Channel, ...]
    dead: int
    late: int


def standing(source: Engine, now: datetime) -> Standing:
    """How it is at `now`. Raises CatalogueError."""
    kept = schema.subscriptions.c
    with transaction(source) as connection:
        count, since = connection.execute(select(func.count(), func.min(kept.created_at))).one()
        off = endpoints.within(connection, ~_channels.active)
        dead = connection.scalar(select(func.count()).where(_deliveries.state == State.DEAD.value))
        messages, changes = (connection.scalar(question) or 0 for question in _late(now - LATE))
    return Standing(count, since, off, dead or 0, messages + changes)


def _late(before: datetime) -> tuple[Select[int], Select[int]]:
    """What waits since before then for channels of which nothing is known that would hold it up."""
    open_ = (_channels.active, _channels.failing_since.is_(None))
    rested = or_(_channels.paused_until.is_(None), _channels.paused_until <= before)
    messages = select(func.count()).join(schema.channels, _channels.id == _deliveries.channel)
    changes = select(func.count()).join(schema.channels, _channels.id == _notices.channel)
    waiting = _deliveries.state == State.WAITING.value
    return (
        messages.where(waiting, _deliveries.next_try_at <= before, *open_, rested),
        changes.where(_notices.delivery.is_(None), _notices.due_at <= before, *open_, rested),
    )


def keyring(settings: Settings) -> Keyring | None:
    """The sealing keys, where there are any: unlike Keyring.load it makes none. Raises ConfigurationError."""
    return Keyring.load(settings) if settings.sealing_file.exists() else None


def unopened(source: Engine, keys: Keyring | None) -> tuple[Channel, ...]:
    """The channels whose address or secret the keys do not open: nothing can be sent to them. Raises CatalogueError."""
    with transaction(source) as connection:
        rows = connection.execute(select(schema.channels).order_by(_channels.created_at, _channels.id)).mappings().all()
    return tuple(endpoints.channel(row) for row in rows if not _opens(keys, row["address"], row["secret"]))


def _opens(keys: Keyring | None, *sealed: str | None) -> bool:
    if keys is None:
        return False
    try:
        for one in sealed:
            if one is not None:
                keys.open(one)
    except ConfigurationError:
        return False
    return True
