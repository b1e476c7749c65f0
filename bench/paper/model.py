"""What passes between the parts of the paper: articles, their files, events, and what a monitor should say."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What happens to a page between two rounds."""

    AMOUNT = "amount"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    AGENCY = "agency"
    OBLIGATION = "obligation"
    TITLE = "title"
    ADDED = "added"
    REMOVED_PARAGRAPH = "removed paragraph"
    TYPO = "typo"
    ATTACHMENT = "attachment swapped"
    ATTACHMENT_ADDED = "attachment added"
    REPUBLISHED = "republished"
    WIDTH = "width"
    PUNCTUATION = "punctuation"
    SPACING = "spacing"
    SCRIPT = "traditional"
    GONE_404 = "gone 404"
    GONE_410 = "gone 410"
    GONE_SOFT = "gone soft 404"
    GONE_HOME = "gone home"
    RESTORED = "restored"
    MOVED = "moved"


EDITS = (
    Kind.AMOUNT, Kind.DATE, Kind.NUMBER, Kind.PERSON, Kind.AGENCY, Kind.OBLIGATION, Kind.TITLE, Kind.ADDED,
    Kind.REMOVED_PARAGRAPH, Kind.TYPO, Kind.ATTACHMENT, Kind.ATTACHMENT_ADDED,
)  # fmt: skip
FORMATS = (Kind.WIDTH, Kind.PUNCTUATION, Kind.SPACING, Kind.SCRIPT)
REMOVALS = (Kind.GONE_404, Kind.GONE_410, Kind.GONE_SOFT, Kind.GONE_HOME)


@dataclass(frozen=True, slots=True)
class File:
    """A real file an article links to."""

    path: str
    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article says that is worth telling apart; each stands in its paragraphs word for word."""

    amount: str
    deadline: str
    number: str
    person: str
    agency: str
    duty: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as written. `published` without zone, Asia/Shanghai."""

    title: str
    published: datetime
    source: str
    author: str
    editor: str
    facts: Facts
    paragraphs: tuple[str, ...]
    files: tuple[File, ...]
    image: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to a page (by its number) before a round is fetched."""

    round: int
    page: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Weather:
    """What holds of whole sites in one round: `blocked` answer with challenge pages, `down` with 404 everywhere,
    `redesigned` in new mark-up."""

    blocked: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    redesigned: frozenset[str] = frozenset()
