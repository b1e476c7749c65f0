"""What the catalogue takes and gives beside the domain's own types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.article import Article
from domain.capture import Capture, Validators
from domain.change import Observation, Status


@dataclass(frozen=True, slots=True)
class Reading:
    """One capture with what was read from it. `observation` is None for entries and robots files;
    `reader` names the reader and its version."""

    capture: Capture
    article: Article | None = None
    observation: Observation | None = None
    reader: str = ""


# What a reader makes of captures that another one had read before, by capture id.
Rereading = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a site's ledger has been read and compared: numbers of ledger entries, 0 before the first.
    `generation` counts how often another reading of the site's past was put in the place of the one before."""

    read_seq: int = 0
    compared_seq: int = 0
    generation: int = 0


# Up to this age of a page → it rests so long between two checks; the last rung holds for whatever is older.
Ladder = tuple[tuple[timedelta, timedelta], ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """How long pages are left alone: by their age, and of those that are gone by the time since they went. `now` is
    the time that plans go by, UTC; `pace` how much faster than real time everything goes."""

    now: datetime
    pace: float
    ladder: Ladder
    gone: Ladder


@dataclass(frozen=True, slots=True)
class PageState:
    """What the recheck plan needs of a page. Times aware, UTC. `changed_at` is when its last change showed,
    None before the first; `validators` refer to the last capture that showed an article."""

    site: str
    urlkey: str
    url: str
    status: Status
    first_seen: datetime
    last_checked: datetime
    changed_at: datetime | None
    validators: Validators


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture as a list of an address's captures needs it. `twin`: another one of the address is of the same
    microsecond, so the time alone does not name it."""

    id: str
    site: str
    url: str
    urlkey: str
    at: datetime
    status: int
    content_type: str | None
    payload_digest: str
    payload_length: int
    twin: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A capture (`this`) among those of its address; None where there is none."""

    first: Memento | None
    prev: Memento | None
    this: Memento | None
    next: Memento | None
    last: Memento | None


@dataclass(frozen=True, slots=True)
class TimeMapPage:
    """A page of the list of an address's captures: its number from 1, its first and last time, its length."""

    number: int
    since: datetime
    until: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Generation:
    """One reading of a site's past: who read it, since when (UTC), and how many switches there had been by then."""

    site: str
    number: int
    reader: str
    started: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """What two generations read differently in `captures` captures, `capture` being one of them: what each saw (an
    Outcome and a Kind, by their words; None where nothing was read) and the articles, None where it saw none."""

    url: str
    at: datetime
    capture: str
    captures: int
    outcomes: tuple[str | None, str | None]
    kinds: tuple[str | None, str | None]
    before: Article | None
    after: Article | None
