"""Whatever breaks: every matching change is told, each exactly once to a receiver that honours idempotency keys,
nothing out of order within one page. Real endpoints on loopback, real PostgreSQL, real kills."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alert_endpoints import Authority, Postbox
from desks import NOW, mail, put, sent, subscribe
from faulty_endpoints import FAULTS, FaultyReceiver, judge
from making_matters import matter
from sqlalchemy import Engine, update

from alerts import endpoints, ledger, schema
from alerts.channels import posting
from alerts.delivery import Delivered
from alerts.folding import WINDOW
from alerts.kinds import Matter, Via
from alerts.outcomes import LONGEST_PAUSE

_PAGES = 6
_NUMBER = re.compile(r"事项\d{4}号")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def faulty(authority: Authority) -> Iterator[FaultyReceiver]:
    made = FaultyReceiver(authority.context("127.0.0.1"))
    yield made
    made.stop()


class Story:
    """What happens on some pages as time goes by, found in any order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made: list[Matter] = []

    def more(self) -> list[Matter]:
        count = self.random.choice((0, 1, 1, 2, 3, 9))
        for _ in range(count):
            self._add()
        fresh = self.made[len(self.made) - count :]
        self.random.shuffle(fresh)
        return fresh

    def _add(self) -> None:
        number = len(self.made)
        page = self.random.randrange(_PAGES)
        self.made.append(matter(f"事项{number:04}号", url=f"http://example.cn/{page}", minutes=number))

    @property
    def ids(self) -> set[str]:
        return {one.change.id for one in self.made}


def settle(source: Engine, after: timedelta, server: str) -> None:
    """Rounds an hour apart, with all well, until nothing waits."""
    for channel in endpoints.every(source):
        endpoints.enable(source, channel.id)  # a clock that jumps days ahead makes one look dead for days
    for _ in range(60):
        after += LONGEST_PAUSE
        with source.begin() as connection:  # the real time that limits go by cannot be moved
            earlier = schema.deliveries.c.made_at - WINDOW
            connection.execute(update(schema.deliveries).values(made_at=earlier))
        sent(source, after, server)
        if not ledger.waiting(source) and not ledger.held(source):
            return
    pytest.fail(f"{ledger.waiting(source)} messages still wait")


@pytest.mark.parametrize("seed", range(4))
def test_everything_breaks_by_turns(
    source: Engine, faulty: FaultyReceiver, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.25)
    subscribe(source, Via.WEBHOOK, faulty.url)
    mail(source)
    story, after = Story(seed), timedelta(0)
    for _ in range(25):
        _breaks(story.random, faulty, postbox)
        put(source, *story.more(), at=NOW + after)
        server = story.random.choice((postbox.server, postbox.server, "127.0.0.1:1"))
        sent(source, after, server)
        after += timedelta(seconds=story.random.choice((1, 20, 90, 600, 3600)))
        if story.random.random() < 0.1:
            after += timedelta(days=story.random.choice((-3, 2)))
    faulty.start()
    faulty.fault, postbox.answer = "well", "250 taken"
    monkeypatch.setattr(posting, "PATIENCE", 20.0)  # who is well again may be slow
    settle(source, after, postbox.server)
    judge(list(faulty.heard.changes()), story.ids)
    _judge_mail(postbox, story)


def _breaks(chosen: random.Random, faulty: FaultyReceiver, postbox: Postbox) -> None:
    faulty.fault = chosen.choice(FAULTS)
    if chosen.random() < 0.2:
        faulty.stop()
    else:
        faulty.start()
    postbox.answer = chosen.choice(("250 taken", "250 taken", "451 later"))


def _judge_mail(postbox: Postbox, story: Story) -> None:
    """Each matter stands in the mails that were taken, under one Message-ID."""
    taken = {str(message["Message-ID"]): message for message in postbox.messages}
    texts = [message.get_body(("plain",)).get_content() for message in taken.values()]  # type: ignore[union-attr]
    told = [name for text in texts for name in dict.fromkeys(_NUMBER.findall(text))]
    assert sorted(told) == sorted(one.title for one in story.made)


def test_an_endpoint_that_is_down_for_an_hour_loses_none_of_45(source: Engine, faulty: FaultyReceiver) -> None:
    subscribe(source, Via.WEBHOOK, faulty.url)
    matters = [matter(f"第{n}条", url=f"http://example.cn/{n}", minutes=n) for n in range(45)]
    faulty.stop()
    put(source, *matters)
    for minutes in range(0, 60, 5):
        assert sent(source, timedelta(minutes=minutes)).delivered == 0
    faulty.start()
    assert sent(source, 2 * LONGEST_PAUSE) == Delivered(delivered=45)
    judge(list(faulty.heard.changes()), {one.change.id for one in matters})
    assert faulty.heard.repeats == 0


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "well"])
def test_each_fault_by_itself(
    source: Engine, faulty: FaultyReceiver, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 1.0)  # long enough to be heard, shorter than any that hangs
    subscribe(source, Via.WEBHOOK, faulty.url)
    one, two = matter("一"), matter("二", minutes=1)
    put(source, one, two)
    faulty.fault = fault
    assert sent(source) == Delivered(postponed=1)
    faulty.fault = "well"
    monkeypatch.setattr(posting, "PATIENCE", 20.0)
    assert sent(source, timedelta(seconds=121)) == Delivered(delivered=2)
    judge(list(faulty.heard.changes()), {one.change.id, two.change.id})
    assert faulty.heard.repeats == (1 if fault.endswith("after accepting") else 0)
