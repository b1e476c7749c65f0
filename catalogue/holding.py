"""Which capture holds a file of an article: files are captured as such (Role.FILE) and tied to it by address and time.

Not in the article itself: a reading is pure, and the file comes after the page that names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.article import Article
from domain.capture import Capture
from domain.urls import absolute, file_key

if TYPE_CHECKING:
    from catalogue import Catalogue

# How many redirects are followed from a file's address to its bytes; as many as the spider follows.
_HOPS = 8


@dataclass(frozen=True, slots=True)
class Held:
    """A file that an article shows, under its attachment's name (may be empty) or, an image, None. `capture` is the
    one with the bytes: the first after the article's own capture, else the last before; None where none is held.
    `seen` is the capture that tells that they were the same then, where that is another (a 304)."""

    href: str
    name: str | None
    capture: Capture | None
    seen: Capture | None = None


def files_of(catalogue: "Catalogue", article: Article, page: Capture) -> tuple[Held, ...]:
    """The files of an article as read from `page`: its attachments, then its images. Raises CatalogueError."""
    named: list[tuple[str, str | None]] = [(item.href, item.name) for item in article.attachments]
    named += [(src, None) for src in article.images]
    known = catalogue.files_held(page.site, [href for href, _ in named]) if named else {}
    return tuple(_held(catalogue, known, href, name, page) for href, name in named)


def _held(
    catalogue: "Catalogue", known: Mapping[str, Sequence[Capture]], href: str, name: str | None, page: Capture
) -> Held:
    seen = _end(known, href, page)
    if seen is None:
        return Held(href, name, None)
    whole = catalogue.payload_of(seen)
    return Held(href, name, whole, seen if seen.id != whole.id else None)


def _end(known: Mapping[str, Sequence[Capture]], href: str, page: Capture) -> Capture | None:
    """The capture at the end of the redirects that begin at an address."""
    for _ in range(_HOPS):
        found = _nearest(known.get(file_key(href), ()), page)
        if found is None or found.status in (200, 304):
            return found
        if not found.location:
            return None
        href = absolute(found.url, found.location)
    return None


def _nearest(captures: Sequence[Capture], page: Capture) -> Capture | None:
    """The first capture after the page's, else the last before it; they are in time order."""
    after = (item for item in captures if item.at >= page.at)
    return next(after, captures[-1] if captures else None)
