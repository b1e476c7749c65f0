"""From changes to messages: each told once, many folded, nothing lost; against a real PostgreSQL and real endpoints."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from alert_endpoints import Postbox, Receiver
from desks import NOW, WEB, channel, cluster, hook, mail, put, sent, waits
from making_matters import LATER, edited, matter
from pydantic import SecretStr
from sqlalchemy import Engine, func, select, update

from alerts import endpoints, ledger, outbox, people, schema, subscriptions, teams
from alerts.channels import Limits
from alerts.channels import mail as mailing
from alerts.composing import compose
from alerts.delivery import Delivered
from alerts.folding import AT_ONCE, BURST, WINDOW
from alerts.kinds import Matter, Via
from alerts.messages import rendering
from alerts.outcomes import LONGEST_PAUSE, MOST_REFUSALS
from alerts.switching import ATTEMPTS, PATIENCE
from catalogue import engine
from domain.change import ChangeType
from domain.desk import ChannelDraft, Draft
from domain.subscription import OPERATOR, Role
from domain.subscription import State as Kept


def many(count: int, **more: object) -> list[Matter]:
    return [matter(f"第{n}条", url=f"http://example.cn/{n}", minutes=n / 100, **more) for n in range(count)]  # type: ignore[arg-type]


def test_one_channel_is_told_once_of_what_three_subscriptions_match(source: Engine, receiver: Receiver) -> None:
    for name, query in (("一", "招商"), ("二", "type:new"), ("三", "")):
        hook(source, receiver, name, query=query)
    assert put(source, matter()) == 1
    assert sent(source) == Delivered(delivered=1)
    (post,) = receiver.posts
    assert post.body["subscription"] == "一、二、三"
    assert [one["name"] for one in post.body["subscriptions"]] == ["一", "二", "三"]


def test_a_burst_is_one_mail_and_one_webhook_each(source: Engine, receiver: Receiver, postbox: Postbox) -> None:
    hook(source, receiver)
    mail(source)
    assert put(source, *many(45)) == 90
    assert sent(source, server=postbox.server) == Delivered(delivered=46)
    (message,) = postbox.messages
    body = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert all(f"第{n}条" in body for n in range(45))
    assert len(set(receiver.ids)) == 45


def test_a_few_come_one_by_one(source: Engine, postbox: Postbox) -> None:
    mail(source)
    put(source, *many(AT_ONCE))
    sent(source, server=postbox.server)
    assert len(postbox.messages) == AT_ONCE


def test_drop_by_drop_is_no_flood_either(source: Engine, postbox: Postbox) -> None:
    mail(source)
    for one in many(BURST + 7):
        put(source, one)
        sent(source, server=postbox.server)
    assert len(postbox.messages) == BURST
    assert ledger.held(source) == 7
    made = schema.deliveries
    with source.begin() as connection:
        connection.execute(update(made).values(made_at=made.c.made_at - WINDOW))
    sent(source, server=postbox.server)
    assert len(postbox.messages) == BURST + 1
    assert ledger.held(source) == 0


def test_after_an_outage_people_get_one_message(source: Engine, postbox: Postbox) -> None:
    mail(source)
    put(source, matter("第一"))
    assert sent(source, server="127.0.0.1:1") == Delivered(postponed=1)
    put(source, *many(3))
    assert sent(source, server="127.0.0.1:1") == Delivered()
    sent(source, timedelta(minutes=1), postbox.server)
    assert len(postbox.messages) == 1, "the one that waited"
    put(source, *many(9))
    sent(source, timedelta(minutes=2), postbox.server)
    assert len(postbox.messages) == 2, "and all that came meanwhile"
    assert ledger.held(source) == 0


def test_reprints_of_one_article_are_one_message(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    pages = [matter("同一篇", url=f"http://{name}.cn/a", site=name, minutes=n) for n, name in enumerate("abcd")]
    found = cluster(source, *pages)
    assert put(source, *found[:3]) == 3
    assert sent(source) == Delivered(delivered=1)
    (post,) = receiver.posts
    assert post.body["url"] == "http://a.cn/a"
    assert [one["url"] for one in post.body["also"]] == ["http://b.cn/a", "http://c.cn/a"]
    assert put(source, found[3]) == 1
    assert sent(source) == Delivered(), "the matter was told"
    assert ledger.held(source) == 0
    put(source, edited("body", "甲", "乙", url="http://b.cn/a", site="b", minutes=9))
    assert sent(source) == Delivered(delivered=1), "an edit is a matter of its own"


def test_the_message_is_the_first_publisher_s_though_a_copy_was_seen_earlier(
    source: Engine, receiver: Receiver
) -> None:
    hook(source, receiver)
    first, copy = matter("原", url="http://a.cn/a", site="a", minutes=5), matter("转", url="http://b.cn/a", site="b")
    put(source, *cluster(source, first, copy))
    assert sent(source) == Delivered(delivered=1)
    assert receiver.told == ["原"]
    assert [one["title"] for one in receiver.posts[0].body["also"]] == ["转"]


def test_copies_told_first_take_the_first_publisher_in(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    first, copy = cluster(
        source, matter("原", url="http://a.cn/a", site="a"), matter("转", url="http://b.cn/a", site="b")
    )
    put(source, copy)
    sent(source)
    put(source, first)
    assert sent(source) == Delivered()
    assert receiver.told == ["转"]


def test_who_asks_for_copies_gets_the_copies(source: Engine, receiver: Receiver, other_receiver: Receiver) -> None:
    hook(source, receiver, query="cluster:first")
    hook(source, other_receiver, query="cluster:copy")
    found = cluster(source, matter("原", url="http://a.cn/a", site="a"), matter("转", url="http://b.cn/a", site="b"))
    put(source, *found)
    sent(source)
    assert (receiver.told, other_receiver.told) == (["原"], ["转"])


def test_an_article_that_a_copy_told_of_is_not_told_again_by_the_digest(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, "now", query="cluster:copy")
    hook(source, receiver, "later", query="cluster:first", rhythm="daily", hour=17)
    put(
        source,
        *cluster(source, matter("原", url="http://a.cn/a", site="a"), matter("转", url="http://b.cn/a", site="b")),
    )
    assert sent(source) == Delivered(delivered=1)
    assert sent(source, timedelta(hours=1)) == Delivered()
    assert (receiver.told, ledger.held(source)) == (["转"], 0)


def test_a_copy_of_what_was_given_up_is_told(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    first, copy = cluster(
        source, matter("原", url="http://a.cn/a", site="a"), matter("转", url="http://b.cn/a", site="b")
    )
    put(source, first)
    receiver.status = 422
    for hour in range(MOST_REFUSALS):
        sent(source, timedelta(hours=hour))
    assert ledger.listed(source, Kept.DEAD)
    receiver.status = 200
    put(source, copy)
    assert sent(source) == Delivered(delivered=1)
    assert receiver.told[-1] == "转"


def test_two_notifiers_at_once_make_one_matter_of_copies(
    source: Engine, database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(source, receiver)
    first, copy = cluster(
        source, matter("原", url="http://a.cn/a", site="a"), matter("转", url="http://b.cn/a", site="b")
    )
    other, real = engine(database), outbox.notify
    second = threading.Thread(target=lambda: put(other, copy))

    def meanwhile(*given: Any) -> int:
        monkeypatch.setattr(outbox, "notify", real)
        second.start()
        waits(source, second)
        return real(*given)

    monkeypatch.setattr(outbox, "notify", meanwhile)
    put(source, first)
    second.join()
    other.dispose()
    assert sent(source) == Delivered(delivered=1)


def test_a_message_that_is_refused_holds_up_no_other(source: Engine, postbox: Postbox) -> None:
    mail(source)
    put(source, matter())
    postbox.answer = "554 not this one"
    assert sent(source, server=postbox.server) == Delivered(postponed=1)
    postbox.answer = "250 taken"
    put(source, matter("二", url="http://example.cn/2"))
    assert sent(source, timedelta(seconds=1), postbox.server) == Delivered(delivered=1)


def test_a_digest_overtakes_no_message_about_one_of_its_pages(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, "now", query="title:急")
    hook(source, receiver, "later", rhythm="daily", hour=17)
    receiver.status = 400
    put(source, matter("急", minutes=1))
    assert sent(source) == Delivered(postponed=1)
    put(source, matter("早", url="http://example.cn/early"), edited("body", "甲", "乙", title="后", minutes=2))
    receiver.status = 200
    assert sent(source, timedelta(hours=1)) == Delivered(delivered=2)
    assert [post.body["type"] for post in receiver.posts[1:]] == ["new", "digest"]


def test_the_parts_of_a_digest_come_in_their_order(source: Engine, receiver: Receiver) -> None:
    class Short:
        def __getattr__(self, name: str) -> Any:
            return getattr(_ways()[Via.WEBHOOK], name)

        def fits(self, payload: dict[str, Any], language: str) -> bool:
            return len(payload["changes"]) == 1

    hook(source, receiver, rhythm="daily", hour=17)
    put(source, *(matter(str(n), url=f"http://example.cn/{n}", minutes=n, severity=n + 1) for n in range(5)))
    sent(source, timedelta(hours=1), using={**_ways(), Via.WEBHOOK: Short()})  # type: ignore[dict-item]
    assert [post.body["part"]["number"] for post in receiver.posts] == [1, 2, 3, 4, 5]


def test_quiet_hours_end_in_one_message(source: Engine, postbox: Postbox) -> None:
    """NOW is 16:00 in Shanghai."""
    mail(source, quiet_from=15 * 60, quiet_to=18 * 60)
    put(source, *many(7))
    assert sent(source, timedelta(minutes=119), postbox.server) == Delivered()
    assert sent(source, timedelta(minutes=120), postbox.server) == Delivered(delivered=1)
    assert ledger.held(source) == 0


def test_a_daily_digest_is_one_message_for_programs_too(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, rhythm="daily", hour=17)
    put(source, *many(3))
    assert sent(source, timedelta(minutes=59)) == Delivered()
    assert sent(source, timedelta(minutes=60)) == Delivered(delivered=1)
    (post,) = receiver.posts
    assert (post.body["type"], post.body["rhythm"]) == ("digest", "daily")
    assert [one["title"] for one in post.body["changes"]] == ["第0条", "第1条", "第2条"]


def test_the_most_pressing_subscription_of_a_channel_decides(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, "later", rhythm="daily")
    hook(source, receiver, "now", query="severity>=4")
    put(source, matter("大事", severity=5), matter("小事", url="http://example.cn/2", severity=1))
    assert sent(source) == Delivered(delivered=1)
    assert receiver.told == ["大事"]
    assert sent(source, timedelta(days=1)) == Delivered(delivered=1)
    assert [one["title"] for one in receiver.posts[-1].body["changes"]] == ["小事"]


def test_a_clock_that_was_wrong_holds_nothing_for_ever(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, matter(), at=NOW + timedelta(days=400))
    receiver.status = 500
    assert sent(source, timedelta(days=400)) == Delivered(postponed=1)
    receiver.status = 200
    assert sent(source) == Delivered(delivered=1)


def test_an_endpoint_that_takes_only_so_many_gets_no_more(source: Engine, receiver: Receiver) -> None:
    from desks import ways

    class Narrow:
        limits = Limits(3, timedelta(minutes=1), None, folds=False)

        def __getattr__(self, name: str) -> object:
            return getattr(ways()[Via.WEBHOOK], name)

    hook(source, receiver)
    put(source, *many(5))
    narrow = {**ways(), Via.WEBHOOK: Narrow()}
    assert sent(source, using=narrow) == Delivered(delivered=3)  # type: ignore[arg-type]
    assert sent(source, using=narrow) == Delivered()  # type: ignore[arg-type]
    with source.begin() as connection:
        earlier = schema.deliveries.c.tried_at - timedelta(minutes=1)
        connection.execute(update(schema.deliveries).values(tried_at=earlier))
    assert sent(source, using=narrow) == Delivered(delivered=2)  # type: ignore[arg-type]
    assert len(set(receiver.ids)) == 5


def test_retry_after_is_honoured(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    receiver.status, receiver.sent_headers = 429, {"retry-after": "600"}
    put(source, matter())
    assert sent(source) == Delivered(postponed=1)
    receiver.status = 200
    assert sent(source, timedelta(seconds=599)) == Delivered()
    assert sent(source, timedelta(seconds=600)) == Delivered(delivered=1)


def test_a_channel_that_leads_nowhere_is_switched_off_and_its_owner_told(
    source: Engine, receiver: Receiver, postbox: Postbox
) -> None:
    made = hook(source, receiver)
    channel(source, Via.EMAIL, "owner@example.com")
    receiver.stop()
    put(source, matter())
    after = timedelta(0)
    for _ in range(ATTEMPTS):
        sent(source, after, postbox.server)
        after += LONGEST_PAUSE
    assert endpoints.get(source, made.channels[0]).active, "not before its time"
    sent(source, PATIENCE, postbox.server)
    assert not endpoints.get(source, made.channels[0]).active
    assert ledger.listed(source, Kept.DEAD)[0].attempts == ATTEMPTS + 1
    sent(source, PATIENCE, postbox.server)
    (message,) = postbox.messages
    assert message["To"] == "owner@example.com"
    assert "switched off" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_mail_server_of_ours_that_is_away_switches_nobody_off(source: Engine) -> None:
    made = mail(source)
    put(source, matter())
    after = timedelta(0)
    for _ in range(ATTEMPTS + 2):
        sent(source, after, "127.0.0.1:1")
        after += PATIENCE
    assert endpoints.get(source, made.channels[0]).active
    assert ledger.waiting(source) == 1


def test_owners_of_a_team_hear_of_its_channel(source: Engine, receiver: Receiver, postbox: Postbox) -> None:
    from desks import KEYRING, ways

    owner, _ = people.add(source, "王芳")
    reader, _ = people.add(source, "李明")
    team = teams.add(source, "监测组", owner.id)
    teams.put_member(source, team.id, reader.id, Role.READER)
    draft = ChannelDraft(via=Via.WEBHOOK, address=SecretStr(receiver.url), team=team.id)
    shared = endpoints.add(source, KEYRING, ways(), draft, person=None)
    for person in (owner, reader):
        address = SecretStr(f"{person.id}@example.com")
        endpoints.add(source, KEYRING, ways(), ChannelDraft(via=Via.EMAIL, address=address), person=person.id)
    subscriptions.add(source, Draft(name="组", team=team.id, channels=(shared.id,)), people.get(source, OPERATOR))
    receiver.status = 410
    put(source, matter())
    sent(source, server=postbox.server)
    sent(source, server=postbox.server)
    assert [message["To"] for message in postbox.messages] == [f"{owner.id}@example.com"]


def test_unsubscribing_ends_what_waits_for_one_alone(source: Engine, receiver: Receiver) -> None:
    first, second = hook(source, receiver, "一"), hook(source, receiver, "二", query="type:edited")
    put(source, matter(), edited("body", "甲", "乙", minutes=1))
    compose(source, _ways(), WEB, NOW)
    put(source, matter(url="http://example.cn/9", minutes=2))
    subscriptions.remove(source, first.id)
    assert sent(source) == Delivered(delivered=1)
    assert [post.body["type"] for post in receiver.posts] == ["edited"]
    assert (ledger.waiting(source), ledger.held(source)) == (0, 0)
    subscriptions.remove(source, second.id)


def _ways() -> dict[Via, Any]:
    from desks import ways

    return dict(ways())


def test_nothing_that_happened_before_a_subscription_is_told_to_it(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    assert put(source, matter(at=LATER - timedelta(days=2))) == 0


@pytest.mark.parametrize("more", [{"cosmetic": True}, {"reread": True}])
def test_typesetting_and_better_reading_are_told_to_nobody(
    source: Engine, receiver: Receiver, more: dict[str, bool]
) -> None:
    hook(source, receiver)
    assert put(source, edited("body", "甲,", "甲，", **more)) == 0
    with source.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.told)) == 1


def test_what_matched_is_kept_without_any_channel(source: Engine) -> None:
    made = subscriptions.add(source, Draft(name="只看订阅源", query="招商"), people.get(source, OPERATOR))
    assert put(source, matter(), matter("无关", "没有", minutes=1), matter(type=ChangeType.REMOVED, minutes=2)) == 0
    found = subscriptions.matches(source, made.id, 10)
    assert [one.payload["type"] for one in found] == ["removed", "new"]


def test_a_digest_for_a_program_is_no_larger_than_its_server_takes(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, rhythm="hourly")
    long = "长" * 2_900
    put(source, *(edited("body", long, long + "短", url=f"http://example.cn/{n}", minutes=n) for n in range(60)))
    assert sent(source, timedelta(hours=1)).delivered > 1
    assert all(len(post.raw) < 600_000 for post in receiver.posts)
    assert sum(len(post.body["changes"]) for post in receiver.posts) == 60
    assert sorted({change["url"] for post in receiver.posts for change in post.body["changes"]}) == sorted(
        f"http://example.cn/{n}" for n in range(60)
    )


def test_a_message_that_cannot_be_made_holds_up_no_other(
    source: Engine, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it would where a template has a fault that only one change shows."""
    real = rendering.render

    def faulty(payload: Mapping[str, Any], *more: Any) -> Any:
        if "毒" in str(payload):
            raise ZeroDivisionError
        return real(payload, *more)

    for place in (mailing, rendering):
        monkeypatch.setattr(place, "render", faulty)
    mail(source)
    put(source, matter("毒"), *many(AT_ONCE + 2))
    sent(source, server=postbox.server)
    assert len(postbox.messages) == AT_ONCE + 2
    (left,) = ledger.listed(source, Kept.WAITING)
    assert "ZeroDivisionError" in (left.last_error or "")
