"""What was delivered long ago loses its text, and nothing else does."""

from datetime import timedelta
from typing import Any

import pytest
from alert_endpoints import Postbox, Receiver
from desks import NOW, WEB, cluster, hook, mail, put, sent, ways
from making_matters import LATER, PAGE, edited, matter
from sqlalchemy import Engine, select, text, update

from alerts import ledger, schema, subscriptions, thinning
from alerts.composing import compose
from alerts.kinds import Payload, State
from alerts.thinning import Thinned, thin, thinned, whole
from alerts.withdrawing import withdraw
from domain.clock import now
from domain.urls import urlkey

LONG = "".join(f"第{number}项总投资{number * 7919 % 10007}万元，建设期三年。" for number in range(120))
SOON = timedelta(minutes=1)
MONTH = timedelta(days=30)


def age(source: Engine, by: timedelta = 4 * MONTH) -> None:
    """As if all that was delivered had been so much earlier."""
    with source.begin() as connection:
        delivered = schema.deliveries.c.delivered_at
        connection.execute(update(schema.deliveries).where(delivered.is_not(None)).values(delivered_at=delivered - by))


def rows(source: Engine, table: str) -> list[Any]:
    with source.connect() as connection:
        return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings().all())


def limit() -> Any:
    return now() - 3 * MONTH


def test_the_text_goes_and_the_ledger_stays(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, matter("开工", LONG), edited("body", LONG, LONG + "又及。", title="改了", minutes=1))
    sent(source)
    age(source)
    before = {kept.id: kept for kept in ledger.listed(source)}
    others = {name: rows(source, name) for name in ("told", "matches", "notices", "channels", "subscriptions")}
    would = whole(source, limit())
    done = thin(source, limit())
    assert (would.messages, done.messages) == (2, 2)
    assert would.bytes > done.bytes > would.bytes // 2
    for kept in ledger.listed(source):
        was = before.pop(kept.id)
        assert kept.model_copy(update={"payload": was.payload}) == was
        for name in ("id", "type", "at", "url", "site", "title", "link", "evidence_link", "subscriptions"):
            assert kept.payload[name] == was.payload[name]
        assert "建设期" not in str(kept.payload)
        assert kept.payload["thinned"] is True
    assert before == {}
    assert {name: rows(source, name) for name in others} == others


def test_a_second_time_takes_nothing(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, matter("开工", LONG))
    sent(source)
    age(source)
    assert thin(source, limit()).messages == 1
    once = rows(source, "deliveries")
    assert (whole(source, limit()), thin(source, limit())) == (Thinned(), Thinned())
    assert rows(source, "deliveries") == once


@pytest.mark.parametrize("status", [503, 410])
def test_what_was_not_delivered_stays_whole(source: Engine, receiver: Receiver, status: int) -> None:
    """It is sent yet, or by hand."""
    hook(source, receiver)
    receiver.status = status
    put(source, matter("开工", LONG))
    sent(source)
    with source.begin() as connection:
        connection.execute(update(schema.deliveries).values(at=NOW, made_at=NOW, tried_at=NOW))
    assert thin(source, now()) == Thinned()
    (kept,) = ledger.listed(source)
    assert kept.state is not State.DELIVERED
    assert "建设期" in str(kept.payload)


def test_what_is_young_stays_whole(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, matter("开工", LONG))
    sent(source)
    assert thin(source, now() - SOON) == Thinned()
    assert thin(source, now() + SOON).messages == 1


def test_told_once_is_told_once_after_it(source: Engine, receiver: Receiver) -> None:
    """The same change found again, and a copy of an article that was told: neither is a message."""
    hook(source, receiver)
    first, copy = cluster(source, matter("原", LONG), matter("转", LONG, url="http://beta.example.cn/1", site="beta"))
    put(source, first)
    sent(source)
    age(source)
    assert thin(source, limit()).messages == 1
    assert (put(source, first), put(source, copy)) == (0, 1)
    sent(source)
    assert (len(receiver.posts), ledger.held(source)) == (1, 0)


def test_feeds_and_lists_of_a_subscription_say_what_they_said(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    put(source, matter("开工", LONG))
    sent(source)
    age(source)
    before = subscriptions.matches(source, made.id, 9)
    thin(source, limit())
    assert subscriptions.matches(source, made.id, 9) == before


def test_a_digest_keeps_a_line_for_each_of_its_changes(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, rhythm="hourly")
    put(source, matter("一", LONG), matter("二", LONG, url="http://commerce.example.cn/2"))
    sent(source, timedelta(hours=1))
    age(source)
    thin(source, limit())
    (kept,) = ledger.listed(source)
    assert sorted((one["title"], one["type"]) for one in kept.payload["changes"]) == [("一", "new"), ("二", "new")]
    assert (kept.payload["type"], kept.changes, "建设期" in str(kept.payload)) == ("digest", 2, False)


def test_a_takedown_after_it_reaches_what_is_left(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, edited("body", "前", LONG, title="某人的住址", text=LONG))
    sent(source)
    age(source)
    thin(source, limit())
    assert withdraw(source, "alpha", urlkey(PAGE), LATER, LATER, "下架") == 1
    (kept,) = ledger.listed(source)
    assert "住址" not in str(kept.payload)
    assert (kept.payload["summary"], kept.payload["thinned"]) == ("下架", True)


def test_a_takedown_before_it_is_still_said(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, edited("body", "前", LONG, title="某人的住址", text=LONG))
    sent(source)
    withdraw(source, "alpha", urlkey(PAGE), LATER, LATER, "下架")
    age(source)
    assert thin(source, limit()).messages == 1
    (kept,) = ledger.listed(source)
    assert (kept.payload["summary"], kept.payload["withdrawn"], kept.payload["title"]) == ("下架", True, "")


class Killed(BaseException):
    """Stands for a kill: nothing in the room may catch it."""


@pytest.mark.parametrize("moment", [1, 3, 4, 7])
def test_killed_at_any_row_each_message_is_whole_or_thinned_and_the_next_one_goes_on(
    source: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(thinning, "_AT_ONCE", 3)
    hook(source, receiver)
    put(source, *(matter(str(n), LONG, url=f"http://example.cn/{n}", minutes=n) for n in range(7)))
    sent(source)
    age(source)
    expected = {kept.id: thinned(kept.payload) for kept in ledger.listed(source)}
    real, done = thinning._put, list[str]()

    def put_down(connection: Any, id: str, payload: Payload) -> None:
        done.append(id)
        if len(done) == moment:
            raise Killed
        real(connection, id, payload)

    with monkeypatch.context() as patched:
        patched.setattr(thinning, "_put", put_down)
        with pytest.raises(Killed):
            thin(source, limit())
    kept = rows(source, "deliveries")
    assert all(("thinned" in row["payload"]) is (row["thinned_at"] is not None) for row in kept)
    assert sum(row["thinned_at"] is not None for row in kept) == (moment - 1) // 3 * 3
    thin(source, limit())
    assert {one.id: one.payload for one in ledger.listed(source)} == expected


def test_what_is_of_no_change_is_short_and_stays(source: Engine, receiver: Receiver, postbox: Postbox) -> None:
    hook(source, receiver)
    mail(source, query="site:none")
    receiver.status = 410
    put(source, matter())
    sent(source, server=postbox.server)
    sent(source, SOON, server=postbox.server)
    age(source)
    (told,) = ledger.listed(source, State.DELIVERED)
    assert thin(source, limit()).messages == 1
    assert ledger.get(source, told.id).payload == told.payload
    assert "410" in told.payload["summary"]


def test_an_old_message_of_a_channel_away_is_still_made_whole(source: Engine, receiver: Receiver) -> None:
    """What waits is made of `told`, which is not thinned."""
    hook(source, receiver, rhythm="daily")
    put(source, matter("开工", LONG))
    thin(source, now() + SOON)
    compose(source, ways(), WEB, NOW + timedelta(days=1))
    (kept,) = ledger.listed(source)
    assert "建设期" in str(kept.payload)
    with source.connect() as connection:
        assert connection.scalar(select(schema.told.c.payload)) is not None
