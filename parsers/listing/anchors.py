"""Lists in HTML: every anchor that leads to an article."""

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import html

from parsers import dates, tree
from parsers.addresses import safe_absolute
from parsers.listing import paging
from parsers.listing.model import Link, Listing, Page

_NEXT = re.compile(r"^[\s\[【<(]*(?:下一?页|后一?页|下页|next(?: page)?)[\s\]】>)»›]*$|^[»›]$", re.IGNORECASE)
_ROWS = ("li", "tr", "dd", "dl", "p", "article")
_ROW_TEXT = 400


def read(page: Page) -> Listing:
    """Links and the next page, from `more`, from the page's own 下一页 or from the script that writes it."""
    root = tree.parse(page.text).root
    base = safe_absolute(page.url, next(iter(root.xpath("//base/@href")), "")) or page.url
    more = paging.following(page) if page.entry.more else _next(root, base, page) or paging.scripted(page)
    return Listing(tuple(found(root, base, page)), more)


def found(root: html.HtmlElement, base: str, page: Page) -> Iterator[Link]:
    """The links to articles under an element, in document order, doubles included."""
    for anchor in root.iter("a"):
        target = safe_absolute(base, anchor.get("href") or "")
        if target is None or not page.site.is_article(target):
            continue
        text = tree.clean("".join(anchor.itertext()))
        title = tree.clean(anchor.get("title") or "")
        stamp = _stamp(anchor)
        yield Link(target, title if len(title) >= len(text.rstrip(".…")) else text, stamp)


def _stamp(anchor: html.HtmlElement) -> datetime | None:
    """The time in the anchor's own row of the list."""
    row = next((element for element in anchor.iterancestors() if element.tag in _ROWS), None)
    if row is None:
        return None
    parts: list[str] = []
    room = _ROW_TEXT
    for part in row.itertext():
        parts.append(part)
        room -= len(part)
        if room < 0:
            return None
    stamp = next(dates.stamps(" ".join(parts)), None)
    return stamp.at if stamp else None


def _next(root: html.HtmlElement, base: str, page: Page) -> tuple[str, ...]:
    for anchor in root.iter("a"):
        if _NEXT.match(tree.clean("".join(anchor.itertext()))) or "next" in (anchor.get("rel") or "").split():
            target = safe_absolute(base, anchor.get("href") or "")
            return (target,) if target and page.entry.pages > 1 else ()
    return ()
