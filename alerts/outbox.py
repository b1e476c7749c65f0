"""The outbox: what is to be told is put down in the transaction that marks its change as told."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from alerts import schema, subscriptions, unwell
from alerts.kinds import Delivery, Matter, Payload, State, Subscription
from alerts.matching import matches
from alerts.payload import delivery_id, payload
from catalogue.connection import transaction
from catalogue.schema import changes
from domain.clock import now

_deliveries, _told = schema.deliveries, schema.told


def untold(source: Engine) -> tuple[str, ...]:
    """Ids of the catalogue's changes that are not told yet, in time order.

    Changes older than the oldest active subscription are left out: they are for nobody, now or later; so are those
    that only re-reading brought to light. There is no watermark, since a late capture can bring a change of an
    earlier time.
    """
    first = select(func.min(schema.subscriptions.c.created_at)).where(schema.subscriptions.c.active)
    known = exists().where(_told.c.change_id == changes.c.id)
    news = ~changes.c.cosmetic & ~changes.c.reread
    with transaction(source) as connection:
        # Asked for first: PostgreSQL plans for a time that it is told, and then reads no change before it.
        start = connection.scalar(first)
        if start is None:
            return ()
        wanted = select(changes.c.id).where(changes.c.at >= start, ~known, news)
        return tuple(connection.scalars(wanted.order_by(changes.c.at, changes.c.id)))


def enqueue(source: Engine, matters: Sequence[Matter], web: str, due: datetime) -> int:
    """Holds changes against subscriptions and puts the deliveries down, due at `due`; gives how many.

    One transaction marks the changes as told and makes the deliveries: killed at any moment, both are there or
    neither. A change told before, by this process or another, is left alone.
    """
    with transaction(source) as connection:
        # No subscription may appear between reading them and marking changes as told (see subscriptions.add).
        connection.execute(text("LOCK TABLE subscriptions IN SHARE MODE"))
        listening = subscriptions.within(connection, active=True)
        standing = tuple(unwell.within(connection).values())
        fresh = _mark(connection, [matter.change.id for matter in matters])
        rows = [
            _row(matter, subscription, web, due, unwell.unwell(standing, subscription))
            for matter in matters
            if matter.change.id in fresh
            for subscription in listening
            if matches(subscription, matter.change, matter.title, matter.text, matter.citations)
        ]
        return _put(connection, rows)


def _mark(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the changes that were not told; always in one order, so that two notifiers cannot lock crosswise."""
    moment = now()
    rows = [{"change_id": id, "at": moment} for id in sorted(set(ids))]
    if not rows:
        return set()
    marked = insert(_told).values(rows).on_conflict_do_nothing().returning(_told.c.change_id)
    return set(connection.scalars(marked))


def put(connection: Connection, rows: list[Payload]) -> int:
    """Deliveries of any kind into the outbox, each once; gives how many were not there."""
    return _put(connection, rows)


def _put(connection: Connection, rows: list[Payload]) -> int:
    if not rows:
        return 0
    made = insert(_deliveries).values(rows).on_conflict_do_nothing().returning(_deliveries.c.id)
    return len(connection.scalars(made).all())


def _row(matter: Matter, subscription: Subscription, web: str, due: datetime, ill: list[Payload]) -> Payload:
    change = matter.change
    return {
        "id": delivery_id(subscription.id, change.id),
        "subscription": subscription.id,
        "change_id": change.id,
        "site": change.site,
        "urlkey": change.urlkey,
        "at": change.at,
        "payload": payload(matter, subscription, web) | {"health": ill},
        "state": State.WAITING.value,
        "attempts": 0,
        "next_try_at": due,
    }


def waiting(source: Engine) -> int:
    """How many deliveries no endpoint has accepted yet."""
    count = select(func.count()).select_from(_deliveries).where(_deliveries.c.state == State.WAITING.value)
    with transaction(source) as connection:
        return connection.scalar(count) or 0


def listed(source: Engine, state: State | None = None, limit: int | None = None) -> tuple[Delivery, ...]:
    """Deliveries, the newest change first, of one state or of all."""
    wanted = select(_deliveries).order_by(_deliveries.c.at.desc(), _deliveries.c.id).limit(limit)
    if state:
        wanted = wanted.where(_deliveries.c.state == state.value)
    with transaction(source) as connection:
        return tuple(delivery(row) for row in connection.execute(wanted).mappings())


def delivery(row: RowMapping) -> Delivery:
    """A row of `deliveries` in this room's words."""
    return Delivery(**{**row, "state": State(row["state"])})
