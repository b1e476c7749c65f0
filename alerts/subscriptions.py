"""Subscriptions: added, changed, switched, removed; what they matched, and the private address of their feeds."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.sql import ColumnElement

from alerts import schema, tokens
from alerts.checks import named, quiet, zone
from alerts.ledger import forget
from alerts.listening import changing
from alerts.paging import newest
from alerts.query import parse
from catalogue.connection import transaction
from domain.clock import now
from domain.desk import Draft, Mark
from domain.errors import ConfigurationError, NotFound, Stale
from domain.subscription import Match, Person, Subscription

_table, _columns = schema.subscriptions, schema.subscriptions.c
_routes, _channels = schema.routes.c, schema.channels.c
_OWN = ("id", "name", "query", "person", "team", "rhythm", "hour", "quiet_from", "quiet_to", "timezone", "language")


def add(source: Engine, draft: Draft, who: Person) -> Subscription:
    """A new subscription of the draft's team, or else of `who`: it is told of what happens from now on.

    Its channels are the owner's or those of `who`; an operator may take anybody's. Raises ConfigurationError where a
    part is wrong (of a query: QueryError, which points at the place).
    """
    row = _checked(draft) | {
        "id": tokens.new_id(),
        "person": None if draft.team else who.id,
        "team": draft.team,
        "timezone": zone(draft.timezone or who.timezone),
        "language": draft.language or who.language,
        "active": True,
    }
    with transaction(source) as connection:
        moment = _listened(connection)
        connection.execute(insert(_table).values(row | {"created_at": moment, "changed_at": moment}))
        _route(connection, str(row["id"]), draft, who, known=())
        return one(connection, str(row["id"]))


def _listened(connection: Connection) -> Any:
    """The time from which on a subscription is told.

    A notifier that is matching holds the table (outbox.enqueue): whatever it marks as told happened before this lock
    is granted, and so before that time. No change falls between the two.
    """
    changing(connection)
    return now()


def _checked(draft: Draft) -> dict[str, Any]:
    quiet_from, quiet_to = quiet(draft.quiet_from, draft.quiet_to)
    return {
        "name": named(draft.name, "subscription", "Say whose it is: --name 'commerce desk'."),
        "query": parse(draft.query).text.strip(),
        "rhythm": draft.rhythm.value,
        "hour": draft.hour,
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
    }


def _route(connection: Connection, id: str, draft: Draft, who: Person, known: Iterable[str]) -> None:
    """Its channels are those of the draft from now on; `known` are those that it has already, and may keep."""
    owner = _channels.team == draft.team if draft.team else _channels.person == who.id
    allowed = select(_channels.id).where(_channels.id.in_(draft.channels))
    if not who.operator:
        allowed = allowed.where(owner | (_channels.person == who.id) | _channels.id.in_(list(known)))
    there = set(connection.scalars(allowed))
    for channel in draft.channels:
        if channel not in there:
            raise ConfigurationError(
                f"there is no channel {channel} that this subscription may tell by 没有这个渠道",
                hint="A subscription tells by its owner's channels: make it the team's, or take one of your own; "
                "`tongjian channels list` shows what there is. 个人的订阅不能用团队的渠道。",
            )
    connection.execute(delete(schema.routes).where(_routes.subscription == id))
    if there:
        rows = [{"subscription": id, "channel": channel} for channel in sorted(there)]
        connection.execute(insert(schema.routes), rows)


def change(source: Engine, id: str, draft: Draft, who: Person, was: Subscription | None = None) -> Subscription:
    """The subscription as the draft has it; whose it is does not change, and where the draft says no time zone or
    language, those it has stay.

    Changes are held against a query once, when they are found: another query is told of what is found from now on, not
    of what the old one was held against. Raises NotFound, ConfigurationError; Stale where it is no longer as it `was`.
    """
    values = _checked(draft)
    if draft.timezone:
        values["timezone"] = zone(draft.timezone)
    if draft.language:
        values["language"] = draft.language
    with transaction(source) as connection:
        moment = _listened(connection)
        # The row is held before its routes are read: of two who change it at once, one is whole.
        held = _held(connection, id, was)
        _put(connection, id, values | {"changed_at": moment})
        if draft.team is not None and draft.team != held.team:
            raise ConfigurationError(
                "a subscription stays whose it is 归属不可更改", hint="Add it anew for the team, and remove this one."
            )
        _route(connection, id, draft.model_copy(update={"team": held.team}), who, held.channels)
        return one(connection, id)


def switch(source: Engine, id: str, *, active: bool, was: Subscription | None = None) -> Subscription:
    """Pauses a subscription or resumes it. What happens while it is paused is not told, then or later: one that is
    resumed listens from now on (`created_at`), as if it were new. Raises NotFound; Stale where it is no longer as it
    `was`."""
    with transaction(source) as connection:
        moment = _listened(connection)
        held = _held(connection, id, was)
        begun = {"created_at": moment} if active and not held.active else {}
        _put(connection, id, begun | {"active": active, "changed_at": moment})
        return one(connection, id)


def remove(source: Engine, id: str, was: Subscription | None = None) -> None:
    """Takes a subscription away, what it matched, and what waits for it alone; what was delivered stays with its
    channel. Raises NotFound; Stale where it is no longer as it `was`."""
    with transaction(source) as connection:
        changing(connection)
        _held(connection, id, was)
        forget(connection, id)
        if not connection.execute(delete(_table).where(_columns.id == id)).rowcount:
            raise unknown(id)


def _held(connection: Connection, id: str, was: Subscription | None) -> Subscription:
    """It as it is, and nobody else changes it until the transaction ends. Raises NotFound, Stale."""
    connection.execute(select(_columns.id).where(_columns.id == id).with_for_update(key_share=True))
    held = one(connection, id)
    if was is not None and held != was:
        raise Stale(
            f"subscription {id}: somebody else has changed it meanwhile 其间已被他人改动",
            hint="Read it again, and change what is there now.",
        )
    return held


def renew_feed(source: Engine, id: str) -> str:
    """A new token of its feeds: shown this once, kept as its hash. The old one ends. Raises NotFound."""
    token = tokens.made()
    with transaction(source) as connection:
        _put(connection, id, {"feed_hash": tokens.hashed(token), "changed_at": _listened(connection)})
    return token


def by_feed_token(source: Engine, token: str) -> Subscription:
    """Whose feed it is. Raises NotFound for a token that nobody has, and for that of somebody who is not let in."""
    let_in = select(schema.people.c.id).where(schema.people.c.active)
    with transaction(source) as connection:
        theirs = _columns.person.is_(None) | _columns.person.in_(let_in)
        found = _found(connection, _columns.feed_hash == tokens.hashed(token), theirs)
    if not found:
        raise NotFound("there is no feed at this address 没有这个订阅源", hint="It may have been given a new address.")
    return found[0]


def every(source: Engine, *conditions: ColumnElement[bool]) -> tuple[Subscription, ...]:
    """All subscriptions, or those of which this is true; the oldest first."""
    with transaction(source) as connection:
        return _found(connection, *conditions)


def page(source: Engine, *conditions: ColumnElement[bool], limit: int, after: Mark | None) -> tuple[Subscription, ...]:
    """So many of those of which this is true, the newest first; those after a mark."""
    wanted = newest(_table, limit, after).where(*conditions)
    with transaction(source) as connection:
        return _read(connection, wanted, whole=False)


def count(source: Engine, *conditions: ColumnElement[bool]) -> int:
    """How many there are of which this is true."""
    with transaction(source) as connection:
        return connection.scalar(select(func.count()).select_from(_table).where(*conditions)) or 0


def using(source: Engine, channels: Iterable[str], *conditions: ColumnElement[bool]) -> dict[str, int]:
    """How many of those of which this is true tell by each of these channels; without those that none tells by."""
    asked = select(_routes.channel, func.count()).join(_table, _columns.id == _routes.subscription)
    asked = asked.where(_routes.channel.in_(list(channels)), *conditions).group_by(_routes.channel)
    with transaction(source) as connection:
        return {row[0]: row[1] for row in connection.execute(asked)}


def get(source: Engine, id: str) -> Subscription:
    """One subscription. Raises NotFound."""
    with transaction(source) as connection:
        return one(connection, id)


def one(connection: Connection, id: str) -> Subscription:
    """One subscription as a transaction sees it. Raises NotFound."""
    found = _found(connection, _columns.id == id)
    if not found:
        raise unknown(id)
    return found[0]


def matches(source: Engine, id: str, limit: int) -> tuple[Match, ...]:
    """The last changes that it matched, the newest first: each with its message, as it was put down then."""
    held, told = schema.matches.c, schema.told.c
    wanted = (
        select(held.change_id, held.at, held.notes, told.payload, told.at.label("found_at"))
        .join(schema.told, told.change_id == held.change_id)
        .where(held.subscription == id, told.payload.is_not(None))
        .order_by(held.at.desc(), held.change_id.desc())
        .limit(limit)
    )
    with transaction(source) as connection:
        rows = connection.execute(wanted).all()
    return tuple(
        Match(change=row.change_id, at=row.at, payload=row.payload | {"notes": row.notes}, found_at=row.found_at)
        for row in rows
    )


def _put(connection: Connection, id: str, values: dict[str, Any]) -> None:
    if not connection.execute(update(_table).where(_columns.id == id).values(values)).rowcount:
        raise unknown(id)


def _found(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Subscription, ...]:
    wanted = select(_table).where(*conditions).order_by(_columns.created_at, _columns.id)
    return _read(connection, wanted, whole=not conditions)


def _read(connection: Connection, wanted: Select[Any], *, whole: bool) -> tuple[Subscription, ...]:
    """Rows with their routes; `whole`: all there are."""
    rows = connection.execute(wanted).mappings().all()
    ways = select(schema.routes).join(schema.channels, _channels.id == _routes.channel)
    if not whole:
        ways = ways.where(_routes.subscription.in_([row["id"] for row in rows]))
    routed: dict[str, list[str]] = {}
    for way in connection.execute(ways.order_by(_channels.created_at, _routes.channel)):
        routed.setdefault(way.subscription, []).append(way.channel)
    return tuple(_subscription(row, routed.get(row["id"], ())) for row in rows)


def unknown(id: str) -> NotFound:
    """What is raised for a subscription that there is not; and in the same words for one that is not theirs."""
    return NotFound(
        f"there is no subscription {id} 没有这个订阅", hint="`tongjian subscriptions list` shows what there is."
    )


def _subscription(row: RowMapping, channels: Iterable[str]) -> Subscription:
    held = {name: row[name] for name in (*_OWN, "active", "created_at")}
    return Subscription(**held, channels=tuple(channels), has_feed=row["feed_hash"] is not None)
