"""Feeds: RSS 2.0, RSS 1.0 and Atom (RFC 4287), read by local names; JSON Feed 1.1 (jsonfeed.org)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from parsers import dates, tree
from parsers.addresses import safe_absolute
from parsers.listing import paging, records
from parsers.listing.markup import document, local
from parsers.listing.model import Link, Listing, Page

_ITEMS = ("item", "entry")


def read(page: Page) -> Listing:
    """The items in the feed's order. No entities are resolved and nothing is fetched."""
    if page.text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _of_json(page)
    root = document(page.text)
    if root is None:
        return Listing()
    items = (node for node in root.iter() if local(node) in _ITEMS)
    return Listing(tuple(link for item in items if (link := _link(item, page))), paging.following(page))


def _of_json(page: Page) -> Listing:
    """JSON Feed: `items`, each with `url` (or an `id` that is one), `title`, `date_published`; `next_url`."""
    feed = records.parsed(page.text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        return Listing()
    links = (records.record(item, (item.get("url"), item.get("id")), page) for item in items if isinstance(item, dict))
    onward = safe_absolute(page.url, feed["next_url"]) if isinstance(feed.get("next_url"), str) else None
    return Listing(tuple(filter(None, links)), (onward,) if onward else paging.following(page))


def _link(item: etree._Element, page: Page) -> Link | None:
    found = {local(child): child for child in reversed(item)}
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
