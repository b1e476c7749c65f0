"""Histories of made-up pages: what really happened to each, hour by hour, whoever looked.

Time in days from the simulation's begin, Asia/Shanghai. Nothing here follows the plan's own assumptions about ages:
edits fall off with the age as a power of it, the pages' own factors are lognormal, and some pages never calm down.
"""

import math
import random
from dataclasses import dataclass

DAYS = 60.0
# New articles a day and pages that were there before; the sites differ in how much they edit.
SITES = {"quiet": 0.02, "usual": 0.06, "busy": 0.2}
NEW, OLD = 6, 250
# A page that never calms down: its share, and the median of its changes a day.
_LIVELY, _LIVELY_RATE = 0.03, 0.2
_SPREAD = 1.5
_REMOVED = 0.0004
# On such days one page in a hundred of those younger than a year is taken down.
_PURGES = (17.4, 41.6)
_PURGED = 0.01
_SOON = 0.04
# The share of a day's events by hour: 07:00 to 20:00, with a rest at noon.
_HOURS = (1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 3, 7, 9, 9, 8, 4, 5, 8, 9, 9, 7, 4, 3, 3, 3, 2, 1)
_BUSIEST = max(_HOURS)


@dataclass(frozen=True, slots=True)
class Made:
    """A page: when it was published, when it was changed (silently: nothing on it says so), when it was removed
    (infinite where never)."""

    key: str
    born: float
    edits: tuple[float, ...]
    removed: float


def site(name: str, seed: int, scale: float = 1.0) -> list[Made]:
    """All pages of a made-up site."""
    chance = random.Random(f"{name} {seed}")
    old = [-(900 ** chance.random()) for _ in range(int(OLD * scale))]
    new = [_working(chance, day) for day in range(int(DAYS)) for _ in range(_articles(chance, day, scale))]
    return [_page(chance, f"{name}/{number}", born, SITES[name]) for number, born in enumerate(old + new)]


def _articles(chance: random.Random, day: int, scale: float) -> int:
    usual = NEW * scale * (0.3 if day % 7 >= 5 else 1.0)
    return int(usual + chance.random())


def _working(chance: random.Random, day: float) -> float:
    return day + (chance.choices(range(24), _HOURS)[0] + chance.random()) / 24


def _page(chance: random.Random, key: str, born: float, level: float) -> Made:
    factor = math.exp(chance.gauss(-(_SPREAD**2) / 2, _SPREAD))
    edits = _ageing(chance, born, level * factor)
    if chance.random() < _LIVELY:
        edits += _steady(chance, born, _LIVELY_RATE * math.exp(chance.gauss(0, _SPREAD)))
    removed = born + chance.expovariate(_REMOVED)
    for day in _PURGES:
        if born < day < born + 365 and chance.random() < _PURGED:
            removed = min(removed, day)
    return Made(key, born, tuple(sorted(at for at in edits if born < at < min(removed, DAYS))), removed)


def _ageing(chance: random.Random, born: float, level: float) -> list[float]:
    """Edits at a rate of level / (age + an hour), thinned to working hours: so many in each e-fold of the age."""
    found, clock = [], 0.0
    while level > 0:
        clock += chance.expovariate(level * _BUSIEST / (sum(_HOURS) / 24))
        age = _SOON * (math.exp(clock) - 1) if clock < 20 else math.inf
        if born + age > DAYS:
            break
        if _at_work(chance, born + age):
            found.append(born + age)
    return found


def _steady(chance: random.Random, born: float, rate: float) -> list[float]:
    found, at = [], born
    while (at := at + chance.expovariate(rate * _BUSIEST / (sum(_HOURS) / 24))) < DAYS:
        if _at_work(chance, at):
            found.append(at)
    return found


def _at_work(chance: random.Random, at: float) -> bool:
    return chance.random() * _BUSIEST < _HOURS[int(at * 24) % 24]
