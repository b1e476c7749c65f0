"""Why an article reads as it does: what else was weighed for each field, and what was left out of the body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.article import Article
from domain.site import Site
from parsers.document import Found
from parsers.reader import examine

_NAMED = {"published": "published_at", "updated": "updated_at"}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that was weighed for a field and not taken; where it stands, and how sure that was, 0..1."""

    value: str
    where: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of the region that holds the body, left out of it, and the reason."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Explained:
    """An article, and what was weighed by field, surest first. `layout` names the site's reader that was used."""

    article: Article
    alternatives: Mapping[str, tuple[Alternative, ...]] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    layout: str | None = None


def explain(
    payload: bytes,
    url: str,
    content_type: str | None = None,
    site: Site | None = None,
    *,
    at: datetime | None = None,
    content_encoding: str | None = None,
) -> Explained:
    """As `parsers.read`, with the reasons. The article is the same. Raises ReadError as it does."""
    seen = examine(payload, url, content_type, site, at=at, content_encoding=content_encoding)
    if seen.reading is None:
        return Explained(seen.article)
    weighed = {_NAMED.get(name, name): tuple(map(_alternative, found)) for name, found in seen.reading.weighed.items()}
    dropped = tuple(Dropped(line.text, line.why) for line in seen.reading.body.dropped)
    return Explained(seen.article, {name: found for name, found in weighed.items() if found}, dropped, seen.layout)


def _alternative(found: Found[str]) -> Alternative:
    return Alternative(found.value, found.where, round(found.confidence, 2))
