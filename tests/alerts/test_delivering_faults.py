"""What could lose a message or double it: two senders, keys that are lost, a server that ends what is idle, clocks that
jump back, a channel that is taken away while it is told."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from alert_endpoints import Postbox, Receiver
from cryptography.fernet import Fernet
from desks import KEY, NOW, WEB, hook, mail, put, sent, ways
from making_matters import matter
from pydantic import SecretStr
from sqlalchemy import Engine, text, update

from alerts import delivery, endpoints, ledger, outbox, schema, subscriptions
from alerts.channels import Channel, Limits, Target
from alerts.composing import compose
from alerts.delivery import Delivered, deliver
from alerts.kinds import State, Via
from alerts.people import get as person
from alerts.sealing import Keyring
from catalogue import engine
from domain.clock import now
from domain.desk import ChannelDraft, Draft
from domain.errors import CatalogueError
from domain.subscription import OPERATOR

OTHER_PAGE = "http://commerce.example.cn/2026/b2.html"


class Robot:
    """A way of its own whose limit is that of a whole address, as robots have it."""

    def __init__(self, limits: Limits, lane: str = "one") -> None:
        self.limits, self.told, self._lane = limits, list[str](), lane

    def check(self, address: str, secret: str | None) -> str:
        return address

    def lane(self, address: str) -> str:
        return self._lane

    def fits(self, payload: Mapping[str, Any], language: str) -> bool:
        return True

    def send(self, target: Target, id: str, payload: Mapping[str, Any]) -> str:
        self.told.append(id)
        return "taken"


def listens(source: Engine, robot: Channel, address: str, query: str) -> None:
    draft = ChannelDraft(via=Via.WEBHOOK, address=SecretStr(address))
    made = endpoints.add(source, Keyring((KEY,)), {Via.WEBHOOK: robot}, draft, person=OPERATOR)
    subscriptions.add(source, Draft(name="desk", query=query, channels=(made.id,)), person(source, OPERATOR))


def test_the_limit_of_an_address_holds_for_all_its_channels_from_round_to_round(source: Engine) -> None:
    """The robot of a group that two people added: what the one was told of counts for the other."""
    robot = Robot(Limits(3, timedelta(minutes=1), None, folds=False))
    for query in ("site:alpha", "site:beta"):
        listens(source, robot, f"http://robot.example/{query}", query)
    put(source, *(matter(str(n), url=f"http://example.cn/{n}") for n in range(2)))
    assert sent(source, using={Via.WEBHOOK: robot}).delivered == 2
    put(source, *(matter(str(n), url=f"http://example.cn/b{n}", site="beta") for n in range(2)))
    assert sent(source, using={Via.WEBHOOK: robot}).delivered == 1
    assert ledger.waiting(source) == 1


def test_two_senders_do_not_both_take_the_last_place(source: Engine, database: str) -> None:
    robot = Robot(Limits(1, timedelta(minutes=1), None, folds=False))
    using: dict[Via, Channel] = {Via.WEBHOOK: robot}
    for number in range(2):
        listens(source, robot, f"http://robot.example/{number}", "")
    put(source, matter())
    compose(source, using, WEB, NOW)
    first, second = (row.channel for row in ledger.listed(source))
    other = engine(database)
    lane = delivery._Lane(other, using, Keyring((KEY,)), [second], NOW, WEB)
    meanwhile: list[object] = []
    real = robot.send

    def sending(*given: Any) -> str:
        if not meanwhile:
            meanwhile.append(None)
            meanwhile.append(lane.serve())
        return real(*given)

    robot.send = sending  # type: ignore[method-assign]
    delivery._Lane(source, using, Keyring((KEY,)), [first], NOW, WEB).serve()
    other.dispose()
    assert meanwhile == [None, []]
    assert len(robot.told) == 1


def test_a_lost_key_holds_up_nobody_else_of_its_lane(source: Engine, postbox: Postbox) -> None:
    lost = Keyring((Fernet.generate_key(),))
    through = ways(postbox.server)
    for number in range(3):
        draft = ChannelDraft(via=Via.EMAIL, address=SecretStr(f"lost{number}@example.com"))
        made = endpoints.add(source, lost, through, draft, person=OPERATOR)
        subscriptions.add(source, Draft(name="lost", query="", channels=(made.id,)), person(source, OPERATOR))
        with source.begin() as connection:
            table = schema.channels
            lane = Keyring((KEY,)).fingerprint("email smtp")
            connection.execute(update(table).where(table.c.id == made.id).values(lane=lane))
    put(source, matter("一"), matter("二", url=OTHER_PAGE))
    compose(source, through, WEB, NOW)
    mail(source, "there@example.com")
    put(source, matter("三", minutes=5))
    done = sent(source, server=postbox.server)
    assert [message["To"] for message in postbox.messages] == ["there@example.com"]
    assert done == Delivered(delivered=1, postponed=3), "one try a channel, not one a message"


def test_a_lost_key_switches_nobody_off(source: Engine, receiver: Receiver) -> None:
    """It is ours, not theirs: with the key back all leaves, and nobody has to switch anything on."""
    made = hook(source, receiver)
    put(source, matter("一"), matter("二", url=OTHER_PAGE, minutes=1))
    compose(source, ways(), WEB, NOW)
    lost, after = Keyring((Fernet.generate_key(),)), timedelta(0)
    for _ in range(100):
        deliver(source, ways(), lost, NOW + after, WEB)
        after += timedelta(hours=1)
    assert endpoints.get(source, made.channels[0]).active
    assert deliver(source, ways(), Keyring((KEY,)), NOW + after, WEB) == Delivered(delivered=2)
    assert receiver.told == ["一", "二"]


def test_a_server_that_ends_idle_transactions_doubles_nothing(
    source: Engine, database: str, receiver: Receiver
) -> None:
    """Ours is idle while an endpoint thinks: ended then, its message would be sent anew each round, for ever."""
    hook(source, receiver)
    put(source, matter())
    name = source.url.database
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '100ms'"))
    impatient = engine(database)
    receiver.hold = threading.Event()
    threading.Timer(0.5, receiver.hold.set).start()
    assert sent(impatient) == Delivered(delivered=1)
    assert sent(impatient) == Delivered()
    impatient.dispose()
    assert len(receiver.posts) == 1


def test_a_clock_that_jumped_back_does_not_hide_that_a_subscription_was_paused(
    source: Engine, receiver: Receiver, other_receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who listens is kept from batch to batch; whether it is so still may not hang on which clock is ahead."""
    first = hook(source, receiver, "first")
    hook(source, other_receiver, "second")
    held = outbox.enqueue(source, [matter("一")], WEB, NOW).listening
    monkeypatch.setattr(subscriptions, "now", lambda: now() - timedelta(hours=1))
    subscriptions.switch(source, first.id, active=False)
    assert outbox.enqueue(source, [matter("二", minutes=1)], WEB, NOW, held).notices == 1


def test_a_channel_taken_away_while_it_is_told_is_gone_after_it(
    source: Engine, database: str, receiver: Receiver
) -> None:
    made = hook(source, receiver)
    put(source, matter("一"), matter("二", url=OTHER_PAGE, minutes=1))
    compose(source, ways(), WEB, NOW)
    receiver.hold = threading.Event()
    done, other = list[Delivered](), engine(database)
    sending = threading.Thread(target=lambda: done.append(deliver(source, ways(), Keyring((KEY,)), NOW, WEB)))
    sending.start()
    while not receiver.posts:
        assert sending.is_alive()
    removing = threading.Thread(target=endpoints.remove, args=(other, made.channels[0]))
    removing.start()
    with other.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while not looking.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert removing.is_alive()
    receiver.hold.set()
    sending.join()
    removing.join()
    other.dispose()
    assert done[0].delivered >= 1
    assert (len(receiver.ids), ledger.listed(source)) == (done[0].delivered, ())


def test_what_waits_for_a_subscription_that_is_edited_is_told_once_as_it_was_put_down(
    source: Engine, receiver: Receiver
) -> None:
    made = hook(source, receiver, rhythm="hourly")
    put(source, matter("一"))
    draft = Draft(name="another name", query="site:beta", rhythm="daily", channels=made.channels)
    subscriptions.change(source, made.id, draft, person(source, OPERATOR))
    assert put(source, matter("二", url=OTHER_PAGE)) == 0
    assert [sent(source, timedelta(hours=hours)).delivered for hours in (0, 1, 2, 30)] == [0, 1, 0, 0]
    assert receiver.posts[0].body["subscription"] == "another name"


def test_what_two_rounds_find_at_once_is_sent_once(source: Engine, database: str, receiver: Receiver) -> None:
    """The one sends while the other looks: what it looks at is taken, and after that it is done."""
    hook(source, receiver)
    put(source, matter())
    compose(source, ways(), WEB, NOW)
    other = engine(database)
    receiver.hold = threading.Event()
    done = list[Delivered]()
    first = threading.Thread(target=lambda: done.append(deliver(source, ways(), Keyring((KEY,)), NOW, WEB)))
    first.start()
    while not receiver.posts:
        assert first.is_alive()
    assert deliver(other, ways(), Keyring((KEY,)), NOW, WEB) == Delivered()
    receiver.hold.set()
    first.join()
    other.dispose()
    assert (done, len(receiver.posts)) == ([Delivered(delivered=1)], 1)


def test_a_time_far_ahead_that_a_clock_left_holds_no_message(source: Engine, receiver: Receiver) -> None:
    hook(source, receiver)
    receiver.status = 503
    put(source, matter())
    ahead = timedelta(days=30)
    assert sent(source, ahead) == Delivered(postponed=1)
    receiver.status = 200
    assert sent(source) == Delivered(delivered=1)


def test_a_clock_that_jumps_back_while_a_message_leaves_marks_it_all_the_same(
    source: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(source, receiver)
    put(source, matter())
    monkeypatch.setattr("alerts.outcomes.real_now", lambda: now() - timedelta(hours=3))
    assert sent(source) == Delivered(delivered=1)
    assert [kept.state for kept in ledger.listed(source)] == [State.DELIVERED]
    assert sent(source) == Delivered()
    assert len(receiver.posts) == 1


_FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
CREATE CONSTRAINT TRIGGER fails AFTER UPDATE ON deliveries DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.channel = '{channel}' AND NEW.state = 'delivered') EXECUTE FUNCTION fails();
"""


def test_a_commit_that_fails_after_the_answer_repeats_that_one_message_under_its_id(
    source: Engine, receiver: Receiver, other_receiver: Receiver
) -> None:
    made = hook(source, receiver)
    hook(source, other_receiver)
    put(source, matter("一"), matter("二", url=OTHER_PAGE, minutes=1))
    with source.begin() as connection:
        connection.execute(text(_FAILS.format(channel=made.channels[0])))
    with pytest.raises(CatalogueError, match="the disk is full"):
        sent(source)
    assert (receiver.told, other_receiver.told) == (["一"], ["一", "二"])
    assert ledger.waiting(source) == 2
    with source.begin() as connection:
        connection.execute(text("DROP TRIGGER fails ON deliveries"))
    assert sent(source) == Delivered(delivered=2)
    assert (receiver.told, other_receiver.told) == (["一", "一", "二"], ["一", "二"])
    assert receiver.ids[0] == receiver.ids[1]
