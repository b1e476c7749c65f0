"""Why an article reads as it does: what else was weighed for each field, and what was left out of the body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.article import Article
from domain.site import Site
from parsers import declare
from parsers.reader import read


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
    article = read(payload, url, content_type, site, at=at, content_encoding=content_encoding)
    layout = declare.chosen(site.readers, at) if site and site.is_article(url) else None
    return Explained(article, layout=layout.__name__ if layout else None)
