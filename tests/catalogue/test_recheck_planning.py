"""The plan in SQL is the plan in Python, and what it goes by follows from the captures alone."""

import random
from datetime import datetime, timedelta

import pytest
from making_captures import START, article, at, capture, confirmed, entry, fill, missing, shown

from catalogue import Catalogue, Reading, schema
from catalogue.kinds import Asked
from domain.capture import Role
from domain.change import Status
from domain.tempo import USUAL
from domain.urls import urlkey
from monitor.plan import Manner, due, urgency

LIST = "http://news.example.cn/list.html"
AGES = (0.01, 0.1, 2, 5, 20, 60, 300, 800)


def url(number: int) -> str:
    return f"http://news.example.cn/2026/{number}.html"


def scatter(catalogue: Catalogue, chance: random.Random, count: int = 150) -> None:
    """Pages of every kind, put down as if compared; none is held back by `next_check`."""
    fill(catalogue, [shown(0, article(), url(number)) for number in range(count)])
    with catalogue.engine.begin() as connection:
        for number in range(count):
            row = schema.pages.update().where(schema.pages.c.urlkey == urlkey(url(number)))
            connection.execute(row.values(_anything(chance)))


def _anything(chance: random.Random) -> dict[str, object]:
    seen = START - timedelta(days=chance.choice(AGES) * chance.random())
    checked = START - (START - seen) * chance.choice((0.001, 0.1, 0.9))
    checks = chance.choice((0, 2, 3, 50))
    changes = chance.randint(0, checks)
    return {
        "status": chance.choice(list(Status)).value,
        "first_seen": seen,
        "last_checked": checked,
        "changed_at": chance.choice((None, seen + (checked - seen) / 2)),
        "published_at": chance.choice((None, seen - timedelta(days=chance.choice(AGES)))),
        "checks": checks,
        "changes": changes,
        "watched": [chance.choice((0, 7000, 86400 * 40)) for _ in USUAL],
        "found": [changes, 0, 0, 0, 0, 0],
        "numbered": chance.random() < 0.3,
        "next_check": None,
    }


@pytest.mark.parametrize("pace", [1.0, 45.0])
@pytest.mark.parametrize("budget", [1, 40])
def test_what_the_database_gives_is_chosen_from_as_from_all(catalogue: Catalogue, pace: float, budget: int) -> None:
    chance = random.Random(f"{pace} {budget}")
    scatter(catalogue, chance)
    followed = frozenset(urlkey(url(number)) for number in range(0, 150, 7))
    manner = Manner(tuple(rate * chance.choice((0.3, 1, 4)) for rate in USUAL), 1.2, followed)
    states = catalogue.page_states("alpha")
    for hours in (0.0, 0.3, 30.0, 900.0):
        moment = at(hours)
        asked = Asked(moment, pace, budget, manner.rates, manner.restless, manner.followed)
        wanted = due(states, moment, manner, pace=pace, budget=budget)
        assert due(catalogue.due("alpha", asked), moment, manner, pace=pace, budget=budget) == wanted
        assert catalogue.count_due("alpha", asked) == sum(
            urgency(state, moment, manner, pace=pace) >= 1 for state in states
        )


def test_a_page_is_looked_at_no_later_than_it_can_be_due(catalogue: Catalogue) -> None:
    """Whatever its site's manner and its value."""
    edited = [shown(hours, article(body=f"第{hours}次"), url(1)) for hours in (0, 1, 2, 3, 30, 60)]
    still = shown(0, article(), url(2))
    steady = [still, *(confirmed(hours, still, url(2)) for hours in (1, 2, 4, 8, 30, 200, 900))]
    old = [shown(hours, article(published_at=at(-9000)), url(3)) for hours in (0, 400, 900)]
    lost = [shown(0, article(), url(4)), missing(5, url(4)), missing(6, url(4))]
    suspect = [shown(0, article(), url(5)), missing(5, url(5))]
    fill(catalogue, edited, steady, old, lost, suspect, [missing(7, url(6))])
    restless = Manner(tuple(rate * 8 for rate in USUAL), 1.3, frozenset(urlkey(url(n)) for n in range(9)))
    asked = Asked(at(0), 1.0, 100, restless.rates, restless.restless, restless.followed)
    states = catalogue.page_states("alpha")
    for quarter in range(0, 4 * 24 * 40, 29):
        moment = at(900 + quarter / 4)
        found = catalogue.due("alpha", Asked(moment, 1.0, 100, asked.rates, asked.restless, asked.followed))
        assert {state.url for state in found} == {state.url for state in due(states, moment, restless)}


def test_what_the_plan_goes_by_is_the_same_in_whatever_order_it_was_learned(catalogue: Catalogue) -> None:
    first = shown(0, article(document_numbers=()), url(1))
    told = [first, confirmed(1, first, url(1)), shown(5, article(body="改了。"), url(1)), missing(40, url(1))]
    fill(catalogue, *([reading] for reading in told))
    step_by_step = catalogue.dump()["pages"]
    catalogue.clear()
    fill(catalogue, told)
    assert catalogue.dump()["pages"] == step_by_step
    (state,) = catalogue.page_states("alpha")
    assert (state.tempo.checks, state.tempo.changes) == (2, 1)
    assert state.tempo.found == (1, 0, 0, 0, 0, 0)
    assert 3600 < sum(state.tempo.watched) <= 3600 + 2 * 3600
    assert catalogue.tempo("alpha") == (state.tempo.found, state.tempo.watched)
    assert catalogue.tempo("beta") == ((0,) * 6, (0,) * 6)


def test_an_article_with_a_document_number_is_marked(catalogue: Catalogue) -> None:
    fill(catalogue, [shown(0, article(document_numbers=("淄政发〔2026〕3号",)), url(1)), shown(0, article(), url(2))])
    assert [state.numbered for state in catalogue.page_states("alpha")] == [True, False]


def test_hours_of_publishing_are_days_on_which_something_appeared(catalogue: Catalogue) -> None:
    monday = datetime.fromisoformat("2026-03-02T09:10+08:00")
    hours = (monday - START).total_seconds() / 3600
    stated = article("有时间", published_at=monday + timedelta(hours=1), published_precision="minute")
    dated = article("只有日", published_at=monday.replace(hour=0, minute=0), published_precision="day")
    fill(
        catalogue,
        [shown(hours + minute / 60, article(), url(minute)) for minute in range(40)],
        [shown(hours + 4, stated, url(100)), shown(hours + 5, dated, url(101)), shown(hours + 24, article(), url(102))],
        [shown(hours + 24 * 5, article(), url(103))],
    )
    assert catalogue.publishing("alpha", START) == (
        (False, 9, 2),
        (False, 10, 1),
        (False, 14, 1),
        (True, 9, 1),
    )
    assert catalogue.publishing("alpha", at(hours + 25)) == ((True, 9, 1),)


def test_when_entries_were_asked(catalogue: Catalogue) -> None:
    failed = Reading(capture(9, LIST, role=Role.ENTRY, status=503))
    fill(catalogue, [entry(1, LIST), entry(4, LIST), failed])
    assert catalogue.entries_asked("alpha", [urlkey(LIST), "cn,example)/other"]) == {urlkey(LIST): (at(1), at(4))}
    assert catalogue.last_capture("beta") is None
    fill(catalogue, [shown(5, article(), url(1))])
    assert catalogue.last_capture("alpha") == at(9)
