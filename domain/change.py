"""Versions of a page, the changes between them, and the page's status."""

import hashlib
from collections.abc import Mapping
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


class EditClass(StrEnum):
    """What an edit touched. TEXT is a wording that is none of the others, FORMAT typesetting alone (width, script,
    punctuation, spacing, pinyin in brackets)."""

    AMOUNT = "amount"
    DATE = "date"
    DOCUMENT_NUMBER = "document_number"
    OBLIGATION = "obligation"
    DIRECTION = "direction"
    VALIDITY = "validity"
    PERSON = "person"
    AGENCY = "agency"
    ATTACHMENT = "attachment"
    TITLE = "title"
    PARAGRAPH_REMOVED = "paragraph_removed"
    PARAGRAPH_ADDED = "paragraph_added"
    SOURCE = "source"
    TEXT = "text"
    IMAGE = "image"
    TYPO = "typo"
    FORMAT = "format"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return _CLASSES[self]


_CLASSES = {
    EditClass.AMOUNT: "数字金额",
    EditClass.DATE: "日期期限",
    EditClass.DOCUMENT_NUMBER: "文号",
    EditClass.OBLIGATION: "义务用语",
    EditClass.DIRECTION: "增减方向",
    EditClass.VALIDITY: "效力",
    EditClass.PERSON: "人事",
    EditClass.AGENCY: "机构",
    EditClass.ATTACHMENT: "附件",
    EditClass.TITLE: "标题",
    EditClass.PARAGRAPH_REMOVED: "删段",
    EditClass.PARAGRAPH_ADDED: "增段",
    EditClass.SOURCE: "来源",
    EditClass.TEXT: "措辞",
    EditClass.IMAGE: "图片",
    EditClass.TYPO: "错字",
    EditClass.FORMAT: "格式",
}


class Status(StrEnum):
    """A page's status, decided over a window of captures, never by one answer."""

    LIVE = "live"
    EDITED = "edited"
    SUSPECT = "suspect"
    GONE = "gone"
    RESTORED = "restored"


class Outcome(StrEnum):
    """What one capture says of its page. MOVED: it leads to another article's address. EMPTY: the site's page is
    there, with no article in it. UNKNOWN says nothing: an error, a block page, a login."""

    ARTICLE = "article"
    SAME = "same"
    MISSING = "missing"
    MOVED = "moved"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Observation(Frozen):
    """One capture as the comparison sees it. `digest` is the article digest where `outcome` is ARTICLE;
    SAME is a 304. `reason` names the evidence (`status 404`, `soft 404`, `redirect to the home page`). `run` is whose
    capture it is, `target` where a MOVED one leads, `length` its payload's bytes."""

    capture: str
    at: datetime
    outcome: Outcome
    digest: str | None = None
    reason: str = ""
    run: str = ""
    target: str | None = None
    length: int = 0


class FileSeen(Frozen):
    """A capture of a file that an article links to: `key` is its file_key, `digest` its payload's."""

    capture: str
    at: datetime
    key: str
    digest: str


class FieldEdit(Frozen):
    """One field before and after; None where it was or is absent."""

    name: str
    before: str | None
    after: str | None


class Version(Frozen):
    """A run of captures with one article digest. `number` counts from 1; `reverts_to` is the number of an
    earlier version with the same digest (A→B→A), else None. `capture` is the first that showed it.

    `files` are the payload digests of its attachments, by domain.urls.file_key, as far as they were captured: where
    one is replaced behind the same link, the version is another one though the page reads the same.
    """

    number: int
    article_digest: str
    first_seen: datetime
    last_seen: datetime
    capture: str
    captures: int = 1
    reverts_to: int | None = None
    files: Mapping[str, str] = {}

    @property
    def digest(self) -> str:
        """`sha256:<hex>` of the article and of the files it links to: no two neighbouring versions have the same."""
        if not self.files:
            return self.article_digest
        lines = (self.article_digest, *(f"{key} {self.files[key]}" for key in sorted(self.files)))
        return "sha256:" + hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


class Change(Frozen):
    """Something happened to a page. `at` is the time of the capture that proves it; `evidence` are capture ids.

    `classes` say what an edit touched, the weightiest first. `reread` says that no capture brought it but a newer
    reader, which saw more in what was kept before: it is in the page's history, and nobody is told of it.
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
    classes: tuple[EditClass, ...] = ()
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
