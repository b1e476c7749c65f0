"""When a site publishes, learned from when new pages appeared, and how often its entries are asked by the hour.

A new page is found half an interval late on average, so with p new pages an hour the time lost is p × interval / 2:
for the least of it at so many requests, intervals go with 1/√p, as for pages (see monitor.plan).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from domain.clock import SHANGHAI
from domain.site import Entry
from domain.urls import urlkey

# What is looked back on; and how long an entry must have been asked before its site's hours count as known.
WINDOW, LEARNED = timedelta(days=56), timedelta(days=14)
# Every entry is asked at least so often, and of a site at least one so often.
LONGEST, SILENCE = timedelta(hours=4), timedelta(hours=2)
# Fewer hours with something new, over the window, tell nothing.
_FEWEST = 30
_NEIGHBOURS = (0.25, 0.5, 0.25)

Asked = Mapping[str, tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Hours:
    """Of each hour of the day in Asia/Shanghai, the share of days on which something new appeared in it: 24 of
    working days, 24 of weekends. Empty where nothing is known."""

    working: tuple[float, ...] = ()
    weekend: tuple[float, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.working)

    def share(self, moment: datetime) -> float:
        """Of the hour that a moment lies in."""
        local = moment.astimezone(SHANGHAI)
        return (self.weekend if local.isoweekday() >= 6 else self.working)[local.hour]

    def interval(self, moment: datetime, every: timedelta) -> timedelta:
        """How often entries are asked at that time: `every` in the busiest hour, LONGEST at most."""
        if not self.known:
            return every
        busiest = max(*self.working, *self.weekend)
        return max(every, min(every * sqrt(busiest / self.share(moment)), LONGEST))


def learn(appeared: Iterable[tuple[bool, int, int]], since: datetime, now: datetime) -> Hours:
    """From (weekend, hour, number of days on which something new appeared) between two times.

    Each hour borrows from its neighbours, and half a day with something new is added to every one, so that none is
    ever held to be dead. Nothing is known before LEARNED, or from fewer than 30 such hours.
    """
    found = {(free, hour): days for free, hour, days in appeared}
    if now - since < LEARNED or sum(found.values()) < _FEWEST:
        return Hours()
    free = _weekends(since, now)
    working = max((now - since).days - free, 1)
    return Hours(_shares(found, working, weekend=False), _shares(found, max(free, 1), weekend=True))


def _weekends(since: datetime, now: datetime) -> int:
    """How many days of the window are of a weekend."""
    first = since.astimezone(SHANGHAI)
    days = (now - since).days
    return sum((first + timedelta(days=number)).isoweekday() >= 6 for number in range(days))


def _shares(found: Mapping[tuple[bool, int], int], days: int, *, weekend: bool) -> tuple[float, ...]:
    raw = [min((found.get((weekend, hour), 0) + 0.5) / (days + 1), 1.0) for hour in range(24)]
    return tuple(
        sum(part * raw[(hour + place) % 24] for place, part in zip((-1, 0, 1), _NEIGHBOURS, strict=True))
        for hour in range(24)
    )


def entries_due(
    entries: Sequence[Entry], asked: Asked, hours: Hours, now: datetime, every: timedelta
) -> tuple[Entry, ...]:
    """The entries to ask in a run at `now` of a site that runs `every` so often; `asked` says by urlkey when each was
    asked for the first and the last time.

    One never asked is due, and so is each where the hours are not known. An interval that ends before the middle of
    the time to the next run counts as over. Where none is due and none was asked for SILENCE, the one left alone
    longest is.
    """
    last = {entry.url: asked[urlkey(entry.url)][1] for entry in entries if urlkey(entry.url) in asked}
    limit = hours.interval(now, every) - every / 2
    due = tuple(item for item in entries if item.url not in last or not hours.known or now - last[item.url] >= limit)
    if not due and now - max(last.values()) >= SILENCE - every / 2:
        return (min(entries, key=lambda entry: last[entry.url]),)
    return due
