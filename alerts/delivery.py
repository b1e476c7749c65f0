"""Deliveries leave the outbox: at least once, in order within a page, one lane never waiting for another."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, exists, func, or_, select, text, tuple_

from alerts import schema
from alerts.channels import Away, Channels, Closed, Refused, Target
from alerts.composing import is_due
from alerts.outcomes import LONGEST_PAUSE, Try, put_down
from alerts.pacing import room
from alerts.sealing import Keyring
from alerts.switching import bury
from catalogue.connection import transaction
from catalogue.text import clean
from domain.errors import ConfigurationError, DeliveryError
from domain.subscription import State, Via

log = logging.getLogger(__name__)

_LANES = 8
# Seconds. A round ends when its slowest lane does, and what is due later, or new, waits for the next: an endpoint that
# takes each message, slowly, may not hold everybody up.
LONGEST_TURN = 240.0
HORIZON = 2 * LONGEST_PAUSE
# A message's transaction is idle while its endpoint thinks. Ended by the server meanwhile, what was accepted would not
# be marked, and sent anew each round.
_PATIENT = text("SET LOCAL idle_in_transaction_session_timeout = 0")
_table, _channels = schema.deliveries, schema.channels
_columns = _table.c
_earlier = _table.alias("earlier")
_OF_CHANNEL = ("via", "address", "secret", "shown", "name", "lane", "failures", "failing_since")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round did: messages accepted, put off to a later try, given up."""

    delivered: int = 0
    postponed: int = 0
    dead: int = 0


def deliver(source: Engine, channels: Channels, keyring: Keyring, now: datetime, web: str = "") -> Delivered:
    """Sends what waits and is due at `now`, each message in a transaction that ends after the endpoint's answer.

    Killed between the answer and the commit, a message is sent again under the same id; killed at any other
    moment, it simply waits. Two processes share the work: a channel is locked while a message is sent to it, and so is
    an endpoint that has a limit (alerts.pacing). What an endpoint has against a message is put down and logged, never
    raised. Raises CatalogueError.
    """
    lanes = _lanes(source, now)
    with ThreadPoolExecutor(_LANES, thread_name_prefix="lane") as pool:
        rounds = pool.map(lambda lane: _Lane(source, channels, keyring, lane, now, web).serve(), lanes)
        tries = [attempt for done in rounds for attempt in done]
    return _counted(tries, buried=bury(source))


def _counted(tries: Sequence[Try], buried: int) -> Delivered:
    states = [attempt.state for attempt in tries]
    dead = states.count(State.DEAD) + buried
    return Delivered(states.count(State.DELIVERED), states.count(State.WAITING), dead)


def _lanes(source: Engine, now: datetime) -> list[list[str]]:
    """The channels that have something waiting and may be tried, those that are down together in one list: those
    that fared well first, what waits longest first."""
    first = (
        select(func.min(_columns.at))
        .where(_columns.channel == _channels.c.id, _columns.state == State.WAITING.value)
        .scalar_subquery()
    )
    wanted = select(_channels.c.id, _channels.c.lane).where(_channels.c.active, _may_be_tried(now), first.is_not(None))
    lanes: defaultdict[str, list[str]] = defaultdict(list)
    with transaction(source) as connection:
        for row in connection.execute(wanted.order_by(_channels.c.failures > 0, first, _channels.c.id)):
            lanes[row.lane].append(row.id)
    return list(lanes.values())


def _may_be_tried(now: datetime) -> Any:
    return or_(_channels.c.paused_until.is_(None), is_due(_channels.c.paused_until, now, HORIZON))


class _Lane:
    """Channels that are down together, served message by message."""

    def __init__(
        self, source: Engine, channels: Channels, keyring: Keyring, ids: list[str], now: datetime, web: str
    ) -> None:
        self._source, self._channels, self._keyring = source, channels, keyring
        self._ids, self._now, self._web = ids, now, web
        self._until, self._is_full, self._rest = monotonic() + LONGEST_TURN, False, timedelta(0)

    def serve(self) -> list[Try]:
        """Until nothing is due, the endpoint is away, it takes no more for now, or others have waited long enough."""
        done: list[Try] = []
        for attempt in self._attempts():
            done.append(attempt)
            if isinstance(attempt.error, Away) and not isinstance(attempt.error, Closed):
                break
        return done

    def _attempts(self) -> Iterator[Try]:
        """Channel by channel: so the next message is found by an index, however many wait."""
        for id in self._ids:
            while attempt := self._next(id):
                yield attempt
                if isinstance(attempt.error, Closed):
                    break

    def _next(self, id: str) -> Try | None:
        """The channel's next message sent, or tried; None where nothing is due, or no more in this round."""
        while not self._is_full and monotonic() < self._until:
            attempt = self._tried(id)
            if attempt or not self._rested():
                return attempt
        return None

    def _tried(self, id: str) -> Try | None:
        with transaction(self._source) as connection:
            connection.execute(_PATIENT)
            row = self._due(connection, id)
            if row is None or not self._may_leave(connection, row):
                return None
            attempt = self._sent(row)
            put_down(connection, row, attempt, self._now, self._web)
            return attempt

    def _may_leave(self, connection: Connection, row: Any) -> bool:
        rest = room(connection, row["channel_lane"], self._channels[Via(row["channel_via"])].limits)
        if rest is None:
            log.info("%s takes no more for now: the rest waits", row["channel_shown"])
        self._is_full, self._rest = rest is None, rest or timedelta(0)
        return rest is not None and not rest

    def _rested(self) -> bool:
        """Waits for the endpoint's next second, with nothing held; False where there was nothing to wait for."""
        rest, self._rest = self._rest, timedelta(0)
        if rest:
            sleep(rest.total_seconds())
        return bool(rest)

    def _due(self, connection: Connection, id: str) -> Any:
        """The oldest message that is due, with its channel, both held until the transaction ends; one behind an
        earlier waiting message to the same channel about a page that it is about too is not due."""
        before = tuple_(_earlier.c.at, _earlier.c.id) < tuple_(_columns.at, _columns.id)
        shared = _earlier.c.pages.overlap(_columns.pages)
        waits = _earlier.c.state == State.WAITING.value
        behind = exists().where(_earlier.c.channel == _columns.channel, before, waits, shared)
        named = (_channels.c[name] for name in _OF_CHANNEL)
        wanted = (
            select(_table, *(column.label(f"channel_{column.name}") for column in named))
            .join(_channels, _channels.c.id == _columns.channel)
            .where(_columns.channel == id, _channels.c.active)
            .where(_columns.state == State.WAITING.value, is_due(_columns.next_try_at, self._now, HORIZON), ~behind)
            .where(_may_be_tried(self._now))
            .order_by(_columns.at, _columns.id)
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True, of=[_table, _channels])
        )
        return connection.execute(wanted).mappings().one_or_none()

    def _sent(self, row: Any) -> Try:
        try:
            self._hand_over(row)
        except DeliveryError as error:
            where = f"channel {row['channel']} ({row['channel_name']}): {row['channel_shown']}"
            said = clean(str(error))  # it may repeat what an endpoint said
            log.warning("%s: attempt %d of %s: %s", where, row["attempts"] + 1, row["id"][:12], said)
            return Try.failed(row, error)
        return Try(State.DELIVERED)

    def _hand_over(self, row: Any) -> None:
        """Raises DeliveryError."""
        target = self._target(row)
        try:
            self._channels[target.kind].send(target, row["id"], row["payload"])
        except DeliveryError:
            raise
        except Exception as error:  # one message that cannot be made must not hold up all behind it, each round anew
            log.exception("delivery %s cannot be made", row["id"])
            raise Refused(f"the message cannot be made: {type(error).__name__}; see the log") from error

    def _target(self, row: Any) -> Target:
        """The endpoint, opened. Raises Closed: what cannot be opened is told to nobody, and waits."""
        try:
            address = self._keyring.open(row["channel_address"])
            secret = self._keyring.open(row["channel_secret"]) if row["channel_secret"] else None
        except ConfigurationError as error:
            raise Closed(str(error), hint=error.hint) from error
        return Target(Via(row["channel_via"]), address, secret, row["language"])
