"""What messages say, cleaned and in words: templates only lay it out."""

from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup

from alerts.messages.words import Word


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a place: `gone` became `come`, either may be empty; or `stayed`."""

    stayed: str = ""
    gone: str = ""
    come: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that changed."""

    field: Word
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another page with the same article."""

    site: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Ill:
    """A site whose silence says nothing."""

    site: str
    state: Word
    why: Word


@dataclass(frozen=True, slots=True)
class Reason:
    """A subscription that this message is for, and where it is changed and ended."""

    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Foot:
    """Why somebody gets a message, and which sites' silence says nothing."""

    reasons: tuple[Reason, ...]
    ill: tuple[Ill, ...]
    more_ill: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change as its message shows it. Times are Asia/Shanghai; `more_*` count what was left out; addresses are
    http or https, or empty."""

    type: str
    kind: Word
    severity: int
    weight: Word
    classes: tuple[Word, ...]
    title: str
    spots: tuple[Spot, ...]
    more_spots: int
    happened: tuple[Word, ...]
    excerpt: str
    excerpt_is: Word
    site: str
    region: str
    source: str
    published: str
    at: str
    numbers: tuple[str, ...]
    notes: tuple[str, ...]
    more_notes: int
    copies: tuple[Copy, ...]
    more_copies: int
    is_compared: bool
    link: str
    evidence: str
    page: str
    now_at: str
    first: str

    @property
    def by_field(self) -> tuple[tuple[Word, tuple[Spot, ...]], ...]:
        """The places, those of one field together."""
        found = groupby(self.spots, key=lambda spot: spot.field)
        return tuple((field, tuple(spots)) for field, spots in found)


@dataclass(frozen=True, slots=True)
class Shown:
    """A change in a digest; `pieces` is what alerts.messages.writing made of it, by form, language and dialect."""

    view: ChangeView
    pieces: dict[tuple[str, str, str], Markup] = field(default_factory=dict)
