"""A query held against what was found already: how many messages would it have made?"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from alerts import past
from alerts.channels import Channels, Limits
from alerts.kinds import Matter
from alerts.laying import MOST, Layout
from alerts.listening import document, folds
from alerts.payload import payload
from alerts.query import Query, holds
from alerts.simulating import PEOPLE, Found, Message, messages
from domain.clock import SHANGHAI, planning_now
from domain.desk import Backtest, Day, Hour, Load, Timing
from domain.subscription import Language, Match, Via

LONGEST = 366
_NEWEST = 20
_SPAN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom it is counted: when they are told, by channels of which kinds, in which language. `ways` are those that
    messages leave by here; a kind that is not among them is one without limits."""

    timing: Timing = field(default_factory=Timing)
    vias: tuple[Via, ...] = ()
    language: Language = "both"
    ways: Channels = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[Via, ...]:
        """People's first: what is shown of several is theirs."""
        kinds = dict.fromkeys(self.vias or (Via.EMAIL,))
        return tuple(sorted(kinds, key=lambda via: not self.limits(via).folds))

    def limits(self, via: Via) -> Limits:
        return self.ways[via].limits if via in self.ways else replace(PEOPLE, folds=via is not Via.WEBHOOK)


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

    def messages(self, via: Via, telling: Telling) -> list[Message]:
        """Those to one channel of this kind."""
        found, limits = sorted(self.found, key=lambda one: (one.at, one.id)), telling.limits(via)
        if via not in telling.ways:
            return messages(found, telling.timing, limits)
        most = MOST // len(telling.kinds)
        layout = Layout(self._source, self._sites, self._web, telling.ways[via], telling.language, found, most)
        return messages(found, telling.timing, limits, layout.split)

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
    telling: Telling | None = None,
    seconds: float | None = None,
    web: str = "",
    step: Callable[[], object] | None = None,
) -> Backtest:
    """What a query would have told in the last `days` (up to 366), looked at for `seconds` at most; `step` is called
    after each day.

    Messages are counted as they come to one channel of each kind (alerts.simulating), by e-mail where none is said.
    Digests that are long are laid out to see how many parts they take (alerts.laying), or estimated. The status of a
    page and its reprint cluster are taken as they stand today. Raises CatalogueError.
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
    return _counted(run, days, looked, telling or Telling(), complete=complete)


def _counted(run: _Run, days: int, looked: int, telling: Telling, *, complete: bool) -> Backtest:
    told = {via: run.messages(via, telling) for via in telling.kinds}
    loads = tuple(Load(via=via, messages=len(sent), estimated=_estimated(sent)) for via, sent in told.items())
    sent = told[loads[0].via]
    days_told = _by_day(run.found, sent)
    hours = Counter(one.left.replace(minute=0, second=0, microsecond=0) for one in sent)
    at, most = max(hours.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
    return Backtest(
        days=days,
        looked=looked,
        changes=len(run.found),
        messages=len(sent),
        complete=complete,
        days_told=days_told,
        newest=run.newest(),
        via=loads[0].via,
        estimated=loads[0].estimated,
        loads=loads,
        busiest_day=max(days_told, key=lambda one: (one.messages, one.day)) if sent else None,
        busiest_hour=Hour(at=at, messages=most) if at else None,
    )


def _estimated(sent: Sequence[Message]) -> int:
    return sum(not one.exact for one in sent)


def _by_day(found: Iterable[Found], sent: Iterable[Message]) -> tuple[Day, ...]:
    changes, made = Counter(_day(one.at) for one in found), Counter(_day(one.left) for one in sent)
    return tuple(Day(day=day, changes=changes[day], messages=made[day]) for day in sorted(changes | made))


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
