"""A channel that was off for long and is switched on again: what is young is told, the rest is one sentence, and
nothing is lost from the lists."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alert_endpoints import Postbox, Receiver
from desks import NOW, WEB, cluster, hook, mail, put, sent
from making_matters import matter
from sqlalchemy import Engine, func, select, update

from alerts import endpoints, ledger, reopening, schema, subscriptions
from alerts.kinds import Matter, State, Subscription
from alerts.reopening import CATCH_UP, LEFT
from domain.clock import now
from domain.subscription import Channel

DAY = timedelta(days=1)
MOMENT = timedelta(minutes=1)


def aged(one: Matter, days: float) -> Matter:
    return replace(one, change=one.change.model_copy(update={"at": now() - days * DAY}))


def happened(source: Engine, days: float, *titles: str) -> int:
    """These were found and put down so many days ago."""
    pages = [matter(title, url=f"http://example.cn/{title}") for title in titles]
    return put(source, *(aged(page, days) for page in pages), at=now() - days * DAY)


def begin(source: Engine, subscription: Subscription) -> None:
    """As if it had listened for a year."""
    with source.begin() as connection:
        table = schema.subscriptions
        connection.execute(update(table).where(table.c.id == subscription.id).values(created_at=now() - 365 * DAY))


def off(source: Engine, made: Subscription) -> None:
    begin(source, made)
    with source.begin() as connection:
        connection.execute(update(schema.channels).values(active=False, disabled_why="410"))


def round_(source: Engine, server: str = "") -> Any:
    return sent(source, now() + MOMENT - NOW, server)


def waiting(source: Engine) -> int:
    with source.connect() as connection:
        return connection.scalar(select(func.count()).where(schema.notices.c.delivery.is_(None))) or 0


def test_a_person_gets_one_sentence_and_one_digest(source: Engine, postbox: Postbox) -> None:
    made = mail(source)
    off(source, made)
    old = [f"旧{number}" for number in range(40)]
    assert happened(source, 90, *old[:20]) + happened(source, 8, *old[20:]) == 40
    assert happened(source, 6, *(f"新{number}" for number in range(9))) == 9
    round_(source, postbox.server)
    assert postbox.messages == []
    endpoints.enable(source, made.channels[0], WEB)
    round_(source, postbox.server)
    sentence, digest = sorted(postbox.messages, key=lambda one: "未逐条发送" not in str(one["Subject"]))
    said = sentence.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "40 条变化" in said.replace("\n", "")
    assert f"{WEB}/subscriptions/{made.id}" in said
    whole = digest.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert all(f"新{number}" in whole for number in range(9))
    assert "旧" not in whole
    assert waiting(source) == 0


def test_nothing_is_lost_from_the_lists(source: Engine, postbox: Postbox) -> None:
    made = mail(source)
    off(source, made)
    happened(source, 30, "旧一", "旧二")
    endpoints.enable(source, made.channels[0], WEB)
    round_(source, postbox.server)
    assert {one.payload["title"] for one in subscriptions.matches(source, made.id, 9)} == {"旧一", "旧二"}
    (kept,) = ledger.listed(source, subscription=made.id)
    assert (kept.state, kept.changes, kept.payload["type"]) == (State.DELIVERED, 2, "missed")
    assert (kept.payload["count"], kept.payload["subscriptions"][0]["id"]) == (2, made.id)
    with source.connect() as connection:
        assert set(connection.scalars(select(schema.notices.c.delivery))) == {kept.id}


def test_a_program_is_told_of_what_is_young_one_by_one_and_of_the_rest_as_a_number(
    source: Engine, receiver: Receiver
) -> None:
    made = hook(source, receiver)
    off(source, made)
    happened(source, 30, *(f"旧{number}" for number in range(12)))
    happened(source, 3, *(f"新{number}" for number in range(8)))
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    types = [post.body["type"] for post in receiver.posts]
    assert (types.count("missed"), types.count("new"), len(types)) == (1, 8, 9)
    (missed,) = (post.body for post in receiver.posts if post.body["type"] == "missed")
    assert (missed["count"], missed["since"] <= missed["until"]) == (12, True)


def test_messages_that_were_given_up_long_ago_stay_so_and_can_be_sent_by_hand(
    source: Engine, receiver: Receiver
) -> None:
    made = hook(source, receiver)
    begin(source, made)
    receiver.status = 410
    happened(source, 20, "旧")
    happened(source, 2, "新")
    assert round_(source).dead == 2
    with source.begin() as connection:
        table = schema.deliveries
        old = table.c.at < now() - CATCH_UP
        connection.execute(update(table).where(old).values(made_at=now() - 20 * DAY))
    receiver.status = 200
    del receiver.posts[:]
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert sorted(post.body["type"] for post in receiver.posts) == ["missed", "new"]
    assert [post.body["title"] for post in receiver.posts if post.body["type"] == "new"] == ["新"]
    (left,) = ledger.listed(source, State.DEAD)
    assert left.last_error is not None
    assert left.last_error.startswith(LEFT)
    assert ledger.resend(source, ids=[left.id]) == 1
    round_(source)
    assert receiver.told[-1] == "旧"


def test_switched_on_twice_it_says_so_once(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    off(source, made)
    happened(source, 30, "旧")
    for _ in range(2):
        endpoints.enable(source, made.channels[0], WEB)
    off(source, made)
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert [post.body["type"] for post in receiver.posts] == ["missed"]


def test_where_all_is_young_there_is_no_sentence(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    off(source, made)
    happened(source, 6.9, "一")
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert receiver.told == ["一"]


def test_what_was_found_late_is_young(source: Engine, receiver: Receiver) -> None:
    """It happened long ago and was found yesterday: nobody could have been told before."""
    made = hook(source, receiver)
    off(source, made)
    put(source, aged(matter("迟"), 60), at=now() - DAY)
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert receiver.told == ["迟"]


def test_a_channel_that_was_on_all_the_time_loses_nothing_by_it(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    begin(source, made)
    happened(source, 30, "旧")
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert receiver.told == ["旧"]


class Killed(BaseException):
    """Stands for a kill: nothing in the room may catch it."""


@pytest.mark.parametrize("step", ["wait_again", "_say"])
def test_killed_while_it_is_switched_on_it_is_off_and_all_is_as_it_was(
    source: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Else it would be on, and what was given up would wait for somebody to notice."""
    made = hook(source, receiver)
    begin(source, made)
    receiver.status = 410
    happened(source, 2, "新")
    round_(source)
    happened(source, 30, "旧")

    def killed(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(reopening, step, killed)
        with pytest.raises(Killed):
            endpoints.enable(source, made.channels[0], WEB)
    way: Channel = endpoints.get(source, made.channels[0])
    assert (way.active, ledger.waiting(source), waiting(source)) == (False, 0, 1)
    receiver.status = 200
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert sorted(post.body["type"] for post in receiver.posts) == ["missed", "new", "new"]


def test_a_late_copy_of_what_was_only_counted_makes_no_message(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    off(source, made)
    first, copy = cluster(source, matter("原"), matter("转", url="http://beta.example.cn/1", site="beta"))
    put(source, aged(first, 30), at=now() - 30 * DAY)
    endpoints.enable(source, made.channels[0], WEB)
    round_(source)
    assert put(source, aged(copy, 1), at=now() - DAY) == 1
    round_(source)
    assert [post.body["type"] for post in receiver.posts] == ["missed"]
    assert waiting(source) == 0
    assert {one.payload["title"] for one in subscriptions.matches(source, made.id, 9)} == {"原", "转"}
