"""Which pages to fetch again, and when: what is most likely to have changed, weighed by what it would matter.

A page is checked by how often it changes, as far as its captures, its site and its age tell (domain.resting.rate);
until it is a day old and has been checked three times, at least as often as an age ladder says. What we minimise is,
over all pages of a site,

    Σ value × (states nobody kept + time during which the archive was behind / LATE)

at a given number of requests. With changes as a Poisson process of rate λ and a page checked every I, the page is
up to date for a share F = (1 − e^{−λI}) / λI of the time, and λ(1 − F) of its states are overwritten unseen, so the
loss is value × (λ + 1/LATE)(1 − F). J. Cho and H. Garcia-Molina, «Effective Page Refresh Policies for Web Crawlers»,
ACM Transactions on Database Systems 28 (4), 2003, 390–426, minimise the second part alone: there, what changes too
often to be kept up with gets little, and rates have to differ much for intervals to differ. The first part is ours:
a state that was not kept is evidence lost. States that follow each other faster than CHURN count as churn, and for
what is faster still their result holds: it gets less and less.

At the optimum one more check is worth the same on every page (their Lagrange condition). One more check of a page
left alone for t is worth `gain`, so the pages of the highest gain are taken, as many as the site's budget allows, and
none whose gain is below WORTH. A share of every budget goes to those that waited longest, so that none starves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, inf
from typing import Protocol, TypeVar

from domain.change import Status
from domain.resting import (
    FAR,
    FOLLOWED,
    GONE,
    LADDER,
    LEAST,
    MOST,
    NUMBERED,
    RESTLESS,
    WEIGHT,
    WORTH,
    gain,
    is_tried,
    rate,
    rung,
)
from domain.tempo import USUAL, Tempo, spread, usual

# The share of a budget that goes to those that waited longest.
FAIR = 0.1
_DAY = 86400.0


class PageState(Protocol):
    """What the plan needs of a page (catalogue.PageState has it). Times aware. `since` is what its age counts from;
    `phase` its place among 1,000, by which pages found together are spread."""

    @property
    def urlkey(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def since(self) -> datetime: ...
    @property
    def last_checked(self) -> datetime: ...
    @property
    def changed_at(self) -> datetime | None: ...
    @property
    def tempo(self) -> Tempo: ...
    @property
    def numbered(self) -> bool: ...
    @property
    def phase(self) -> int: ...


State = TypeVar("State", bound=PageState)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a site's pages change: `rates` a day in each band of age. `restless` is 1 to RESTLESS; `followed` are the
    urlkeys of pages that subscriptions match."""

    rates: tuple[float, ...] = USUAL
    restless: float = 1.0
    followed: frozenset[str] = frozenset()


def manner(found: Sequence[int], watched: Sequence[int], followed: frozenset[str] = frozenset()) -> Manner:
    """A site's, from the changes found and the seconds watched in each band of age, over all its pages.

    The rates are Gamma-Poisson posterior means with the usual ones before them, worth WEIGHT changes.
    """
    rates = [(WEIGHT + changes) / (WEIGHT / rate + seconds / _DAY) for changes, seconds, rate in _bands(found, watched)]
    held = tuple(min(max(rate, base / FAR), base * FAR) for rate, base in zip(rates, USUAL, strict=True))
    excess = (WEIGHT + sum(found)) / (WEIGHT + usual(watched))
    return Manner(held, min(max(excess, 1.0), RESTLESS), followed)


def _bands(found: Sequence[int], watched: Sequence[int]) -> Iterable[tuple[int, int, float]]:
    return zip(found, watched, USUAL, strict=True)


def value(page: PageState, manner: Manner) -> float:
    """What a state of a page is worth beside that of any other."""
    followed = FOLLOWED if page.urlkey in manner.followed else 1.0
    return followed * (NUMBERED if page.numbered else 1.0) * manner.restless


def urgency(page: PageState, now: datetime, manner: Manner, *, pace: float = 1.0) -> float:
    """1 or more is due, the highest first; a suspect is infinitely urgent, for the next answer decides whether it is
    gone. Not so one that never showed an article: a dead link goes by its age, as does what is gone."""
    if page.status is Status.SUSPECT and page.changed_at is not None:
        return inf
    rested = (now - page.last_checked).total_seconds() * pace * spread(page.phase)
    age = (now - page.since).total_seconds() * pace
    if page.status is Status.GONE and page.changed_at is not None:
        return _ratio(rested, rung(GONE, (now - page.changed_at).total_seconds() * pace))
    if page.status is Status.SUSPECT:
        return _ratio(rested, rung(LADDER, age))
    if rested < LEAST.total_seconds():
        return 0.0
    worth = gain(rate(page.tempo, age, manner.rates), rested / _DAY, value(page, manner)) / WORTH
    rest = MOST.total_seconds() if is_tried(page.tempo, age) else rung(LADDER, age)
    return max(worth, _ratio(rested, rest))


def forecast(page: PageState, now: datetime, manner: Manner, *, pace: float = 1.0) -> datetime:
    """When the page becomes due, to the minute, as things stand at `now`; `now` where it is."""
    if urgency(page, now, manner, pace=pace) >= 1:
        return now
    low, high = now, now + MOST / pace * 1.2
    while high - low > timedelta(minutes=1) / pace:
        middle = low + (high - low) / 2
        low, high = (low, middle) if urgency(page, middle, manner, pace=pace) >= 1 else (middle, high)
    return high


def _ratio(rested: float, rest: float) -> float:
    """Squared, as the gain grows with the square of the time a page was left alone."""
    return (rested / rest) ** 2


def due(
    pages: Iterable[State], now: datetime, manner: Manner | None = None, *, pace: float = 1.0, budget: int | None = None
) -> list[State]:
    """The pages to fetch again at `now`, the most urgent first: at most `budget` of them, where one is given.

    Of a budget that does not suffice a FAIR share goes to those that were left alone longest. `pace` is how much
    faster than real time everything goes.
    """
    waiting = [(urgency(page, now, manner or Manner(), pace=pace), page) for page in pages]
    ready = sorted((item for item in waiting if item[0] >= 1), key=lambda item: (-item[0], item[1].urlkey))
    ordered = [page for _, page in ready]
    if budget is None or len(ordered) <= budget:
        return ordered
    first = sum(urgent == inf for urgent, _ in ready)
    fair = ceil(max(budget - first, 0) * FAIR)
    chosen, left = ordered[: budget - fair], ordered[budget - fair :]
    return chosen + sorted(left, key=lambda page: (page.last_checked, page.urlkey))[:fair]


def budget(requests: int, since: timedelta) -> int:
    """How many pages a run may fetch again, of a site that may be asked `requests` times a day, `since` after the
    last run, in the time of pace 1: at least one, at most a day's."""
    return max(1, min(requests, ceil(requests * (since / timedelta(days=1)))))
