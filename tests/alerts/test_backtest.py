"""How many messages a query would have made: over a catalogue that captures were read into."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from desks import KEYRING, WEB, channel, ways
from sqlalchemy import func, select, update

from alerts import laying, outbox, past, schema, subscriptions
from alerts.backtest import Telling, backtest
from alerts.composing import compose
from alerts.desk import Desk
from alerts.laying import Layout
from alerts.listening import document
from alerts.people import get as person
from alerts.query import holds, parse
from alerts.simulating import Found
from alerts.simulating import messages as told
from catalogue import Catalogue, Reading
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import ChangeType, Observation, Outcome
from domain.clock import planning_now
from domain.desk import Day, Draft, Hour, Timing
from domain.errors import ConfigurationError, NotFound
from domain.settings import settings
from domain.site import Entry, Site
from domain.subscription import OPERATOR, Language, Rhythm, Via
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


def messages(found: list[Found], timing: Timing) -> list[datetime]:
    return [one.left for one in told(found, timing)]


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


# Counted as the real thing counts


def crowded(times: Past, count: int = 45) -> None:
    """That many pages of two sites, found within a minute; every third is edited a day later."""
    for number in range(count):
        body = f"第{number}号公告：招商引资项目总投资{number}亿元，" + "预计明年建成并投入使用，" * (number % 7)
        page = {"title": f"招商引资项目第{number}批公告", "site": list(SITES)[number % 2]}
        times.seen(60 - number / 3600, number, body, **page)
        if not number % 3:
            times.seen(30, number, body.replace("明年", "后年").replace("亿元", "万元"), **page)
    times.compared()


ROBOTS = {
    Via.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    Via.DINGTALK: f"https://oapi.dingtalk.com/robot/send?access_token={'a' * 64}",
    Via.EMAIL: "desk@example.com",
}


def really(times: Past, via: Via, timing: Timing, language: Language) -> int:
    """Messages that are made when all that was found is put down and falls due."""
    made = channel(times.engine, via, ROBOTS[via])
    wanted = {"rhythm": timing.rhythm, "hour": timing.hour, "language": language, "channels": (made.id,)}
    draft = Draft.model_validate({"name": laying._NAME, **wanted})
    subscriptions.add(times.engine, draft, person(times.engine, OPERATOR))
    with times.engine.begin() as connection:
        connection.execute(update(schema.subscriptions).values(created_at=NOW - timedelta(days=365)))
    found = sorted(times.catalogue.changes(limit=None), key=lambda one: one.at)
    for one in found:
        matters = past.matters(times.engine, SITES, [one.id])
        outbox.enqueue(times.engine, tuple(matters), WEB, one.at)
    for day in range(4):
        compose(times.engine, ways(), WEB, NOW - timedelta(hours=72 - 24 * day))
    with times.engine.begin() as connection:
        return connection.scalar(select(func.count()).select_from(schema.deliveries)) or 0


@pytest.mark.parametrize(
    ("via", "language"), [(Via.WECOM, "both"), (Via.WECOM, "zh"), (Via.DINGTALK, "both"), (Via.EMAIL, "en")]
)
def test_a_digest_comes_in_as_many_parts_as_it_would(times: Past, via: Via, language: Language) -> None:
    crowded(times)
    daily = Timing(Rhythm.DAILY, 8)
    telling = Telling(daily, (via,), language, ways())
    found = backtest(times.engine, SITES, parse(""), days=90, telling=telling, web=WEB)
    assert found.changes == 60
    assert (found.via, found.estimated) == (via, 0)
    assert found.messages == really(times, via, daily, language)
    assert (found.messages > 2) == (via is Via.WECOM), "its robot takes 4,096 bytes"


def test_what_is_too_much_to_lay_out_is_estimated_and_says_so(times: Past) -> None:
    crowded(times)
    way, at = ways()[Via.WECOM], NOW
    some = [
        Found(one.id, one.at, one.site, one.id)
        for one in sorted(times.catalogue.changes(limit=None), key=lambda one: one.at)
    ]
    for count in (1, 6, 20, 60):
        exact, judged = (
            Layout(times.engine, SITES, WEB, way, "both", some, most=most).split(some[:count], Rhythm.DAILY, at)
            for most in (1_000, count - 1)
        )
        assert (exact.exact, judged.exact) == (True, False)
        assert abs(exact.count - judged.count) <= 1 + exact.count // 3
    many = Layout(times.engine, SITES, WEB, way, "both", some, most=0).split(some * 50, Rhythm.DAILY, at)
    assert 50 < many.count < 3_000 / 6


def test_estimated_messages_are_counted(times: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    crowded(times)
    monkeypatch.setattr("alerts.backtest.MOST", 50)
    telling = Telling(Timing(Rhythm.DAILY), (Via.EMAIL, Via.WECOM, Via.WECOM), "both", ways())
    found = backtest(times.engine, SITES, parse(""), days=90, telling=telling, web=WEB)
    assert [one.via for one in found.loads] == [Via.EMAIL, Via.WECOM]
    assert found.loads[0].messages == found.messages == 2
    # The first day's 45 are more than is laid out for each of two, the second day's 15 are not.
    assert found.loads[0].estimated == found.estimated == 1
    assert 0 < found.loads[1].estimated < found.loads[1].messages


def test_a_program_gets_each_by_itself_and_people_what_is_folded(times: Past) -> None:
    crowded(times, 9)
    telling = Telling(Timing(), (Via.WEBHOOK, Via.EMAIL), "both", ways())
    found = backtest(times.engine, SITES, parse("type:new"), days=90, telling=telling)
    assert [(one.via, one.messages) for one in found.loads] == [(Via.EMAIL, 1), (Via.WEBHOOK, 9)]
    assert (found.via, found.messages) == (Via.EMAIL, 1)
    alone = Telling(Timing(), (Via.WEBHOOK,), "both")
    assert backtest(times.engine, SITES, parse("type:new"), days=90, telling=alone).messages == 9


def test_the_busiest_day_and_hour_are_said(times: Past) -> None:
    for number in range(4):
        times.seen(48 - number / 4, number, f"第{number}号公告", title=f"公告 {number}")
    times.seen(20, 9, "第九号公告", title="公告 9")
    times.compared()
    found = backtest(times.engine, SITES, parse(""), days=90)
    assert found.messages == 5
    assert found.busiest_day == Day(day=date(2026, 5, 30), changes=4, messages=4)
    assert found.busiest_hour == Hour(at=NOW - timedelta(hours=48), messages=4)
    nothing = backtest(times.engine, SITES, parse("没有的词"), days=90)
    assert (nothing.busiest_day, nothing.busiest_hour, nothing.loads[0].messages) == (None, None, 0)


def test_the_desk_counts_by_the_subscribers_clock(times: Past) -> None:
    for hour in range(6):
        times.seen(48 - hour, hour, f"第{hour}号公告", title=f"公告 {hour}")
    times.compared()
    desk = Desk(times.engine, KEYRING, ways(), SITES, WEB)

    def told(**timing: Any) -> list[tuple[int, int]]:
        asked = Timing(**timing)
        found = desk.backtest("", days=9, rhythm=asked.rhythm, seconds=None, timing=asked)
        return [(one.day.day, one.messages) for one in found.days_told if one.messages]

    # Found from noon to 17:00 on May 30 in Shanghai, which is from 06:00 to 11:00 in Berlin.
    assert told() == [(30, 6)]
    assert told(rhythm=Rhythm.DAILY, hour=14) == [(30, 1), (31, 1)]
    assert told(rhythm=Rhythm.DAILY, hour=12, timezone="Europe/Berlin") == [(30, 1)]
    assert told(quiet_from=0, quiet_to=17 * 60 + 30) == [(30, 1)]
    assert told(quiet_from=12 * 60, quiet_to=10 * 60) == [(31, 1)]
    with pytest.raises(ConfigurationError):
        told(timezone="Mars/Olympus")
    with pytest.raises(ConfigurationError):
        told(quiet_from=60)
