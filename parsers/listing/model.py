"""What list readers take and give."""

from dataclasses import dataclass
from datetime import datetime

from domain.site import Entry, Site


@dataclass(frozen=True, slots=True)
class Link:
    """An article as a list offers it. `published` as the list shows it, aware, UTC."""

    url: str
    title: str
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles in the page's order, and further list pages; `index` for a list of lists."""

    articles: tuple[Link, ...] = ()
    next: tuple[str, ...] = ()
    index: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A list page's text and where it comes from."""

    text: str
    url: str
    entry: Entry
    site: Site
