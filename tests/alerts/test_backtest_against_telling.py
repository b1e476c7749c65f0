"""What a backtest counts is what is told: the same changes at the same times, simulated, and through notices, messages
and deliveries in a real PostgreSQL, by a clock of the test."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desks import KEYRING, WEB
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from making_matters import matter
from pydantic import SecretStr
from sqlalchemy import Engine, func, insert, select

from alerts import composing, endpoints, outbox, outcomes, pacing, schema, subscriptions
from alerts.channels import Limits
from alerts.composing import compose
from alerts.delivery import deliver
from alerts.kinds import Matter, Payload, Via
from alerts.people import get as person
from alerts.simulating import Found, Parts, messages, rounds, tick
from catalogue.schema import reprints
from domain.desk import ChannelDraft, Draft, Timing
from domain.subscription import OPERATOR, Rhythm

MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)
# The eves of changes of the clock, as the rules stand, and an ordinary day.
EVES = {
    "America/New_York": ("2035-03-10", "2035-11-03"),
    "Europe/Berlin": ("2035-03-24", "2035-10-27"),
    "Australia/Lord_Howe": ("2035-03-31", "2035-10-06"),
    "Asia/Kathmandu": ("2035-05-05",),
    "Asia/Shanghai": ("2035-05-05", "2035-12-31"),
}
_NUMBERS = count(1)


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2035, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Way:
    """A channel that takes all that its limits allow, so many changes in a message."""

    limits: Limits
    changes: int

    def check(self, address: str, secret: str | None) -> str:
        return address

    def lane(self, address: str) -> str:
        return address

    def fits(self, payload: Payload, language: str) -> bool:
        return len(payload["changes"]) <= self.changes

    def send(self, target: Any, id: str, payload: Payload) -> str:
        return "taken"

    def split(self, changes: Sequence[Found], rhythm: Rhythm, at: datetime) -> Parts:
        return Parts(ceil(len(changes) / self.changes))


@dataclass(frozen=True)
class Burst:
    """So many changes of a site, from `minute` on, so many seconds apart. `cluster`: they are copies of one article."""

    minute: int
    site: int
    size: int
    apart: int
    cluster: int | None = None


def found_in(bursts: Sequence[Burst], begin: datetime) -> list[Matter]:
    made, run = [], next(_NUMBERS)
    for number, burst in enumerate(bursts):
        for one in range(burst.size):
            at = begin + timedelta(minutes=burst.minute, seconds=burst.apart * one)
            place = {"url": f"http://s{burst.site}.cn/{run}/{number}-{one}", "site": f"s{burst.site}"}
            change = matter("开工", at=at, **place).change
            cluster = None if burst.cluster is None else f"{run}-{burst.cluster}"
            made.append(Matter(change, "开工", "总投资2000万元。", cluster=cluster))
    return sorted(made, key=lambda one: (one.change.at, one.change.id))


def as_found(one: Matter) -> Found:
    return Found(one.change.id, one.change.at, one.change.site, one.cluster or one.change.id)


class House:
    """One channel of one subscription, told round by round."""

    def __init__(self, source: Engine, clock: Clock, way: Way, timing: Timing) -> None:
        self.source, self.clock, self.ways = source, clock, {Via.APPRISE: way}
        draft = ChannelDraft(via=Via.APPRISE, address=SecretStr(f"json://example.cn/{next(_NUMBERS)}"))
        self.channel = endpoints.add(source, KEYRING, self.ways, draft, person=OPERATOR).id
        times = {name: getattr(timing, name) for name in Timing.__slots__}
        wanted = Draft(name="desk", query="", channels=(self.channel,), **times)
        self.subscription = subscriptions.add(source, wanted, person(source, OPERATOR)).id

    def told(self, found: Sequence[Matter]) -> list[datetime]:
        """When each message left; then nobody listens any more."""
        by_id = {one.change.id: one for one in found}
        self._put_clusters(found)
        coming = deque(rounds(as_found(one) for one in found))
        while moment := self._next(coming[0][0] if coming else None):
            self.clock.at = moment
            while coming and coming[0][0] <= moment:
                matched = [by_id[one.id] for one in coming.popleft()[1]]
                outbox.enqueue(self.source, matched, WEB, moment)
            compose(self.source, self.ways, WEB, moment)
            deliver(self.source, self.ways, KEYRING, moment, WEB)
        subscriptions.remove(self.source, self.subscription)
        left = schema.deliveries.c
        with self.source.begin() as connection:
            return sorted(connection.scalars(select(left.delivered_at).where(left.channel == self.channel)))

    def _next(self, coming: datetime | None) -> datetime | None:
        """The next round of either DAG that has anything to do."""
        notices, waiting = schema.notices.c, schema.deliveries.c
        mine = (notices.channel == self.channel) & notices.delivery.is_(None)
        stuck = (waiting.channel == self.channel) & (waiting.state == "waiting")
        with self.source.begin() as connection:
            due = connection.scalar(select(func.min(notices.due_at)).where(mine))
            if connection.scalar(select(func.count()).select_from(schema.deliveries).where(stuck)):
                due = self.clock.at
        times = [coming, due and tick(max(due, self.clock.at + MOMENT))]
        return min((one for one in times if one), default=None)

    def _put_clusters(self, found: Sequence[Matter]) -> None:
        names = ("site", "urlkey", "cluster", "first_site", "first_urlkey", "first_url")
        facts = {"confidence": 1.0, "similarity": 1.0, "contained": 1.0, "official": False, "reasons": []}
        rows = [
            dict(zip(names, (c.site, c.urlkey, one.cluster, c.site, c.urlkey, c.url), strict=True)) | facts
            for one in found
            if one.cluster and (c := one.change)
        ]
        if rows:
            with self.source.begin() as connection:
                connection.execute(insert(reprints).values(rows))


BURSTS = st.lists(
    st.builds(
        Burst,
        minute=st.integers(0, 3 * 1440),
        site=st.integers(1, 4),
        size=st.sampled_from([1, 1, 2, 5, 6, 30]),
        apart=st.sampled_from([0, 7, 90, 200]),
        cluster=st.sampled_from([None, None, None, 1]),
    ),
    min_size=1,
    max_size=9,
)
QUIET = st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1])
LIMITS = st.sampled_from(
    [
        Limits(20, MINUTE, 20_000, folds=True),
        Limits(3, MINUTE, 4_096, folds=True),
        Limits(None, MINUTE, None, folds=True),
        Limits(None, MINUTE, None, folds=False),
    ]
)
ROBOT, PROGRAM = Limits(20, MINUTE, 20_000, folds=True), Limits(None, MINUTE, None, folds=False)
# Every three minutes from another site: the eleventh within ten minutes waits.
DROPS = [Burst(n, n % 40, 2, 0) for n in range(12)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (composing, pacing, outcomes):
        monkeypatch.setattr(module, "real_now", made)
    return made


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bursts=BURSTS,
    rhythm=st.sampled_from(Rhythm),
    hour=st.integers(0, 23),
    quiet=QUIET,
    zone=st.sampled_from(sorted(EVES)),
    eve=st.integers(0, 1),
    limits=LIMITS,
    holds=st.sampled_from([1, 4, 1000]),
)
@example(DROPS, Rhythm.INSTANT, 8, None, "Asia/Shanghai", 0, ROBOT, 1000)
@example(DROPS, Rhythm.INSTANT, 8, None, "Asia/Shanghai", 0, PROGRAM, 1000)
@example([Burst(0, 1, 90, 1)], Rhythm.DAILY, 17, None, "Europe/Berlin", 0, ROBOT, 2)
@example([Burst(0, 1, 90, 1)], Rhythm.INSTANT, 8, (0, 130), "America/New_York", 1, ROBOT, 4)
@example([Burst(60 * n, 1, 3, 9) for n in range(72)], Rhythm.HOURLY, 8, (1320, 420), "Australia/Lord_Howe", 1, ROBOT, 4)
@example([Burst(300 * n, n, 2, 0, cluster=1) for n in range(5)], Rhythm.INSTANT, 8, None, "UTC", 0, ROBOT, 4)
def test_as_many_messages_at_the_same_times(
    source: Engine,
    clock: Clock,
    bursts: list[Burst],
    rhythm: Rhythm,
    hour: int,
    quiet: tuple[int, int] | None,
    zone: str,
    eve: int,
    limits: Limits,
    holds: int,
) -> None:
    days = EVES.get(zone, ("2035-05-05",))
    clock.at = datetime.fromisoformat(days[eve % len(days)]).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = found_in(bursts, clock.at)
    start, end = quiet or (None, None)
    timing, way = Timing(rhythm, hour, start, end, zone), Way(limits, holds)
    counted = messages([as_found(one) for one in found], timing, limits, way.split)
    assert House(source, clock, way, timing).told(found) == [one.left for one in counted]
