"""When a site publishes, and which of its entries a run asks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.capture import RunSummary
from domain.site import Entry, Expectation, Site
from domain.urls import urlkey
from monitor.health import check
from monitor.hours import LONGEST, SILENCE, Hours, entries_due, learn

# A Wednesday, 10:00 in Shanghai.
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
EVERY = timedelta(minutes=30)
LONG = timedelta(days=56)
ENTRIES = tuple(Entry(url=f"http://a.cn/{number}/") for number in range(3))
OFFICE = [(False, hour, 38) for hour in range(8, 18)] + [(True, 10, 2)]


def office() -> Hours:
    return learn(OFFICE, NOW - LONG, NOW)


def asked(*ago: timedelta) -> dict[str, tuple[datetime, datetime]]:
    return {urlkey(entry.url): (NOW - LONG, NOW - rest) for entry, rest in zip(ENTRIES, ago, strict=False)}


def test_nothing_is_known_of_a_new_site_or_a_silent_one() -> None:
    assert not learn(OFFICE, NOW - timedelta(days=13), NOW).known
    assert not learn([(False, 9, 20)], NOW - LONG, NOW).known
    assert office().known


def test_busy_hours_are_every_run_nights_and_weekends_rarely() -> None:
    hours = office()
    assert hours.interval(NOW, EVERY) < EVERY * 1.2
    night, sunday = NOW - timedelta(hours=7), NOW + timedelta(days=4)
    assert timedelta(hours=2) < hours.interval(night, EVERY) <= LONGEST
    assert hours.interval(NOW, EVERY) < hours.interval(sunday, EVERY) <= LONGEST
    assert Hours().interval(night, EVERY) == EVERY


def test_an_entry_that_is_not_due_is_left_out_of_the_run() -> None:
    night = NOW - timedelta(hours=7)
    held = {
        key: (first, night - rest)
        for (key, (first, _)), rest in zip(asked(EVERY, EVERY, EVERY).items(), (EVERY, LONGEST, EVERY), strict=True)
    }
    assert entries_due(ENTRIES, held, office(), night, EVERY) == ENTRIES[1:2]
    assert entries_due(ENTRIES, held, Hours(), night, EVERY) == ENTRIES
    assert entries_due(ENTRIES, {}, office(), night, EVERY) == ENTRIES


def test_in_busy_hours_all_are_asked_in_every_run() -> None:
    assert entries_due(ENTRIES, asked(EVERY, EVERY, EVERY), office(), NOW, EVERY) == ENTRIES


def test_a_site_is_never_left_alone_for_long() -> None:
    night = NOW - timedelta(hours=7)
    held = {urlkey(entry.url): (night - LONG, night - SILENCE - number * EVERY) for number, entry in enumerate(ENTRIES)}
    quiet = learn([(False, hour, 40) for hour in range(9, 12)], NOW - LONG, NOW)
    assert len(entries_due(ENTRIES[:1], held, quiet, night, EVERY)) == 1


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 23), st.integers(0, 40)), max_size=48),
    st.sampled_from([timedelta(minutes=10), EVERY, timedelta(hours=1)]),
)
def test_whatever_was_learned_no_entry_and_no_site_waits_longer_than_stated(
    appeared: list[tuple[bool, int, int]], every: timedelta
) -> None:
    hours = learn(appeared, NOW - LONG, NOW)
    last = {entry.url: NOW for entry in ENTRIES}
    heard = NOW
    for run in range(1, int(timedelta(days=8) / every)):
        moment = NOW + run * every
        held = {urlkey(url): (NOW - LONG, when) for url, when in last.items()}
        due = entries_due(ENTRIES, held, hours, moment, every)
        for entry in due:
            assert moment - last[entry.url] <= LONGEST + every
            last[entry.url] = moment
        heard = moment if due else heard
        assert moment - heard <= SILENCE + every
    assert all(NOW + timedelta(days=8) - when <= LONGEST + 2 * every for when in last.values())


def test_a_run_that_skipped_its_entries_is_no_broken_site() -> None:
    site = Site(
        name="alpha", title="甲", homepage="http://a.cn/", entries=ENTRIES, article="/x", expect=Expectation(links=5)
    )
    run = RunSummary(site="alpha", run="r9", started=NOW, finished=NOW, reason="finished")
    usual = [run.model_copy(update={"run": f"r{number}", "links": 40, "captures": 9}) for number in range(4)]
    assert check(site, run.model_copy(update={"skipped": 3}), previous=usual) == ()
    partly = run.model_copy(update={"skipped": 2, "links": 5, "captures": 3})
    assert check(site, partly, previous=usual) == ()
    assert [issue.kind for issue in check(site, partly.model_copy(update={"links": 4}))] == ["expectation"]
    assert {issue.kind for issue in check(site, run)} == {"silence", "expectation"}
