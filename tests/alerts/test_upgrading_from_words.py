"""What people had before there were queries and channels goes on: who is told of what, and what waits for them."""

from pathlib import Path

import pytest
from alert_endpoints import Postbox, Receiver
from desks import WEB
from making_matters import matter
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.schema import MetaData
from sqlalchemy.schema import Table as Old

from alerts import endpoints, ledger, schema, subscriptions
from alerts.channels import Channels, channels
from alerts.delivery import deliver
from alerts.kinds import State
from alerts.listening import document, listening
from alerts.query import parse
from alerts.sealing import Keyring
from alerts.upgrading import ALERTS, upgrade
from catalogue import Catalogue, engine
from catalogue.upgrading import migrate
from domain.clock import now
from domain.settings import Settings, settings

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
OFF = "the endpoint answered 410: the subscription is switched off"


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TONGJIAN_STATE", str(tmp_path))
    return settings()


def _subscribed(connection: Connection, id: str, address: str, **more: object) -> None:
    held = {"id": id, "name": f"desk {id}", "channel": "webhook", "address": address, "secret": None, "active": True}
    held |= {"words": [], "types": [], "sites": [], "created_at": now()}
    old = Old("subscriptions", MetaData(), autoload_with=connection)
    connection.execute(insert(old).values(held | more))


def _told(connection: Connection, id: str, subscription: str, state: str, **more: object) -> None:
    known = MetaData()
    told, old = (Old(name, known, autoload_with=connection) for name in ("told", "deliveries"))
    change = f"change-of-{id}"
    payload = {"id": change, "type": "new", "url": "http://a.cn/1", "site": "alpha", "at": "2026-01-01T00:00:00Z"}
    payload |= {"fields": [], "title": f"title of {id}", "subscription": "desk", "summary": "s", "link": "http://x/"}
    row = {"id": id, "subscription": subscription, "change_id": change, "site": "alpha", "urlkey": "k", "at": now()}
    row |= {"payload": payload, "state": state, "attempts": 3, "next_try_at": now(), "last_error": None}
    row |= {"delivered_at": now() if state == "delivered" else None}
    connection.execute(insert(told).values(change_id=change, at=now()))
    connection.execute(insert(old).values(row | more))


@pytest.fixture
def upgraded(bare_database: str, chosen: Settings, receiver: Receiver, postbox: Postbox) -> Engine:
    with Catalogue(bare_database) as catalogue:
        catalogue.upgrade()
    source = engine(bare_database)
    with source.begin() as connection:
        migrate(connection, ALERTS, "0002")
        every = {
            "words": ["招商", "number:鲁政办发〔2017〕7号"],
            "types": ["edited", "health"],
            "sites": ["alpha", "b-c"],
        }
        _subscribed(connection, "one", receiver.url, secret=SECRET, **every)
        _subscribed(connection, "off", receiver.url, active=False)
        _subscribed(connection, "post", "desk@example.com", channel="email", words=["招商"], types=["new"])
        _subscribed(connection, "other post", "other@example.com", channel="email")
        _told(connection, "waits", "one", "waiting")
        _told(connection, "arrived", "one", "delivered")
        _told(connection, "refused", "one", "dead", last_error="422")
        _told(connection, "switched off", "off", "dead", last_error=OFF)
        _told(connection, "mail", "post", "waiting")
    upgrade(source)
    return source


def _ways(postbox: Postbox) -> Channels:
    return channels(
        Settings(smtp=postbox.server, mail_from="tongjian@example.org", webhook_allow="127.0.0.0/8"),
    )


def test_what_waited_is_delivered_under_the_id_it_had(
    upgraded: Engine, chosen: Settings, receiver: Receiver, postbox: Postbox
) -> None:
    keyring = Keyring.load(chosen)
    deliver(upgraded, _ways(postbox), keyring, now(), WEB)
    (post,) = receiver.posts
    assert (post.id, post.body["title"]) == ("waits", "title of waits")
    assert "webhook-signature" in post.headers
    (message,) = postbox.messages
    assert message["Message-ID"] == "<mail@example.org>"
    assert {one.id: one.state for one in ledger.listed(upgraded)} == {
        "waits": State.DELIVERED,
        "mail": State.DELIVERED,
        "arrived": State.DELIVERED,
        "refused": State.DEAD,
        "switched off": State.DEAD,
    }


def test_a_query_asks_for_what_words_types_and_sites_did(upgraded: Engine) -> None:
    held = {one.id: one for one in subscriptions.every(upgraded)}
    assert {one.person for one in held.values()} == {"operator"}
    asked = parse(held["one"].query)
    assert [number.text for number in asked.numbers] == ["鲁政办发〔2017〕7号"]
    with upgraded.connect() as connection:
        heard = listening(connection)
    hearing = [one.id for one in heard.hearing(document(matter("招商引资")))]
    assert hearing == ["off", "other post", "post"]


def test_endpoints_are_sealed_and_lead_where_they_led(upgraded: Engine, chosen: Settings, receiver: Receiver) -> None:
    keyring = Keyring.load(chosen)
    with upgraded.connect() as connection:
        rows = {row.id: row for row in connection.execute(select(schema.channels))}
    assert all(row.address.startswith("sealed:") for row in rows.values())
    target = endpoints.target(upgraded, keyring, "one")
    assert (target.address, target.secret) == (receiver.url, SECRET)
    assert rows["one"].lane == rows["off"].lane, "one endpoint is down at once"
    assert rows["post"].lane == rows["other post"].lane, "there is one mail server"


def test_what_was_told_is_told_to_nobody_again_and_stands_in_the_feed(upgraded: Engine) -> None:
    (found, *others) = subscriptions.matches(upgraded, "post", 9)
    assert (found.change, found.payload["title"], others) == ("change-of-mail", "title of mail", [])


def test_a_channel_that_was_off_gets_what_it_missed_when_it_is_on_again(
    upgraded: Engine, chosen: Settings, receiver: Receiver, postbox: Postbox
) -> None:
    assert not endpoints.get(upgraded, "off").active
    endpoints.enable(upgraded, "off")
    deliver(upgraded, _ways(postbox), Keyring.load(chosen), now(), WEB)
    assert "switched off" in receiver.ids
    assert "refused" not in receiver.ids
