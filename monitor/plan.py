"""Which pages to fetch again: young pages often, old ones rarely (the ladder of NewsDiffs)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from domain.change import Status

# Up to this age of the page → checked this often. As get_update_delay of NewsDiffs has it: 15 min, 1 h, 3 h,
# 3 d, 30 d; where NewsDiffs gives a page up, we go on every 30 days.
LADDER: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta.max, timedelta(days=30)),
)
# The same for pages that are gone, by the time since they went.
GONE: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(days=30), timedelta(days=1)),
    (timedelta.max, timedelta(days=30)),
)


class PageState(Protocol):
    """What the plan needs of a page (catalogue.PageState has it). Times aware."""

    @property
    def urlkey(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def last_checked(self) -> datetime: ...
    @property
    def changed_at(self) -> datetime | None: ...


State = TypeVar("State", bound=PageState)


def due(
    states: Iterable[State],
    now: datetime,
    *,
    pace: float = 1.0,
    ladder: tuple[tuple[timedelta, timedelta], ...] = LADDER,
) -> list[State]:
    """The pages to fetch again at `now`, suspects first, then the longest overdue for their interval.

    `pace` is how much faster than real time everything goes. A suspect page is always due, for the next answer
    decides whether it is gone; not so one that never showed an article: a dead link goes by its age.
    """
    waited = [(_overdue(state, now, pace, ladder), state) for state in states]
    ready = [(ratio, state) for ratio, state in waited if ratio >= 1]
    ready.sort(key=lambda pair: (-pair[0], pair[1].urlkey))
    return [state for _, state in ready]


def _overdue(state: PageState, now: datetime, pace: float, ladder: tuple[tuple[timedelta, timedelta], ...]) -> float:
    """How many intervals have gone by since the page was checked; 1 or more is due."""
    if state.status is Status.SUSPECT and state.changed_at is not None:
        return float("inf")
    return ((now - state.last_checked) * pace) / interval(state, now, pace=pace, ladder=ladder)


def interval(
    state: PageState,
    now: datetime,
    *,
    pace: float = 1.0,
    ladder: tuple[tuple[timedelta, timedelta], ...] = LADDER,
) -> timedelta:
    """How long a page rests between checks, in the time of pace 1."""
    gone = state.status is Status.GONE
    since = (state.changed_at if gone else None) or state.first_seen
    age = (now - since) * pace
    return next(rest for limit, rest in (GONE if gone else ladder) if age <= limit)
