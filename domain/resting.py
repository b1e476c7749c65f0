"""How long a page may be left alone: what its captures say of the rate at which it changes, and what a check is worth.

The plan (monitor.plan) says why; the constants it goes by stand here, for the catalogue goes by them as well.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import exp, sqrt

from domain.change import Status
from domain.tempo import USUAL, Tempo, band, usual

Ladder = tuple[tuple[timedelta, timedelta], ...]

# Up to this age of the page → checked at least this often, until it is no longer YOUNG and ENOUGH checks were made.
# As get_update_delay of NewsDiffs has it: 15 min, 1 h, 3 h, 3 d, 30 d; where NewsDiffs gives a page up, we go on
# every 30 days.
LADDER: Ladder = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta.max, timedelta(days=30)),
)
# The same for pages that are gone, by the time since they went; always.
GONE: Ladder = (
    (timedelta(days=30), timedelta(days=1)),
    (timedelta.max, timedelta(days=30)),
)
ENOUGH = 3
YOUNG = timedelta(days=1)
# No page is checked oftener than this, and each is due after that.
LEAST, MOST = timedelta(minutes=15), timedelta(days=30)
# To be behind for so long is as bad as to lose a state; of the value of one, so much must a check be expected to save.
LATE, WORTH = timedelta(days=1), 0.005
# States a day above which they are churn: one an hour.
CHURN = 24.0
# A page's rate is its site's times a factor, Gamma-distributed with this shape: few pages change much, most hardly.
SHAPE = 0.5
# So many changes are the usual rates worth when a site's own are made; these are never further from them than FAR.
WEIGHT, FAR = 5.0, 8.0
# What matters more: a subscription matches it; it has a document number; its site edits and removes much (at most).
FOLLOWED, NUMBERED, RESTLESS = 2.0, 1.5, 1.3
_RICHEST = FOLLOWED * NUMBERED * RESTLESS
_DAY = 86400.0


def rate(tempo: Tempo, age: float, rates: Sequence[float] = USUAL) -> float:
    """Changes a day expected of a page aged `age` seconds: its site's rate at that age times its own factor,
    (SHAPE + changes) / (SHAPE + changes expected of such a page in the time it was watched).

    That is the posterior mean under a Gamma distribution of factors about 1. A page never seen to change goes down
    slowly and never to nothing; one that changes much goes up as its evidence does. `tempo.watched` is effective
    time, so with much evidence it is the maximum-likelihood rate for irregular checks (see domain.rates).
    """
    return rates[band(age)] * (SHAPE + tempo.changes) / (SHAPE + usual(tempo.watched, rates))


def gain(rate: float, rested: float, value: float = 1.0) -> float:
    """What a check is worth after `rested` days, in states kept: value × (λ + 1/LATE) / λ × (1 − (1 + λt)e^{−λt}),
    λ the rate a day. It is −∂loss/∂f of the plan's loss at a frequency f of 1/t (see monitor.plan)."""
    kept = min(rate, CHURN) + timedelta(days=1) / LATE
    missed = rate * rested
    return value * kept / rate * (1 - (1 + missed) * exp(-min(missed, 50.0)))


def rung(ladder: Ladder, age: float) -> float:
    """The seconds of rest at an age in seconds."""
    return next(rest for limit, rest in ladder if age <= limit.total_seconds()).total_seconds()


def wait(rate: float, value: float = 1.0, worth: float = WORTH) -> float:
    """The least rest, in days from LEAST to MOST, after which a check is worth `worth`: to one part in a hundred,
    never too long."""
    low, high = LEAST / timedelta(days=1), MOST / timedelta(days=1)
    if gain(rate, low, value) >= worth:
        return low
    if gain(rate, high, value) < worth:
        return high
    while high > low * 1.01:
        middle = sqrt(low * high)
        low, high = (low, middle) if gain(rate, middle, value) >= worth else (middle, high)
    return low


def soonest(tempo: Tempo, status: Status, age: float, changed: float | None) -> float:
    """The seconds that a page checked at an age rests at least, whatever its site and its value: before that the plan
    need not look at it. `changed` is how long before the check its last change was; both are in seconds.

    Older pages rest longer, so it holds however much later the plan asks.
    """
    if status is Status.SUSPECT:
        return rung(LADDER, age) if changed is None else 0.0
    if status is Status.GONE and changed is not None:
        return rung(GONE, changed)
    fast, slow = USUAL[band(age)] * FAR, usual(tempo.watched) / FAR
    least = wait(fast * (SHAPE + tempo.changes) / (SHAPE + slow), _RICHEST) * _DAY
    return least if is_tried(tempo, age) else min(least, rung(LADDER, age))


def is_tried(tempo: Tempo, age: float) -> bool:
    """True where what was seen of a page says more than its age does; `age` in seconds."""
    return tempo.checks >= ENOUGH and age > YOUNG.total_seconds()
