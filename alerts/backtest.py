"""A query held against what was found already: how many messages would it have made?"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from alerts import past
from alerts.kinds import Matter
from alerts.listening import document, folds
from alerts.payload import payload
from alerts.query import Query, holds
from alerts.simulating import Found, messages
from domain.clock import SHANGHAI, planning_now
from domain.desk import Backtest, Day
from domain.subscription import Match, Rhythm

LONGEST = 366
_NEWEST = 20
_SPAN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """When messages would have been sent: as domain.subscription.Subscription has it."""

    rhythm: Rhythm = Rhythm.INSTANT
    hour: int = 8
    quiet_from: int | None = None
    quiet_to: int | None = None
    timezone: str = "Asia/Shanghai"


class _Run:
    """One backtest, the newest day first: where the time allowed is over, it is the old days that are missing."""

    def __init__(self, source: Engine, sites: past.Sites, query: Query, web: str, ends: float | None) -> None:
        self._source, self._sites, self._query, self._web, self._ends = source, sites, query, web, ends
        self.found: list[Found] = []

    def hold(self, since: datetime, until: datetime) -> tuple[int, bool]:
        """Holds the changes of a day against the query; gives how many were looked at, and whether that is all."""
        if self._is_over():
            return 0, False
        asked = self._query.meaning
        ids = past.perhaps(self._source, asked, since, until)
        found = past.matters(self._source, self._sites, ids, texts=past.reads(asked))
        for looked, matter in enumerate(found, 1):
            if holds(self._query, document(matter)):
                self._keep(matter)
            if looked % past.BATCH == 0 and self._is_over():
                return looked, False
        # Those that the database left out were looked at, too.
        return past.count(self._source, since, until), True

    def _is_over(self) -> bool:
        return self._ends is not None and time.monotonic() > self._ends

    def _keep(self, matter: Matter) -> None:
        change = matter.change
        kind = matter.cluster if folds(matter) and matter.cluster else change.id
        self.found.append(Found(change.id, change.at, change.site, kind))

    def newest(self) -> tuple[Match, ...]:
        """The last that were found, as their messages would be."""
        ids = [one.id for one in self.found[:_NEWEST]]
        matters = past.matters(self._source, self._sites, ids)
        return tuple(Match(change=one.change.id, at=one.change.at, payload=payload(one, self._web)) for one in matters)


def backtest(
    source: Engine,
    sites: past.Sites,
    query: Query,
    *,
    days: int,
    timing: Timing | None = None,
    seconds: float | None = None,
    web: str = "",
    step: Callable[[], object] | None = None,
) -> Backtest:
    """What a query would have told in the last `days` (up to 366), looked at for `seconds` at most; `step` is called
    after each day.

    Messages are counted as they come to a person's channel (alerts.composing): one matter one message, many at once a
    digest, a pause after a burst. A webhook gets one for each matter. The status of a page and its reprint cluster are
    taken as they stand today. Raises CatalogueError.
    """
    until, days = planning_now(), min(max(days, 1), LONGEST)
    ends = None if seconds is None else time.monotonic() + seconds
    run, looked, complete = _Run(source, sites, query, web, ends), 0, True
    for day in range(days):
        if not complete:
            break
        looked_at, complete = run.hold(until - (day + 1) * _SPAN, until - day * _SPAN)
        looked += looked_at
        if step:
            step()
    return _counted(run, days, looked, timing or Timing(), complete=complete)


def _counted(run: _Run, days: int, looked: int, timing: Timing, *, complete: bool) -> Backtest:
    found = sorted(run.found, key=lambda one: (one.at, one.id))
    sent = messages(found, timing)
    changes, made = Counter(_day(one.at) for one in found), Counter(_day(at) for at in sent)
    told = tuple(Day(day=day, changes=changes[day], messages=made[day]) for day in sorted(changes | made))
    return Backtest(
        days=days,
        looked=looked,
        changes=len(found),
        messages=len(sent),
        complete=complete,
        days_told=told,
        newest=run.newest(),
    )


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
