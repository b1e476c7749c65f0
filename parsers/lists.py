"""List pages to links: what an entry page offers, and where it goes on.

Six kinds: `html` (anchors), `jcms` (Hanweb's records in CDATA), `trs` (anchors, going on by TRS's script),
`json` (an API's answer), `feed` (RSS, Atom, JSON Feed), `sitemap` (sitemaps.org, and indexes of them).
Pure; a page that is not what its kind says yields nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from domain.site import Entry, Site
from domain.urls import host, urlkey
from parsers.charset import decode
from parsers.fold import folded, switches
from parsers.listing import anchors, feed, hanweb, records, sitemap, trs
from parsers.listing.model import Link, Listing, Page

__all__ = ["Link", "Listing", "links"]

_KINDS: Mapping[str, Callable[[Page], Listing]] = {
    "html": anchors.read,
    "jcms": hanweb.read,
    "json": records.read,
    "feed": feed.read,
    "trs": trs.read,
    "sitemap": sitemap.read,
}


def links(payload: bytes, url: str, content_type: str | None, entry: Entry, site: Site) -> Listing:
    """The articles of `site` that a list page offers, in the page's order, each once, and the next page.

    `payload` without content coding. `next` holds at most one address, none past `entry.pages` where the
    page's number can be told, and none on a page that offers no article; whoever follows it counts too.
    An index of sitemaps offers no article and up to `entry.pages` - 1 next pages.
    """
    text = decode(payload, content_type).text
    listing = _KINDS[entry.kind](Page(text, url, entry, site))
    articles = _once(_read(link, site) for link in listing.articles if _is_own(link, site))
    onward = tuple(item for item in listing.next if host(item) in site.hosts and urlkey(item) != urlkey(url))
    return Listing(articles, onward if articles or listing.index else (), listing.index)


def _is_own(link: Link, site: Site) -> bool:
    return host(link.url) in site.hosts and site.is_article(link.url)


def _read(link: Link, site: Site) -> Link:
    wanted = switches(site.fold, link.title)
    return replace(link, title=folded(link.title, wanted)) if wanted else link


def _once(found: Iterable[Link]) -> tuple[Link, ...]:
    """Each address once, where it first stands, under the longest of its titles."""
    kept: dict[str, Link] = {}
    for link in found:
        key = urlkey(link.url)
        known = kept.setdefault(key, link)
        kept[key] = Link(
            known.url,
            max(known.title, link.title, key=len),
            known.published or link.published,
        )
    return tuple(kept.values())
