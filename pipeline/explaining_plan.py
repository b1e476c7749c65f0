"""Why a site's plan is as it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from catalogue.kinds import PageState
from domain.resting import rate
from domain.site import Site
from domain.tempo import AGES, USUAL
from domain.urls import urlkey
from monitor.hours import entries_due
from monitor.plan import forecast, urgency, value
from pipeline.house import House
from pipeline.planning import Terms, chosen, terms

_NAMES = ("3 h", "1 d", "7 d", "30 d", "1 year", "older")
assert len(_NAMES) == len(AGES) + 1


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """An entry: whether this run asks it, when it was asked last (UTC), and its interval at this hour."""

    url: str
    due: bool
    asked: datetime | None
    interval: timedelta


@dataclass(frozen=True, slots=True)
class ExplainedPage:
    """A page: when it becomes due (UTC), whether this run fetches it, changes a day expected of it, what a state of it
    is worth, and its urgency: 1 or more is due. That of a suspect is None: it always goes first."""

    url: str
    status: str
    next_check: datetime
    chosen: bool
    rate: float
    value: float
    urgency: float | None
    checks: int
    changes: int
    last_checked: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """A site's plan at `now` (UTC). `rates` and `usual` are changes a day at `ages`; `working` and `weekend` the share
    of days with something new in each hour of Asia/Shanghai, empty where not known; `left_out` are pages that are due
    and beyond the budget. `pages` are those of this run, then those that come next, as many as were asked for."""

    site: str
    now: datetime
    rechecks: int
    budget: int
    due: int
    left_out: int
    ages: tuple[str, ...]
    rates: tuple[float, ...]
    usual: tuple[float, ...]
    restless: float
    working: tuple[float, ...]
    weekend: tuple[float, ...]
    entries: tuple[ExplainedEntry, ...]
    pages: tuple[ExplainedPage, ...]


def explain(house: House, site: Site, limit: int) -> Explained:
    """The plan of the site's next run, and `limit` of its pages."""
    found = terms(house, site)
    taken = chosen(house, site, found)
    due = house.catalogue.count_due(site.name, found.question)
    return Explained(
        site=site.name,
        now=found.now,
        rechecks=site.rechecks,
        budget=found.budget,
        due=due,
        left_out=due - len(taken),
        ages=_NAMES,
        rates=found.manner.rates,
        usual=USUAL,
        restless=found.manner.restless,
        working=found.hours.working,
        weekend=found.hours.weekend,
        entries=_entries(site, found),
        pages=tuple(_listed(house, site, found, taken, limit)),
    )


def _entries(site: Site, found: Terms) -> tuple[ExplainedEntry, ...]:
    due = entries_due(site.entries, found.asked, found.hours, found.now, site.every)
    interval = found.hours.interval(found.now, site.every)
    last = {entry.url: found.asked.get(urlkey(entry.url)) for entry in site.entries}
    return tuple(
        ExplainedEntry(url, any(item.url == url for item in due), times[1] if times else None, interval)
        for url, times in last.items()
    )


def _listed(house: House, site: Site, found: Terms, taken: list[PageState], limit: int) -> list[ExplainedPage]:
    """Those of this run as it takes them, then the others by when they become due."""
    names = {state.urlkey for state in taken}
    first = [_page(state, found, chosen=True) for state in taken[:limit]]
    rest = [state for state in house.catalogue.upcoming(site.name, len(taken) + limit) if state.urlkey not in names]
    later = sorted((_page(state, found, chosen=False) for state in rest), key=lambda page: (page.next_check, page.url))
    return [*first, *later][:limit]


def _page(state: PageState, found: Terms, *, chosen: bool) -> ExplainedPage:
    manner, age = found.manner, (found.now - state.since).total_seconds() * found.pace
    urgent = urgency(state, found.now, manner, pace=found.pace)
    return ExplainedPage(
        url=state.url,
        status=state.status.value,
        next_check=forecast(state, found.now, manner, pace=found.pace),
        chosen=chosen,
        rate=rate(state.tempo, age, manner.rates),
        value=value(state, manner),
        urgency=None if urgent == inf else urgent,
        checks=state.tempo.checks,
        changes=state.tempo.changes,
        last_checked=state.last_checked,
    )
