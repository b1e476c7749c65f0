"""What the catalogue takes and gives beside the domain's own types."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.article import Article
from domain.capture import Capture, Validators
from domain.change import Observation, Status
from domain.citation import Citation, DocumentNumber, Relation
from domain.tempo import UNTRIED, Tempo, phase


@dataclass(frozen=True, slots=True)
class Reading:
    """One capture with what was read from it. `observation` is None for entries and robots files;
    `reader` names the reader and its version. `fingerprint` gives the sketch of the article's text by which its
    copies are found (parsers.fingerprint), `citations` what the article says of documents: both asked for only where
    the article is put down."""

    capture: Capture
    article: Article | None = None
    observation: Observation | None = None
    reader: str = ""
    fingerprint: Callable[[], tuple[int, ...]] = tuple
    citations: Callable[[], Sequence[Citation]] = tuple


# What a reader makes of captures that another one had read before, by capture id.
Rereading = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a site's ledger has been read and compared: numbers of ledger entries, 0 before the first.
    `generation` counts how often another reading of the site's past was put in the place of the one before."""

    read_seq: int = 0
    compared_seq: int = 0
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the recheck plan goes by when it asks for the pages that are due: `now` is the time that plans go by, UTC;
    `pace` how much faster than real time everything goes; `budget` the most pages that are wanted. The rest is a
    site's manner, as monitor.plan has it."""

    now: datetime
    pace: float
    budget: int
    rates: tuple[float, ...]
    restless: float = 1.0
    followed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PageState:
    """What the recheck plan needs of a page. Times aware, UTC. `changed_at` is when its last change showed,
    None before the first; `validators` refer to the last capture that showed an article; `numbered` says whether its
    article has a document number."""

    site: str
    urlkey: str
    url: str
    status: Status
    first_seen: datetime
    last_checked: datetime
    changed_at: datetime | None
    validators: Validators
    published_at: datetime | None = None
    tempo: Tempo = UNTRIED
    numbered: bool = False

    @property
    def since(self) -> datetime:
        """What its age counts from: when we first saw it. What it says of itself may be years off, and a page that is
        put up again with an old date is as likely to be mended as a new one."""
        return self.first_seen

    @property
    def phase(self) -> int:
        return phase(self.urlkey)


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


@dataclass(frozen=True, slots=True)
class Named:
    """A page that names a document, or is it: what it says (see domain.citation.Citation) and where.

    `heading` is the page's title, `own` the numbers of the document that it is itself, `version` the latest that says
    so, `current` whether that is the page as it stands. `day` is the calendar's in Asia/Shanghai; `dated` whose word it
    is: written, published or first_seen.
    """

    relation: Relation
    number: str | None
    title: str | None
    sentence: str
    offset: int
    confidence: float
    site: str
    url: str
    heading: str | None
    version: int
    current: bool
    own: tuple[str, ...]
    day: date
    dated: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A document through time: `pages` that are it or name it, in time order; `links` what its own pages name;
    `names` the titles it goes by, in the form compared."""

    number: DocumentNumber
    names: tuple[str, ...]
    pages: tuple[Named, ...]
    links: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """An issuer's sequence in a year: numbers whose own pages are `held`, those `missing` between the first and the
    last (none where not `dense`: too few are held to call the others missing), those only `cited` elsewhere."""

    issuer: str
    year: int
    held: tuple[int, ...]
    missing: tuple[int, ...]
    cited: tuple[int, ...]
    dense: bool
