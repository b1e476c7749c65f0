"""What a page's history says of how often it changes, by its age: counts that add up over pages.

A change is harder to find the rarer one looks. What stands in the place of the time watched is therefore its
effective length: so long that changes divided by it give the maximum-likelihood rate (see domain.rates).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from domain.change import ChangeType, History
from domain.rates import corrected

# Up to these ages; the last band has no end.
AGES = tuple(timedelta(days=days) for days in (0.125, 1, 7, 30, 365))
BANDS = len(AGES) + 1
# Changes a day in each band where nothing is known of a site: an edit or removal of every seventh page in its first
# three hours, of one in three hundred pages a year when they are old. A guess; it weighs as much as `monitor.plan`
# says, and then a site's own figures stand in its place.
USUAL = (1.2, 0.25, 0.04, 0.008, 0.002, 0.001)
_LIMITS = tuple(age.total_seconds() for age in AGES)
_WENT = (ChangeType.REMOVED, ChangeType.MOVED)
_DAY = 86400.0
_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Tempo:
    """`checks` are answers after the first that said something, `changes` those with something new. `watched` are
    seconds and `found` changes in each of BANDS bands of age, both in the time of pace 1."""

    checks: int = 0
    changes: int = 0
    watched: tuple[int, ...] = (0,) * BANDS
    found: tuple[int, ...] = (0,) * BANDS


UNTRIED = Tempo()


def band(age: float) -> int:
    """The band of an age in seconds."""
    return next((number for number, limit in enumerate(_LIMITS) if age <= limit), BANDS - 1)


def phase(urlkey: str) -> int:
    """A page's own place among 1,000, by which pages found together are spread: always the same."""
    return int.from_bytes(hashlib.sha256(urlkey.encode("utf-8", "surrogatepass")).digest()[:8]) % _STEPS


def spread(phase: int) -> float:
    """What a page's time of rest is divided by: 0.9 to 1.1, by its phase."""
    return 0.9 + 0.2 * phase / _STEPS


class Tally:
    """Counts a page's intervals; ages in seconds, in the time of pace 1."""

    __slots__ = ("_changed", "_checks", "_found", "_quiet", "_spans")

    def __init__(self) -> None:
        self._quiet, self._changed = [0.0] * BANDS, [0.0] * BANDS
        self._found = [0] * BANDS
        self._spans: list[float] = []
        self._checks = 0

    def quiet(self, start: float, end: float, checks: int = 1) -> None:
        """`checks` of an interval of age found nothing new."""
        _add(self._quiet, start, end)
        self._checks += checks

    def changed(self, start: float, end: float) -> None:
        """Something was new at the end of an interval of age."""
        _add(self._changed, start, end)
        self._found[band(start)] += 1
        self._spans.append(_usual(start, end))
        self._checks += 1

    def tempo(self) -> Tempo:
        share = _share(self._spans, self._quiet, self._checks)
        both = zip(self._quiet, self._changed, strict=True)
        watched = tuple(round(still + share * moved) for still, moved in both)
        return Tempo(self._checks, len(self._spans), watched, tuple(self._found))


def tempo(history: History, since: datetime, pace: float = 1.0) -> Tempo:
    """What a history tells. `since` is what the page's age counts from; `pace` how much faster than real time
    everything goes.

    Nothing changed between the first and the last capture of a version; something did between two versions, and
    between the last capture that showed the page and the one that proved it gone. Time it was gone is left out.
    """
    counted = Tally()
    for version in history.versions:
        counted.quiet(_age(version.first_seen, since, pace), _age(version.last_seen, since, pace), version.captures - 1)
    for before, after in _changed(history):
        counted.changed(_age(before, since, pace), _age(after, since, pace))
    return counted.tempo()


def _age(moment: datetime, since: datetime, pace: float) -> float:
    return (moment - since).total_seconds() * pace


def _changed(history: History) -> Iterator[tuple[datetime, datetime]]:
    """The intervals at whose end something was new: without those that the page was gone in."""
    removed = sorted(change.at for change in history.changes if change.type in _WENT)
    for version, after in pairwise(history.versions):
        if not any(version.last_seen < at <= after.first_seen for at in removed):
            yield version.last_seen, after.first_seen
    for at in removed:  # a version that came back the same goes on, and its last capture is after the removal
        shown = (min(version.last_seen, at) for version in history.versions if version.first_seen <= at)
        yield max(shown, default=at), at


def _add(bands: list[float], start: float, end: float) -> None:
    """Adds a span of age to the bands it lies in."""
    for number, (low, high) in enumerate(pairwise((float("-inf"), *_LIMITS, float("inf")))):
        bands[number] += max(min(end, high) - max(start, low), 0.0)


def _usual(start: float, end: float) -> float:
    """The changes that are usual in a span of age: a clock that goes as fast as pages of that age change."""
    bands = [0.0] * BANDS
    _add(bands, start, end)
    return usual(bands)


def usual(watched: Sequence[float], rates: Sequence[float] = USUAL) -> float:
    """The changes expected in so many seconds of each band, at `rates` a day."""
    return sum(seconds * rate for seconds, rate in zip(watched, rates, strict=True)) / _DAY


def _share(spans: Sequence[float], quiet: Sequence[float], checks: int) -> float:
    """The effective part of the changed intervals: a half of short ones, less of those in which much may have
    happened. From n/λ = unchanged + share × changed, with λ the estimate and time told by the clock of `_usual`; the
    half look that the estimate has more is left out again, for what is known of other pages stands in its place."""
    total = sum(spans)
    if not total:
        return 0.0
    still = usual(quiet)
    rate = corrected(spans, still, checks)
    more = (total + still) / max(checks, 1) / 2
    return min(max((len(spans) / rate - still - more) / total, 0.0), 0.5)
