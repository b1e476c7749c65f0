"""The state machine: how a site stands, from its runs in order, and from their absence.

One bad run is no breakage: broken is what was bad twice in a row, and mended what was not bad twice in a row. Between
the two it is degraded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.health import Sign, State

GOOD, ODD, BAD = 0, 1, 2
# A run missed may be chance, three missed are none; twice that is no delay any more.
_MISSED = 3
_SHORTEST = timedelta(minutes=1)
# The checks come hourly. After a longer pause the house itself was away, and runs are late because of that.
_AWAY = timedelta(hours=3)
_TURNS = 2
_UNITS = ((86400, "天", "days"), (3600, "小时", "hours"), (60, "分钟", "minutes"), (1, "秒", "seconds"))


@dataclass(frozen=True, slots=True)
class Seen:
    """One run: when it began and how it went (GOOD, ODD: warnings, BAD: errors)."""

    at: datetime
    run: str
    level: int


@dataclass(frozen=True, slots=True)
class Condition:
    """Where the machine is: `bad`, `odd` and `good` are the streaks it stands in, as (how long, since when); `odd`
    counts bad runs too."""

    state: State = State.HEALTHY
    since: datetime | None = None
    bad: tuple[int, datetime | None] = (0, None)
    odd: tuple[int, datetime | None] = (0, None)
    good: tuple[int, datetime | None] = (0, None)
    calm: tuple[int, datetime | None] = (0, None)


def level(signs: Iterable[Sign]) -> int:
    """How bad a run was, by its gravest sign."""
    return max(({"note": GOOD, "warning": ODD, "error": BAD}[sign.level] for sign in signs), default=GOOD)


def condition(runs: Iterable[Seen]) -> Condition:
    """Where the runs lead, whatever the order they are given in."""
    now = Condition()
    for run in sorted(runs, key=lambda one: (one.at, one.run)):
        now = step(now, run)
    return now


def step(now: Condition, run: Seen) -> Condition:
    """One run further."""
    bad = _streak(now.bad, run, run.level == BAD)
    odd = _streak(now.odd, run, run.level != GOOD)
    good = _streak(now.good, run, run.level == GOOD)
    calm = _streak(now.calm, run, run.level != BAD)
    state, since = now.state, now.since or run.at
    if state is State.BROKEN:
        if calm[0] >= _TURNS:
            state, since = (State.HEALTHY if good[0] >= _TURNS else State.DEGRADED), calm[1] or run.at
    elif bad[0] >= _TURNS:
        state, since = State.BROKEN, bad[1] or run.at
    elif state is State.HEALTHY and (bad[0] or odd[0] >= _TURNS):
        state, since = State.DEGRADED, odd[1] or run.at
    elif state is State.DEGRADED and good[0] >= _TURNS:
        state, since = State.HEALTHY, good[1] or run.at
    return Condition(state, since, bad, odd, good, calm)


def _streak(before: tuple[int, datetime | None], run: Seen, goes_on: bool) -> tuple[int, datetime | None]:
    return (before[0] + 1, before[1] or run.at) if goes_on else (0, None)


def patience(every: timedelta) -> timedelta:
    """How long a site of this rhythm may go without a run."""
    return max(every * _MISSED, _SHORTEST)


def overdue(
    ended: datetime | None, every: timedelta, now: datetime, checked: datetime | None
) -> tuple[State, Sign] | None:
    """What it means that no run has ended since `ended`; None where it means nothing. `checked` is when that was last
    looked at, None where never."""
    if ended is None:
        return State.DEGRADED, Sign(kind="never", level="warning", zh="还没有一轮抓取完成", en="no run has ended yet")
    missed = now - ended
    if missed <= patience(every):
        return None
    away = checked is not None and now - checked > _AWAY
    state = State.BROKEN if missed > 2 * patience(every) and not away else State.DEGRADED
    zh, en = (
        f"{_span(missed)[0]}没有一轮抓取完成，本应每 {_span(every)[0]}一轮",
        (f"no run has ended for {_span(missed)[1]}, where one was due every {_span(every)[1]}"),
    )
    level = "error" if state is State.BROKEN else "warning"
    return state, Sign(
        kind="stale", level=level, zh=zh, en=en, value=missed.total_seconds(), usual=every.total_seconds()
    )


def _span(time: timedelta) -> tuple[str, str]:
    seconds = time.total_seconds()
    size, zh, en = next(unit for unit in _UNITS if seconds >= 2 * unit[0] or unit[0] == 1)
    return f"{seconds / size:.0f} {zh}", f"{seconds / size:.0f} {en}"
