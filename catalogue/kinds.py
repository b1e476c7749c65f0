"""What the catalogue takes and gives beside the domain's own types."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a site's ledger has been read and compared: numbers of ledger entries, 0 before the first."""

    read_seq: int = 0
    compared_seq: int = 0


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
