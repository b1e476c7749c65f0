"""Versions of a page, the changes between them, and the page's status."""

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import computed_field

from domain.article import Frozen


class ChangeType(StrEnum):
    """The words of the `changes` JSON."""

    NEW = "new"
    EDITED = "edited"
    REMOVED = "removed"
    RESTORED = "restored"
    MOVED = "moved"
    REPUBLISHED = "republished"
    DIVERGED = "diverged"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return _CHINESE[self]


_CHINESE = {
    ChangeType.NEW: "新",
    ChangeType.EDITED: "改",
    ChangeType.REMOVED: "删",
    ChangeType.RESTORED: "复",
    ChangeType.MOVED: "移",
    ChangeType.REPUBLISHED: "重发",
    ChangeType.DIVERGED: "异",
}


class Status(StrEnum):
    """A page's status, decided over a window of captures, never by one answer."""

    LIVE = "live"
    EDITED = "edited"
    SUSPECT = "suspect"
    GONE = "gone"
    RESTORED = "restored"


class Outcome(StrEnum):
    """What one capture says of its page. UNKNOWN says nothing: an error, a block page, a login."""

    ARTICLE = "article"
    SAME = "same"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Observation(Frozen):
    """One capture as the comparison sees it. `digest` is the article digest where `outcome` is ARTICLE;
    SAME is a 304. `reason` names the evidence (`status 404`, `soft 404`, `redirect to the home page`)."""

    capture: str
    at: datetime
    outcome: Outcome
    digest: str | None = None
    reason: str = ""


class FieldEdit(Frozen):
    """One field before and after; None where it was or is absent."""

    name: str
    before: str | None
    after: str | None


class Version(Frozen):
    """A run of captures with one article digest. `number` counts from 1; `reverts_to` is the number of an
    earlier version with the same digest (A→B→A), else None. `capture` is the first that showed it."""

    number: int
    article_digest: str
    first_seen: datetime
    last_seen: datetime
    capture: str
    captures: int = 1
    reverts_to: int | None = None


class Change(Frozen):
    """Something happened to a page. `at` is the time of the capture that proves it; `evidence` are capture ids.

    `reread` says that no capture brought it but a newer reader, which saw more in what was kept before: it is in
    the page's history, and nobody is told of it.
    """

    site: str
    url: str
    urlkey: str
    type: ChangeType
    at: datetime
    version: int
    previous: int | None = None
    severity: int = 1
    cosmetic: bool = False
    reprint_of: str | None = None
    reverts_to: int | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    fields: tuple[FieldEdit, ...] = ()
    reread: bool = False

    @computed_field  # type: ignore[prop-decorator]
    @property
    def id(self) -> str:
        """The same for the same change however often it is judged: 32 hex digits."""
        key = "\n".join((self.site, self.urlkey, self.type.value, *self.evidence[:1]))
        return hashlib.sha256(key.encode()).hexdigest()[:32]


class History(Frozen):
    """A page as its captures tell it."""

    site: str
    url: str
    urlkey: str
    status: Status
    versions: tuple[Version, ...]
    changes: tuple[Change, ...]
