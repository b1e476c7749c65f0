"""The outbox: what is to be told is put down in the transaction that marks its change as told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from alerts import numbers, schema
from alerts.kinds import Matter, Payload
from alerts.listening import Listener, Listening, document, folds, is_for_nobody, listening
from alerts.payload import payload
from alerts.timing import due
from catalogue.connection import transaction
from catalogue.schema import changes, reprints
from domain.clock import now
from domain.subscription import Rhythm

_told, _routes, _notices = schema.told, schema.routes, schema.notices
# The most pressing first: what one of a channel's subscriptions wants at once is told at once.
_RHYTHMS = tuple(Rhythm)


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


@dataclass(frozen=True, slots=True)
class Put:
    """What was put down: how many notices (changes for channels), and who listened, for the next call."""

    notices: int
    listening: Listening


def enqueue(
    source: Engine, matters: Sequence[Matter], web: str, moment: datetime, held: Listening | None = None
) -> Put:
    """Holds changes against subscriptions and puts down what their channels are to be told, from `moment` on.

    One transaction marks the changes as told and puts down the notices: killed at any moment, both are there or
    neither. A change told before, by this process or another, is left alone. `held` saves loading the subscriptions
    again where they are the same still.
    """
    with transaction(source) as connection:
        held = listening(connection, held)  # before the lock: nobody waits while a hundred thousand queries are read
    with transaction(source) as connection:
        heard = attend(connection, held)
        fresh = _mark(connection, matters)
        ready = [one for one in matters if one.change.id in fresh and not is_for_nobody(one)]
        count = 0
        # The first publisher before its copies: the matter is named after what is told first.
        for matter in sorted(ready, key=lambda one: (not one.first, one.change.at, one.change.id)):
            hearing = heard.hearing(document(matter), matter.change.at)
            if hearing:
                count += _told_of(connection, matter, hearing, web, moment)
        return Put(count, heard)


def attend(connection: Connection, held: Listening | None = None) -> Listening:
    """Who listens, and goes on to until the transaction ends: no subscription may appear between reading them and
    marking changes as told (see subscriptions.add), and of two notifiers one matches at a time: else each would begin
    a matter of its own for copies of one article."""
    connection.execute(text("LOCK TABLE subscriptions IN SHARE ROW EXCLUSIVE MODE"))
    return listening(connection, held)


def _mark(connection: Connection, matters: Iterable[Matter]) -> set[str]:
    """Those of the changes that were not told; always in one order, so that two notifiers cannot lock crosswise."""
    moment = now()
    rows = {one.change.id: _told_row(one, moment) for one in matters}
    if not rows:
        return set()
    marked = insert(_told).values([rows[id] for id in sorted(rows)]).on_conflict_do_nothing()
    return set(connection.scalars(marked.returning(_told.c.change_id)))


def _told_row(matter: Matter, moment: datetime) -> Payload:
    change = matter.change
    return {
        "change_id": change.id,
        "at": moment,
        "site": change.site,
        "urlkey": change.urlkey,
        "type": change.type.value,
        "change_at": change.at,
    }


def _told_of(connection: Connection, matter: Matter, hearing: Sequence[Listener], web: str, moment: datetime) -> int:
    kind = _matter(connection, matter)
    values = {"payload": payload(matter, web), "matter": kind}
    connection.execute(update(_told).where(_told.c.change_id == matter.change.id).values(values))
    notes = {one.id: _notes(one, matter) for one in hearing}
    return notify(connection, matter.change.id, kind, matter.change.at, hearing, moment, notes)


def _notes(listener: Listener, matter: Matter) -> list[str]:
    """What the page does to the documents that the subscription follows, a line each."""
    return [numbers.line(item) for item in numbers.said(listener.query.numbers, matter.citations)]


def _matter(connection: Connection, matter: Matter) -> str:
    """What it is one matter with: the first of its reprint cluster that was told; else it is one of its own."""
    if not folds(matter):
        return matter.change.id
    pages = (reprints.c.site == _told.c.site) & (reprints.c.urlkey == _told.c.urlkey)
    told = (
        select(_told.c.matter)
        .join(reprints, pages)
        .where(reprints.c.cluster == matter.cluster, _told.c.type == "new", _told.c.matter.is_not(None))
        .order_by(_told.c.at, _told.c.change_at, _told.c.change_id)
        .limit(1)
    )
    return connection.scalar(told) or matter.change.id


def notify(
    connection: Connection,
    change: str,
    matter: str,
    at: datetime,
    hearing: Sequence[Listener],
    moment: datetime,
    notes: dict[str, list[str]] | None = None,
) -> int:
    """Puts down that these matched, and one notice for each of their channels; gives how many notices."""
    said = notes or {}
    matched = [
        {"subscription": one.id, "change_id": change, "at": at, "notes": said.get(one.id, [])} for one in hearing
    ]
    connection.execute(insert(schema.matches).on_conflict_do_nothing(), matched)
    rows = [
        {"channel": channel, "change_id": change, "matter": matter, "at": at, **told}
        for channel, told in _by_channel(connection, hearing, moment).items()
    ]
    if rows:
        connection.execute(insert(_notices).on_conflict_do_nothing(), rows)
    return len(rows)


def _by_channel(connection: Connection, hearing: Sequence[Listener], moment: datetime) -> dict[str, dict[str, Any]]:
    """For each channel: the subscriptions that it is told for, and when the most pressing of them wants to hear."""
    by_id = {one.id: one for one in hearing}
    ways = select(_routes.c.channel, _routes.c.subscription).where(_routes.c.subscription.in_(by_id))
    channels: dict[str, dict[str, Any]] = {}
    for channel, subscription in connection.execute(ways.order_by(_routes.c.channel, _routes.c.subscription)):
        one = by_id[subscription]
        told = {"subscriptions": [subscription], "rhythm": one.rhythm.value, "due_at": due(one, moment)}
        channels[channel] = _joined(channels[channel], told) if channel in channels else told
    return channels


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    rhythms = (Rhythm(first["rhythm"]), Rhythm(second["rhythm"]))
    return {
        "subscriptions": first["subscriptions"] + second["subscriptions"],
        "rhythm": min(rhythms, key=_RHYTHMS.index).value,
        "due_at": min(first["due_at"], second["due_at"]),
    }
