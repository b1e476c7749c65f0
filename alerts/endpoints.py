"""Channels as they are kept: whose they are, where they lead, how they fare. Addresses and secrets are sealed; only
`target` opens them."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.sql import ColumnElement

from alerts import schema
from alerts.addresses import shown
from alerts.channels import Channels, Target
from alerts.checks import named
from alerts.listening import changing
from alerts.paging import newest
from alerts.reopening import reopen
from alerts.sealing import Keyring
from alerts.tokens import new_id
from catalogue.connection import transaction
from catalogue.text import clean
from domain.clock import now
from domain.desk import ChannelDraft, Mark
from domain.errors import ConfigurationError, NotFound
from domain.subscription import Channel, Language, Via

_table, _columns = schema.channels, schema.channels.c
_LONGEST_SECRET = 4096


def add(source: Engine, keyring: Keyring, ways: Channels, draft: ChannelDraft, *, person: str | None) -> Channel:
    """A new channel of the draft's team, or else of `person` (an id). Who adds an address that they have already gets
    the channel it has; so does who gives an address anew whose sealing key is lost. Raises ConfigurationError, which
    repeats neither address nor secret: no such endpoint, or one where messages may not go (alerts.guard)."""
    way = ways.get(draft.via)
    if way is None:
        raise ConfigurationError(
            f"nothing here sends by {draft.via.value} 未安装", hint="Install what it needs: see docs/alerts.md."
        )
    secret = _secret(draft)
    address = way.check(draft.address.get_secret_value(), secret)
    owner = {"team": draft.team, "person": None} if draft.team else {"team": None, "person": person}
    row = owner | {
        "id": new_id(),
        "via": draft.via.value,
        "name": _name(draft, address),
        "address": keyring.seal(address),
        "secret": keyring.seal(secret) if secret else None,
        "shown": clean(shown(address)),
        "lane": keyring.fingerprint(f"{draft.via.value} {way.lane(address)}"),
        "active": True,
        "disabled_why": "",
        "failures": 0,
        "created_at": now(),
    }
    with transaction(source) as connection:
        _hold(connection, person=owner["person"], team=owner["team"])
        known = _same(connection, keyring, draft.via, address, secret, owner)
        if known is not None:
            return channel(known)
        made: Any = insert(_table).values(row)
        if lost := _lost(connection, keyring, row):
            sealed = {name: row[name] for name in ("address", "secret", "lane")}
            made = update(_table).where(_columns.id == lost).values(sealed)
        return channel(connection.execute(made.returning(*_columns)).mappings().one())


def _hold(connection: Connection, *, person: str | None, team: str | None) -> None:
    """The owner, until the transaction ends: of two who add an address at once, the second finds the first one's."""
    table, id = (schema.teams, team) if team else (schema.people, person)
    found = connection.execute(select(table.c.id).where(table.c.id == id).with_for_update(key_share=True))
    if found.one_or_none() is None:
        raise NotFound(f"there is nobody {id} to own a channel", hint="`tongjian people list` shows who there is.")


def _secret(draft: ChannelDraft) -> str | None:
    secret = draft.secret.get_secret_value().strip() if draft.secret else ""
    if len(secret) > _LONGEST_SECRET:
        raise ConfigurationError("the secret is too long 密钥太长", hint=f"At most {_LONGEST_SECRET} characters.")
    return secret or None


def _name(draft: ChannelDraft, address: str) -> str:
    place = shown(address)
    given = draft.name or f"{draft.via.chinese} {urlsplit(place).netloc or place}"[:200]
    return named(given, "channel", "Say how it is called: --name 值班群")


def _same(
    connection: Connection, keyring: Keyring, via: Via, address: str, secret: str | None, owner: dict[str, str | None]
) -> RowMapping | None:
    """The owner's channel of the same address, under the new secret where there is one. The same text sealed twice
    differs, so each is opened: an owner has a handful."""
    mine = [_columns[name].is_not_distinct_from(value) for name, value in owner.items()]
    asked = select(_table).where(_columns.via == via.value, *mine).order_by(_columns.created_at, _columns.id)
    for row in connection.execute(asked).mappings():
        if _opened(keyring, row["address"]) != address:
            continue
        if secret is None:
            return row
        sealed = update(_table).where(_columns.id == row["id"]).values(secret=keyring.seal(secret))
        return connection.execute(sealed.returning(*_columns)).mappings().one()
    return None


def _opened(keyring: Keyring, sealed: str) -> str | None:
    try:
        return keyring.open(sealed)
    except ConfigurationError:  # doctor names it, and what is sent to it waits
        return None


def _lost(connection: Connection, keyring: Keyring, new: dict[str, Any]) -> str | None:
    """The owner's channel that cannot be opened and looks like the new one, if it is the only one, or the only one of
    that name: two robots' addresses may differ in nothing but their secrets."""
    alike = [_columns[name].is_not_distinct_from(new[name]) for name in ("person", "team", "via", "shown")]
    rows = connection.execute(select(_table).where(*alike)).mappings().all()
    closed = [row for row in rows if _opened(keyring, row["address"]) is None]
    if len(closed) > 1:
        closed = [row for row in closed if row["name"] == new["name"]]
    return str(closed[0]["id"]) if len(closed) == 1 else None


def every(source: Engine, *conditions: ColumnElement[bool]) -> tuple[Channel, ...]:
    """All channels, or those of which this is true; the oldest first."""
    with transaction(source) as connection:
        return within(connection, *conditions)


def page(source: Engine, *conditions: ColumnElement[bool], limit: int, after: Mark | None) -> tuple[Channel, ...]:
    """So many of those of which this is true, the newest first; those after a mark."""
    wanted = newest(_table, limit, after).where(*conditions)
    with transaction(source) as connection:
        return tuple(channel(row) for row in connection.execute(wanted).mappings())


def count(source: Engine, *conditions: ColumnElement[bool]) -> int:
    """How many there are of which this is true."""
    with transaction(source) as connection:
        return connection.scalar(select(func.count()).select_from(_table).where(*conditions)) or 0


def within(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Channel, ...]:
    """Channels as a transaction sees them, the oldest first."""
    wanted = select(_table).where(*conditions).order_by(_columns.created_at, _columns.id)
    return tuple(channel(row) for row in connection.execute(wanted).mappings())


def get(source: Engine, id: str) -> Channel:
    """One channel. Raises NotFound."""
    with transaction(source) as connection:
        return channel(_row(connection, id))


def remove(source: Engine, id: str) -> None:
    """Takes a channel away, and its deliveries with it, those that wait too; subscriptions stay. Raises NotFound."""
    with transaction(source) as connection:
        changing(connection)
        touched = connection.scalars(select(schema.routes.c.subscription).where(schema.routes.c.channel == id)).all()
        if not connection.execute(delete(_table).where(_columns.id == id)).rowcount:
            raise unknown(id)
        subscriptions = schema.subscriptions
        marked = update(subscriptions).where(subscriptions.c.id.in_(touched))
        connection.execute(marked.values(changed_at=func.clock_timestamp()))


def enable(source: Engine, id: str, web: str = "") -> Channel:
    """Switched on again, its failures forgotten, and told of what it missed (alerts.reopening), all in one transaction.
    `web` is where the reading room is, for the links of what is told. Raises NotFound."""
    again = {"active": True, "disabled_why": "", "failing_since": None, "failures": 0, "paused_until": None}
    mine = _columns.id == id
    with transaction(source) as connection:
        was = connection.execute(select(_columns.active).where(mine).with_for_update(key_share=True)).one_or_none()
        if was is None:
            raise unknown(id)
        made = connection.execute(update(_table).where(mine).values(again).returning(*_columns)).mappings().one()
        if not was.active:
            reopen(connection, id, now(), web)
    return channel(made)


def reseal(source: Engine, keyring: Keyring) -> int:
    """Seals every address and secret with the keyring's first key: after that, no other is needed. Gives how many
    channels there are. Raises ConfigurationError where one cannot be opened; then all stay as they are."""
    with transaction(source) as connection:
        rows = connection.execute(select(_columns.id, _columns.address, _columns.secret).with_for_update()).all()
        for row in rows:
            fresh = {
                "address": keyring.reseal(row.address),
                "secret": keyring.reseal(row.secret) if row.secret else None,
            }
            connection.execute(update(_table).where(_columns.id == row.id).values(fresh))
    return len(rows)


def target(source: Engine, keyring: Keyring, id: str, language: Language = "both") -> Target:
    """A channel opened for sending: never to be logged or shown. Raises NotFound; ConfigurationError where the key it
    was sealed with is not there."""
    with transaction(source) as connection:
        row = _row(connection, id)
    secret = keyring.open(row["secret"]) if row["secret"] else None
    return Target(Via(row["via"]), keyring.open(row["address"]), secret, language)


def _row(connection: Connection, id: str) -> RowMapping:
    row = connection.execute(select(_table).where(_columns.id == id)).mappings().one_or_none()
    if row is None:
        raise unknown(id)
    return row


def unknown(id: str) -> NotFound:
    """What is raised for a channel that there is not; and in the same words for one that is not theirs."""
    return NotFound(f"there is no channel {id} 没有这个渠道", hint="`tongjian channels list` shows what there is.")


def channel(row: RowMapping) -> Channel:
    """A row of `channels` in the domain's words: nothing sealed is in it."""
    names = ("id", "name", "shown", "person", "team", "active", "disabled_why", "failing_since", "failures")
    held = {name: row[name] for name in (*names, "paused_until", "created_at")}
    return Channel(**held, via=Via(row["via"]), signed=row["secret"] is not None)
