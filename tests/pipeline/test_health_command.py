"""Site health as a whole: real captures, real PostgreSQL and S3; what is told, and how often."""

import json
import os
import runpy
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import warm_commands
from listeners import listener, put_down
from newspaper import SITE, START, Newspaper, database, page, url
from sqlalchemy import text

import sites as site_files
from alerts import ledger, outbox, unwell
from alerts.channels import channels
from alerts.composing import compose
from alerts.kinds import Matter
from alerts.messages import render
from alerts.query import from_words
from domain.capture import RunSummary
from domain.clock import iso
from domain.health import HealthOrder, Standing, State
from domain.settings import settings
from pipeline import health
from pipeline.checking import check_site
from pipeline.embedded.shared import Endpoints
from pipeline.house import House
from pipeline.rebuilding import rebuild
from storage.caring import orders

ROOT = Path(__file__).resolve().parents[2]
MIGRATION = ROOT / "catalogue" / "migrations" / "versions" / "v0008_tallies.py"
LIST = SITE.entries[0].url
EVERY = timedelta(minutes=30)
_NUMBERS = count(1)


@dataclass
class Watched:
    """The newspaper, its runs ended as runs are, at a time that tests move."""

    house: House
    paper: Newspaper
    patch: pytest.MonkeyPatch

    def at(self, moment: datetime) -> None:
        """What plans go by says it is that time."""
        self.patch.setenv("TONGJIAN_NOW", iso(moment))
        settings.cache_clear()

    def ended(self) -> datetime:
        return START + timedelta(hours=self.paper.rounds, minutes=10)

    def run(self, links: int = 40, *numbers: int, **more: Any) -> Standing:
        """One run, read, compared and ended; and how the site stands after it."""
        self.paper.round(*numbers)
        said = {"reason": "finished", "links": links, "lists": {LIST: links}, "captures": 1} | more
        run = f"20260301t08{self.paper.rounds:02d}00z-000000"
        begun = START + timedelta(hours=self.paper.rounds)
        summary = RunSummary(site=SITE.name, run=run, started=begun, finished=self.ended(), **said)
        self.house.archive.finish_run(summary)
        self.house.catalogue.put_run(summary)
        return self.look(self.ended() + timedelta(minutes=1))

    def look(self, moment: datetime) -> Standing:
        self.at(moment)
        (found,), _ = health.watch(self.house, [SITE])
        return found


@pytest.fixture
def watched(house: House, paper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    paper.answers = {url(number): page(number) for number in range(1, 8)}
    paper.patch.setattr(site_files, "load", lambda *_: {SITE.name: SITE})
    yield Watched(house, paper, monkeypatch)
    monkeypatch.delenv("TONGJIAN_NOW", raising=False)
    settings.cache_clear()


def subscribe(house: House, *types: str, sites: tuple[str, ...] = ()) -> str:
    return listener(house, "-".join(types) or "all", from_words((), types, sites)).id


def told(house: House) -> list[tuple[str, str]]:
    """(subscription, state) of what is put down of sites' health, in order."""
    return [(id, said["state"]) for id, said in put_down(house) if said["type"] == "health"]


def test_a_break_and_a_mend_are_told_once_each(house: House, watched: Watched) -> None:
    asked, other = subscribe(house, "health"), subscribe(house, "health", sites=("elsewhere",))
    subscribe(house)
    states = [watched.run(links).state for links in (40, 0, 0, 0, 0, 40, 0, 40, 40, 40)]
    assert [str(state) for state in states] == [
        *("healthy", "degraded", "broken", "broken", "broken"),
        *("broken", "broken", "broken", "healthy", "healthy"),
    ]
    assert told(house) == [(asked, "broken"), (asked, "mended")]
    assert other not in {id for id, _ in put_down(house)}
    first = put_down(house)[0][1]
    assert first["title"] == "报 故障 broken"
    assert "列表页上一个链接也没有" in first["summary"]
    assert "zero links on an entry page" in render(first).text


def test_looking_again_tells_nothing_again(house: House, watched: Watched) -> None:
    asked = subscribe(house, "health")
    watched.run(0)
    first = watched.run(0)
    again = watched.look(watched.ended() + timedelta(minutes=5))
    assert (first.state, again.state, again.since) == (State.BROKEN, State.BROKEN, first.since)
    with house.catalogue.engine.begin() as connection:
        connection.execute(text("UPDATE site_health SET told = NULL"))  # as if two looked at the same time
    watched.look(watched.ended() + timedelta(minutes=6))
    assert told(house) == [(asked, "broken")]


def test_nobody_is_told_while_a_site_is_silenced_nor_is_it_forgotten(house: House, watched: Watched) -> None:
    asked = subscribe(house, "health")
    watched.run(0)
    until = watched.ended() + timedelta(hours=2)
    said = HealthOrder(
        site=SITE.name, action="silence", at=watched.ended(), by="li", reason="改版中", until=until, usual=False
    )
    health.order(house, said)
    found = watched.run(0)
    assert (found.state, found.beneath, found.silence) == (State.SILENCED, State.BROKEN, said)
    assert told(house) == []
    house.catalogue.clear()
    rebuild(house, {SITE.name: SITE})
    assert orders(house.bucket, SITE.name) == (said,)
    assert watched.look(until - timedelta(minutes=30)).state is State.SILENCED
    assert watched.look(until + timedelta(minutes=1)).state is State.BROKEN
    assert told(house) == [(asked, "broken")]


def test_a_dead_spider_shows_even_if_nobody_looks(house: House, watched: Watched) -> None:
    asked = subscribe(house, "health")
    assert watched.run().state is State.HEALTHY
    watched.at(watched.ended() + timedelta(days=21))
    (found,) = health.shown(house).values()
    assert (found.state, found.stale) == (State.BROKEN, True)
    assert "21 天没有一轮抓取完成" in found.reason
    assert told(house) == [], "showing tells nobody"
    for hours in (21 * 24, 21 * 24 + 1):
        watched.look(watched.ended() + timedelta(hours=hours))
    assert told(house) == [(asked, "broken")]
    assert check_site(house, SITE) == (), "a run that has just ended is not to blame that it is late"


def test_every_message_says_whose_silence_says_nothing(house: House, watched: Watched) -> None:
    everything, elsewhere = subscribe(house), subscribe(house, sites=("elsewhere",))
    with house.catalogue.engine.begin() as connection:
        connection.execute(text("UPDATE subscriptions SET created_at = '2026-01-01'"))
    watched.run(0)
    watched.run(0)
    change = house.catalogue.change(outbox.untold(house.catalogue.engine)[0])
    for site in (SITE.name, "elsewhere"):
        one = change.model_copy(update={"site": site, "evidence": (site,)})
        outbox.enqueue(house.catalogue.engine, [Matter(one, "题", "文")], "http://room.example", watched.ended())
    compose(house.catalogue.engine, channels(house.settings), "http://room.example", watched.ended())
    made = ledger.listed(house.catalogue.engine)
    by = {(one.payload["subscriptions"][0]["id"], one.payload["site"]): one.payload for one in made}
    assert [one["site"] for one in by[everything, SITE.name]["health"]] == [SITE.name]
    assert by[elsewhere, "elsewhere"]["health"] == []
    assert "故障 broken" in render(by[everything, SITE.name]).text
    assert "故障 broken" not in render(by[elsewhere, "elsewhere"]).text


def test_what_runs_count_is_what_a_rebuild_counts(house: House, watched: Watched, endpoints: Endpoints) -> None:
    watched.paper.reader("1.0", source=lambda article: None, title=lambda article: None)
    watched.run()
    watched.paper.answers[url(9)] = page(9)
    watched.paper.answers[url(3)] = page(3, "会议通报的数字改为二十五个。")
    watched.paper.answers[url(4)] = None
    watched.run()
    watched.paper.todays_reader()
    watched.run(40, 1, 2, 3, 9)
    rows = house.catalogue.dump()["tallies"]
    assert [row["counts"].get("articles") for row in rows] == [7, 2, None]
    assert [row["counts"].get("titled") for row in rows] == [3, 2, None], "pages 4 to 7 are read by the older reader"
    assert [row["counts"]["pages"] for row in rows] == [7, 8, 4]
    watched.run()
    rows = house.catalogue.dump()["tallies"]
    assert rows == _elsewhere(house, endpoints, rebuilt=True)


def test_a_database_of_before_is_counted_as_it_would_have_been(house: House, watched: Watched) -> None:
    watched.run()
    watched.paper.answers[url(9)] = page(9)
    watched.run()
    rows = house.catalogue.dump()["tallies"]
    with house.catalogue.engine.begin() as connection:
        connection.execute(text("DELETE FROM tallies"))
        connection.execute(text(runpy.run_path(str(MIGRATION))["_FILL"]))
    assert house.catalogue.dump()["tallies"] == rows


def _elsewhere(house: House, endpoints: Endpoints, *, rebuilt: bool) -> list[dict[str, Any]]:
    chosen = house.settings.model_copy(update={"database": database(endpoints, f"healthy{next(_NUMBERS)}")})
    again = House(chosen, house.keys, house.stack)
    if rebuilt:
        rebuild(again, {SITE.name: SITE})
    return again.catalogue.dump()["tallies"]


# The command


@dataclass(frozen=True)
class Desk:
    """Where commands run: the test's own house, and a folder with the newspaper's file."""

    env: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = warm_commands.run(*words, env=self.env, timeout=100)
        return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def desk(house: House, watched: Watched, tmp_path: Path) -> Desk:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "paper.py").write_text(
        "from domain.site import Entry, Site\n"
        f"SITE = Site(name='paper', title='报', homepage={SITE.homepage!r}, article={SITE.article!r}, "
        f"entries=(Entry(url={LIST!r}),))\n",
        encoding="utf-8",
    )
    assert house.keys is not None
    assert house.settings.s3_endpoint
    assert house.settings.database
    env = os.environ | {
        "TONGJIAN_BUCKET": house.settings.bucket,
        "TONGJIAN_S3_ENDPOINT": house.settings.s3_endpoint,
        "TONGJIAN_DATABASE": house.settings.database,
        "TONGJIAN_STATE": str(tmp_path),
        "TONGJIAN_SITES": str(folder),
        "AWS_ACCESS_KEY_ID": house.keys[0],
        "AWS_SECRET_ACCESS_KEY": house.keys[1],
    }
    return Desk(env)


def test_the_command_says_state_reason_and_numbers(desk: Desk, watched: Watched) -> None:
    for links in (40, 41, 40, 42, 40, 39, 40, 41, 40, 40, 40, 40, 40):
        watched.run(links)
    desk.env["TONGJIAN_NOW"] = iso(watched.ended())
    well = desk.run("health", "paper", "--json")
    assert well.returncode == 0, well.stderr
    (found,) = json.loads(well.stdout)
    links = next(one for one in found["numbers"] if one["name"] == "links")
    assert (found["state"], links["value"], links["usual"]) == ("healthy", 40, 40)
    watched.run(9)
    watched.run(8)
    desk.env["TONGJIAN_NOW"] = iso(watched.ended())
    odd = desk.run("health", "paper")
    assert odd.returncode == 3, odd.stderr
    assert "列表页只有 8 个链接，平常 40 个 — 8 links on an entry page, where 40 are usual" in odd.stdout
    watched.run(0)
    watched.run(0)
    desk.env["TONGJIAN_NOW"] = iso(watched.ended())
    broken = desk.run("health", "paper", "--json")
    assert (broken.returncode, json.loads(broken.stdout)[0]["state"]) == (1, "broken")
    foot = desk.run("changes").stderr
    assert "paper: 故障 broken" in foot


def test_people_acknowledge_silence_and_unsilence(desk: Desk, watched: Watched, house: House) -> None:
    watched.run(0)
    watched.run(0)
    past = desk.run("health", "silence", "paper", "--until", "2020-01-01", "--reason", "x")
    assert (past.returncode, "is past" in past.stderr) == (1, True)
    nobody = desk.run("health", "acknowledge", "nosuch", "--reason", "x")
    assert (nobody.returncode, "no site called nosuch" in nobody.stderr) == (1, True), nobody.stderr
    for words in (
        ("acknowledge", "paper", "--reason", "已联系站长", "--by", "li"),
        ("silence", "paper", "--until", "2099-01-01T00:00", "--reason", "改版 中", "--by", "li"),
    ):
        done = desk.run("health", *words)
        assert done.returncode == 0, done.stderr
    kept = orders(house.bucket, "paper")
    assert [(one.action, one.by, one.reason) for one in kept] == [
        ("acknowledge", "li", "已联系站长"),
        ("silence", "li", "改版 中"),
    ]
    shown = desk.run("health", "paper")
    assert shown.returncode == 0, shown.stderr
    assert "静默 silenced" in shown.stdout
    assert "改版 中" in shown.stdout
    assert desk.run("health", "unsilence", "paper", "--by", "li").returncode == 0
    assert desk.run("health", "paper", "--json").returncode == 1
    assert unwell.standings(house.catalogue.engine)["paper"].acknowledged is not None
