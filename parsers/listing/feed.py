"""Feeds: RSS 2.0, RSS 1.0 and Atom (RFC 4287), read by local names."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from parsers import dates, tree
from parsers.addresses import safe_absolute
from parsers.listing import paging
from parsers.listing.model import Link, Listing, Page

_ITEMS = ("item", "entry")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")


def read(page: Page) -> Listing:
    """The items in the feed's order. No entities are resolved and nothing is fetched."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8")
    root = etree.fromstring(_PROLOG.sub("", page.text).strip().encode("utf-8", "replace") or b"<none/>", parser)
    if root is None:
        return Listing()
    items = (node for node in root.iter() if isinstance(node.tag, str) and etree.QName(node).localname in _ITEMS)
    return Listing(tuple(link for item in items if (link := _link(item, page))), paging.following(page))


def _link(item: etree._Element, page: Page) -> Link | None:
    found = {etree.QName(child).localname: child for child in reversed(item) if isinstance(child.tag, str)}
    hrefs = [child.get("href") for child in item if child.get("rel") in (None, "alternate")]
    plain = [found[name].text for name in ("link", "guid", "id") if name in found]
    for candidate in (*hrefs, *plain):
        target = safe_absolute(page.url, candidate) if candidate and candidate.strip() else None
        if target and page.site.is_article(target):
            title = "".join(map(str, found["title"].itertext())) if "title" in found else ""
            return Link(target, tree.clean(title), _time(found))
    return None


def _time(found: dict[str, etree._Element]) -> datetime | None:
    texts = (found[name].text for name in ("pubDate", "published", "date", "updated") if name in found)
    for text in filter(None, texts):
        stamp = dates.parse(text)
        if stamp is not None:
            return stamp.at
        try:
            return parsedate_to_datetime(text).astimezone(UTC)
        except ValueError:
            continue
    return None
