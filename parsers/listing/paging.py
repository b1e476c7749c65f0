"""Where a list goes on, from the pattern an entry declares."""

import re

from domain.urls import urlkey
from parsers.listing.model import Page


def number(page: Page) -> int | None:
    """A list page's number by the entry's `more`; 1 for the entry itself, None where it cannot be told."""
    if urlkey(page.url) == urlkey(page.entry.url):
        return 1
    if page.entry.more is None:
        return None
    pattern = re.escape(page.entry.more).replace(re.escape("{page}"), r"(\d+)", 1).replace(re.escape("{page}"), r"\d+")
    found = re.fullmatch(pattern, page.url)
    return int(found[1]) if found else None


def following(page: Page) -> tuple[str, ...]:
    """The address after this one's by the entry's `more`, none past the entry's `pages`."""
    here = number(page)
    if page.entry.more is None or here is None or here >= page.entry.pages:
        return ()
    return (page.entry.more.replace("{page}", str(here + 1)),)
