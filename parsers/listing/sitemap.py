"""Sitemaps and indexes of them (sitemaps.org 0.9), with the titles and times of news sitemaps (Google, 0.9)."""

from datetime import UTC, datetime

from lxml import etree

from parsers import dates, tree
from parsers.addresses import safe_absolute
from parsers.listing.markup import document, local
from parsers.listing.model import Link, Listing, Page

MAX_LINKS = 2_000
"""Addresses taken from one sitemap, the newest: the protocol allows 50,000, a whole archive."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def read(page: Page) -> Listing:
    """The newest articles of a sitemap; of an index the newest sitemaps, as many as `pages` leaves room for.

    `published` is the news sitemap's publication_date, else <lastmod>: a hint, for an edit moves it too.
    """
    root = document(page.text)
    if root is None:
        return Listing()
    if local(root) == "sitemapindex":
        nested = _newest(root, "sitemap", page, page.entry.pages - 1)
        return Listing(next=tuple(link.url for link in nested), index=True)
    articles = _newest(root, "url", page, MAX_LINKS)
    return Listing(tuple(link for link in articles if page.site.is_article(link.url)))


def _newest(root: etree._Element, name: str, page: Page, most: int) -> list[Link]:
    """The entries of a sitemap, in its order, or the newest first where it says when they changed."""
    entries = (node for node in root if local(node) == name)
    links = [link for node in entries if (link := _link(node, page)) and page.site.owns(link.url)]
    if any(link.published for link in links):
        links.sort(key=lambda link: link.published or _NEVER, reverse=True)
    return links[:most]


def _link(node: etree._Element, page: Page) -> Link | None:
    found = {local(child): tree.clean(child.text or "") for child in reversed(list(node.iter()))}
    target = safe_absolute(page.url, found.get("loc", ""))
    if target is None or not found.get("loc"):
        return None
    stamp = dates.parse(found.get("publication_date") or found.get("lastmod", ""))
    return Link(target, found.get("title", ""), stamp.at if stamp else None)
