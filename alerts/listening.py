"""Who listens: the active subscriptions, their queries ready to be held against a change in one pass."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, text

from alerts import schema
from alerts.kinds import Matter
from alerts.query import Document, Matcher, Query, QueryError, parse
from domain.change import ChangeType
from domain.subscription import Rhythm

log = logging.getLogger(__name__)

_columns = schema.subscriptions.c


@dataclass(frozen=True, slots=True)
class Listener:
    """A subscription as matching needs it. There may be a hundred thousand."""

    id: str
    query: Query
    rhythm: Rhythm
    hour: int
    quiet_from: int | None
    quiet_to: int | None
    timezone: str
    created_at: datetime


class Listening:
    """The active subscriptions as a transaction saw them; `revision` changes when they do."""

    def __init__(self, revision: Any, listeners: Iterable[Listener]) -> None:
        self.revision = revision
        self._by_id = {one.id: one for one in listeners}
        self._matcher = Matcher((one.id, one.query) for one in self._by_id.values())

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def hearing(self, document: Document, at: datetime | None = None) -> list[Listener]:
        """Those whose query it is, and who listened already when it happened, if that is said; by id."""
        found = (self._by_id[id] for id in sorted(self._matcher.matching(document)))
        return [one for one in found if at is None or one.created_at <= at]


def changing(connection: Connection) -> None:
    """Before a transaction changes or removes anything of subscriptions or channels: it waits here for a notifier that
    is matching (outbox.attend), not later, holding a row that the notifier waits for."""
    connection.execute(text("LOCK TABLE subscriptions IN ROW EXCLUSIVE MODE"))


def revision(connection: Connection) -> tuple[Any, ...]:
    """The same for as long as no subscription was added, changed, switched or removed. The newest change alone would
    not say: a clock that jumped back, or another machine's, puts down a later one before it."""
    changed = func.extract("epoch", _columns.changed_at)
    asked = select(func.count(), func.max(_columns.changed_at), func.sum(changed))
    found = connection.execute(asked.select_from(schema.subscriptions))
    return tuple(found.one())


def listening(connection: Connection, held: Listening | None = None) -> Listening:
    """Who listens now: `held` where nothing changed since."""
    current = revision(connection)
    if held is not None and held.revision == current:
        return held
    rows = connection.execute(select(schema.subscriptions).where(_columns.active).order_by(_columns.id)).mappings()
    return Listening(current, (one for row in rows if (one := _listener(row))))


def _listener(row: RowMapping) -> Listener | None:
    try:
        query = parse(row["query"])
    except QueryError as error:  # it parsed when it was saved: a newer query language must not silence the others
        log.error("subscription %s (%s) tells nothing: its query is not understood: %s", row["id"], row["name"], error)
        return None
    names = ("id", "hour", "quiet_from", "quiet_to", "timezone", "created_at")
    return Listener(query=query, rhythm=Rhythm(row["rhythm"]), **{name: row[name] for name in names})


def document(matter: Matter) -> Document:
    """What queries are held against, of a change."""
    change = matter.change
    cluster = "alone" if matter.cluster is None else "first" if matter.first else "copy"
    return Document(
        site=change.site,
        region=(matter.region,) if matter.region else (),
        type=change.type.value,
        severity=change.severity,
        status=matter.status.value,
        cluster=cluster,
        title=matter.title,
        body=matter.text,
        source=matter.source,
        authors=matter.authors,
        numbers=matter.numbers | {item.number.key for item in matter.citations if item.number},
        edits=tuple((edit.name, edit.before or "", edit.after or "") for edit in change.fields),
        classes=tuple(one.value for one in change.classes),
    )


def is_for_nobody(matter: Matter) -> bool:
    """True of what is told to none: typesetting, and what only a newer reader brought to light."""
    return matter.change.cosmetic or matter.change.reread


def folds(matter: Matter) -> bool:
    """True where other pages of its cluster are the same matter: an article that appears, on one site or on ten."""
    return matter.cluster is not None and matter.change.type is ChangeType.NEW
