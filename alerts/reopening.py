"""What a channel that is switched on again is told: what it missed of late; of what is older, one sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from alerts import schema
from alerts.kinds import Payload
from alerts.ledger import wait_again
from alerts.notices import Named
from alerts.payload import delivery_id, missed
from alerts.switching import OFF
from domain.clock import iso
from domain.subscription import Language, State

# docs/decisions/0023-what-is-kept.md
CATCH_UP = timedelta(days=7)
LEFT = "too old when the channel was switched on again: "
_table, _channels, _notices = schema.deliveries, schema.channels, schema.notices
_columns = _table.c


@dataclass(frozen=True, slots=True)
class _Old:
    """What is not told: how many changes, and of which time."""

    count: int
    since: datetime
    until: datetime


def reopen(connection: Connection, id: str, now: datetime, web: str) -> None:
    """To be called with the channel held, in the transaction that switches it on: what was given up because it was off
    waits again, under its old ids, and what is in no message yet is made into messages as ever. What both happened and
    was due more than CATCH_UP ago is left, is told as a number, and stays in the lists.
    """
    before = now - CATCH_UP
    old = _joined(_given_up(connection, id, before), _put_down(connection, id, before))
    wait_again(connection, now, _columns.channel == id, _columns.last_error.startswith(OFF, autoescape=True))
    if old is not None:
        _say(connection, id, old, now, web)


def _given_up(connection: Connection, id: str, before: datetime) -> _Old | None:
    """Messages: they stay given up, and can be sent again by hand."""
    off = _columns.last_error.startswith(OFF, autoescape=True)
    dead = and_(_columns.channel == id, _columns.state == State.DEAD.value, off)
    mine = and_(dead, _columns.at < before, _columns.made_at < before)
    found = _counted(connection, func.sum(_columns.changes), _columns.at, mine)
    if found is not None:
        connection.execute(update(_table).where(mine).values(last_error=LEFT + _columns.last_error))
    return found


def _put_down(connection: Connection, id: str, before: datetime) -> _Old | None:
    """Changes that are in no message yet."""
    return _counted(connection, func.count(), _notices.c.at, _left(id, before))


def _left(id: str, before: datetime) -> Any:
    waits = and_(_notices.c.channel == id, _notices.c.delivery.is_(None))
    return and_(waits, _notices.c.at < before, _notices.c.due_at < before)


def _counted(connection: Connection, changes: Any, at: Any, mine: Any) -> _Old | None:
    count, since, until = connection.execute(select(changes, func.min(at), func.max(at)).where(mine)).one()
    return _Old(int(count), since, until) if count else None


def _joined(one: _Old | None, other: _Old | None) -> _Old | None:
    if one is None or other is None:
        return one or other
    return _Old(one.count + other.count, min(one.since, other.since), max(one.until, other.until))


def _say(connection: Connection, id: str, old: _Old, now: datetime, web: str) -> None:
    """One message, and what it counts is marked as in it: so the ledger shows what became of each change."""
    mine = _left(id, now - CATCH_UP)
    subscriptions = _subscriptions(connection, mine)
    name = connection.scalar(select(_channels.c.name).where(_channels.c.id == id)) or ""
    key = delivery_id(id, f"missed {iso(now)}")
    spoken: set[Language] = {one.language for one in subscriptions}
    language = spoken.pop() if len(spoken) == 1 else "both"
    said: Payload = missed(name, old.count, (old.since, old.until), CATCH_UP, subscriptions, web, language)
    row = {
        "id": key,
        "channel": id,
        "pages": [],  # it says nothing of any: it waits behind none, and no takedown concerns it
        "changes": old.count,
        "at": now,
        "language": language,
        "payload": said | {"id": key},
        "state": State.WAITING.value,
        "attempts": 0,
        "refusals": 0,
        "next_try_at": now,
        "made_at": now,
    }
    connection.execute(insert(_table).values(row))
    connection.execute(update(_notices).where(mine).values(delivery=key))


def _subscriptions(connection: Connection, mine: Any) -> list[Named]:
    ids = select(func.unnest(_notices.c.subscriptions)).where(mine)
    known = schema.subscriptions.c
    asked = select(known.id, known.name, known.language).where(known.id.in_(ids))
    rows = connection.execute(asked.order_by(known.created_at, known.id))
    return [Named(row.id, row.name, row.language, frozenset()) for row in rows]
