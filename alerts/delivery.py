"""Deliveries leave the outbox: at least once, in order within a page, one lane never waiting for another."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Text, any_, exists, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY

from alerts import schema, subscriptions
from alerts.addresses import shown
from alerts.channels import Away, Channel, Channels, Gone
from alerts.kinds import Delivery, State, Subscription
from alerts.outbox import delivery
from catalogue.connection import transaction
from catalogue.text import clean
from domain.clock import now as real_now
from domain.errors import DeliveryError

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST_ATTEMPTS = 20
_LANES = 8
_table = schema.deliveries
_columns = schema.deliveries.c
_earlier = schema.deliveries.alias("earlier")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round did: messages accepted, put off to a later try, given up."""

    delivered: int = 0
    postponed: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class _Try:
    """One attempt: how it left the delivery, and what the endpoint had against it."""

    state: State
    error: DeliveryError | None = None


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 30 s, then twice as long each time, at most 1 h."""
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def deliver(source: Engine, channels: Channels, now: datetime) -> Delivered:
    """Sends what waits and is due at `now`, each message in a transaction that ends after the endpoint's answer.

    Killed between the answer and the commit, a message is sent again under the same id; killed at any other
    moment, it simply waits. Two processes share the work: each message is locked while it is sent. What an
    endpoint has against a message is put down and logged, never raised. Raises CatalogueError.
    """
    lanes: defaultdict[tuple[str, str], list[Subscription]] = defaultdict(list)
    for item in subscriptions.every(source):
        if item.active:
            lanes[item.channel, channels[item.channel].lane(item)].append(item)
    with ThreadPoolExecutor(_LANES, thread_name_prefix="lane") as pool:
        rounds = pool.map(lambda lane: _serve(source, channels[lane[0].channel], lane, now), lanes.values())
        tries = [attempt for done in rounds for attempt in done]
    return _counted(tries, buried=_bury(source))


def _counted(tries: Sequence[_Try], buried: int) -> Delivered:
    states = [attempt.state for attempt in tries]
    dead = states.count(State.DEAD) + buried
    return Delivered(states.count(State.DELIVERED), states.count(State.WAITING), dead)


def _serve(source: Engine, channel: Channel, lane: Iterable[Subscription], now: datetime) -> list[_Try]:
    """One lane, message by message, until nothing is due or its endpoint is away."""
    listening = {item.id: item for item in lane}
    done: list[_Try] = []
    while listening and (attempt := _next(source, channel, listening, now)):
        done.append(attempt)
        if isinstance(attempt.error, Away):
            break
    return done


def _next(source: Engine, channel: Channel, lane: dict[str, Subscription], now: datetime) -> _Try | None:
    """The lane's next message sent, or tried; None where nothing is due."""
    with transaction(source) as connection:
        item = _due(connection, lane, now)
        if item is None:
            return None
        subscription = lane[item.subscription]
        attempt = _sent(channel, subscription, item)
        _put_down(connection, item, attempt, now)
    if isinstance(attempt.error, Gone):  # in a transaction of its own, so as not to hold two kinds of lock
        subscriptions.deactivate(source, subscription.id)
        del lane[subscription.id]
    return attempt


def _due(connection: Connection, lane: Iterable[str], now: datetime) -> Delivery | None:
    """The oldest message that is due, held until the transaction ends; one behind an earlier waiting message
    of the same page and subscription is not due."""
    same = (_earlier.c[name] == _columns[name] for name in ("subscription", "site", "urlkey"))
    before = tuple_(_earlier.c.at, _earlier.c.id) < tuple_(_columns.at, _columns.id)
    behind = exists().where(*same, before, _earlier.c.state == State.WAITING.value)
    wanted = (
        select(_table)
        .where(_columns.subscription == any_(literal(list(lane), ARRAY(Text))))
        .where(_columns.state == State.WAITING.value, _columns.next_try_at <= now, ~behind)
        .order_by(_columns.at, _columns.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=_table)
    )
    row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else delivery(row)


def _sent(channel: Channel, subscription: Subscription, item: Delivery) -> _Try:
    try:
        channel.send(subscription, item.id, item.payload)
    except DeliveryError as error:
        given_up = isinstance(error, Gone) or item.attempts + 1 >= MOST_ATTEMPTS
        state = State.DEAD if given_up else State.WAITING
        where = f"subscription {subscription.id} ({subscription.name}): {shown(subscription.address)}"
        log.warning("%s: attempt %d of %s: %s", where, item.attempts + 1, item.id[:12], error)
        return _Try(state, error)
    return _Try(State.DELIVERED)


def _put_down(connection: Connection, item: Delivery, attempt: _Try, now: datetime) -> None:
    delivered = attempt.state is State.DELIVERED
    values = {
        "state": attempt.state.value,
        "attempts": item.attempts + 1,
        "last_error": clean(str(attempt.error)) if attempt.error else item.last_error,
        "delivered_at": real_now() if delivered else None,
    }
    if attempt.state is State.WAITING:
        values["next_try_at"] = now + pause(item.attempts + 1)
    connection.execute(update(_table).where(_columns.id == item.id).values(values))


def _bury(source: Engine) -> int:
    """Gives up what waits for subscriptions that are switched off; gives how many."""
    off = select(schema.subscriptions.c.id).where(~schema.subscriptions.c.active)
    held = (
        select(_columns.id)
        .where(_columns.state == State.WAITING.value, _columns.subscription.in_(off))
        .with_for_update(skip_locked=True)
    )
    given_up = {"state": State.DEAD.value, "last_error": "the endpoint answered 410: the subscription is switched off"}
    with transaction(source) as connection:
        return connection.execute(update(_table).where(_columns.id.in_(held)).values(given_up)).rowcount
