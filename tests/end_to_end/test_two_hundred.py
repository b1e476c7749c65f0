"""Two hundred pages over eight templates and four sites, eighty of them gb18030 that says gb2312, over six rounds:
every change with its right type, and nothing else. No site file has a selector."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk import Desk, make_database

from bench.monitoring.told import CLASSES, alarms
from bench.paper.houses import HOUSES, site_file
from bench.paper.model import EDITS, Kind
from bench.paper.press import Leaf, Press
from bench.paper.schedule import BLOCKED, DOWN, REDESIGNED, ROUNDS, Schedule, schedule
from bench.paper.scoring import Alarm, Score, score
from bench.paper.serving import serving
from bench.paper.truth import Truth, truth
from catalogue import Catalogue
from domain.article import Article
from domain.change import Change, Status
from pipeline.embedded.shared import Endpoints

PAGES = 200


@dataclass(frozen=True)
class Watched:
    """All that came of it. `changes` by round, cosmetic ones included; `first` and `articles` are the readings of the
    first round and of the last, by the address where a page was first."""

    press: Press
    plan: Schedule
    truth: Truth
    score: Score
    changes: list[list[Change]]
    articles: dict[str, Article]
    first: dict[str, Article]
    statuses: dict[str, Status]

    def told(self, round_: int) -> list[Alarm]:
        return alarms(round_, self.changes[round_])

    def strays(self, *blames: str) -> list[tuple[str, str, str]]:
        """False alarms that these are to blame for: (blame, template, type and address)."""
        return sorted(
            (blame, self._template(alarm), f"{alarm.round} {alarm.type} {alarm.url}")
            for blame, alarm in self.score.strays
            if blame in blames
        )

    def _template(self, alarm: Alarm) -> str:
        page = self.truth.pages.get(alarm.url)
        return "?" if page is None else self.press.leaves[page].template

    def missed(self, *kinds: Kind) -> list[tuple[str, str, str]]:
        """What was due of these kinds and was not told with its right type: (kind, template, what was told instead)."""
        unheard = [(due, "nothing") for due in self.score.missed]
        wrong = [(due, told[0].type) for due, told in self.score.wrong]
        return sorted(
            (due.kind.value, self.press.leaves[due.page].template, said)
            for due, said in [*unheard, *wrong]
            if due.kind in kinds
        )


@pytest.fixture(scope="module")
def watched(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Six rounds of `tongjian run`, once for all tests here."""
    press = Press(PAGES)
    with serving(press) as port:
        desk = _desk(endpoints, tmp_path_factory.mktemp("paper"), port)
        plan = schedule(press)
        found: list[list[Change]] = []
        known: set[str] = set()
        first: dict[str, Article] = {}
        for round_ in range(ROUNDS):
            press.turn(round_, plan.of(round_), plan.weather(round_))
            desk.run("run", *(house.name for house in HOUSES), "--recheck", expect=(0, 3))
            with Catalogue(desk.database) as catalogue:
                new = [change for change in catalogue.changes() if change.id not in known]
                first = first or {leaf.url: catalogue.version(leaf.url)[1] for leaf in press.leaves}
            known |= {change.id for change in new}
            found.append(new)
        articles, statuses = _last(desk.database, press)
    true = truth(press, plan)
    told = [alarm for round_, changes in enumerate(found) for alarm in alarms(round_, changes)]
    return Watched(press, plan, true, score(true, told), found, articles, first, statuses)


def _desk(endpoints: Endpoints, folder: Path, port: int) -> Desk:
    (folder / "sites").mkdir()
    for house in HOUSES:
        (folder / "sites" / f"{house.name.replace('-', '_')}.py").write_text(site_file(house, PAGES))
    database = make_database(endpoints, f"paper_{port}")
    environment = {
        "TONGJIAN_STATE": str(folder),
        "TONGJIAN_SITES": str(folder / "sites"),
        "TONGJIAN_S3_ENDPOINT": endpoints.s3,
        "TONGJIAN_DATABASE": database,
        "AWS_SHARED_CREDENTIALS_FILE": str(endpoints.credentials),
        "TONGJIAN_BUCKET": f"paper-{port}",
        "TONGJIAN_PACE": "1000",
        "TONGJIAN_CONNECT_TO": f"::127.0.0.1:{port}",
    }
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TONGJIAN_")}
    return Desk(clean | environment, database)


def _last(database: str, press: Press) -> tuple[dict[str, Article], dict[str, Status]]:
    with Catalogue(database) as catalogue:
        articles = {leaf.first_url: catalogue.version(leaf.first_url)[1] for leaf in press.leaves}
        rows = [row for house in HOUSES for row in catalogue.pages(house.name, 1000)]
    return articles, {row["url"]: Status(row["status"]) for row in rows}


def leaves(watched: Watched, *, gbk: bool) -> Iterator[Leaf]:
    return (leaf for leaf in watched.press.leaves if leaf.gbk is gbk)


def test_all_pages_are_found_once(watched: Watched) -> None:
    assert sorted(change.url for change in watched.changes[0]) == sorted(
        leaf.first_url for leaf in watched.press.leaves
    )
    assert {change.type.value for change in watched.changes[0]} == {"new"}
    assert sum(leaf.gbk for leaf in watched.press.leaves) == PAGES * 2 // 5


def test_noise_alone_is_no_change_not_even_a_cosmetic_one(watched: Watched) -> None:
    assert [(change.type.value, change.url, change.fields) for change in watched.changes[1]] == []
    assert watched.strays("noise") == []


@pytest.mark.parametrize("kind", EDITS, ids=lambda kind: kind.value)
def test_every_edit_is_told_as_one(watched: Watched, kind: Kind) -> None:
    assert watched.score.due[kind.value] >= 5
    assert watched.missed(kind) == []
    assert watched.strays(kind.value) == []


@pytest.mark.parametrize("kind", EDITS, ids=lambda kind: kind.value)
def test_every_edit_is_called_what_it_is(watched: Watched, kind: Kind) -> None:
    told = {(alarm.round, alarm.url): alarm.classes for round_ in (2, 5) for alarm in watched.told(round_)}
    dues = [due for due in watched.truth.due if due.kind is kind]
    called = {(due.first, url): told.get((due.first, url), ()) for due in dues for url in due.urls}
    assert {where: names for where, names in called.items() if CLASSES[kind].value not in names} == {}


@pytest.mark.parametrize(
    "kind", [Kind.GONE_404, Kind.GONE_410, Kind.GONE_SOFT, Kind.GONE_HOME, Kind.RESTORED, Kind.MOVED, Kind.REPUBLISHED]
)
def test_every_loss_return_and_move_is_told_as_one(watched: Watched, kind: Kind) -> None:
    assert watched.score.due[kind.value] >= (1 if kind is Kind.RESTORED else 4)
    assert watched.missed(kind) == []
    assert watched.strays(kind.value) == []


def test_a_page_still_gone_is_told_once(watched: Watched) -> None:
    assert watched.strays("still gone") == []
    removed = Counter(change.url for changes in watched.changes for change in changes if change.type.value == "removed")
    assert removed
    assert set(removed.values()) == {1}


@pytest.mark.parametrize("kind", [Kind.WIDTH, Kind.PUNCTUATION, Kind.SPACING, Kind.SCRIPT])
def test_another_way_of_writing_is_kept_and_not_told(watched: Watched, kind: Kind) -> None:
    assert watched.strays(kind.value) == []
    touched = {watched.press.leaves[event.page].url for event in watched.plan.of(2) if event.kind is kind}
    assert len(touched) == 4
    kept = {change.url for change in watched.changes[2] if change.cosmetic}
    assert touched <= kept


def test_a_firewall_makes_no_version(watched: Watched) -> None:
    assert watched.strays("block") == []
    site = [(change.type.value, change.url) for change in watched.changes[3] if change.site == BLOCKED]
    assert [told for told in site if told[0] != "moved"] == []


def test_a_site_that_answers_404_to_everything_loses_no_page(watched: Watched) -> None:
    assert watched.strays("outage") == []
    seen = [change for round_ in (3, 4) for change in watched.changes[round_] if change.site == DOWN]
    assert [(change.type.value, change.url) for change in seen if change.type.value != "moved"] == []
    gone = {due.page for due in watched.truth.due if due.type == "removed"}
    alive = [leaf for leaf in watched.press.leaves if leaf.house.name == DOWN and leaf.number not in gone]
    assert {watched.statuses[leaf.first_url] for leaf in alive if leaf.old is None} <= {Status.LIVE, Status.EDITED}


def test_new_mark_up_is_silent_and_later_edits_are_found(watched: Watched) -> None:
    assert watched.strays("redesign") == []
    later = {(due.first, url) for due in watched.truth.due if due.first == 5 for url in due.urls}
    told = {(alarm.round, alarm.url) for alarm in watched.told(5) if alarm.type == "edited"}
    mine = {leaf.url for leaf in watched.press.leaves if leaf.house.name == REDESIGNED}
    due = {place for place in later if place[1] in mine}
    assert len(due) == len(EDITS)
    assert due - told == set()


def test_nothing_else_is_told(watched: Watched) -> None:
    assert watched.score.false == Counter()
    assert (watched.score.recall, watched.score.typed) == (1.0, 1.0)


@pytest.mark.parametrize("gbk", [True, False], ids=["gb18030 said to be gb2312", "utf-8"])
def test_texts_are_exact(watched: Watched, gbk: bool) -> None:
    """Characters beyond gb2312 (㐂 䶮 镕 喆) stand in every one."""
    untouched = {leaf.number for leaf in watched.press.leaves} - {event.page for event in watched.plan.events}
    seen = [leaf for leaf in leaves(watched, gbk=gbk) if leaf.number in untouched]
    assert len(seen) >= 20
    for leaf in seen:
        for article in (watched.first[leaf.url], watched.articles[leaf.url]):
            written = leaf.article
            assert article.title == written.title
            assert article.source == written.source
            names = {file.name for file in written.files}
            lines = [block.text for block in article.body if block.text and block.text not in {*names, "附件："}]
            assert lines == list(written.paragraphs), leaf.template
            assert {found.name for found in article.attachments} == names, leaf.template
    assert gbk is False or all(watched.first[leaf.url].decoded_as == "gb18030" for leaf in seen)
