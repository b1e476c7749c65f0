"""What is usual: the median and the spread of the last weeks, of the same weekday where enough is known of it.

Both are robust: half of the runs may be out of order and the usual still shows (Rousseeuw and Croux, «Alternatives to
the Median Absolute Deviation», JASA 88, 1993; 1.4826 makes the spread that of a normal distribution).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from domain.clock import SHANGHAI

# Fewer samples say nothing of what is usual; of a weekday, so many weeks of it.
ENOUGH, _WEEKS = 4, 3
_NORMAL = 1.4826
_SPREADS = 3.0
Sample = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Baseline:
    """`weekday` is True where only the same day of the week counted."""

    median: float
    spread: float
    samples: int
    weekday: bool = False

    def is_low(self, value: float, share: float = 0.5) -> bool:
        """Less than a share of the usual, and out of its spread."""
        return value < min(self.median * share, self.median - _SPREADS * self.spread)

    def is_high(self, value: float, by: float = 0.2) -> bool:
        """More than the usual by so much, and out of its spread."""
        return value > self.median + max(_SPREADS * self.spread, by)


def baseline(samples: Iterable[Sample], at: datetime) -> Baseline | None:
    """What is usual at a time, whatever the order of the samples; None where too little is known."""
    known = list(samples)
    day = at.astimezone(SHANGHAI).weekday()
    same = [(when, value) for when, value in known if when.astimezone(SHANGHAI).weekday() == day]
    weeks = {when.astimezone(SHANGHAI).date() for when, _ in same}
    if len(weeks) >= _WEEKS and len(same) >= ENOUGH:
        return _of([value for _, value in same], weekday=True)
    return _of([value for _, value in known]) if len(known) >= ENOUGH else None


def _of(values: Sequence[float], *, weekday: bool = False) -> Baseline:
    middle = median(values)
    spread = _NORMAL * median(abs(value - middle) for value in values)
    return Baseline(middle, spread, len(values), weekday)
