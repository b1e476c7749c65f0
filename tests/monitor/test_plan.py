"""The recheck plan and the health check."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from domain.capture import RunSummary
from domain.change import Status
from domain.site import Entry, Expectation, Site
from monitor.health import check
from monitor.plan import due

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    urlkey: str
    first_seen: datetime
    last_checked: datetime
    status: Status = Status.LIVE
    changed_at: datetime | None = None


def page(age: timedelta, rested: timedelta, **more: object) -> Page:
    return Page("k", NOW - age, NOW - rested, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "interval"),
    [
        (timedelta(hours=2), timedelta(minutes=15)),
        (timedelta(hours=20), timedelta(hours=1)),
        (timedelta(days=6), timedelta(hours=3)),
        (timedelta(days=29), timedelta(days=3)),
        (timedelta(days=400), timedelta(days=30)),
    ],
)
@pytest.mark.parametrize("pace", [1.0, 60.0])
def test_the_ladder(age: timedelta, interval: timedelta, pace: float) -> None:
    moment = timedelta(seconds=1)
    assert due([page(age / pace, interval / pace)], NOW, pace=pace)
    assert not due([page(age / pace, (interval - moment) / pace)], NOW, pace=pace)


def test_gone_pages_daily_then_rarely() -> None:
    def gone(since: int, rested: int) -> list[Page]:
        went = NOW - timedelta(days=since)
        state = page(timedelta(days=900), timedelta(days=rested), status=Status.GONE, changed_at=went)
        return due([state], NOW)

    assert gone(10, 1)
    assert not gone(100, 1)
    assert gone(100, 30)


def test_suspects_first_then_the_longest_overdue() -> None:
    old, young = timedelta(days=400), timedelta(hours=1)
    states = [
        Page("b", NOW - young, NOW - timedelta(minutes=20)),
        Page("a", NOW - young, NOW - timedelta(minutes=40)),
        Page("c", NOW - old, NOW - timedelta(days=31)),
        Page("d", NOW - old, NOW - timedelta(minutes=1), Status.SUSPECT, NOW - old),
        Page("dead link", NOW - old, NOW - timedelta(minutes=1), Status.SUSPECT),
        Page("e", NOW - young, NOW),
    ]
    assert [state.urlkey for state in due(states, NOW)] == ["d", "a", "b", "c"]


SITE = Site(
    name="alpha",
    title="甲",
    homepage="http://a.cn/",
    entries=(Entry(url="http://a.cn/1"), Entry(url="http://a.cn/2")),
    article="/art/",
    expect=Expectation(links=5, articles=3),
)
RUN = RunSummary(site="alpha", run="r9", started=NOW, finished=NOW, reason="finished", captures=9, links=10)


@pytest.mark.parametrize(
    ("update", "articles", "found"),
    [
        ({}, 3, []),
        ({"links": 9}, 3, ["expectation"]),
        ({}, 2, ["expectation"]),
        ({"links": 0}, 3, ["expectation"]),
        ({"captures": 0, "links": 0}, 0, ["silence", "expectation", "expectation"]),
    ],
)
def test_expectations(update: dict[str, int], articles: int, found: list[str]) -> None:
    issues = check(SITE, RUN.model_copy(update=update), articles=articles)
    assert [issue.kind for issue in issues] == found
    assert all(issue.site == "alpha" and issue.level == "error" and "alpha" in issue.message for issue in issues)


def test_half_the_usual_links_is_a_warning() -> None:
    usual = [RUN.model_copy(update={"run": f"r{n}", "links": 40}) for n in range(3)]
    (issue,) = check(SITE, RUN, articles=3, previous=usual)
    assert (issue.kind, issue.level) == ("fewer", "warning")
    assert check(SITE, RUN, articles=3, previous=usual[:2]) == ()
