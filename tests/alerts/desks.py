"""Subscriptions with their channels, and the rounds that tell them: over real endpoints on loopback."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Thread
from time import sleep

from alert_endpoints import Receiver
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Engine, insert, text

from alerts import endpoints, outbox, subscriptions
from alerts.channels import Channels, channels
from alerts.composing import compose
from alerts.delivery import Delivered, deliver
from alerts.kinds import Matter, Subscription, Via
from alerts.people import get as person
from alerts.sealing import Keyring
from catalogue.schema import reprints
from domain.desk import ChannelDraft, Draft
from domain.settings import Settings
from domain.subscription import OPERATOR, Channel

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WEB = "http://room.example"
KEY = Fernet.generate_key()
KEYRING = Keyring((KEY,))


@lru_cache(maxsize=8)
def ways(server: str = "") -> Channels:
    """The channels of a house that may tell this machine."""
    chosen = Settings(smtp=server, mail_from="tongjian@example.org", webhook_allow="127.0.0.0/8")
    return channels(chosen)


def channel(source: Engine, via: Via, address: str, secret: str | None = None) -> Channel:
    draft = ChannelDraft(via=via, address=SecretStr(address), secret=SecretStr(secret) if secret else None)
    return endpoints.add(source, KEYRING, ways(), draft, person=OPERATOR)


def subscribe(
    source: Engine, via: Via, address: str, name: str = "desk", *, secret: str | None = None, **more: object
) -> Subscription:
    made = channel(source, via, address, secret)
    draft = Draft.model_validate({"name": name, "channels": (made.id,), **more})
    return subscriptions.add(source, draft, person(source, OPERATOR))


def hook(source: Engine, receiver: Receiver, name: str = "desk", **more: object) -> Subscription:
    return subscribe(source, Via.WEBHOOK, receiver.url, name, **more)  # type: ignore[arg-type]


def mail(source: Engine, address: str = "desk@example.com", name: str = "desk", **more: object) -> Subscription:
    return subscribe(source, Via.EMAIL, address, name, **more)  # type: ignore[arg-type]


def put(source: Engine, *matters: Matter, at: datetime = NOW) -> int:
    """Matches; gives how many changes were put down for channels."""
    return outbox.enqueue(source, matters, WEB, at).notices


def sent(source: Engine, after: timedelta = timedelta(0), server: str = "", using: Channels | None = None) -> Delivered:
    """A round: messages are made of what is due then, and delivered."""
    through = using or ways(server)
    compose(source, through, WEB, NOW + after)
    return deliver(source, through, KEYRING, NOW + after, WEB)


def cluster(source: Engine, *pages: Matter) -> list[Matter]:
    """The pages as copies of the first."""
    first = pages[0].change
    rows = [
        {"site": one.change.site, "urlkey": one.change.urlkey, "cluster": "c1", "first_site": first.site}
        | {"first_urlkey": first.urlkey, "first_url": first.url, "confidence": 1.0, "similarity": 1.0}
        | {"contained": 1.0, "official": False, "reasons": []}
        for one in pages
    ]
    with source.begin() as connection:
        connection.execute(insert(reprints).values(rows))
    return [
        Matter(one.change, one.title, one.text, cluster="c1", first=one is pages[0], site_title=one.change.site)
        for one in pages
    ]


def waits(source: Engine, thread: Thread) -> None:
    """Until the thread waits for a lock in the database, or has ended."""
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while thread.is_alive() and not looking.scalar(blocked):
            sleep(0.01)
