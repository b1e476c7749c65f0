"""The ledger of deliveries: what waits, what arrived, what was given up and may be sent again."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, exists, func, or_, select, update

from alerts import schema
from alerts.paging import beyond
from catalogue.connection import transaction
from domain.clock import now
from domain.desk import Mark
from domain.errors import NotFound
from domain.subscription import Delivery, State

_table, _notices = schema.deliveries, schema.notices
_columns = _table.c
_SHOWN = [_columns[name] for name in Delivery.model_fields]


def waiting(source: Engine) -> int:
    """How many messages no endpoint has accepted yet."""
    messages = select(func.count()).select_from(_table).where(_columns.state == State.WAITING.value)
    with transaction(source) as connection:
        return connection.scalar(messages) or 0


def held(source: Engine) -> int:
    """How many changes for channels are in no message yet: for a digest, for the end of quiet hours, for a channel
    that was told enough for now, is away or is switched off."""
    notices = select(func.count()).select_from(_notices).where(_notices.c.delivery.is_(None))
    with transaction(source) as connection:
        return connection.scalar(notices) or 0


def listed(
    source: Engine,
    state: State | None = None,
    limit: int | None = None,
    channels: Collection[str] | None = None,
    subscription: str | None = None,
    after: Mark | None = None,
) -> tuple[Delivery, ...]:
    """Deliveries, the newest change first, of one state or of all, to these channels or to any; with a
    `subscription`, those in which it is told; those after a mark (their `at` and id)."""
    wanted = select(*_SHOWN).order_by(_columns.at.desc(), _columns.id).limit(limit)
    if state:
        wanted = wanted.where(_columns.state == state.value)
    if after is not None:
        wanted = wanted.where(beyond(_columns.at, _columns.id, after))
    if channels is not None:
        wanted = wanted.where(_columns.channel.in_(channels))
    if subscription is not None:
        told = (_notices.c.delivery == _columns.id) & _notices.c.subscriptions.contains([subscription])
        wanted = wanted.where(exists().where(told))
    with transaction(source) as connection:
        return tuple(delivery(row) for row in connection.execute(wanted).mappings())


def get(source: Engine, id: str) -> Delivery:
    """One delivery, by its id or the beginning of it (8 digits at least). Raises NotFound."""
    matching = _columns.id.startswith(id, autoescape=True) if len(id) >= 8 else _columns.id == id
    with transaction(source) as connection:
        rows = connection.execute(select(*_SHOWN).where(matching).limit(2)).mappings().all()
    if len(rows) != 1:
        raise NotFound(
            f"there is no one delivery {id}", hint="`tongjian subscriptions deliveries` shows what there is."
        )
    return delivery(rows[0])


def resend(source: Engine, *, ids: Sequence[str] | None = None, channels: Collection[str] | None = None) -> int:
    """Messages that were given up wait to be sent again, now and under their old ids: those of `ids`, of `channels`,
    or all. Gives how many."""
    wanted: list[ColumnElement[bool]] = []
    if ids is not None:
        wanted.append(or_(*(_columns.id == id for id in ids)))
    if channels is not None:
        wanted.append(_columns.channel.in_(channels))
    with transaction(source) as connection:
        return wait_again(connection, now(), *wanted)


def wait_again(connection: Connection, moment: datetime, *wanted: ColumnElement[bool]) -> int:
    """Those of the messages that were given up wait from `moment` on, under their old ids; gives how many."""
    again = {"state": State.WAITING.value, "attempts": 0, "refusals": 0, "next_try_at": moment}
    given_up = _columns.state == State.DEAD.value
    return connection.execute(update(_table).where(given_up, *wanted).values(again)).rowcount


def forget(connection: Connection, subscription: str) -> None:
    """What was put down for this subscription alone is told no more: notices, and messages that wait. What others are
    told of too stays."""
    mine = _notices.c.subscriptions.contains([subscription])
    left = func.array_remove(_notices.c.subscriptions, subscription)
    connection.execute(update(_notices).where(mine).values(subscriptions=left).returning(_notices.c.channel))
    # A notice to an owner of a channel (alerts.switching) is for no subscription, and stays.
    matched = exists().where(schema.matches.c.change_id == _notices.c.change_id)
    orphans = delete(_notices).where(_notices.c.subscriptions == [], matched).returning(_notices.c.delivery)
    emptied = {id for id in connection.scalars(orphans) if id}
    full = exists().where(_notices.c.delivery == _columns.id)
    waits = _columns.state == State.WAITING.value
    connection.execute(delete(_table).where(_columns.id.in_(emptied), waits, ~full))


def delivery(row: RowMapping) -> Delivery:
    """A row of `deliveries` in the words of domain.subscription."""
    return Delivery(**{**row, "state": State(row["state"])})
