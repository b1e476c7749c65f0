"""Is a site quiet, and is that its habit?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from domain.health import Arrivals, Sign
from monitor.health.baseline import Baseline, baseline

DAY = timedelta(days=1)
# Spans looked at: those of the baseline, and those in which habits show.
_WEEKS, SPANS = 6, 92
_LEAST = 5
# So many times the longest silence of before is much; so many are not to be believed, if they are a week.
_MUCH, _BEYOND, _WEEK = 2, 5, 7


def quiet(arrivals: Arrivals, now: datetime) -> Iterator[Sign]:
    """A note where fewer articles came than usual, or none for longer than is the site's habit; a warning where that
    goes on for so long that the silence is not to be believed."""
    yield from _gap(arrivals, now)
    yield from _fewer(arrivals, now)


def usual_day(arrivals: Arrivals, now: datetime) -> Baseline | None:
    """How many articles come in the 24 hours before such a moment of the week; spans with no run do not count."""
    spans = [span for span in range(1, min(len(arrivals.days), 7 * _WEEKS + 1)) if span in arrivals.watched]
    return baseline(((now - span * DAY, arrivals.days[span]) for span in spans), now)


def _fewer(arrivals: Arrivals, now: datetime) -> Iterator[Sign]:
    if not arrivals.days or 0 not in arrivals.watched:
        return
    base = usual_day(arrivals, now)
    found = arrivals.days[0]
    if base and base.is_low(found):
        zh = f"24 小时内新文章 {found} 篇，平常 {base.median:.0f} 篇"
        en = f"{found} new articles in 24 hours, where {base.median:.0f} are usual"
        yield Sign(kind="fewer", level="note", zh=zh, en=en, value=found, usual=base.median)


def _gap(arrivals: Arrivals, now: datetime) -> Iterator[Sign]:
    if arrivals.last is None:
        return
    days = (now - arrivals.last) / DAY
    habit = _habit(arrivals)
    if habit is None or days <= _MUCH * (habit + 1):
        return
    beyond = days > max(_BEYOND * (habit + 1), _WEEK)
    zh = f"{days:.0f} 天没有新文章，以往最多隔 {habit + 1} 天"
    en = f"no new article for {days:.0f} days, where {habit + 1} were the most"
    yield Sign(kind="gap", level="warning" if beyond else "note", zh=zh, en=en, value=round(days, 2), usual=habit + 1)


def _habit(arrivals: Arrivals) -> int | None:
    """The longest silence, in spans, before the present one; None where too few articles came to tell."""
    counts = [count for span, count in enumerate(arrivals.days) if span in arrivals.watched]
    while counts and not counts[0]:
        counts.pop(0)
    while counts and not counts[-1]:
        counts.pop()
    if len(counts) < _WEEK or sum(counts) < _LEAST:
        return None
    return max((len(list(spans)) for empty, spans in groupby(counts, lambda count: count == 0) if empty), default=0)
