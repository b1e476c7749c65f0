"""What happens by itself, so many seconds after the replica's zero: its first visit.

A content folder's timeline.json: {"events": [{"at": 60, "do": "publish", "article": "SITE/SLUG", …}, …]}.
`do` is publish, edit (`before`, `after`), revert, remove (`mode`: 404, soft404, home) or restore. An article
with a publish event does not exist before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import ConfigurationError

ACTIONS = {
    "publish": (),
    "hold": (),
    "edit": ("before", "after"),
    "revert": (),
    "remove": ("mode",),
    "restore": (),
    "add": ("text",),  # by request only: a timeline speaks of articles that its folder holds
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event, `at` seconds after zero. `action` is what World.perform takes."""

    at: float
    action: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in the order they happen."""

    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, records: Iterable[Mapping[str, object]]) -> "Timeline":
        """The timeline that records of timeline.json describe. Raises ConfigurationError for a wrong one."""
        return cls(tuple(sorted(map(_event, records), key=lambda event: event.at)))

    def due(self, zero: datetime, now: datetime, done: int) -> list[tuple[datetime, Event]]:
        """The events after the first `done` whose time has come, each with its time."""
        timed = ((zero + timedelta(seconds=event.at), event) for event in self.events[done:])
        return [(at, event) for at, event in timed if at <= now]


def _event(record: Mapping[str, object]) -> Event:
    action = {name: str(value) for name, value in record.items() if name != "at"}
    wanted = ACTIONS.get(action.get("do", ""))
    at = record.get("at")
    if wanted is None or not {"article", *wanted} <= action.keys() or not isinstance(at, int | float):
        raise ConfigurationError(
            f"timeline.json: {dict(record)} is no event", hint=f"Give at and do ({', '.join(ACTIONS)}), article."
        )
    return Event(float(at), action)
