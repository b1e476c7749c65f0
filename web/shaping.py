"""Rows for the templates, made from what the catalogue says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from catalogue.text import folded
from domain.change import Change, ChangeType
from domain.clock import parse, planning_now
from domain.health import Standing, State
from domain.settings import settings
from web.difference import Excerpt, excerpts
from web.room import Room

SHORT = 12
_EVERY = timedelta(minutes=30)
# A run missed may be chance; three missed are none.
_RUNS_MISSED = 3
# What needs a look first; a site that is late comes before them all.
_GRAVITY = (State.BROKEN, State.DEGRADED, State.SILENCED, State.QUIET, State.HEALTHY)
_SHORTEST_PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One change in the list."""

    change: Change
    site_title: str
    title: str
    excerpts: tuple[Excerpt, ...]
    more: int

    @property
    def short(self) -> str:
        """Enough of the id to know the row again."""
        return self.change.id[:SHORT]

    @property
    def comparable(self) -> bool:
        return self.change.previous is not None and self.change.previous != self.change.version


def rows(room: Room, changes: Sequence[Change]) -> list[Row]:
    """Changes with their titles and where they differ first."""
    titles = room.catalogue.titles(changes)
    return [_row(room, change, titles.get(change.id) or change.url) for change in changes]


def _row(room: Room, change: Change, title: str) -> Row:
    told = () if change.type is ChangeType.NEW else excerpts(change.fields, room.characters)
    return Row(change, room.title(change.site), title, told, len(change.fields) - len(told))


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site's summary. `last_run` is when the last run ended, None where none is known."""

    name: str
    title: str
    pages: int
    captures: int
    changes: int
    gone: int
    suspect: int
    last_run: datetime | None
    issues: int
    stale: bool
    standing: Standing | None = None

    @property
    def gravity(self) -> int:
        """The lower, the more it needs a look."""
        state = self.standing.state if self.standing else State.HEALTHY
        return -1 if self.stale else _GRAVITY.index(state)


def site_rows(room: Room) -> list[SiteRow]:
    """All sites configured or captured, those that need a look first."""
    held, standing = {item["site"]: item for item in room.catalogue.sites()}, room.health()
    rows = [_site_row(room, name, held.get(name), standing.get(name)) for name in held.keys() | room.sites.keys()]
    return sorted(rows, key=lambda item: (item.gravity, not item.issues, item.name))


def _site_row(room: Room, name: str, held: dict[str, Any] | None, standing: Standing | None) -> SiteRow:
    known, counts = room.sites.get(name), held or {}
    run, statuses = counts.get("last_run"), counts.get("statuses") or {}
    ended = parse(run["finished"]) if run else None
    return SiteRow(
        name=name,
        title=room.title(name),
        pages=counts.get("pages", 0),
        captures=counts.get("captures", 0),
        changes=counts.get("changes", 0),
        gone=statuses.get("gone", 0),
        suspect=statuses.get("suspect", 0),
        last_run=ended,
        issues=sum(issue["level"] == "error" for issue in run["issues"]) if run else 0,
        stale=is_stale(ended, known.every if known else _EVERY),
        standing=standing,
    )


def is_stale(ended: datetime | None, every: timedelta) -> bool:
    """True where a site has missed three runs in a row, or has never run."""
    patience = max(every * _RUNS_MISSED / settings().pace, _SHORTEST_PATIENCE)
    return ended is None or planning_now() - ended > patience


def arrivals(changes: Sequence[Change], seen: Iterable[str]) -> list[tuple[str | None, list[Change]]]:
    """The changes not seen yet, newest first, in groups, each with the short id of the row it goes before.

    None stands for the end of the list. A change may come late and belong between two that are shown.
    """
    known, waiting = set(seen), list[Change]()
    groups: list[tuple[str | None, list[Change]]] = []
    for change in changes:
        if change.id[:SHORT] not in known:
            waiting.append(change)
        elif waiting:
            groups.append((change.id[:SHORT], waiting))
            waiting = []
    return [*groups, (None, waiting)] if waiting else groups


def marked(text: str, query: str) -> list[tuple[bool, str]]:
    """Text in pieces, True for those that are words of the query."""
    words = sorted(folded(query).split(), key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text) if words else [text]
    return [(number % 2 == 1, piece) for number, piece in enumerate(pieces) if piece]
