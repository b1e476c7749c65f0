"""The Article: what a reader made of a payload."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from domain.urls import lasting, picture


class Kind(StrEnum):
    """What a page is."""

    ARTICLE = "article"
    LIST = "list"
    HOME = "home"
    LOGIN = "login"
    BLOCKED = "blocked"
    MISSING = "missing"
    OTHER = "other"


class Precision(StrEnum):
    """How exactly a publication time is known. FIRST_SEEN: the page gives none."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    FIRST_SEEN = "first_seen"


class Validity(StrEnum):
    """What a government page says of its document: 有效, 废止, 失效, 已修改, 尚未施行."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    EXPIRED = "expired"
    AMENDED = "amended"
    PENDING = "pending"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Block(Frozen):
    """One piece of a body, in reading order. `href` or `src` absolute where the piece has one."""

    kind: Literal["paragraph", "heading", "caption", "image", "table", "list", "quote"] = "paragraph"
    text: str = ""
    href: str | None = None
    src: str | None = None


class Attachment(Frozen):
    """A document an article links to. `media_type` as its address's ending tells."""

    href: str
    name: str
    media_type: str | None = None


class Signature(Frozen):
    """What closes an official document (落款, GB/T 9704-2012 §7.3.5): the offices that sign and the date they give."""

    agencies: tuple[str, ...] = ()
    on: date | None = None


class Original(Frozen):
    """A folded page's title and body text as served: traditional characters and readings in their place."""

    title: str | None = None
    text: str = ""


class Provenance(Frozen):
    """Where a field was found and how sure that is, 0..1."""

    where: str
    confidence: float = Field(ge=0, le=1)


class Article(Frozen):
    """One reading of one payload; docs/reading.md defines each field.

    `published_at` and `updated_at` are aware; the former None with FIRST_SEEN where the page gives no date.
    Days (`written_on`, …) are the calendar's in Asia/Shanghai. `source` is what the page states (来源),
    `publisher` whose page it is. `parts` are the addresses of an article's further pages, in order.
    `original` is set where the page was folded (Site.fold).
    """

    kind: Kind = Kind.ARTICLE
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    published_at: datetime | None = None
    published_precision: Precision = Precision.FIRST_SEEN
    updated_at: datetime | None = None
    source: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    channel: str | None = None
    summary: str | None = None
    body: tuple[Block, ...] = ()
    document_numbers: tuple[str, ...] = ()
    index_number: str | None = None
    agency: str | None = None
    written_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    validity: Validity | None = None
    signature: Signature | None = None
    attachments: tuple[Attachment, ...] = ()
    images: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    original: Original | None = None
    language: str = "zh-Hans"
    decoded_as: str = "utf-8"
    fidelity: float = Field(1.0, ge=0, le=1)
    provenance: Mapping[str, Provenance] = Field(default_factory=dict)
    issues: tuple[str, ...] = ()

    @classmethod
    def unreadable(cls, why: str) -> "Article":
        """Stands for a payload that no reader could read: no article, and the reason."""
        return cls(kind=Kind.OTHER, fidelity=0.0, issues=("unreadable", why))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """The body's text, a line a block."""
        return "\n".join(block.text for block in self.body if block.text)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the meaning alone: what moves it makes a version, nothing else does."""
        canonical = json.dumps(self.meaning(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    def meaning(self) -> dict[str, object]:
        """The fields a version is made of, each normalised; shown times in UTC.

        Left out because they move by themselves: how the page was decoded, where a field was found, the
        breadcrumb, editors' initials, summaries (a cut of the body), the host and the tokens of a file's address,
        the time of the last update. Fields of official documents count where a page has them.
        """
        official = {
            "kicker": _spaced(self.kicker),
            "subtitle": _spaced(self.subtitle),
            "index_number": self.index_number,
            "agency": _spaced(self.agency),
            "written_on": _day(self.written_on),
            "effective_on": _day(self.effective_on),
            "expires_on": _day(self.expires_on),
            "validity": self.validity and self.validity.value,
        }
        return {name: value for name, value in official.items() if value} | {
            "kind": self.kind.value,
            "title": _spaced(self.title),
            "published_at": self._published(),
            "source": _spaced(self.source),
            "authors": [_spaced(name) for name in self.authors],
            "body": [_spaced(block.text) for block in self.body if block.text.strip()],
            "document_numbers": list(self.document_numbers),
            "attachments": [(lasting(item.href), _spaced(item.name)) for item in self.attachments],
            "images": [picture(src) for src in self.images],
        }

    def _published(self) -> str | None:
        if self.published_at is None or self.published_precision is Precision.FIRST_SEEN:
            return None
        return self.published_at.astimezone(UTC).isoformat()


def _spaced(text: str | None) -> str | None:
    """Runs of white space as one blank: line breaks in mark-up are not meaning."""
    return None if text is None else " ".join(text.split())


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
