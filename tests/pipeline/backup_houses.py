"""Houses with subscribers, for backups: what is in their tables, and others with nothing but the bucket and the key."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newspaper import START, Newspaper, database, page, url
from pydantic import SecretStr
from sqlalchemy import Engine, text

sys.path.append(str(Path(__file__).parent.parent / "alerts"))
from alert_endpoints import Receiver

from alerts import endpoints, people, subscriptions, teams
from alerts.channels import channels
from alerts.dumping import TABLES
from alerts.sealing import Keyring
from alerts.upgrading import upgrade
from catalogue.connection import transaction
from domain.desk import ChannelDraft, Draft
from domain.health import Standing, State
from domain.settings import Settings
from domain.subscription import OPERATOR, Channel, Role, Via
from pipeline.embedded.shared import Endpoints
from pipeline.house import House
from pipeline.telling import Told, tell

SECRET = "whsec_" + "c2VjcmV0IG9mIGF0IGxlYXN0IHR3ZW50eS1mb3VyIGJ5dGVz"


@dataclass
class Desk:
    """A house, the paper that it watches, and who is told of it."""

    house: House
    paper: Newspaper

    @property
    def engine(self) -> Engine:
        return self.house.catalogue.engine

    def channel(self, address: str, secret: str | None = None) -> Channel:
        keyring, ways = Keyring.load(self.house.settings), channels(self.house.settings)
        sealed = SecretStr(secret) if secret else None
        draft = ChannelDraft(via=Via.WEBHOOK, address=SecretStr(address), secret=sealed)
        upgrade(self.engine)
        return endpoints.add(self.engine, keyring, ways, draft, person=OPERATOR)

    def subscribe(self, receiver: Receiver, name: str = "desk", query: str = "", **more: Any) -> str:
        """A subscription that heard of all that the paper ever wrote."""
        made = self.channel(receiver.url, SECRET)
        draft = Draft(name=name, query=query, channels=(made.id,), **more)
        id = subscriptions.add(self.engine, draft, people.get(self.engine, OPERATOR)).id
        with transaction(self.engine) as connection:
            connection.execute(text("UPDATE subscriptions SET created_at = :at"), {"at": START})
        return id

    def writes(self, *numbers: int, body: str = "") -> None:
        """A round in which these pages are new or otherwise; without a body each has a text of its own."""
        for number in numbers:
            self.paper.answers[url(number)] = page(number, body or prose(number))
        self.paper.round(*numbers)

    def tell(self) -> Told:
        return tell(self.house)

    def rows(self) -> dict[str, list[str]]:
        """Everything that a backup has, by table."""
        return tables(self.house)

    def fill(self, receiver: Receiver) -> None:
        """A row at least in every table: what was delivered, what waits, what is held; a team, a site's health."""
        self.subscribe(receiver, "edits 改动")
        self.subscribe(receiver, 'daily "日报" \\u00e9 \u2028 𠮷', rhythm="daily")
        person, _ = people.add(self.engine, "齐老师")
        team = teams.add(self.engine, "值班组", OPERATOR)
        teams.put_member(self.engine, team.id, person.id, Role.READER)
        well = State.HEALTHY
        said = Standing(site="paper", state=well, beneath=well, since=START, checked=START).model_dump_json()
        with transaction(self.engine) as connection:
            connection.execute(text("INSERT INTO site_health VALUES ('paper', :said, now(), 'broken')"), {"said": said})
        self.writes(1)
        self.tell()
        receiver.status = 503
        self.writes(1, body="总投资2000亿元，<b>标签</b> 反斜线 \\\\ 引号 ' 结束。")
        self.tell()
        receiver.status = 200


def prose(number: int) -> str:
    """A text like no other number's: they would be reprints of one article."""
    return "".join(chr(0x4E00 + (number * 7919 + place * place * 31) % 20_000) for place in range(600))


def tables(house: House) -> dict[str, list[str]]:
    with transaction(house.catalogue.engine) as connection:
        return {
            name: sorted(connection.scalars(text(f"SELECT row_to_json(one)\\:\\:text FROM {name} one")))
            for name in TABLES
        }


@contextmanager
def opened(endpoints: Endpoints, bucket: str, name: str, state: Path) -> Iterator[House]:
    """A house of that bucket with a new, empty database."""
    chosen = Settings(
        bucket=bucket,
        s3_endpoint=endpoints.s3,
        database=database(endpoints, name),
        state=state,
        webhook_allow="127.0.0.0/8",
    )
    with ExitStack() as stack:
        yield House(chosen, endpoints.keys, stack)


def carry_key(source: House, target: House) -> None:
    """What an operator brings along: the sealing key's file."""
    target.settings.sealing_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source.settings.sealing_file, target.settings.sealing_file)


def cleared(house: House) -> None:
    """SeaweedFS reserves volumes for each bucket, and a small disk has room for some 70."""
    for key, _ in house.bucket.list(""):
        house.bucket.client.delete_object(Bucket=house.bucket.name, Key=key)
    house.bucket.client.delete_bucket(Bucket=house.bucket.name)
