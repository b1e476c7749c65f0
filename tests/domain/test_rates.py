"""Rates from looking now and then: Cho and Garcia-Molina's estimators, and what is counted of a page's history."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.change import Change, ChangeType, History, Status, Version
from domain.rates import corrected, irregular, regular
from domain.tempo import BANDS, UNTRIED, USUAL, tempo, usual

SPANS = st.lists(st.floats(0.01, 100), min_size=1, max_size=20)


def test_the_regular_estimator_is_the_one_of_the_paper() -> None:
    assert regular(10, 0) == 0
    assert regular(10, 4) == pytest.approx(-math.log(6.5 / 10.5))
    assert math.isfinite(regular(10, 10))
    with pytest.raises(ValueError, match="11 changes in 10 checks"):
        regular(10, 11)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.01, 50))
def test_at_equal_intervals_the_two_agree(checks: int, changes: int, interval: float) -> None:
    changes = min(checks, changes)
    found = corrected([interval] * changes, interval * (checks - changes), checks)
    assert found * interval == pytest.approx(regular(checks, changes), rel=1e-6)


@given(SPANS, st.floats(0.01, 1000))
def test_the_irregular_estimator_solves_its_equation(changed: list[float], unchanged: float) -> None:
    rate = irregular(changed, unchanged)
    assert sum(span / math.expm1(min(rate * span, 700)) for span in changed) == pytest.approx(unchanged, rel=1e-4)


def test_nothing_changed_is_no_rate_and_always_changed_is_no_bound() -> None:
    assert irregular([], 10) == irregular([0.0], 10) == 0
    assert irregular([1.0], 0) == math.inf
    assert math.isfinite(corrected([1.0], 0, 1))


def test_a_rate_is_found_again_from_irregular_looks() -> None:
    chance = random.Random(5)
    changed, unchanged, true = [], 0.0, 0.7
    for _ in range(4000):
        span = chance.expovariate(0.5)
        if chance.random() < 1 - math.exp(-true * span):
            changed.append(span)
        else:
            unchanged += span
    assert irregular(changed, unchanged) == pytest.approx(true, rel=0.06)
    naive = len(changed) / (sum(changed) + unchanged)
    assert naive < true * 0.75, "counting changes alone would underestimate"


START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def version(number: int, first: float, last: float, captures: int = 2) -> Version:
    seen = {"first_seen": START + first * HOUR, "last_seen": START + last * HOUR}
    return Version(number=number, article_digest=f"d{number}", capture=f"c{number}", captures=captures, **seen)


def history(*versions: Version, removed: float | None = None) -> History:
    told = {"site": "alpha", "url": "http://a.cn/1", "urlkey": "cn,a)/1"}
    gone = [] if removed is None else [Change(**told, type=ChangeType.REMOVED, at=START + removed * HOUR, version=1)]
    return History(**told, status=Status.LIVE, versions=versions, changes=tuple(gone))


def test_a_page_that_never_changed_was_watched_all_the_time_by_the_age_it_had() -> None:
    counted = tempo(history(version(1, 0, 30, 5)), START)
    assert (counted.checks, counted.changes, counted.found) == (4, 0, (0,) * BANDS)
    assert counted.watched == (3 * 3600, 21 * 3600, 6 * 3600, 0, 0, 0)


def test_of_an_interval_in_which_something_changed_half_or_less_counts() -> None:
    counted = tempo(history(version(1, 0, 1), version(2, 3, 30)), START)
    assert counted.found == (1, 0, 0, 0, 0, 0)
    assert 3600 < counted.watched[0] <= 3600 + 3600
    assert counted.watched[1:3] == (21 * 3600, 6 * 3600)


def test_a_removal_is_a_change_and_the_time_it_was_gone_is_none_of_the_page() -> None:
    counted = tempo(history(version(1, 0, 1), removed=2), START)
    assert (counted.changes, counted.found[0]) == (1, 1)
    back = tempo(history(version(1, 0, 1), version(2, 90, 91), removed=2), START)
    assert back.changes == 1
    assert sum(back.watched) < 4 * 3600
    same = tempo(history(version(1, 0, 91, 4), removed=2), START)
    assert same.changes == 1


def test_ages_count_at_the_pace() -> None:
    assert tempo(history(version(1, 0, 2)), START, 45.0).watched == (3 * 3600, 21 * 3600, 66 * 3600, 0, 0, 0)


def test_no_version_no_tempo() -> None:
    assert tempo(history(), START) == UNTRIED


@given(st.lists(st.integers(0, 10**8), min_size=BANDS, max_size=BANDS))
def test_what_is_usual_grows_with_the_time_watched(watched: list[int]) -> None:
    assert usual(watched) <= usual([seconds + 1 for seconds in watched])
    assert usual([86400] * BANDS) == pytest.approx(sum(USUAL))
