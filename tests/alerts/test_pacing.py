"""As fast as an endpoint takes it, no faster: Feishu's client and an endpoint on loopback, by a clock of the test."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alert_endpoints import Authority, Receiver
from desks import KEYRING, NOW, WEB, put
from making_matters import matter
from pydantic import SecretStr
from sqlalchemy import Engine, select, update

from alerts import delivery, endpoints, ledger, outcomes, pacing, schema, subscriptions
from alerts.channels import Channel, channels
from alerts.channels.feishu import Feishu
from alerts.composing import compose
from alerts.delivery import Delivered, deliver
from alerts.kinds import Via
from alerts.people import get as person
from domain.desk import ChannelDraft, Draft
from domain.settings import Settings
from domain.subscription import OPERATOR

HOST = "open.feishu.cn"
HOOK = f"https://{HOST}/open-apis/bot/v2/hook/0123456789abcdef"
SECOND = timedelta(seconds=1)


class Clock:
    """Stands still but where a message is taken, which costs `cost`, and where somebody waits."""

    def __init__(self, cost: timedelta) -> None:
        self.at, self.cost, self.waits = datetime(2026, 3, 1, 8, tzinfo=UTC), cost, list[timedelta]()

    def __call__(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 1
        self.waits.append(timedelta(seconds=seconds))
        self.at += timedelta(seconds=seconds)


class Timed:
    """A way of ours, and when each message left by it."""

    def __init__(self, real: Channel, clock: Clock) -> None:
        self._real, self._clock, self.left = real, clock, list[datetime]()
        self.limits = real.limits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def send(self, *given: Any) -> str:
        self.left.append(self._clock())
        said = self._real.send(*given)
        self._clock.at += self._clock.cost
        return said


@pytest.fixture
def robot(tmp_path: Path) -> Iterator[Receiver]:
    made = Receiver(Authority(tmp_path).context(HOST))
    made.sent = b'{"code": 0, "msg": "success"}'
    yield made
    made.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(timedelta(milliseconds=40))
    for module in (pacing, outcomes):
        monkeypatch.setattr(module, "real_now", made)
    monkeypatch.setattr(delivery, "sleep", made.sleep)
    return made


def feishu(robot: Receiver, clock: Clock) -> Timed:
    return Timed(channels(Settings(connect_to=f"{HOST}:443:127.0.0.1:{robot.port}"))[Via.FEISHU], clock)


def asked(source: Engine, way: Timed, count: int) -> None:
    """A robot for which so many messages wait."""
    draft = ChannelDraft(via=Via.FEISHU, address=SecretStr(HOOK))
    made = endpoints.add(source, KEYRING, {Via.FEISHU: way}, draft, person=OPERATOR)
    subscriptions.add(source, Draft(name="desk", query="", channels=(made.id,)), person(source, OPERATOR))
    for number in range(count):
        put(source, matter(f"第{number}件", url=f"http://example.cn/{number}", minutes=number))
        compose(source, {Via.FEISHU: way}, WEB, NOW)


def served(source: Engine, way: Timed) -> Delivered:
    return deliver(source, {Via.FEISHU: way}, KEYRING, NOW, WEB)


def fits_a_second(left: list[datetime], most: int) -> bool:
    return all(later - earlier >= SECOND for earlier, later in zip(left, left[most:], strict=False))


def test_five_a_second_and_all_within_the_round(source: Engine, robot: Receiver, clock: Clock) -> None:
    way = feishu(robot, clock)
    asked(source, way, 10)
    began = clock.at
    assert served(source, way) == Delivered(delivered=10)
    assert (len(robot.posts), len(way.left)) == (10, 10)
    assert fits_a_second(way.left, 5)
    assert not fits_a_second(way.left, 4), "no slower than it must"
    assert clock.at - began < 2 * SECOND
    assert all(earlier < later for earlier, later in pairwise(way.left))


def test_what_another_process_sent_counts(source: Engine, robot: Receiver, clock: Clock) -> None:
    way = feishu(robot, clock)
    asked(source, way, 7)
    assert served(source, way).delivered == 7
    put(source, matter("再来", url="http://example.cn/more"))
    compose(source, {Via.FEISHU: way}, WEB, NOW)
    with source.begin() as connection:  # as if five of them had left just now, elsewhere
        connection.execute(
            update(schema.deliveries).where(schema.deliveries.c.tried_at.is_not(None)).values(tried_at=clock.at)
        )
    del clock.waits[:]
    assert served(source, way).delivered == 1
    assert clock.waits == [SECOND]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_holds_nobody_up(source: Engine, robot: Receiver, clock: Clock, hours: int) -> None:
    way = feishu(robot, clock)
    asked(source, way, 5)
    assert served(source, way).delivered == 5
    clock.at += timedelta(hours=hours)
    put(source, matter("再来", url="http://example.cn/more"))
    compose(source, {Via.FEISHU: way}, WEB, NOW)
    assert served(source, way).delivered == 1


def test_a_jump_of_half_a_second_back_waits_for_a_second_at_most(source: Engine, robot: Receiver, clock: Clock) -> None:
    way = feishu(robot, clock)
    asked(source, way, 8)
    with source.begin() as connection:
        ids = connection.scalars(select(schema.deliveries.c.id).order_by(schema.deliveries.c.at).limit(5)).all()
    assert served(source, way).delivered == 8
    with source.begin() as connection:
        ahead = {"tried_at": clock.at + timedelta(milliseconds=900), "state": "delivered"}
        connection.execute(update(schema.deliveries).where(schema.deliveries.c.id.in_(ids)).values(ahead))
    put(source, matter("再来", url="http://example.cn/more"))
    compose(source, {Via.FEISHU: way}, WEB, NOW)
    assert served(source, way).delivered == 1
    assert len(ledger.listed(source)) == 9


def test_feishu_has_a_limit_of_a_second_and_the_others_none() -> None:
    """As their pages say: DingTalk and WeCom count a minute alone."""
    ways = channels(Settings())
    assert {via for via, way in ways.items() if way.limits.second} == {Via.FEISHU}
    assert (Feishu.limits.messages, Feishu.limits.second) == (100, 5)
