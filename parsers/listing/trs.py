"""TRS WCM lists: anchors in HTML; the next page is named by a script alone (see paging.scripted).

Some templates hide a 下一页 that leads back to the first page for those without scripts, so here the
script comes before any link.
"""

from parsers import tree
from parsers.addresses import safe_absolute
from parsers.listing import anchors, paging
from parsers.listing.model import Listing, Page


def read(page: Page) -> Listing:
    """Links and the next page; a list without the script is read as plain HTML."""
    onward = paging.following(page) if page.entry.more else paging.scripted(page)
    if not onward and not paging.has_script(page):
        return anchors.read(page)
    root = tree.parse(page.text).root
    base = safe_absolute(page.url, next(iter(root.xpath("//base/@href")), "")) or page.url
    return Listing(tuple(anchors.found(root, base, page)), onward)
