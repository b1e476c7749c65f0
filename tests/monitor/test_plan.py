"""The recheck plan and the health check."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.capture import RunSummary
from domain.change import Status
from domain.resting import FAR, FOLLOWED, GONE, LADDER, LEAST, MOST, gain, rate, soonest, wait
from domain.site import Entry, Expectation, Site
from domain.tempo import BANDS, UNTRIED, USUAL, Tempo, phase, spread
from monitor.health import check
from monitor.plan import Manner, budget, due, forecast, manner, urgency

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 86400
STEADY = Tempo(40, 0, (0, 0, 0, 0, 300 * DAYS, 300 * DAYS), (0,) * BANDS)


@dataclass(frozen=True)
class Page:
    urlkey: str
    since: datetime
    last_checked: datetime
    status: Status = Status.LIVE
    changed_at: datetime | None = None
    tempo: Tempo = UNTRIED
    numbered: bool = False
    phase: int = 500


def page(age: timedelta, rested: timedelta, **more: object) -> Page:
    return Page("k", NOW - age, NOW - rested, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "interval"),
    [
        (timedelta(hours=2), timedelta(minutes=15)),
        (timedelta(hours=20), timedelta(hours=1)),
        (timedelta(days=6), timedelta(hours=3)),
    ],
)
@pytest.mark.parametrize("pace", [1.0, 60.0])
def test_the_first_checks_go_by_the_ladder(age: timedelta, interval: timedelta, pace: float) -> None:
    moment = timedelta(seconds=1)
    assert due([page(age / pace, interval / pace)], NOW, pace=pace)
    assert not due([page(age / pace, (interval - moment) / pace)], NOW, pace=pace)


def test_an_old_page_that_was_just_found_is_not_left_alone_for_a_month() -> None:
    assert due([page(timedelta(days=400), timedelta(days=7))], NOW)
    assert not due([page(timedelta(days=400), timedelta(days=1))], NOW)


def test_gone_pages_daily_then_rarely() -> None:
    def gone(since: int, rested: int) -> list[Page]:
        went = NOW - timedelta(days=since)
        state = page(timedelta(days=900), timedelta(days=rested), status=Status.GONE, changed_at=went)
        return due([state], NOW)

    assert gone(10, 1)
    assert not gone(100, 1)
    assert gone(100, 30)


def test_suspects_first_then_the_most_urgent() -> None:
    old, young = timedelta(days=400), timedelta(hours=1)
    states = [
        Page("b", NOW - young, NOW - timedelta(minutes=20)),
        Page("a", NOW - young, NOW - timedelta(minutes=40)),
        Page("c", NOW - old, NOW - timedelta(days=31), tempo=STEADY),
        Page("d", NOW - old, NOW - timedelta(minutes=1), Status.SUSPECT, NOW - old),
        Page("dead link", NOW - old, NOW - timedelta(minutes=1), Status.SUSPECT),
        Page("e", NOW - young, NOW),
    ]
    order = [state.urlkey for state in due(states, NOW)]
    assert order[0] == "d"
    assert order.index("a") < order.index("b")
    assert set(order) == set("abcd")
    assert [state.urlkey for state in due(states, NOW, budget=1)] == ["d"]


def test_what_was_never_seen_to_change_is_checked_less_and_less_but_never_given_up() -> None:
    rests = []
    for days in (1, 10, 100, 1000, 10_000):
        watched = Tempo(9, 0, (0, 0, 0, 0, days * DAYS, 0), (0,) * BANDS)
        rests.append(wait(rate(watched, 200 * DAYS)))
    assert all(before <= after for before, after in pairwise(rests))
    assert rests[0] < rests[-1] <= MOST / DAY


def test_what_changes_is_checked_more_and_what_changes_too_fast_less_again() -> None:
    rests = [wait(changes) for changes in (0.001, 0.01, 0.1, 1, 10)]
    assert all(before >= after for before, after in pairwise(rests))
    assert gain(1e6, 1.0) < gain(24.0, 1.0) / 1000, "churn"


def test_a_page_goes_by_its_site_where_it_says_little_itself() -> None:
    restless, quiet = manner([50, 0, 0, 0, 0, 0], [DAYS] + [0] * 5), manner([0] * BANDS, [900 * DAYS] * BANDS)
    fresh = Tempo(3, 0, (600, 0, 0, 0, 0, 0), (0,) * BANDS)
    assert rate(fresh, 3600, restless.rates) > rate(fresh, 3600) > rate(fresh, 3600, quiet.rates)
    assert restless.restless > quiet.restless == 1
    for rates in (restless.rates, quiet.rates):
        assert all(base / FAR <= held <= base * FAR for held, base in zip(rates, USUAL, strict=True))
    assert manner([0] * BANDS, [0] * BANDS).rates == pytest.approx(USUAL)


def test_a_page_of_value_comes_before_one_like_it() -> None:
    plain = page(timedelta(days=90), timedelta(days=3), tempo=STEADY)
    follow = Manner(followed=frozenset({"k"}))
    assert urgency(plain, NOW, follow) == pytest.approx(FOLLOWED * urgency(plain, NOW, Manner()))
    assert urgency(replace(plain, numbered=True), NOW, Manner()) > urgency(plain, NOW, Manner())
    assert urgency(plain, NOW, Manner(restless=1.2)) > urgency(plain, NOW, Manner())


SPANS = st.floats(60, 900 * DAYS).map(lambda seconds: timedelta(seconds=seconds))
COUNTS = st.lists(st.integers(0, 400 * DAYS), min_size=BANDS, max_size=BANDS).map(tuple)
TEMPOS = st.builds(
    lambda checks, share, watched: Tempo(checks, int(checks * share), watched, (0,) * BANDS),
    st.integers(0, 60),
    st.floats(0, 1),
    COUNTS,
)
PAGES = st.builds(
    lambda number, age, rested, status, changed, tempo, numbered: Page(
        f"cn,example)/{number}",
        NOW - age - rested,
        NOW - rested,
        status,
        NOW - rested if changed else None,
        tempo,
        numbered,
        phase(f"cn,example)/{number}"),
    ),
    st.integers(0, 10**6),
    SPANS,
    SPANS,
    st.sampled_from(Status),
    st.booleans(),
    TEMPOS,
    st.booleans(),
)
MANY = st.lists(PAGES, max_size=30, unique_by=lambda page: page.urlkey)


@settings(deadline=None)
@given(MANY, st.integers(1, 40))
def test_the_budget_is_held_and_used(pages: list[Page], most: int) -> None:
    everything = due(pages, NOW)
    chosen = due(pages, NOW, budget=most)
    assert len(chosen) == min(most, len(everything))
    assert {item.urlkey for item in chosen} <= {item.urlkey for item in everything}
    assert len({item.urlkey for item in chosen}) == len(chosen)


@settings(deadline=None)
@given(MANY, st.integers(1, 40))
def test_no_suspect_waits_for_another_page(pages: list[Page], most: int) -> None:
    def suspect(item: Page) -> bool:
        return item.status is Status.SUSPECT and item.changed_at is not None

    chosen = due(pages, NOW, budget=most)
    suspects = sum(map(suspect, pages))
    assert sum(map(suspect, chosen[:suspects])) == min(suspects, most)


@settings(deadline=None)
@given(PAGES, st.sampled_from([1.0, 45.0]))
def test_no_page_is_asked_too_soon_nor_left_alone_for_ever(item: Page, pace: float) -> None:
    def asked(rested: timedelta) -> bool:
        still = replace(item, status=Status.LIVE, last_checked=NOW - rested / pace, since=NOW - rested / pace - 9 * DAY)
        return urgency(still, NOW, Manner(), pace=pace) >= 1

    assert not asked(LEAST / spread(1000) - timedelta(seconds=1))
    assert asked(MOST / spread(0) + timedelta(seconds=1))


@given(st.text(max_size=40))
def test_pages_are_spread_by_their_address_alone_and_by_a_tenth_at_most(key: str) -> None:
    assert phase(key) == phase(key)
    assert 0.9 <= spread(phase(key)) <= 1.1


def test_pages_found_together_are_spread() -> None:
    places = sorted(phase(f"cn,example)/{number}") for number in range(1000))
    assert len(set(places)) > 500
    assert all(abs(place - number) < 60 for number, place in enumerate(places))


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 5), st.integers(20, 40))
def test_no_page_starves_however_busy_the_others_are(most: int, count: int) -> None:
    """A tenth of a budget goes to those that waited longest: each is asked for within ten times as many runs as
    would do for all, the hurried ones among them."""
    hurried = Tempo(50, 50, (DAYS,) * BANDS, (0,) * BANDS)
    pages = {
        str(number): Page(str(number), NOW - 900 * DAY, NOW - 60 * DAY, tempo=STEADY if number % 4 else hurried)
        for number in range(count)
    }
    asked: set[str] = set()
    for run in range(12 * count):
        moment = NOW + run * timedelta(hours=1)
        for chosen in due(pages.values(), moment, budget=most):
            asked.add(chosen.urlkey)
            pages[chosen.urlkey] = replace(chosen, last_checked=moment)
    assert asked == set(pages)


@settings(deadline=None)
@given(PAGES, st.floats(0, 40))
def test_soonest_is_before_the_page_can_be_due(item: Page, days: float) -> None:
    """Whatever its site and its value, and however much later the plan asks."""
    age, changed = (item.last_checked - item.since).total_seconds(), item.changed_at and 0.0
    rest = soonest(item.tempo, item.status, age, changed) / spread(item.phase)
    moment = item.last_checked + timedelta(days=days)
    worst = Manner(tuple(base * FAR for base in USUAL), 1.3, frozenset({item.urlkey}))
    if urgency(item, moment, worst) >= 1:
        assert rest <= days * DAYS + 1


@settings(deadline=None)
@given(PAGES, st.sampled_from([1.0, 45.0]))
def test_the_forecast_is_when_it_becomes_due(item: Page, pace: float) -> None:
    told = forecast(item, NOW, Manner(), pace=pace)
    assert told >= NOW
    assert urgency(item, told, Manner(), pace=pace) >= 1


@given(st.integers(1, 10**6), st.timedeltas(timedelta(0), timedelta(days=99)))
def test_a_run_may_fetch_its_share_of_a_day_and_no_more_than_a_day(requests: int, passed: timedelta) -> None:
    assert 1 <= budget(requests, passed) <= requests
    assert budget(requests, passed) <= requests * (passed / DAY) + 1


def test_the_ladders_are_what_they_were() -> None:
    assert [rest for _, rest in LADDER] == [
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(days=3),
        timedelta(days=30),
    ]
    assert [rest for _, rest in GONE] == [timedelta(days=1), timedelta(days=30)]


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
