"""The outbox and the channels, against a real PostgreSQL, a real HTTP server and a real mail server."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alert_endpoints import Postbox, Receiver
from cryptography.fernet import Fernet
from desks import KEY, KEYRING, NOW, WEB, hook, mail, put, sent, subscribe, waits, ways
from making_matters import PAGE, edited, matter
from sqlalchemy import Engine, func, select, text

from alerts import delivery, endpoints, ledger, listening, outbox, schema, subscriptions
from alerts.channels import Away, Gone, Limits, Target, posting
from alerts.composing import compose
from alerts.delivery import Delivered, deliver
from alerts.kinds import Matter, State, Subscription, Via
from alerts.outcomes import LONGEST_PAUSE, MOST_REFUSALS, pause
from alerts.payload import delivery_id
from alerts.query import Query, parse
from alerts.sealing import Keyring
from alerts.upgrading import ALERTS, upgrade
from catalogue import engine
from domain.change import ChangeType
from domain.clock import now

SECRET = "whsec_" + base64.b64encode(b"a key that only tests know!!").decode()
OTHER_PAGE = "http://commerce.example.cn/2026/b2.html"


def test_the_tables_are_what_the_migrations_make(bare_database: str) -> None:
    source = engine(bare_database)
    upgrade(source)
    upgrade(source)
    with source.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": ALERTS.table})
        assert compare_metadata(context, schema.metadata) == []
    source.dispose()


def test_a_webhook_is_posted_with_its_headers(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver, secret=SECRET)
    item = edited("body", "总投资2000万元", "总投资2000亿元", title="开工")
    assert put(source, item) == 1
    assert sent(source) == Delivered(delivered=1)
    (post,) = receiver.posts
    assert post.id == delivery_id(made.channels[0], item.change.id)
    assert (post.body["type"], post.body["title"], post.body["url"]) == ("edited", "开工", PAGE)
    assert post.body["fields"] == [{"name": "body", "before": "总投资2000万元", "after": "总投资2000亿元"}]
    assert (post.body["subscription"], post.body["link"][: len(WEB)]) == ("desk", WEB)
    signed = f"{post.id}.{post.headers['webhook-timestamp']}.".encode() + post.raw
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert post.headers["webhook-signature"] == f"v1,{expected}"
    assert sent(source) == Delivered()
    (kept,) = ledger.listed(source)
    assert (kept.state, kept.attempts, kept.last_error) == (State.DELIVERED, 1, None)
    assert kept.delivered_at


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the specification's reference libraries."""
    from alerts.channels.webhook import headers

    said = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    )
    assert said["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert "webhook-signature" not in headers("x", 1, b"", None)


def test_an_endpoint_that_was_down_loses_nothing(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    receiver.stop()
    put(source, matter("一"), matter("二", url=OTHER_PAGE, minutes=1))
    assert sent(source).delivered == 0
    tried = {kept.payload["title"]: kept for kept in ledger.listed(source)}
    assert (tried["一"].attempts, tried["二"].attempts) == (1, 0)
    assert tried["一"].next_try_at == NOW + timedelta(seconds=30)
    assert "ConnectError" in (tried["一"].last_error or "")
    assert ledger.waiting(source) == 2
    receiver.start()
    assert sent(source, timedelta(seconds=29)) == Delivered(), "the channel rests"
    assert sent(source, timedelta(seconds=30)) == Delivered(delivered=2)
    assert receiver.told == ["一", "二"]
    assert ledger.waiting(source) == 0


class Killed(BaseException):
    """Stands for a kill: nothing in the room may catch it."""


class KilledAfterSending:
    """A webhook whose sender is killed once the endpoint has accepted."""

    def __init__(self) -> None:
        self._real = ways()[Via.WEBHOOK]
        self.limits = self._real.limits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def send(self, target: Target, id: str, payload: Mapping[str, Any]) -> str:
        self._real.send(target, id, payload)
        raise Killed


def test_killed_between_accept_and_mark_the_repeat_carries_the_same_id(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, matter())
    with pytest.raises(Killed):
        sent(source, using={**ways(), Via.WEBHOOK: KilledAfterSending()})
    assert ledger.waiting(source) == 1
    assert sent(source) == Delivered(delivered=1)
    first, second = receiver.posts
    assert (first.id, first.raw) == (second.id, second.raw)


def test_killed_while_matching_neither_mark_nor_delivery_stays(
    source: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(source, receiver)
    item = matter()

    def killed(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "notify", killed)
        with pytest.raises(Killed):
            put(source, item)
    with source.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.told)) == 0
    assert put(source, item) == 1


def at_once(*calls: object) -> None:
    """Runs the calls side by side, all released at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: object) -> None:
        gate.wait()
        call()  # type: ignore[operator]

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_notifiers_at_once_do_not_double(source: Engine, database: str, receiver: Receiver) -> None:
    hook(source, receiver)
    second = engine(database)
    matters = [matter(str(number), url=f"http://example.cn/{number % 7}", minutes=number) for number in range(60)]
    made: list[int] = []
    at_once(lambda: made.append(put(source, *matters)), lambda: made.append(put(second, *reversed(matters))))
    assert sorted(made) == [0, 60]
    done: list[Delivered] = []
    at_once(lambda: done.append(sent(source)), lambda: done.append(sent(second)))
    second.dispose()
    assert sent(source).delivered + sum(part.delivered for part in done) == 60
    assert len(receiver.ids) == len(set(receiver.ids)) == 60
    for page in range(7):
        told = [int(post.body["title"]) for post in receiver.posts if post.body["url"].endswith(f"/{page}")]
        assert told == sorted(told)


def test_a_dead_endpoint_does_not_stop_another(
    source: Engine, receiver: Receiver, other_receiver: Receiver, postbox: Postbox
) -> None:
    hook(source, receiver, "down")
    hook(source, other_receiver, "up")
    mail(source)
    receiver.stop()
    put(source, *(matter(str(n), url=f"http://example.cn/{n}", minutes=n) for n in range(5)))
    done = sent(source, server=postbox.server)
    assert done == Delivered(delivered=10, postponed=1)
    assert other_receiver.told == ["0", "1", "2", "3", "4"]
    assert len(postbox.messages) == 5


def test_an_endpoint_that_never_answers_is_left_in_time(
    source: Engine, other_receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    monkeypatch.setattr(posting, "PATIENCE", 3.0)  # the other one has to answer within it
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        subscribe(source, Via.WEBHOOK, address, "silent")
        hook(source, other_receiver)
        put(source, matter())
        assert sent(source) == Delivered(delivered=1, postponed=1)


def test_order_is_kept_within_a_page(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    receiver.status = 400
    put(source, matter("一", minutes=1))
    assert sent(source) == Delivered(postponed=1)
    receiver.status = 200
    put(source, matter("别", url=OTHER_PAGE, minutes=3), matter("三", minutes=4), matter("二", minutes=2))
    assert sent(source, timedelta(seconds=1)) == Delivered(delivered=1)
    assert receiver.told == ["一", "别"]
    assert sent(source, timedelta(seconds=30)) == Delivered(delivered=3)
    assert receiver.told == ["一", "别", "一", "二", "三"]


def test_a_page_waits_for_one_channel_alone(source: Engine, receiver: Receiver, other_receiver: Receiver) -> None:
    hook(source, receiver, "refuses")
    hook(source, other_receiver, "takes")
    receiver.status = 422
    put(source, matter("一"), matter("二", minutes=1))
    assert sent(source) == Delivered(delivered=2, postponed=1)
    assert other_receiver.told == ["一", "二"]


def test_a_change_is_told_once_however_often_it_is_found(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    item = matter()
    assert [put(source, item), put(source, item), put(source, item, item)] == [1, 0, 0]
    assert put(source, matter(url=OTHER_PAGE), matter(minutes=1)) == 2


def test_a_change_told_before_a_subscription_is_never_told_to_it(source: Engine, receiver: Receiver) -> None:
    item = matter()
    assert put(source, item) == 0
    hook(source, receiver)
    assert put(source, item) == 0


def test_only_matching_subscriptions_hear(source: Engine, receiver: Receiver, other_receiver: Receiver) -> None:
    hook(source, receiver, query="２０００万元 type:new")
    hook(source, other_receiver, query="site:beta")
    matters = matter(), matter("无关", "没有", minutes=1), matter(type=ChangeType.REMOVED, minutes=2)
    assert put(source, *matters, edited("body", "a", "b", cosmetic=True, minutes=3)) == 1
    sent(source)
    assert (receiver.told, other_receiver.told) == (["招商引资项目开工"], [])


def test_a_message_that_is_refused_is_given_up_and_kept(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    receiver.status = 422
    put(source, matter("一"))
    after, rounds = timedelta(0), list[Delivered]()
    for attempt in range(1, MOST_REFUSALS + 1):
        rounds.append(sent(source, after))
        assert sent(source, after) == Delivered()
        after += pause(attempt)
    assert rounds == [Delivered(postponed=1)] * (MOST_REFUSALS - 1) + [Delivered(dead=1)]
    (kept,) = ledger.listed(source, State.DEAD)
    assert (kept.attempts, kept.last_error) == (MOST_REFUSALS, "422 Unprocessable Entity")
    receiver.status = 200
    put(source, matter("二", minutes=1))
    assert sent(source, after) == Delivered(delivered=1)
    assert len(set(receiver.ids[:MOST_REFUSALS])) == 1
    assert ledger.resend(source, ids=[kept.id]) == 1
    assert sent(source, after) == Delivered(delivered=1)
    assert receiver.ids[-1] == kept.id


def test_pauses_double_from_half_a_minute_to_an_hour() -> None:
    pauses = [pause(attempts) for attempts in range(1, 20)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses[-1] == LONGEST_PAUSE == timedelta(hours=1)
    assert all(earlier <= later for earlier, later in pairwise(pauses))


def test_with_a_new_key_all_is_sealed_anew_and_the_old_one_may_go(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver, secret=SECRET)
    fresh = Fernet.generate_key()
    assert endpoints.reseal(source, Keyring((fresh, KEY))) == 1
    put(source, matter())
    compose(source, ways(), WEB, NOW)
    assert deliver(source, ways(), KEYRING, NOW, WEB) == Delivered(postponed=1)
    assert deliver(source, ways(), Keyring((fresh,)), NOW + timedelta(hours=1), WEB) == Delivered(delivered=1)
    assert "webhook-signature" in receiver.posts[0].headers


def test_410_switches_a_channel_off_and_nothing_is_lost(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    receiver.status = 410
    put(source, matter("一"), matter("二", url=OTHER_PAGE, minutes=1))
    assert sent(source) == Delivered(dead=2)
    off = endpoints.get(source, made.channels[0])
    assert not off.active
    assert "410" in off.disabled_why
    assert (ledger.waiting(source), len(receiver.posts)) == (0, 1)
    receiver.status = 200
    assert put(source, matter("三", minutes=2)) == 1
    assert sent(source, timedelta(days=1)) == Delivered()
    endpoints.enable(source, off.id)
    compose_at = max(NOW + timedelta(days=1), now())
    assert sent(source, compose_at - NOW) == Delivered(delivered=3)
    assert sorted(receiver.told[1:]) == ["一", "三", "二"]


def test_redirects_are_not_followed(source: Engine, receiver: Receiver, other_receiver: Receiver) -> None:
    hook(source, receiver)
    receiver.status, receiver.sent_headers = 307, {"location": other_receiver.url}
    put(source, matter())
    assert sent(source) == Delivered(postponed=1)
    assert other_receiver.posts == []


def test_logs_and_errors_hold_no_secrets(source: Engine, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    address = receiver.url.replace("http://", "http://user:hunter2@") + "?access_token=hunter3"
    subscribe(source, Via.WEBHOOK, address, secret=SECRET)
    receiver.status = 500
    put(source, matter())
    sent(source)
    assert receiver.posts[0].path == "/hook?access_token=hunter3"
    assert receiver.url in caplog.text
    (kept,) = ledger.listed(source)
    for secret in ("hunter2", "hunter3", SECRET):
        assert secret not in caplog.text + str(kept.last_error)


def mailed(source: Engine, postbox: Postbox, items: Sequence[Matter]) -> None:
    mail(source)
    put(source, *items)
    sent(source, server=postbox.server)


def test_mail_says_first_what_changed(source: Engine, postbox: Postbox) -> None:
    line = "今年全市新签约项目总投资2000{}元，" + "同比增长显著，" * 20
    item = edited("body", line.format("万"), line.format("亿"), title="招商引资")
    mailed(source, postbox, [item])
    (message,) = postbox.messages
    assert message["Subject"].startswith("[通鉴] 改 edited: 招商引资")
    assert (message["To"], message["From"]) == ("desk@example.com", "tongjian@example.org")
    body = message.get_body(("plain",)).get_content()
    assert "【2000万元→2000亿元】" in "".join(body.splitlines()[:4])
    shanghai = (item.change.at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
    assert shanghai in body
    assert all(part in body for part in ("alpha", PAGE, f"{WEB}/diff?", "desk"))


def test_mail_repeats_under_the_same_message_id(source: Engine, postbox: Postbox) -> None:
    postbox.answer = "451 later"
    mailed(source, postbox, [matter()])
    (kept,) = ledger.listed(source, State.WAITING)
    assert "later" in (kept.last_error or "")
    postbox.answer = "250 taken"
    assert sent(source, timedelta(seconds=30), postbox.server) == Delivered(delivered=1)
    first, second = postbox.messages
    assert first["Message-ID"] == second["Message-ID"] == f"<{kept.id}@example.org>"


def test_one_refused_person_does_not_stop_the_others(source: Engine, postbox: Postbox) -> None:
    mail(source, "left@example.com", "left")
    postbox.refused.add("left@example.com")
    mailed(source, postbox, [matter(), matter(url=OTHER_PAGE)])
    assert [message["To"] for message in postbox.messages] == ["desk@example.com"] * 2
    assert {kept.attempts for kept in ledger.listed(source, State.WAITING)} == {1}


@pytest.mark.parametrize("server", ["", "nonsense", "127.0.0.1:1"])
def test_a_mail_server_that_is_away_makes_messages_wait(source: Engine, server: str) -> None:
    mail(source)
    put(source, matter())
    assert sent(source, server=server) == Delivered(postponed=1)
    (kept,) = ledger.listed(source)
    assert kept.last_error


def test_removing_a_subscription_takes_what_waits(source: Engine, receiver: Receiver) -> None:
    made = hook(source, receiver)
    put(source, matter())
    subscriptions.remove(source, made.id)
    assert (ledger.waiting(source), sent(source)) == (0, Delivered())


class Down:
    """A channel of its own making: any that keeps to the protocol will do."""

    limits = Limits(None, timedelta(minutes=1), None, folds=False)

    def check(self, address: str, secret: str | None) -> str:
        return address

    def lane(self, address: str) -> str:
        return "one"

    def fits(self, payload: Mapping[str, Any], language: str) -> bool:
        return True

    def send(self, target: Target, id: str, payload: Mapping[str, Any]) -> str:
        raise Away("not now\x00")


def test_an_error_that_postgresql_cannot_hold_is_recorded_all_the_same(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    put(source, matter())
    assert sent(source, using={**ways(), Via.WEBHOOK: Down()}) == Delivered(postponed=1)
    assert ledger.listed(source)[0].last_error == "not now\ufffd"


def test_a_subscription_made_while_a_notifier_works_begins_after_it(
    source: Engine, database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a change between the two would be marked as told, and never be told to it."""
    made: list[Subscription] = []
    released: list[datetime] = []
    other = engine(database)
    adding = threading.Thread(target=lambda: made.append(hook(other, receiver)))
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'subscriptions'::regclass")

    def adding_meanwhile(*_: object) -> int:
        adding.start()
        with other.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            while not looking.scalar(blocked):
                assert adding.is_alive()
        released.append(now())
        return 0

    hook(source, receiver, "there before")
    monkeypatch.setattr(outbox, "notify", adding_meanwhile)
    put(source, matter())
    adding.join()
    other.dispose()
    assert made[0].created_at >= released[0]


def test_nobody_who_subscribes_waits_while_queries_are_read(
    source: Engine, database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(source, receiver)
    other, read = engine(database), list[str]()

    def reading(query: str) -> Query:
        with other.begin() as connection:
            connection.execute(text("LOCK TABLE subscriptions IN ROW EXCLUSIVE MODE NOWAIT"))
        read.append(query)
        return parse(query)

    monkeypatch.setattr(listening, "parse", reading)
    assert put(source, matter()) == 1
    other.dispose()
    assert len(read) == 1


@pytest.mark.parametrize("what", ["channel", "subscription"])
def test_what_is_removed_while_a_notifier_works_is_gone_after_it(
    source: Engine, database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """It waits before it holds what the notifier needs: neither is refused for a deadlock."""
    made = hook(source, receiver)
    other, real, done = engine(database), outbox.notify, list[str]()

    def remove() -> None:
        if what == "channel":
            endpoints.remove(other, made.channels[0])
        else:
            subscriptions.remove(other, made.id)
        done.append(what)

    removing = threading.Thread(target=remove)

    def meanwhile(*given: Any) -> int:
        removing.start()
        waits(source, removing)
        return real(*given)

    monkeypatch.setattr(outbox, "notify", meanwhile)
    assert put(source, matter()) == 1
    removing.join()
    other.dispose()
    assert (done, ledger.held(source)) == ([what], 0)


class Ended(Down):
    """An endpoint that is gone, in words that PostgreSQL cannot hold."""

    def send(self, target: Target, id: str, payload: Mapping[str, Any]) -> str:
        raise Gone("no more\x00 \ud800")


def test_a_channel_is_switched_off_whatever_its_endpoint_says(
    source: Engine, receiver: Receiver, postbox: Postbox
) -> None:
    hook(source, receiver)
    mail(source, "owner@example.com", query="site:none")
    put(source, matter())
    using = {**ways(postbox.server), Via.WEBHOOK: Ended()}
    assert sent(source, using=using) == Delivered(dead=1)
    assert sent(source, using=using) == Delivered(delivered=1)
    assert "switched off" in postbox.messages[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_an_endpoint_that_takes_its_time_gets_the_rest_in_the_next_round(
    source: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(source, receiver)
    put(source, matter("一"), matter("二", url=OTHER_PAGE, minutes=1))
    clock = iter(range(0, 10_000, 200))
    monkeypatch.setattr(delivery, "monotonic", lambda: next(clock))
    assert [sent(source).delivered for _ in range(2)] == [1, 1]
    assert receiver.told == ["一", "二"]
