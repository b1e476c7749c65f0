"""Subscriptions and channels as they are kept; real PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, insert, select, text, update

from alerts import endpoints, ledger, people, schema, subscriptions
from alerts.channels import Channels, channels
from alerts.query import QueryError
from alerts.sealing import Keyring
from alerts.switching import OFF
from alerts.withdrawing import withdraw
from catalogue.connection import transaction
from domain.clock import now
from domain.desk import ChannelDraft, Draft
from domain.errors import ConfigurationError, NotFound
from domain.settings import Settings
from domain.subscription import OPERATOR, Channel, Person, Rhythm, State, Via

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOOK = "http://127.0.0.1:9/hook?token=t0p"


@pytest.fixture
def who(source: Engine) -> Person:
    return people.add(source, "王芳", language="zh", timezone="Asia/Urumqi")[0]


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.load(Settings(state=tmp_path))


@pytest.fixture
def ways(tmp_path: Path) -> Channels:
    return channels(Settings(state=tmp_path, webhook_allow="127.0.0.0/8"))


Adds = Callable[..., Channel]


@pytest.fixture
def added(source: Engine, keyring: Keyring, ways: Channels, who: Person) -> Adds:
    """Adds a channel of the person's."""

    def add(address: str = HOOK, via: Via = Via.WEBHOOK, secret: str | None = None) -> Channel:
        sealed = SecretStr(secret) if secret else None
        draft = ChannelDraft(via=via, address=SecretStr(address), secret=sealed)
        return endpoints.add(source, keyring, ways, draft, person=who.id)

    return add


def test_what_a_draft_leaves_open_is_the_persons(source: Engine, who: Person, added: Adds) -> None:
    channel = added()
    draft = Draft(name="  商务  desk ", query="  招商 与 site:alpha ", channels=(channel.id, channel.id))
    held = subscriptions.add(source, draft, who)
    assert (held.name, held.query, held.person, held.team) == ("商务 desk", "招商 与 site:alpha", who.id, None)
    assert (held.timezone, held.language, held.rhythm) == ("Asia/Urumqi", "zh", Rhythm.INSTANT)
    assert (held.channels, held.active, held.has_feed) == ((channel.id,), True, False)
    assert subscriptions.get(source, held.id) == held
    assert subscriptions.every(source) == (held,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"query": "(招商"},
        {"query": "type:changed"},
        {"timezone": "Asia/Zibo"},
        {"quiet_from": 60, "quiet_to": 60},
        {"quiet_from": 60},
        {"channels": ("none",)},
    ],
)
def test_a_wrong_part_is_refused_and_explained(source: Engine, who: Person, wrong: dict[str, object]) -> None:
    draft = Draft.model_validate({"name": "x"} | wrong)
    with pytest.raises(ConfigurationError) as told:
        subscriptions.add(source, draft, who)
    assert told.value.hint
    held = subscriptions.add(source, Draft(name="x", query="招商"), who)
    with pytest.raises(ConfigurationError):
        subscriptions.change(source, held.id, draft, who)
    assert subscriptions.get(source, held.id) == held


def test_a_wrong_query_is_shown_at_its_place(source: Engine, who: Person) -> None:
    with pytest.raises(QueryError) as told:
        subscriptions.add(source, Draft(name="x", query="招商 与"), who)
    assert told.value.position == 4


def test_a_change_is_whole_and_seen_by_who_listens(source: Engine, who: Person, added: Adds) -> None:
    first, second = added(), added("desk@example.com", Via.EMAIL)
    held = subscriptions.add(source, Draft(name="x", query="招商", channels=(first.id,)), who)
    before = revision(source)
    draft = Draft(name="y", query="退款", channels=(second.id,), rhythm=Rhythm.DAILY, hour=7, quiet_from=0, quiet_to=1)
    changed = subscriptions.change(source, held.id, draft, who)
    assert (changed.query, changed.channels, changed.hour, changed.quiet_to) == ("退款", (second.id,), 7, 1)
    assert (changed.timezone, changed.language, changed.created_at) == ("Asia/Urumqi", "zh", held.created_at)
    assert revision(source) > before
    with pytest.raises(ConfigurationError):
        subscriptions.change(source, held.id, Draft(name="y", team="other"), who)
    with pytest.raises(NotFound):
        subscriptions.change(source, "none", draft, who)


def revision(source: Engine) -> object:
    with transaction(source) as connection:
        return connection.scalar(select(schema.subscriptions.c.changed_at))


def test_what_happens_in_a_pause_is_not_told(source: Engine, who: Person) -> None:
    held = subscriptions.add(source, Draft(name="x"), who)
    paused = subscriptions.switch(source, held.id, active=False)
    assert (paused.active, paused.created_at) == (False, held.created_at)
    resumed = subscriptions.switch(source, held.id, active=True)
    assert resumed.active
    assert resumed.created_at > held.created_at
    assert subscriptions.switch(source, held.id, active=True) == resumed
    subscriptions.remove(source, held.id)
    for attempt in (
        lambda: subscriptions.get(source, held.id),
        lambda: subscriptions.remove(source, held.id),
        lambda: subscriptions.switch(source, held.id, active=True),
        lambda: subscriptions.renew_feed(source, held.id),
    ):
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize("resume", [False, True])
def test_no_change_falls_between_a_notifier_and_a_new_subscription(source: Engine, who: Person, resume: bool) -> None:
    """A notifier that is matching holds the table: who is added meanwhile listens from after its end."""
    held = subscriptions.add(source, Draft(name="paused"), who)
    subscriptions.switch(source, held.id, active=False)
    made: list[object] = []

    def add() -> None:
        if resume:
            made.append(subscriptions.switch(source, held.id, active=True).created_at)
        else:
            made.append(subscriptions.add(source, Draft(name="new"), who).created_at)

    with transaction(source) as notifier:
        notifier.execute(text("LOCK TABLE subscriptions IN SHARE MODE"))
        adding = threading.Thread(target=add)
        adding.start()
        while not notifier.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert adding.is_alive()
        over = now()
    adding.join()
    assert made[0] > over  # type: ignore[operator]


def test_a_feed_opens_by_its_newest_token_alone(source: Engine, who: Person) -> None:
    held = subscriptions.add(source, Draft(name="x"), who)
    old = subscriptions.renew_feed(source, held.id)
    assert subscriptions.by_feed_token(source, old) == held.model_copy(update={"has_feed": True})
    new = subscriptions.renew_feed(source, held.id)
    assert subscriptions.by_feed_token(source, new).id == held.id
    with pytest.raises(NotFound):
        subscriptions.by_feed_token(source, old)


def test_matches_are_shown_the_newest_first(source: Engine, who: Person) -> None:
    held, other = (subscriptions.add(source, Draft(name=name), who) for name in "xy")
    moment = now()
    with transaction(source) as connection:
        for number in range(3):
            at = moment + timedelta(minutes=number)
            told = {"change_id": f"c{number}", "at": moment, "payload": {"title": str(number)}}
            connection.execute(insert(schema.told).values(told))
            matched = {"subscription": held.id, "change_id": f"c{number}", "at": at, "notes": ["废止"]}
            connection.execute(insert(schema.matches).values(matched))
    found = subscriptions.matches(source, held.id, 2)
    assert [(one.change, one.payload["title"], one.payload["notes"]) for one in found] == [
        ("c2", "2", ["废止"]),
        ("c1", "1", ["废止"]),
    ]
    assert subscriptions.matches(source, other.id, 2) == ()


def test_what_was_taken_down_is_in_no_match(source: Engine, who: Person) -> None:
    held, moment = subscriptions.add(source, Draft(name="x"), who), now()
    told = {"change_id": "c", "at": moment, "site": "alpha", "urlkey": "k", "change_at": moment}
    with transaction(source) as connection:
        connection.execute(insert(schema.told).values(told | {"payload": {"id": "c", "title": "某人的住址"}}))
        matched = {"subscription": held.id, "change_id": "c", "at": moment, "notes": ["废止 repeals X: 某人的住址"]}
        connection.execute(insert(schema.matches).values(matched))
    assert withdraw(source, "alpha", "k", moment, moment, "应要求下架") == 1
    (match,) = subscriptions.matches(source, held.id, 5)
    assert "住址" not in str(match.payload)
    assert match.payload["summary"] == "应要求下架"


def test_an_address_is_sealed_and_shown_without_its_secret(
    source: Engine, keyring: Keyring, who: Person, added: Adds
) -> None:
    channel = added(secret=SECRET)
    assert (channel.shown, channel.signed, channel.active) == ("http://127.0.0.1:9/hook?…", True, True)
    with transaction(source) as connection:
        row = str(dict(connection.execute(select(schema.channels)).mappings().one()))
    assert "t0p" not in row + repr(channel)
    assert SECRET.removeprefix("whsec_") not in row + repr(channel)
    target = endpoints.target(source, keyring, channel.id)
    assert (target.address, target.secret) == (HOOK, SECRET)
    assert endpoints.get(source, channel.id) == channel
    assert endpoints.every(source) == (channel,)


def test_the_same_address_again_is_the_same_channel(
    source: Engine, keyring: Keyring, ways: Channels, added: Adds
) -> None:
    first = added()
    assert added() == first
    signed = added(secret=SECRET)
    assert (signed.id, signed.signed) == (first.id, True)
    assert endpoints.target(source, keyring, first.id).secret == SECRET
    assert added("http://127.0.0.1:9/other").id != first.id
    draft = ChannelDraft(via=Via.WEBHOOK, address=SecretStr(HOOK))
    assert endpoints.add(source, keyring, ways, draft, person=OPERATOR).id != first.id


def test_two_who_add_an_address_at_once_get_one_channel(source: Engine, who: Person, added: Adds) -> None:
    made: list[str] = []
    adding = [threading.Thread(target=lambda: made.append(added().id)) for _ in range(4)]
    with transaction(source) as holding:
        holding.execute(select(schema.people).where(schema.people.c.id == who.id).with_for_update())
        for one in adding:
            one.start()
        while (holding.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) or 0) < len(adding):
            assert all(one.is_alive() for one in adding)
    for one in adding:
        one.join()
    assert len(made) == len(adding)
    assert len(set(made)) == len(endpoints.every(source)) == 1


def test_channels_that_are_down_together_share_a_lane(source: Engine, added: Adds) -> None:
    ids = {
        "hook": added().id,
        "other": added("http://127.0.0.1:9/other").id,
        "mail": added("a@example.com", Via.EMAIL).id,
        "post": added("b@example.org", Via.EMAIL).id,
    }
    with transaction(source) as connection:
        lanes = {row.id: row.lane for row in connection.execute(select(schema.channels.c.id, schema.channels.c.lane))}
    assert lanes[ids["mail"]] == lanes[ids["post"]]
    assert len(set(lanes.values())) == 3
    assert "t0p" not in str(lanes)


@pytest.mark.parametrize(
    ("via", "address"),
    [
        (Via.WEBHOOK, "example.com/t0ptoken"),
        (Via.WEBHOOK, "http://192.168.0.1/t0ptoken"),
        (Via.EMAIL, "t0ptoken"),
    ],
)
def test_a_wrong_address_is_refused(source: Engine, added: Adds, via: Via, address: str) -> None:
    with pytest.raises(ConfigurationError):
        added(address, via)
    assert endpoints.every(source) == ()


def test_a_channel_switched_on_again_sends_what_it_missed(source: Engine, added: Adds) -> None:
    channel = added()
    off = {"active": False, "disabled_why": "410 Gone", "failures": 20, "failing_since": now(), "paused_until": now()}
    with transaction(source) as connection:
        connection.execute(update(schema.channels).values(off))
        for id, error in (("missed", OFF + "410 Gone"), ("refused", "413 Content Too Large")):
            connection.execute(insert(schema.deliveries).values(dead(channel.id, id, error)))
    assert not endpoints.get(source, channel.id).active
    assert endpoints.enable(source, channel.id) == channel
    assert [one.id for one in ledger.listed(source, State.WAITING)] == ["missed"]
    assert [one.id for one in ledger.listed(source, State.DEAD)] == ["refused"]
    with pytest.raises(NotFound):
        endpoints.enable(source, "none")


def dead(channel: str, id: str, error: str) -> dict[str, object]:
    times = dict.fromkeys(("at", "next_try_at", "made_at"), now())
    counts = {"changes": 1, "attempts": 3, "refusals": 1}
    said = {"id": id, "channel": channel, "pages": [], "language": "both", "payload": {}, "last_error": error}
    return said | times | counts | {"state": "dead"}


def test_a_channel_that_goes_leaves_its_subscriptions(source: Engine, who: Person, added: Adds) -> None:
    channel = added()
    held = subscriptions.add(source, Draft(name="x", channels=(channel.id,)), who)
    endpoints.remove(source, channel.id)
    assert subscriptions.get(source, held.id) == held.model_copy(update={"channels": ()})
    for attempt in (
        lambda: endpoints.remove(source, channel.id),
        lambda: endpoints.get(source, channel.id),
    ):
        with pytest.raises(NotFound):
            attempt()
