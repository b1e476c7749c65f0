"""A desk over a real database, people who sit at it, and what they were told."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, insert, text
from starlette.testclient import TestClient

from alerts import outbox, people, schema
from alerts.channels import channels
from alerts.composing import compose
from alerts.delivery import deliver
from alerts.desk import Desk
from alerts.kinds import Matter
from alerts.sealing import Keyring
from domain.desk import ChannelDraft, Draft
from domain.settings import Settings
from domain.site import Site
from domain.subscription import Channel, Person, Subscription, Via

# What the desk tells, and where to: as the tests of alerts have it.
sys.path.append(str(Path(__file__).resolve().parents[1] / "alerts"))

from alert_endpoints import Receiver
from making_matters import edited, matter

__all__ = ["Known", "People", "Receiver", "edited", "matter"]

WEB = "http://127.0.0.1:8400"
HERE = {"Origin": "http://127.0.0.1"}
KEYRING = Keyring((Fernet.generate_key(),))
WAYS = channels(Settings(webhook_allow="127.0.0.0/8"))


@dataclass(frozen=True)
class Known:
    """Somebody with their token."""

    who: Person
    token: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class People:
    """Over one database: people are added, sign in, and are told."""

    engine: Engine
    desk: Desk
    room: FastAPI

    def add(self, name: str, *, operator: bool = False) -> Known:
        return Known(*people.add(self.engine, name, operator=operator))

    def visitor(self) -> TestClient:
        """Somebody who is not signed in, with a browser that says where it comes from."""
        return TestClient(self.room, base_url="http://127.0.0.1", headers=HERE, follow_redirects=False)

    def signed_in(self, known: Known) -> TestClient:
        client = self.visitor()
        assert client.post("/sign-in", data={"token": known.token}).status_code == 303
        return client

    def subscribe(self, known: Known, name: str = "招商", query: str = "招商引资", **more: object) -> Subscription:
        return self.desk.add(known.who, Draft.model_validate({"name": name, "query": query, **more}))

    def hook(self, known: Known, url: str, name: str = "值班", **more: object) -> Channel:
        draft = ChannelDraft(via=Via.WEBHOOK, address=SecretStr(url), name=name, **more)  # type: ignore[arg-type]
        return self.desk.add_channel(known.who, draft)

    def tell(self, matters: Sequence[Matter], *, send: bool = False) -> None:
        """They are matched, and put into messages; with `send` those are handed over."""
        moment = max(one.change.at for one in matters)
        outbox.enqueue(self.engine, matters, WEB, moment)
        compose(self.engine, WAYS, WEB, moment)
        if send:
            deliver(self.engine, WAYS, KEYRING, moment, WEB)

    def give_up(self) -> None:
        """Every message that waits."""
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE deliveries SET state='dead', attempts=20, last_error='HTTP 500'"))


def desk(engine: Engine, sites: dict[str, Site]) -> Desk:
    """An empty one."""
    empty(engine)
    return Desk(engine, KEYRING, WAYS, sites, WEB)


def empty(engine: Engine) -> None:
    """Takes everything away but the house's own operator."""
    with engine.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(table.delete())
        row = {"id": "operator", "name": "operator", "language": "both", "timezone": "Asia/Shanghai"}
        kept = row | {"operator": True, "active": True, "created_at": datetime.now(UTC)}
        connection.execute(insert(schema.people).values(kept))
