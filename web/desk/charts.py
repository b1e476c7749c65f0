"""A backtest as bars: every day of it one, whether something happened or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.clock import SHANGHAI, planning_now
from domain.desk import Backtest, Day

WIDTH, HEIGHT = 10, 64


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: `x` its left edge, `changes` and `messages` how high their bars are, in the picture's units."""

    day: Day
    x: int
    changes: float
    messages: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Days from the oldest on; `most` is what the highest bar stands for."""

    bars: tuple[Bar, ...]
    most: int
    width: int


def chart(found: Backtest, today: date | None = None) -> Chart:
    """The last `found.days` days up to today, Asia/Shanghai."""
    last = today or planning_now().astimezone(SHANGHAI).date()
    told = {day.day: day for day in found.days_told}
    first = min([last - timedelta(days=found.days - 1), *told])
    spans = range((max([last, *told]) - first).days + 1)
    days = [told.get(at) or Day(day=at, changes=0, messages=0) for at in (first + timedelta(days=n) for n in spans)]
    most = max(max(day.changes, day.messages) for day in days) or 1
    return Chart(tuple(_bars(days, most)), most, WIDTH * len(days))


def _bars(days: Sequence[Day], most: int) -> list[Bar]:
    tall = HEIGHT / most
    return [
        Bar(day, WIDTH * number, round(day.changes * tall, 2), round(day.messages * tall, 2))
        for number, day in enumerate(days)
    ]
