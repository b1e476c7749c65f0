"""How many messages a query would have made: over a catalogue that captures were read into."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from alerts import past
from alerts.backtest import Timing, backtest
from alerts.listening import document
from alerts.query import holds, parse
from alerts.simulating import Found, messages
from catalogue import Catalogue, Reading
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import ChangeType, Observation, Outcome
from domain.clock import planning_now
from domain.errors import NotFound
from domain.settings import settings
from domain.site import Entry, Site
from domain.subscription import Rhythm
from domain.urls import urlkey
from monitor.judge import judge

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
SITES = {
    name: Site(
        name=name,
        title=f"{name}报",
        region="山东省",
        homepage="http://example.cn/",
        entries=(Entry(url="http://example.cn/"),),
        article=".",
    )
    for name in ("alpha", "beta")
}


class Past:
    """Pages as they showed themselves so many hours before NOW."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.engine = catalogue.engine

    def seen(self, hours: float, number: int, body: str | None, title: str = "公告", site: str = "alpha") -> None:
        url, at = f"http://{site}.example.cn/{number}.html", NOW - timedelta(hours=hours)
        article = Article(title=title, body=(Block(text=body),), source="本报讯") if body else None
        held = Capture(
            id=hashlib.sha256(f"{url} {hours}".encode()).hexdigest(),
            site=site,
            run=f"r{hours}",
            url=url,
            urlkey=urlkey(url),
            at=at,
            role=Role.PAGE,
            status=200 if body else 404,
            payload_digest="sha256:00",
            payload_length=1,
            segment="x",
            offset=0,
            length=1,
        )
        outcome = Outcome.ARTICLE if article else Outcome.MISSING
        digest, reason = (article.digest, "") if article else (None, "status 404")
        observation = Observation(capture=held.id, at=at, outcome=outcome, digest=digest, reason=reason)
        seq = self.catalogue.progress(site).read_seq + 1
        self.catalogue.record(site, seq, [Reading(held, article, observation)])

    def compared(self) -> None:
        for site in SITES:
            upto, keys = self.catalogue.pages_to_compare(site)
            pages = [(key, *self.catalogue.observations(site, key)) for key in keys]
            histories = [judge(site, url, key, found, articles) for key, url, found, articles in pages]
            self.catalogue.put_histories(site, upto, histories)


@pytest.fixture
def times(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Past]:
    monkeypatch.setenv("TONGJIAN_NOW", NOW.isoformat())
    settings.cache_clear()
    with Catalogue(database) as catalogue:
        yield Past(catalogue)
    monkeypatch.delenv("TONGJIAN_NOW")
    settings.cache_clear()


@pytest.fixture
def year(times: Past) -> Past:
    """Two sites: pages that come, change and go."""
    for number in range(1, 7):
        times.seen(24 * number, number, f"第{number}号公告：招商引资项目总投资{number}亿元。", title=f"招商 {number}")
        times.seen(24 * number - 1, number, f"食堂采购，预算{number}万元。", site="beta")
    times.seen(20, 3, "第3号公告：招商引资项目总投资9亿元。", title="招商 3")
    times.seen(30, 5, None)
    times.seen(28, 5, None)
    times.seen(24 * 200, 90, "去年的招商公告")
    times.compared()
    return times


QUERIES = (
    "",
    "招商",
    "ＧＤＰ",
    "投资 与 9亿",
    "食堂 或 type:removed",
    "site:beta",
    "type:edited 招商",
    "severity>=2",
    "标题:招商 非 总投资",
    "招商 近/6 项目",
    "来源:本报 region:山东",
    "正文:投 资 项目",
    "status:gone",
    "(site:alpha type:new) 或 (site:beta 预算)",
)


@pytest.mark.parametrize("query", QUERIES)
def test_it_finds_what_the_plain_way_finds(year: Past, query: str) -> None:
    """The database narrows before; whatever it leaves out, the query was not for."""
    asked = parse(query)
    changes = year.catalogue.changes(limit=None)
    news = [one for one in changes if not one.cosmetic and not one.reread and one.at >= NOW - timedelta(days=90)]
    matters = list(past.matters(year.engine, SITES, [one.id for one in news]))
    plain = sorted(one.change.id for one in matters if holds(asked, document(one)))
    found = backtest(year.engine, SITES, asked, days=90)
    assert len(matters) == len(news) == found.looked
    assert sorted(one.change for one in found.newest) == plain
    assert (found.changes, found.complete) == (len(plain), True)
    assert sum(one.changes for one in found.days_told) == found.changes
    assert sum(one.messages for one in found.days_told) == found.messages


def test_the_newest_are_shown_first_as_messages(year: Past) -> None:
    found = backtest(year.engine, SITES, parse("招商"), days=90, web="http://room.example")
    times = [one.at for one in found.newest]
    assert times == sorted(times, reverse=True)
    assert found.newest[0].payload["type"] == "edited"
    assert found.newest[0].payload["site_title"] == "alpha报"
    assert found.newest[0].payload["link"].startswith("http://room.example/")


def test_fewer_days_hold_fewer_changes(year: Past) -> None:
    counts = [backtest(year.engine, SITES, parse("招商"), days=days).changes for days in (1, 2, 90, 365)]
    assert counts == sorted(counts)
    assert counts[-1] == counts[-2] + 1


def test_where_the_time_is_over_it_says_so(year: Past) -> None:
    found = backtest(year.engine, SITES, parse(""), days=90, seconds=-1)
    assert (found.complete, found.looked, found.changes) == (False, 0, 0)
    steps: list[int] = []
    backtest(year.engine, SITES, parse(""), days=7, step=lambda: steps.append(1))
    assert len(steps) == 7


def test_the_last_change_of_a_page_is_what_a_query_is_tested_on(year: Past) -> None:
    found = past.last(year.engine, SITES, "https://alpha.example.cn/3.html")
    assert (found.change.type, found.title, found.region) == (ChangeType.EDITED, "招商 3", "山东省")
    assert past.last(year.engine, SITES, "http://alpha.example.cn/5.html").change.type is ChangeType.REMOVED
    with pytest.raises(NotFound):
        past.last(year.engine, SITES, "http://alpha.example.cn/none.html")


START = datetime(2026, 5, 1, 2, tzinfo=UTC)


def found(minutes: float, site: str = "alpha", matter: str | None = None) -> Found:
    id = f"{site} {minutes}"
    return Found(id, START + timedelta(minutes=minutes), site, matter or id)


@pytest.mark.parametrize(
    ("matters", "rhythm", "count"),
    [
        ([], Rhythm.INSTANT, 0),
        ([found(0)], Rhythm.INSTANT, 1),
        ([found(n / 2) for n in range(5)], Rhythm.INSTANT, 5),
        # One run finds six: a digest.
        ([found(n / 2) for n in range(6)], Rhythm.INSTANT, 1),
        # Two runs of five, half an hour apart.
        ([found(n / 2 + run) for run in (0, 30) for n in range(5)], Rhythm.INSTANT, 10),
        # Six sites at once are one digest, though each found one.
        ([found(0, site=f"s{n}") for n in range(6)], Rhythm.INSTANT, 1),
        # Two a minute for eight minutes: ten messages, then what waits in one, ten minutes after the first.
        ([found(n // 2, site=f"s{n}") for n in range(16)], Rhythm.INSTANT, 10 + 1),
        # One matter, whoever prints it later.
        ([found(n * 60, site=f"s{n}", matter="m") for n in range(9)], Rhythm.INSTANT, 1),
        ([found(n * 10) for n in range(12)], Rhythm.HOURLY, 2),
        ([found(n * 60) for n in range(48)], Rhythm.DAILY, 3),
    ],
)
def test_messages_are_made_as_the_composer_makes_them(matters: list[Found], rhythm: Rhythm, count: int) -> None:
    sent = messages(sorted(matters, key=lambda one: one.at), Timing(rhythm))
    assert len(sent) == count
    assert sent == sorted(sent)


def test_no_flood_in_any_ten_minutes() -> None:
    """Below ten nothing waits, and what then comes at once is five at most."""
    sent = messages([found(n / 3, site=f"s{n % 40}") for n in range(400)], Timing())
    most = 9 + 5
    assert all(late - early >= timedelta(minutes=10) for early, late in zip(sent, sent[most:], strict=False))
    assert len(sent) < 200


def test_in_quiet_hours_it_waits_and_folds() -> None:
    quiet = Timing(quiet_from=10 * 60, quiet_to=12 * 60)  # 10:00 in Shanghai is START
    sent = messages([found(n * 15) for n in range(7)], quiet)
    assert sent == [START + timedelta(hours=2)]


def test_the_clock_is_the_one_that_plans_go_by(times: Past) -> None:
    assert planning_now() == NOW
