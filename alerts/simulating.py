"""How many messages a channel would have had: what was found, told round by round by the rules of alerts.timing and
alerts.folding, as alerts.composing tells it."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import takewhile

from alerts.channels import Limits
from alerts.folding import MOST, WINDOW, groups, is_digest, is_full, matters
from alerts.timing import Timed, due
from domain.subscription import Rhythm

# Changes of one site that lie no further apart were found by one run, and told when it was over.
_RUN = timedelta(minutes=2)
_ROUND = timedelta(minutes=1)
# Between them something leaves at the rounds of dags/deliver.py, which go by the clock.
_TICK = timedelta(minutes=5)
_MOMENT = timedelta(microseconds=1)
PEOPLE = Limits(messages=None, per=_ROUND, bytes=None, folds=True)


@dataclass(frozen=True, slots=True)
class Found:
    """A change that a query matched. `matter` is the same for all that is one matter."""

    id: str
    at: datetime
    site: str
    matter: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it would have been: when it would have left. Not `exact`: that its digest comes in so many parts was
    estimated."""

    left: datetime
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Parts:
    """Into how many messages a digest is split."""

    count: int = 1
    exact: bool = True


# Of the changes of a digest, the first of each matter: its rhythm, and when it is made.
Split = Callable[[Sequence[Found], Rhythm, datetime], Parts]
Round = tuple[datetime, list[Found]]


def messages(
    found: Iterable[Found], timed: Timed, limits: Limits = PEOPLE, split: Split = lambda *_: Parts()
) -> list[Message]:
    """The messages of one channel, in order: one for each matter, or one for several where the rhythm or their number
    makes it so, in parts where `split` says so, no faster than the channel takes them. `found` in order of time."""
    return _Channel(timed, limits, split).told(rounds(found))


def rounds(found: Iterable[Found]) -> list[Round]:
    """When what was found was told of at the earliest: at the full minute after the run that found it."""
    by_site: dict[str, list[Found]] = {}
    for one in found:
        by_site.setdefault(one.site, []).append(one)
    told: dict[datetime, list[Found]] = {}
    for of_site in by_site.values():
        for run in _runs(of_site):
            told.setdefault(_minute(run[-1].at), []).extend(run)
    return sorted(told.items())


def _runs(found: Sequence[Found]) -> list[list[Found]]:
    runs: list[list[Found]] = []
    for one in found:
        if runs and one.at - runs[-1][-1].at <= _RUN:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + _ROUND


def tick(at: datetime) -> datetime:
    """The first round of `deliver` that is not before a time."""
    over = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at + (_TICK - over) if over else at


@dataclass(frozen=True, slots=True)
class _Notice:
    """As alerts.notices.Notice, of what the rules ask for."""

    change: Found
    rhythm: Rhythm

    @property
    def matter(self) -> str:
        return self.change.matter

    @property
    def place(self) -> tuple[datetime, str]:
        return self.change.at, self.change.id


@dataclass(slots=True)
class _Channel:
    """A channel that takes what it is sent. `later` is a heap, by when it is due."""

    timed: Timed
    limits: Limits
    split: Split
    later: list[tuple[datetime, str, _Notice]] = field(default_factory=list)
    ready: list[_Notice] = field(default_factory=list)
    told_of: set[str] = field(default_factory=set)
    made: deque[datetime] = field(default_factory=deque)
    waiting: deque[bool] = field(default_factory=deque)
    left: list[Message] = field(default_factory=list)

    def told(self, found: Sequence[Round]) -> list[Message]:
        coming = deque(found)
        moment = coming[0][0] if coming else None
        while moment is not None:
            while coming and coming[0][0] <= moment:
                self._match(*coming.popleft())
            self._compose(moment)
            self._deliver(moment)
            moment = self._next(coming[0][0] if coming else None, moment)
        return self.left

    def _next(self, coming: datetime | None, moment: datetime) -> datetime | None:
        """The next round in which something may happen."""
        times = [coming] if coming else []
        if self.ready or self.waiting:
            times.append(tick(moment + _MOMENT))
        if self.later:
            times.append(tick(max(self.later[0][0], moment + _MOMENT)))
        return min(times, default=None)

    def _match(self, moment: datetime, found: Iterable[Found]) -> None:
        at = due(self.timed, moment)
        for one in found:
            heappush(self.later, (at, one.id, _Notice(one, self.timed.rhythm)))

    def _compose(self, moment: datetime) -> None:
        while self.later and self.later[0][0] <= moment:
            self.ready.append(heappop(self.later)[2])
        self.ready.sort(key=lambda one: one.place)
        found = matters(self.ready[:MOST], self.told_of)
        rest = self.ready[MOST:]
        if self.limits.folds and is_full(_within(self.made, moment, WINDOW)):
            self.ready = [one for kin in found.values() for one in kin] + rest
            return
        for rhythm, together in groups((kin[0] for kin in found.values()), folds=self.limits.folds):
            self._put(rhythm, together, moment)
        self.told_of.update(found)
        self.ready = rest

    def _put(self, rhythm: Rhythm, together: Sequence[_Notice], moment: datetime) -> None:
        whole = is_digest(rhythm, together)
        parts = self.split([one.change for one in together], rhythm, moment) if whole else Parts()
        self.made.extend([moment] * parts.count)
        self.waiting.extend([parts.exact] * parts.count)

    def _deliver(self, moment: datetime) -> None:
        lately = takewhile(lambda one: one.left >= moment - self.limits.per, reversed(self.left))
        most = self.limits.messages
        free = len(self.waiting) if most is None else max(most - sum(1 for _ in lately), 0)
        for _ in range(min(free, len(self.waiting))):
            self.left.append(Message(moment, self.waiting.popleft()))


def _within(times: deque[datetime], moment: datetime, span: timedelta) -> int:
    """How many of the times are no longer ago; the others go."""
    while times and times[0] < moment - span:
        times.popleft()
    return len(times)
