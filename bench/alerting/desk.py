"""A desk of ours in PostgreSQL: subscriptions whose channels lead to loopback, changes, and the rounds that tell."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Engine, update

from alerts import endpoints, ledger, outbox, people, schema, subscriptions
from alerts.channels import Channels, channels
from alerts.composing import compose
from alerts.delivery import deliver
from alerts.kinds import Matter, Via
from alerts.listening import Listening
from alerts.sealing import Keyring
from alerts.upgrading import upgrade
from bench.alerting.endpoints import mark
from bench.processes import cpu, family
from bench.reprint_texts import article
from catalogue import Catalogue
from domain.article import Article
from domain.change import Change, ChangeType, FieldEdit
from domain.clock import now
from domain.desk import ChannelDraft, Draft
from domain.errors import TongjianError
from domain.settings import Settings
from domain.subscription import OPERATOR, Rhythm
from domain.urls import urlkey
from pipeline.embedded import postgres

WEB = "http://room.example.cn"
MINUTE = timedelta(seconds=61)
_BATCH = 100  # as pipeline.telling
_ROUNDS = 400
_SERIAL = count(1)


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall seconds; CPU seconds of this process, and of PostgreSQL's."""

    seconds: float = 0.0
    own: float = 0.0
    database: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.seconds + other.seconds, self.own + other.own, self.database + other.database)


class Desk:
    """`folder` is PostgreSQL's."""

    def __init__(self, source: Engine, folder: Path) -> None:
        self.source, self.keyring, self._folder = source, Keyring((Fernet.generate_key(),)), folder
        self._channel_ids: list[str] = []

    def ways(self, smtp: int = 0, rules: str = "") -> Channels:
        """The channels of a house that may tell this machine. `smtp` is the mail server's port, `rules` as
        TONGJIAN_CONNECT_TO."""
        server = f"127.0.0.1:{smtp}" if smtp else ""
        said = {"smtp": server, "mail_from": "tongjian@example.cn", "webhook_allow": "127.0.0.0/8", "connect_to": rules}
        return channels(Settings.model_validate(said))

    def channel(self, ways: Channels, via: Via, address: str) -> str:
        draft = ChannelDraft(via=via, address=SecretStr(address))
        id = endpoints.add(self.source, self.keyring, ways, draft, person=OPERATOR).id
        self._channel_ids.append(id)
        return id

    def subscribe(self, *channels: str, query: str = "", rhythm: Rhythm = Rhythm.INSTANT) -> None:
        draft = Draft(name="值班 desk", query=query, channels=channels, rhythm=rhythm)
        subscriptions.add(self.source, draft, people.get(self.source, OPERATOR))

    def clear(self) -> None:
        """Without subscriptions and channels: what comes next is told to nobody of before."""
        for one in subscriptions.every(self.source):
            subscriptions.remove(self.source, one.id)
        for id in self._channel_ids:
            endpoints.remove(self.source, id)
        self._channel_ids.clear()

    def put(self, matters: list[Matter], moment: datetime) -> int:
        """Matches and puts down, a transaction a hundred changes, as the verb notify does it; gives the notices."""
        notices, held = 0, None
        for start in range(0, len(matters), _BATCH):
            notices, held = _added(notices, self._enqueued(matters[start : start + _BATCH], moment, held))
        return notices

    def _enqueued(self, matters: list[Matter], moment: datetime, held: Listening | None) -> outbox.Put:
        return outbox.enqueue(self.source, matters, WEB, moment, held)

    def tell(self, ways: Channels, moment: datetime) -> int:
        """A round; gives how many messages were accepted."""
        compose(self.source, ways, WEB, moment)
        return deliver(self.source, ways, self.keyring, moment, WEB).delivered

    def rounds(self, ways: Channels, moment: datetime) -> list[int]:
        """Rounds a minute apart until nothing waits: messages accepted in each. The minutes are not waited for: what
        limits count is put back by one. Raises TongjianError where something still waits at the end."""
        told: list[int] = []
        while ledger.waiting(self.source) or ledger.held(self.source):
            if len(told) == _ROUNDS:
                raise TongjianError(f"{ledger.waiting(self.source)} messages still wait after {_ROUNDS} rounds")
            told.append(self.tell(ways, moment + len(told) * MINUTE))
            self.later()
        return told

    def later(self) -> None:
        """A minute later for what limits count."""
        table = schema.deliveries
        earlier = {"made_at": table.c.made_at - MINUTE, "tried_at": table.c.tried_at - MINUTE}
        with self.source.begin() as connection:
            connection.execute(update(table).values(earlier))

    @contextmanager
    def costing(self, cost: list[Cost]) -> Iterator[None]:
        """Appends what the block took."""
        began, own, database = time.perf_counter(), time.process_time(), self._database()
        yield
        spent = Cost(time.perf_counter() - began, time.process_time() - own, self._database() - database)
        cost.append(spent)

    def _database(self) -> float:
        return sum(cpu(process.pid) for process in family(postgres.pid(self._folder) or 0))


def _added(notices: int, put: outbox.Put) -> tuple[int, Listening]:
    return notices + put.notices, put.listening


@contextmanager
def desk(state: Path) -> Iterator[Desk]:
    """In an embedded server of its own."""
    folder = state / "pg"
    postgres.start(folder)
    try:
        with Catalogue(postgres.address(folder)) as catalogue:
            catalogue.upgrade()
            upgrade(catalogue.engine)
            yield Desk(catalogue.engine, folder)
    finally:
        postgres.stop(folder)


def changes(size: int, first: int = 0) -> list[Matter]:
    """So many pages, each changed once, numbered from `first`: one in three is new, the others were edited in an
    amount."""
    serial, began = next(_SERIAL), now()
    numbers = range(first, first + size)
    return [_matter(serial, number, began + timedelta(milliseconds=number)) for number in numbers]


def _matter(serial: int, number: int, at: datetime) -> Matter:
    written = article(number)
    url = f"http://www.city{number % 20}.example.cn/{serial}/t20260101_{number}.html"
    edit = {"type": ChangeType.NEW, "version": 1} if number % 3 == 0 else _edit(written)
    said = {"site": f"city{number % 20}", "url": url, "urlkey": urlkey(url), "at": at, "evidence": (url,)}
    title = f"{mark(number)} {written.title}"
    return Matter(Change.model_validate(said | edit), title, written.text, source="某某日报", site_title="某某市政府")


def _edit(written: Article) -> dict[str, object]:
    after = written.text.replace("万元", "亿元", 1).replace("五个工作日", "七个工作日")
    fields = (FieldEdit(name="body", before=written.text, after=after),)
    return {"type": ChangeType.EDITED, "version": 2, "previous": 1, "fields": fields}
