"""How many messages a person would have had: what was found, told as alerts.composing tells it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.composing import AT_ONCE, BURST, WINDOW
from alerts.timing import Timed, due
from domain.subscription import Rhythm

# Changes of one site that lie no further apart were found by one run, and told when it was over.
_RUN = timedelta(minutes=2)
_ROUND = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A change that a query matched. `matter` is the same for all that is one matter."""

    id: str
    at: datetime
    site: str
    matter: str


def messages(found: Iterable[Found], timed: Timed) -> list[datetime]:
    """When each message would have been made, in order: one for each matter, or one for several where the rhythm or
    their number makes it so. `found` in order of time."""
    rounds: dict[datetime, int] = {}
    for at in _rounds(_matters(found)):
        moment = due(timed, at)
        rounds[moment] = rounds.get(moment, 0) + 1
    together = timed.rhythm is not Rhythm.INSTANT
    return sorted(rounds) if together else list(_sent(sorted(rounds.items())))


def _matters(found: Iterable[Found]) -> list[Found]:
    """The first of each matter: what comes after goes into that message."""
    first: dict[str, Found] = {}
    for one in found:
        first.setdefault(one.matter, one)
    return list(first.values())


def _rounds(matters: Sequence[Found]) -> Iterator[datetime]:
    """When each matter was told of at the earliest: at the full minute after the run that found it."""
    by_site: dict[str, list[datetime]] = {}
    for one in matters:
        by_site.setdefault(one.site, []).append(one.at)
    for times in by_site.values():
        run: list[datetime] = []
        for at in times:
            if run and at - run[-1] > _RUN:
                yield from [_minute(run[-1])] * len(run)
                run = []
            run.append(at)
        yield from [_minute(run[-1])] * len(run)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + _ROUND


def _sent(rounds: Sequence[tuple[datetime, int]]) -> Iterator[datetime]:
    """Few at once come one by one, many as a digest; after a burst the rest waits, and comes as one."""
    recent: deque[datetime] = deque()
    waiting = 0
    coming = deque(rounds)
    moment = coming[0][0] if coming else None
    while coming or waiting:
        assert moment is not None
        while coming and coming[0][0] <= moment:
            waiting += coming.popleft()[1]
        while recent and recent[0] <= moment - WINDOW:
            recent.popleft()
        if waiting and len(recent) < BURST:
            count = waiting if waiting <= AT_ONCE else 1
            recent.extend([moment] * count)
            yield from [moment] * count
            waiting = 0
        ready = recent[0] + WINDOW if waiting else None
        later = coming[0][0] if coming else None
        moment = min((one for one in (ready, later) if one is not None), default=None)
