"""Subscriptions: added, listed, switched off, removed."""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, text, update

from alerts import addresses, schema
from alerts.kinds import HEALTH, Subscription, Via
from alerts.numbers import followed
from catalogue.connection import transaction
from catalogue.text import clean, folded
from domain.change import ChangeType
from domain.clock import now
from domain.errors import ConfigurationError, NotFound

_CHECKS = {Via.WEBHOOK: addresses.webhook, Via.EMAIL: addresses.email}
_table = schema.subscriptions


def add(
    source: Engine,
    name: str,
    channel: Via,
    address: str,
    *,
    words: Sequence[str] = (),
    types: Sequence[str] = (),
    sites: Sequence[str] = (),
    secret: str | None = None,
) -> Subscription:
    """A new subscription, told of what happens from now on. Raises ConfigurationError where a part is wrong."""
    row = {
        "id": secrets.token_hex(4),
        "name": _named(name),
        "channel": channel.value,
        "address": _CHECKS[channel](address),
        "words": [_word(word) for word in words],
        "types": [_type(type) for type in types],
        "sites": list(sites),
        "active": True,
        "secret": _secret(channel, secret),
    }
    with transaction(source) as connection:
        # A notifier that is matching holds the table (outbox.enqueue): whatever it marks as told happened
        # before this lock is granted, and so before `created_at`. No change falls between the two.
        connection.execute(text("LOCK TABLE subscriptions IN ROW EXCLUSIVE MODE"))
        made = insert(_table).values(row | {"created_at": now()}).returning(*_table.c)
        return _subscription(connection.execute(made).mappings().one())


def _named(name: str) -> str:
    tidy = " ".join(str(clean(name)).split())
    if not tidy:
        raise ConfigurationError("the subscription has no name", hint="Say whose it is: --name 'commerce desk'.")
    return tidy


def _word(word: str) -> str:
    if not folded(word):
        raise ConfigurationError("a word is empty", hint="Leave --word out to be told of every change.")
    followed(word)
    return str(clean(word))


def _type(type: str) -> str:
    if type == HEALTH:
        return type
    try:
        return ChangeType(type).value
    except ValueError:
        known = ", ".join((*(item.value for item in ChangeType), HEALTH))
        raise ConfigurationError(f"«{type}» is no type of change", hint=f"There are: {known}.") from None


def _secret(channel: Via, secret: str | None) -> str | None:
    if secret is None:
        return None
    if channel is not Via.WEBHOOK:
        raise ConfigurationError("only webhooks are signed", hint="Leave --secret out for e-mail.")
    addresses.key(secret)
    return secret


def every(source: Engine) -> tuple[Subscription, ...]:
    """All subscriptions, the oldest first."""
    with transaction(source) as connection:
        return within(connection)


def within(connection: Connection, *, active: bool = False) -> tuple[Subscription, ...]:
    """All subscriptions, or the active ones, as a transaction sees them; the oldest first."""
    wanted = select(_table).order_by(_table.c.created_at, _table.c.id)
    found = connection.execute(wanted.where(_table.c.active) if active else wanted)
    return tuple(_subscription(row) for row in found.mappings())


def get(source: Engine, id: str) -> Subscription:
    """One subscription. Raises NotFound."""
    with transaction(source) as connection:
        row = connection.execute(select(_table).where(_table.c.id == id)).mappings().one_or_none()
    if row is None:
        raise _unknown(id)
    return _subscription(row)


def remove(source: Engine, id: str) -> None:
    """Takes a subscription away, and its deliveries with it. Raises NotFound."""
    with transaction(source) as connection:
        gone = connection.execute(delete(_table).where(_table.c.id == id))
    if not gone.rowcount:
        raise _unknown(id)


def deactivate(source: Engine, id: str) -> None:
    """Switches a subscription off for good; it stays in the list."""
    with transaction(source) as connection:
        connection.execute(update(_table).where(_table.c.id == id).values(active=False))


def _unknown(id: str) -> NotFound:
    return NotFound(f"there is no subscription {id}", hint="`tongjian subscriptions list` shows what there is.")


def _subscription(row: RowMapping) -> Subscription:
    lists = {name: tuple(row[name]) for name in ("words", "types", "sites")}
    return Subscription(**{**row, **lists, "channel": Via(row["channel"])})
