"""A store that fails now and then, from the verbs' side: nothing is told twice, nothing is lost, and a catalogue that
is lost is made again with the same rows. What the writer makes of each fault is in tests/storage/test_matrix.py."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from commands import Workplace, workplace
from paper_server import PaperServer, Story
from sqlalchemy import make_url, text

from catalogue import engine
from pipeline.embedded.shared import Endpoints

sys.path.append(str(Path(__file__).resolve().parents[1] / "storage"))

from faulting_proxy import DROP_AFTER, DROP_BEFORE, RESET_REPLY, RESET_SENDING, Fault, Proxy

HOST = "paper.example"
HOWS: list[dict[str, Any]] = [
    {"how": DROP_AFTER},
    {"how": 503},
    {"how": RESET_REPLY, "at": 40},
    {"how": 500, "stored": True},
    {"how": RESET_SENDING, "at": 25},
    {"how": 400, "stored": True},
    {"how": DROP_BEFORE},
    {"how": 409},
]
PARTS = ("/v1/seg/", "/v1/led/", "/v1/run/", "/v1/art/")


@dataclass
class Desk:
    """A paper, the house that watches it, and the store between them and their archive."""

    papers: PaperServer
    place: Workplace
    proxy: Proxy
    ways: Iterator[dict[str, Any]] = field(default_factory=lambda: cycle(HOWS))

    def run(self, *words: str, **env: str) -> Any:
        done = self.place.run(*words, "--json", **env)
        assert done.code == 0, done.err[-3000:]
        return done.json

    def spoil(self) -> None:
        """The next PUT of each kind fails, each in another way, and the next questions."""
        self.proxy.fail(*(Fault("PUT", part=part, **next(self.ways)) for part in PARTS))
        self.proxy.fail(*(Fault("GET", how, part) for part in PARTS for how in (503, DROP_AFTER)))

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        with self.place.catalogue() as catalogue:
            return catalogue.dump()


@pytest.fixture
def desk(endpoints: Endpoints, tmp_path: Path) -> Iterator[Desk]:
    with PaperServer() as papers, Proxy(endpoints.s3) as proxy, tempfile.TemporaryDirectory(prefix="tj-st-") as folder:
        place = workplace(
            endpoints,
            Path(folder) / "house",
            TONGJIAN_CONNECT_TO=f"::127.0.0.1:{papers.port}",
            TONGJIAN_GONE_AFTER="1",
            TONGJIAN_S3_ENDPOINT=proxy.address,
        )
        place.site("paper", f"http://{HOST}/", concurrent=4)
        yield Desk(papers, place, proxy)


def test_every_fault_is_got_over_and_a_lost_catalogue_comes_back(desk: Desk, endpoints: Endpoints) -> None:
    paper = desk.papers.paper(HOST, 12)
    desk.spoil()
    desk.run("run", "paper", "--recheck")
    paper.stories["/2026/1003.html"].extra = "更正：补贴金额由50万元改为80万元。"
    paper.gone.add("/2026/1007.html")
    paper.stories["/2026/1013.html"] = Story(1013, "新增公告第1013号")
    desk.spoil()
    desk.run("run", "paper", "--recheck")
    changes = desk.place.changes()
    assert sorted(kind for _, kind, _ in changes) == ["edited", *["new"] * 13, "removed"]
    _lose_the_catalogue(desk, endpoints)
    assert desk.place.changes() == changes
    desk.spoil()
    desk.run("run", "paper", "--recheck")
    assert desk.place.changes() == changes
    assert desk.place.damage() == []
    assert desk.place.spooled() == []
    assert set(desk.place.kept("paper")) == {f"http://{ask.place}" for ask in desk.papers.asked}


def _lose_the_catalogue(desk: Desk, endpoints: Endpoints) -> None:
    """A server with nothing in it, and a rebuild through the same store; then it is as it was."""
    before = desk.rows()
    source = engine(endpoints.database)
    name = make_url(desk.place.database).database
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    source.dispose()
    desk.spoil()
    desk.run("rebuild")
    after = desk.rows()
    assert before["changes"]
    assert after.keys() == before.keys()
    for table, rows in before.items():
        assert after[table] == rows, table
