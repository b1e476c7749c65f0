"""What was taken down is in no message that is kept, and in none that is still to leave."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from alert_endpoints import Receiver
from desks import NOW, WEB, cluster, hook, put, sent, waits, ways
from making_matters import LATER, PAGE, edited, matter
from sqlalchemy import Engine, select

from alerts import composing, ledger, schema, subscriptions
from alerts.composing import compose
from alerts.kinds import Matter
from alerts.withdrawing import withdraw
from catalogue import engine
from domain.article import Article, Block
from domain.change import ChangeType
from domain.urls import urlkey
from parsers.citing import citations

SECRET = "某人的住址和电话"
NOTICE = "应 a court 要求下架：court order 1 — taken down at the request of a court: court order 1"
OTHER = "http://commerce.example.cn/2026/a2.html"


def _enqueued(source: Engine, receiver: Receiver) -> dict[str, Matter]:
    hook(source, receiver)
    told = {
        "before": matter(text="开头。", minutes=0),
        "quotes": edited("body", "开头。", SECRET, minutes=10, title=f"写出{SECRET}", text=SECRET),
        "quotes too": edited("body", SECRET, "后来。", minutes=20, text="后来。", version=3, previous=2),
        "after": edited("body", "后来。", "再后来。", minutes=30, text="再后来。", version=4, previous=3),
        "another": matter(text=SECRET, url=OTHER, minutes=10),
    }
    assert put(source, *told.values()) == len(told)
    compose(source, ways(), WEB, NOW)
    return told


def _payloads(source: Engine) -> dict[str, dict[str, object]]:
    return {item.payload["id"]: item.payload for item in ledger.listed(source)}


def _kept(source: Engine, change: str) -> object:
    with source.connect() as connection:
        return connection.scalar(select(schema.told.c.payload).where(schema.told.c.change_id == change))


def test_what_quotes_it_is_blank_and_nothing_else_is(source: Engine, receiver: Receiver) -> None:
    told = _enqueued(source, receiver)
    before = _payloads(source)
    span = LATER + timedelta(minutes=10), LATER + timedelta(minutes=15)
    assert withdraw(source, "alpha", urlkey(PAGE), *span, NOTICE) == 2
    after = _payloads(source)
    for name in ("quotes", "quotes too"):
        id = told[name].change.id
        found = after[id]
        assert SECRET not in str(found)
        assert "后来" not in str(found)
        assert SECRET not in str(_kept(source, id))
        assert found["summary"] == NOTICE
        assert found["fields"] == [{"name": "body", "before": None, "after": None}]
        assert (found["url"], found["type"], found["link"]) == (PAGE, ChangeType.EDITED, before[found["id"]]["link"])
    for name in ("before", "after", "another"):
        id = told[name].change.id
        assert after[id] == before[id]


def test_a_second_time_changes_nothing(source: Engine, receiver: Receiver) -> None:
    _enqueued(source, receiver)
    span = LATER, LATER + timedelta(hours=1)
    assert withdraw(source, "alpha", urlkey(PAGE), *span, NOTICE) == 4
    kept = _payloads(source)
    assert withdraw(source, "alpha", urlkey(PAGE), *span, "other words") == 0
    assert _payloads(source) == kept


def test_within_a_digest_the_other_changes_stay(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, rhythm="hourly")
    put(source, matter("一", text=SECRET), matter("二", url=OTHER, text="无关。"))
    compose(source, ways(), WEB, NOW + timedelta(hours=1))
    assert withdraw(source, "alpha", urlkey(PAGE), LATER, LATER, NOTICE) == 1
    sent(source, timedelta(hours=1))
    (post,) = receiver.posts
    assert SECRET not in post.raw.decode()
    assert sorted((one["title"], one["summary"]) for one in post.body["changes"])[0] == ("", NOTICE)
    assert [one["title"] for one in post.body["changes"] if one["title"]] == ["二"]


def test_a_title_is_gone_where_its_page_is_a_copy_in_another_message(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    pages = matter("原"), matter(SECRET, url=OTHER, site="beta", minutes=1)
    put(source, *cluster(source, *pages))
    compose(source, ways(), WEB, NOW)
    at = pages[1].change.at
    assert withdraw(source, "beta", urlkey(OTHER), at, at, NOTICE) == 1
    (kept,) = _payloads(source).values()
    assert (kept["title"], [one["title"] for one in kept["also"]]) == ("原", [""])  # type: ignore[attr-defined]


def test_a_note_that_quotes_it_is_gone_from_messages_and_feeds(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver, query="number:鲁政办发〔2017〕7号")
    read = Article(title="关于甲事的通知", body=(Block(text=f"{SECRET}，鲁政办发〔2017〕7号同时废止。"),))
    item = replace(matter(), citations=citations(read))
    assert put(source, item) == 1
    assert SECRET in str(subscriptions.matches(source, made.id, 9)[0].payload)
    withdraw(source, "alpha", urlkey(PAGE), LATER, LATER, NOTICE)
    assert SECRET not in str(subscriptions.matches(source, made.id, 9)[0].payload)
    sent(source)
    assert SECRET not in receiver.posts[0].raw.decode()


def test_what_becomes_a_message_meanwhile_is_blank_too(
    source: Engine, database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(source, receiver)
    put(source, matter(text=SECRET))
    other, real = engine(database), composing.names
    taking = Thread(target=lambda: withdraw(other, "alpha", urlkey(PAGE), LATER, LATER, NOTICE))

    def meanwhile(*given: Any) -> Any:
        taking.start()
        waits(source, taking)
        return real(*given)

    monkeypatch.setattr(composing, "names", meanwhile)
    compose(source, ways(), WEB, NOW)
    taking.join()
    other.dispose()
    (kept,) = _payloads(source).values()
    assert SECRET not in str(kept)
