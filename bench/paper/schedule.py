"""What happens in which round: five after the first, or any number of quiet ones in between.

0 all is new; 1 noise alone; 2 edits, formats, removals, moves; 3 one site behind a firewall, another answers 404 to
everything; 4 that one still, some pages are back, a third site in new mark-up; 5 more edits, in the new mark-up too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from bench.paper.model import EDITS, FORMATS, REMOVALS, Event, Kind, Weather
from bench.paper.press import Leaf, Press

ROUNDS = 6
BLOCKED, DOWN, REDESIGNED, CALM = "paper-news", "paper-town", "paper-daily", "paper-gov"
WEATHER: Mapping[int, Weather] = {
    3: Weather(blocked=frozenset({BLOCKED}), down=frozenset({DOWN})),
    4: Weather(down=frozenset({DOWN}), redesigned=frozenset({REDESIGNED})),
    5: Weather(redesigned=frozenset({REDESIGNED})),
}
_EACH = 4
# Seen gone in rounds 2 and 3, or in 2 and 4 where the firewall stood between; back in the round after.
_BACK = {CALM: 4, BLOCKED: 5}


@dataclass(frozen=True, slots=True)
class Schedule:
    """All events, by round."""

    events: tuple[Event, ...]

    def of(self, round_: int) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.round == round_)

    @staticmethod
    def weather(round_: int) -> Weather:
        return WEATHER.get(round_, Weather())


def schedule(press: Press, seed: int = 1) -> Schedule:
    """Each kind of event for four pages, one of each site, with every other left to noise alone."""
    chance = Random(f"events/{seed}")
    free: dict[str, list[Leaf]] = {}
    for leaf in press.leaves:
        free.setdefault(leaf.house.name, []).append(leaf)
    for leaves in free.values():
        chance.shuffle(leaves)
    first = list(_second(free))
    gone = [event for event in first if event.kind in REMOVALS]
    return Schedule((*first, *_back(press, gone), *_fifth(free)))


def _second(free: dict[str, list[Leaf]]) -> Iterator[Event]:
    for kind in (*EDITS, Kind.REPUBLISHED, *FORMATS, *REMOVALS, Kind.MOVED):
        for site in list(free)[:_EACH]:
            yield Event(2, _take(free[site], kind), kind)


def _fifth(free: dict[str, list[Leaf]]) -> Iterator[Event]:
    """Half of them where the mark-up is new; one of each kind on the sites that stayed."""
    for kind in EDITS:
        yield Event(5, _take(free[REDESIGNED], kind), kind)
    for kind in (Kind.AMOUNT, Kind.OBLIGATION, Kind.TYPO):
        for site in (BLOCKED, DOWN, CALM):
            yield Event(5, _take(free[site], kind), kind)


def _back(press: Press, gone: list[Event]) -> Iterator[Event]:
    """Two of a site's four lost pages come back where there was time to see them lost."""
    for site, round_ in _BACK.items():
        lost = [event for event in gone if press.leaves[event.page].house.name == site]
        yield from (Event(round_, event.page, Kind.RESTORED) for event in lost[::2])


def _take(leaves: list[Leaf], kind: Kind) -> int:
    """A page that nothing has happened to, and that has what the event needs."""
    needs_file = kind is Kind.ATTACHMENT
    at = next(place for place, leaf in enumerate(leaves) if leaf.article.files or not needs_file)
    return leaves.pop(at).number
