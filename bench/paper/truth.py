"""What a monitor should have said, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.paper.model import EDITS, FORMATS, REMOVALS, Event, Kind, Weather
from bench.paper.press import Press
from bench.paper.schedule import ROUNDS, Schedule

_TYPES = dict.fromkeys(EDITS, "edited") | dict.fromkeys(REMOVALS, "removed") | {
    Kind.REPUBLISHED: "republished",
    Kind.RESTORED: "restored",
    Kind.MOVED: "moved",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One change that is to be told once: of any of `urls`, in a round from `first` to `last`, as `type`."""

    kind: Kind
    page: int
    urls: frozenset[str]
    type: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Truth:
    """Every change due, and what stood behind every other visit: `blame[page][round]`."""

    due: tuple[Due, ...]
    pages: Mapping[str, int]
    blame: Mapping[int, tuple[str, ...]]


def truth(press: Press, plan: Schedule, rounds: int = ROUNDS) -> Truth:
    """Ask for it when all rounds are done: pages have moved then. With fewer `rounds` than all, what takes more than
    one answer to know is not due."""
    pages = {url: leaf.number for leaf in press.leaves for url in (leaf.url, leaf.first_url)}
    due = [one for one in _due(press, plan) if one.first < rounds and (one.type != "removed" or rounds == ROUNDS)]
    return Truth(tuple(due), pages, {leaf.number: _blame(press, plan, leaf.number) for leaf in press.leaves})


def _due(press: Press, plan: Schedule) -> Iterator[Due]:
    for event in plan.events:
        if event.kind in _TYPES:
            leaf = press.leaves[event.page]
            urls = frozenset({leaf.url, leaf.first_url})
            yield Due(event.kind, event.page, urls, _TYPES[event.kind], event.round, _last(event))


def _last(event: Event) -> int:
    """A removal takes more than one answer, and a move may, with an outage or a firewall between them."""
    return ROUNDS - 1 if event.kind in (*REMOVALS, Kind.MOVED) else event.round


def _blame(press: Press, plan: Schedule, page: int) -> tuple[str, ...]:
    """For each round what would be to blame for a false alarm of a page."""
    events = [event for event in plan.events if event.page == page]
    site = press.leaves[page].house.name
    return tuple(
        _reason(site, [event for event in events if event.round <= at], at, plan.weather(at)) for at in range(ROUNDS)
    )


def _reason(site: str, events: list[Event], at: int, weather: Weather) -> str:
    before = Schedule.weather(at - 1)
    if site in weather.blocked or site in before.blocked:
        return "block"
    if site in weather.down or site in before.down:
        return "outage"
    last = events[-1] if events else None
    if last and last.kind in REMOVALS and at > last.round:
        return "still gone"
    if last and last.round == at:
        return last.kind.value
    if last and last.kind is Kind.MOVED:
        return "moved"
    return "redesign" if site in weather.redesigned else "noise"


CLASSES = ("noise", *(kind.value for kind in FORMATS), "block", "outage", "redesign", "still gone", "moved")
"""What false alarms are counted by; one beside a real event counts under that event's name."""
