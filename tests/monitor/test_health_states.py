"""Quiet or broken? The state machine and the baselines, without any database."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.health import Arrivals, HealthOrder, RunNumbers, Standing, State
from monitor.health import Facts, in_force, latest, overdue, standing
from monitor.health.arriving import SPANS
from monitor.health.baseline import baseline
from monitor.health.states import BAD, GOOD, ODD, Seen, condition
from monitor.health.usual import Usual

NOW = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENTRY, OTHER = "http://news.example.cn/list/", "http://news.example.cn/notices/"
GOOD_COUNTS = {"entries": 2, "pages": 20, "articles": 10, "titled": 10, "timed": 10, "sourced": 8, "bodied": 10}
USUAL = GOOD_COUNTS | {"characters": 9000}


def run(
    hours: float, *, links: int = 40, other: int = 30, counts: dict[str, int] | None = None, **more: Any
) -> RunNumbers:
    """A run that began so many hours before NOW."""
    at = NOW - hours * HOUR
    said = {"finished": at + timedelta(minutes=5), "reason": "finished", "links": links + other} | more
    return RunNumbers(
        f"run{hours:09.2f}", at, lists={ENTRY: links, OTHER: other}, counts=USUAL if counts is None else counts, **said
    )


def weeks(number: int = 6) -> list[RunNumbers]:
    """Good runs, one every six hours, from ten days before NOW back."""
    return [run(240 + 6 * count, links=38 + count % 5) for count in range(number * 28)]


def facts(*recent: RunNumbers, **more: Any) -> Facts:
    """Of a site whose last run has just ended, unless said."""
    said: dict[str, Any] = {"earlier": weeks(), "ended": NOW}
    return Facts(site="paper", now=NOW, every=HOUR, runs=recent, **(said | more))


def kinds(found: Standing) -> set[str]:
    return {sign.kind for sign in found.signs}


def arriving(days: list[int], last: datetime | None = None) -> Arrivals:
    newest = next((NOW - (span + 0.5) * DAY for span, count in enumerate(days) if count), None)
    padded = (*days, *([0] * (SPANS - len(days))))
    return Arrivals(days=padded, watched=frozenset(range(len(days))), last=last or newest)


# One bad run is no breakage


def test_a_site_whose_runs_are_as_ever_is_healthy() -> None:
    found = standing(facts(run(1), run(2), run(3)))
    assert (found.state, found.signs) == (State.HEALTHY, ())


def test_one_bad_run_is_degraded_two_in_a_row_are_broken_and_two_good_ones_mend() -> None:
    bad = {"links": 0}
    runs = [run(6), run(5, **bad), run(4, **bad), run(3), run(2)]
    states = [standing(facts(*runs[: count + 1])).state for count in range(len(runs))]
    assert states == [State.HEALTHY, State.DEGRADED, State.BROKEN, State.BROKEN, State.HEALTHY]


def test_broken_is_since_the_first_bad_run() -> None:
    found = standing(facts(run(6), run(5, links=0), run(4, links=0)))
    assert found.since == NOW - 5 * HOUR


def test_since_stays_while_the_state_does() -> None:
    first = standing(facts(run(5, links=0), run(4, links=0)))
    later = standing(facts(*(run(hours, links=0) for hours in (0.3, 0.2, 0.1)), before=first))
    assert (later.state, later.since) == (State.BROKEN, first.since)


@given(st.lists(st.sampled_from([GOOD, ODD]), max_size=30), st.integers(0, 30))
def test_a_single_bad_run_never_breaks_a_site(levels: list[int], place: int) -> None:
    levels.insert(min(place, len(levels)), BAD)
    assert condition(_seen(levels)).state is not State.BROKEN


@given(st.integers(1, 40))
def test_a_site_that_is_bad_every_other_run_does_not_flap(count: int) -> None:
    states = [condition(_seen(([BAD, GOOD] * count)[:end])).state for end in range(1, 2 * count + 1)]
    assert set(states) == {State.DEGRADED}


@given(st.lists(st.sampled_from([GOOD, ODD, BAD]), max_size=40))
def test_a_state_lasts_two_runs_at_least(levels: list[int]) -> None:
    """Between broken and not broken there are two runs: so messages can never come one a run."""
    states = [condition(_seen(levels[:end])).state is State.BROKEN for end in range(len(levels) + 1)]
    turns = [place for place in range(1, len(states)) if states[place] != states[place - 1]]
    assert all(later - earlier >= 2 for earlier, later in pairwise(turns))


@given(st.lists(st.sampled_from([GOOD, ODD, BAD]), max_size=20), st.randoms(use_true_random=False))
def test_the_order_in_which_runs_are_given_does_not_matter(levels: list[int], chance: random.Random) -> None:
    seen = _seen(levels)
    shuffled = seen[:]
    chance.shuffle(shuffled)
    assert condition(shuffled) == condition(seen)


def _seen(levels: list[int]) -> list[Seen]:
    return [Seen(NOW + count * HOUR, f"{count:03d}", level) for count, level in enumerate(levels)]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_standing_hangs_on_no_order(chance: random.Random) -> None:
    said = [_order("silence", 5, until=NOW + HOUR), _order("unsilence", 4), _order("acknowledge", 3)]
    runs, usual = [run(4), run(3, links=0), run(2, links=3), run(1, other=0)], weeks(4)
    first = standing(facts(*runs, earlier=usual, orders=said))
    for mixed in (runs, usual, said):
        chance.shuffle(mixed)  # type: ignore[arg-type]
    assert standing(facts(*runs, earlier=usual, orders=said)) == first


# What is odd


def test_zero_links_on_one_entry_are_an_error_whatever_is_usual() -> None:
    found = standing(facts(run(2, other=0), run(1, other=0), earlier=[]))
    (sign,) = found.signs
    assert (found.state, sign.kind, sign.level, sign.entry) == (State.BROKEN, "no-links", "error", OTHER)


def test_each_entry_is_held_against_its_own_past() -> None:
    found = standing(facts(run(2, links=12), run(1, links=12)))
    (sign,) = found.signs
    assert (found.state, sign.kind, sign.entry, sign.value, sign.usual) == (State.DEGRADED, "links", ENTRY, 12, 40)


@pytest.mark.parametrize(
    ("counts", "kind", "state"),
    [
        ({"bodied": 2}, "bodied", State.BROKEN),
        ({"titled": 0}, "titled", State.BROKEN),
        ({"timed": 1}, "timed", State.DEGRADED),
        ({"sourced": 0}, "sourced", State.DEGRADED),
        ({"characters": 900}, "length", State.DEGRADED),
        ({"garbled": 9}, "fidelity", State.DEGRADED),
        ({"drifted": 8, "drift_body": 8}, "drift", State.DEGRADED),
        ({"blocked": 15}, "blocked", State.BROKEN),
        ({"blocked": 6}, "blocked", State.DEGRADED),
        ({"failed": 18}, "failed", State.BROKEN),
        ({"entries_failed": 2}, "entry-status", State.BROKEN),
        ({"entries_failed": 1}, "entry-status", State.DEGRADED),
    ],
)
def test_what_falls_out_of_the_usual_is_a_sign(counts: dict[str, int], kind: str, state: State) -> None:
    found = standing(facts(run(2, counts=USUAL | counts), run(1, counts=USUAL | counts)))
    assert (kinds(found), found.state) == ({kind}, state)


def test_a_site_that_never_names_a_source_is_not_blamed_for_it() -> None:
    bare = {**USUAL, "sourced": 0}
    usual = [run(240 + 6 * count, counts=bare) for count in range(60)]
    assert standing(facts(run(2, counts=bare), run(1, counts=bare), earlier=usual)).state is State.HEALTHY


def test_a_reader_that_always_differed_is_not_drifting() -> None:
    counts = USUAL | {"drifted": 7, "drift_title": 7}
    usual = [run(240 + 6 * count, counts=counts) for count in range(60)]
    assert standing(facts(run(2, counts=counts), run(1, counts=counts), earlier=usual)).state is State.HEALTHY


def test_few_articles_say_nothing_of_fields_until_enough_came() -> None:
    lost = {"entries": 2, "pages": 2, "articles": 1, "titled": 1, "timed": 1, "sourced": 1, "characters": 0}
    runs = [run(20 - count, counts=lost) for count in range(1, 9)]
    assert standing(facts(*runs[:4])).state is State.HEALTHY
    assert standing(facts(*runs)).state is State.BROKEN


def test_runs_that_find_no_article_do_not_mend_a_lost_field() -> None:
    lost, none = USUAL | {"bodied": 0}, {"entries": 2, "pages": 6}
    found = standing(facts(run(5, counts=lost), run(4, counts=lost), *(run(hours, counts=none) for hours in (3, 2, 1))))
    assert (found.state, kinds(found)) == (State.BROKEN, {"bodied"})


def test_a_run_in_which_nothing_was_due_says_nothing() -> None:
    idle = RunNumbers("idle", NOW - HOUR, NOW - HOUR, "finished", skipped=2, links=0)
    assert latest([idle]) == []
    assert standing(facts(run(3, links=0), run(2, links=0), idle)).state is State.BROKEN


def test_a_run_that_captured_nothing_is_an_error() -> None:
    empty = [RunNumbers(f"e{hours}", NOW - hours * HOUR, NOW, "site-down", links=0) for hours in (2, 1)]
    assert standing(facts(*empty)).state is State.BROKEN


# Silence means silence, or does it?


def test_fewer_articles_than_usual_are_quiet_while_all_else_is_well() -> None:
    found = standing(facts(run(1), arrivals=arriving([0, *[20, 22, 19, 21, 20, 18, 23] * 6])))
    assert (found.state, kinds(found)) == (State.QUIET, {"fewer"})
    assert found.signs[0].usual == 23  # that of the same weekday


def test_fewer_articles_beside_an_error_are_no_quiet() -> None:
    days = arriving([0, *[20] * 42])
    assert standing(facts(run(2, links=0), run(1, links=0), arrivals=days)).state is State.BROKEN


def test_weekends_are_held_against_weekends() -> None:
    """A site that rests on Wednesdays, which NOW is, is not quiet on one."""
    days = [0, *([9, 9, 9, 9, 9, 9, 0] * 6)]
    assert standing(facts(run(1), arrivals=arriving(days))).state is State.HEALTHY


def test_a_silence_beyond_habit_is_quiet_and_far_beyond_it_not_believed() -> None:
    habit = [3, 0, 2, 0, 0, 4] * 10
    assert standing(facts(run(1), arrivals=arriving([0, 0, *habit]))).state is State.HEALTHY
    week = standing(facts(run(1), arrivals=arriving([0] * 9 + habit)))
    assert (week.state, kinds(week) & {"gap"}) == (State.QUIET, {"gap"})
    assert standing(facts(run(1), arrivals=arriving([0] * 25 + habit))).state is State.DEGRADED


def test_a_site_without_runs_is_stale_and_then_broken() -> None:
    at = {hours: standing(facts(run(hours + 0.1), ended=NOW - hours * HOUR)) for hours in (2, 4, 24 * 21)}
    assert [one.state for one in at.values()] == [State.HEALTHY, State.DEGRADED, State.BROKEN]
    assert [one.stale for one in at.values()] == [False, True, True]
    assert at[24 * 21].signs[0].zh == "21 天没有一轮抓取完成，本应每 60 分钟一轮"


def test_after_a_pause_of_the_house_itself_late_runs_break_no_site() -> None:
    before = standing(facts(run(1))).model_copy(update={"checked": NOW - 2 * DAY})
    assert standing(facts(run(49), ended=NOW - 2 * DAY, before=before)).state is State.DEGRADED
    watched = before.model_copy(update={"checked": NOW - HOUR})
    assert standing(facts(run(49), ended=NOW - 2 * DAY, before=watched)).state is State.BROKEN


def test_a_site_that_never_ran_says_so() -> None:
    found = standing(Facts(site="paper", now=NOW, every=HOUR))
    assert (found.state, kinds(found)) == (State.DEGRADED, {"never"})
    assert overdue(NOW, HOUR, NOW, None) is None


# What people say


def _order(action: Any, hours: float, **more: Any) -> HealthOrder:
    return HealthOrder(site="paper", action=action, at=NOW - hours * HOUR, by="li", reason="搬机房", **more)


def test_a_silence_hides_the_state_and_ends_by_itself() -> None:
    runs = (run(2, links=0), run(1, links=0))
    said = [_order("silence", 3, until=NOW + HOUR)]
    silenced = standing(facts(*runs, orders=said))
    assert (silenced.state, silenced.beneath, silenced.unwell) == (State.SILENCED, State.BROKEN, True)
    assert in_force(said, NOW + HOUR).silence is None
    past = [_order("silence", 3, until=NOW - timedelta(seconds=1))]
    assert standing(facts(*runs, orders=past)).state is State.BROKEN


def test_the_last_word_counts() -> None:
    said = [_order("silence", 3, until=NOW + DAY), _order("unsilence", 2)]
    assert in_force(said, NOW).silence is None
    assert in_force([*said, _order("silence", 1, until=NOW + DAY)], NOW).silence is not None


def test_an_acknowledgement_is_of_the_present_trouble_alone() -> None:
    runs = (run(2, links=0), run(1, links=0))
    assert standing(facts(*runs, orders=[_order("acknowledge", 1)])).acknowledged is not None
    assert standing(facts(*runs, orders=[_order("acknowledge", 40)])).acknowledged is None


def test_what_is_said_to_be_usual_is() -> None:
    runs = (run(2, links=12), run(1, links=12))
    assert standing(facts(*runs)).state is State.DEGRADED
    assert standing(facts(*runs, orders=[_order("acknowledge", 0.5, usual=True)])).state is State.HEALTHY


# Baselines


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 500)), max_size=40), st.randoms(use_true_random=False))
def test_a_baseline_hangs_on_no_order(found: list[tuple[int, int]], chance: random.Random) -> None:
    samples = [(NOW - hours * HOUR, float(value)) for hours, value in found]
    first = baseline(samples, NOW)
    chance.shuffle(samples)
    assert baseline(samples, NOW) == first
    assert (first is None) == (len(samples) < 4)


def test_half_of_the_runs_may_be_wild() -> None:
    base = baseline([(NOW - count * DAY, 40.0 if count % 2 else 10_000.0 * (count % 3)) for count in range(21)], NOW)
    assert base is not None
    assert base.median <= 10_000


def test_a_weekday_has_its_own_usual() -> None:
    samples = [(NOW - count * DAY, 5.0 if count % 7 == 0 else 50.0) for count in range(42)]
    base, other = baseline(samples, NOW), baseline(samples, NOW + DAY)
    assert base is not None
    assert other is not None
    assert (base.median, base.weekday, other.median) == (5, True, 50)


def test_shares_are_taken_of_whole_days() -> None:
    few = [run(count, counts={"articles": 1, "titled": 1}) for count in range(0, 24 * 8)]
    usual = Usual(few)
    assert usual.of("titled", NOW) is not None
    assert usual.of("blocked", NOW) is None


def test_numbers_are_shown_beside_what_is_usual() -> None:
    found = {(one.name, one.entry): one for one in standing(facts(run(1))).numbers}
    links = found["links", ENTRY]
    assert (links.value, links.usual, links.weekday) == (40, 40, True)
    assert (found["bodied", None].value, found["bodied", None].usual) == (1, 1)


def test_an_entry_page_that_is_gone_is_said_and_the_end_of_a_list_is_not() -> None:
    gone = {"faults": ("entry-status",)}
    assert standing(facts(run(2, **gone), run(1, **gone))).state is State.DEGRADED
    alone = [
        RunNumbers(f"r{hours}", NOW - hours * HOUR, NOW, links=0, counts={"entries": 1}, **gone) for hours in (2, 1)
    ]
    assert standing(facts(*alone)).state is State.BROKEN
    ended = USUAL | {"entries": 5}
    assert standing(facts(run(2, counts=ended), run(1, counts=ended))).state is State.HEALTHY


def test_requests_without_an_answer_count_as_failed() -> None:
    lost = {"faults": ("timeout",) * 30}
    found = standing(facts(run(2, **lost), run(1, **lost)))
    assert (found.state, kinds(found)) == (State.BROKEN, {"failed"})
