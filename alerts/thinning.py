"""What was delivered long ago keeps its headings alone: who was told of what, when, under which id, with which outcome.

Rows never go. `told`, `matches` and `notices` are what «told once» hangs on, and what a late copy folds into; a
delivery's row is the ledger. Its payload is a copy, by far the largest part, of what the catalogue and `told` have.
Why and what it costs: docs/decisions/0023-what-is-kept.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, select, update

from alerts import schema
from alerts.kinds import Payload
from catalogue.connection import transaction
from domain.change import ChangeType
from domain.clock import now
from domain.subscription import State

_table, _columns = schema.deliveries, schema.deliveries.c
_AT_ONCE = 200
# A heading: what it was about and where that is still to be seen.
_KEPT = ("id", "type", "at", "since", "url", "site", "site_title", "title", "severity", "version", "previous", "link")
_OF_MESSAGE = ("evidence_link", "subscription", "subscriptions", "rhythm", "counts", "part", "withdrawn")
_LONG = frozenset(kind.value for kind in ChangeType) | {"digest"}
_GONE = "正文已按保存期限清除，链接处仍可查看。What it said was thinned after its time; the link leads to the whole."


@dataclass(frozen=True, slots=True)
class Thinned:
    """How many messages, and bytes of theirs as PostgreSQL held them."""

    messages: int = 0
    bytes: int = 0


def whole(source: Engine, before: datetime) -> Thinned:
    """What `thin` would take: delivered before then and not thinned yet. Raises CatalogueError."""
    size = func.coalesce(func.sum(func.pg_column_size(_columns.payload)), 0)
    with transaction(source) as connection:
        count, held = connection.execute(select(func.count(), size).where(_old(before))).one()
    return Thinned(count, held)


def thin(source: Engine, before: datetime) -> Thinned:
    """Thins what was delivered before then, some hundred at a time, each in a transaction: ended at any moment, what is
    left is left for the next. What somebody else holds, a takedown say, is left too. Raises CatalogueError."""
    messages = freed = 0
    while done := _some(source, before):
        messages, freed = messages + done.messages, freed + done.bytes
    return Thinned(messages, freed)


def _old(before: datetime) -> Any:
    delivered = _columns.state == State.DELIVERED.value
    return and_(delivered, _columns.thinned_at.is_(None), _columns.delivered_at < before)


def _some(source: Engine, before: datetime) -> Thinned | None:
    size = func.pg_column_size(_columns.payload)
    wanted = select(_columns.id, _columns.payload, size.label("size")).where(_old(before))
    some = wanted.order_by(_columns.delivered_at, _columns.id).limit(_AT_ONCE)
    with transaction(source) as connection:
        rows = connection.execute(some.with_for_update(key_share=True, skip_locked=True)).all()
        for row in rows:
            _put(connection, row.id, thinned(row.payload))
        left = select(func.coalesce(func.sum(size), 0)).where(_columns.id.in_([row.id for row in rows]))
        held = sum(row.size for row in rows) - (connection.scalar(left) or 0) if rows else 0
    return Thinned(len(rows), held) if rows else None


def _put(connection: Connection, id: str, payload: Payload) -> None:
    values = {"payload": payload, "thinned_at": now()}
    connection.execute(update(_table).where(_columns.id == id).values(values))


def thinned(payload: Payload) -> Payload:
    """A message's headings; what is of no change is short, and stays as it is."""
    if payload.get("type") not in _LONG:
        return payload
    made = _heading(payload) | {name: payload[name] for name in _OF_MESSAGE if name in payload}
    if changes := payload.get("changes"):
        made["changes"] = [_heading(one) for one in changes]
    return made | {"thinned": True, "summary": payload["summary"] if payload.get("withdrawn") else _GONE}


def _heading(payload: Payload) -> Payload:
    made = {name: payload[name] for name in _KEPT if name in payload}
    if payload.get("also"):
        made["also"] = payload["also"]
    return made | ({"withdrawn": True, "summary": payload.get("summary")} if payload.get("withdrawn") else {})
