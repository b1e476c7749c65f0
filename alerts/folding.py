"""What is told together: followed where messages are made (alerts.composing) and where those of the past are counted
(alerts.simulating)."""

from collections.abc import Container, Iterable, Sized
from datetime import timedelta
from itertools import groupby
from typing import Protocol, TypeVar

from domain.subscription import Rhythm

# For people: more matters than AT_ONCE become one message; after BURST messages within WINDOW they wait, and fold.
AT_ONCE = 5
BURST, WINDOW = 10, timedelta(minutes=10)
# Changes that one round looks at for a channel: more wait for the next.
MOST = 5_000


class Told(Protocol):
    """A change that a channel is to be told of."""

    @property
    def matter(self) -> str: ...
    @property
    def rhythm(self) -> Rhythm: ...


T = TypeVar("T", bound=Told)


def is_full(recent: int, stuck: int = 0) -> bool:
    """True where people were told enough for now, by so many messages within WINDOW, or where messages are stuck
    because their endpoint is away: what waits then comes in one message."""
    return recent >= BURST or stuck > 0


def matters(due: Iterable[T], told: Container[str]) -> dict[str, list[T]]:
    """The changes that are one matter, together; without those of matters that were told."""
    found: dict[str, list[T]] = {}
    for one in due:
        if one.matter not in told:
            found.setdefault(one.matter, []).append(one)
    return found


def groups(due: Iterable[T], *, folds: bool) -> list[tuple[Rhythm, list[T]]]:
    """What of the matters that are due comes in one message, the most pressing first. `folds`: they are for people."""
    order = list(Rhythm)
    found: list[tuple[Rhythm, list[T]]] = []
    for rhythm, some in groupby(sorted(due, key=lambda one: order.index(one.rhythm)), key=lambda one: one.rhythm):
        together = list(some)
        alone = rhythm is Rhythm.INSTANT and (not folds or len(together) <= AT_ONCE)
        found += [(rhythm, [one]) for one in together] if alone else [(rhythm, together)]
    return found


def is_digest(rhythm: Rhythm, together: Sized) -> bool:
    """False of a change that is told at once and by itself."""
    return rhythm is not Rhythm.INSTANT or len(together) != 1
