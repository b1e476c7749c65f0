"""Lists from an API: any string value that is an article's address, with the title and time beside it."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from parsers import dates, tree
from parsers.addresses import safe_absolute
from parsers.listing import paging
from parsers.listing.model import Link, Listing, Page

_UNHELD = re.compile("[\x00\ud800-\udfff]")  # what JSON may escape and no UTF-8 text holds
_TITLES = ("title", "name", "headline", "subject", "newstitle", "articletitle")
_TIMES = (
    "publishtime",
    "publish_time",
    "pubtime",
    "publishdate",
    "publish_date",
    "pubdate",
    "published",
    "date_published",
    "date",
    "time",
    "createtime",
    "create_time",
)
_DEEP = 60
_PROSE = re.compile(r"[\s<>]")


def read(page: Page) -> Listing:
    """Links in the order of the document; nothing where it is no JSON."""
    document = parsed(page.text)
    more = () if document is None or _is_last(document) else paging.following(page)
    return Listing(tuple(_found(document, page)), more)


def parsed(text: str) -> object:
    """A JSON document; None for what is none."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def record(item: dict[str, object], addresses: Iterable[object], page: Page) -> Link | None:
    """The first of a record's `addresses` that is an article's, with the title and time in the record."""
    beside = {key.lower(): value for key, value in item.items()}
    return next((link for value in addresses for link in _of(value, beside, page)), None)


def _found(document: object, page: Page) -> Iterator[Link]:
    stack: list[tuple[object, int]] = [(document, 0)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, dict):
            yield from _own(value, page)
        children = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        if depth < _DEEP:
            stack.extend((child, depth + 1) for child in reversed(children) if isinstance(child, dict | list))
        yield from (link for child in children if isinstance(value, list) for link in _of(child, {}, page))


def _own(record: dict[str, object], page: Page) -> Iterator[Link]:
    beside = {key.lower(): value for key, value in record.items()}
    for value in record.values():
        yield from _of(value, beside, page)


def _of(value: object, beside: dict[str, object], page: Page) -> Iterator[Link]:
    if not isinstance(value, str) or len(value) > 2000 or "/" not in value or _PROSE.search(value):
        return
    if not value.strip().isprintable() or not page.site.is_article(value):
        return
    target = safe_absolute(page.url, value)
    if target is not None:
        title = next((str(beside[name]) for name in _TITLES if isinstance(beside.get(name), str)), "")
        moment = next(filter(None, (_time(beside.get(name)) for name in _TIMES)), None)
        yield Link(target, tree.clean(_UNHELD.sub("", title)), moment)


def _time(value: object) -> datetime | None:
    """A written time, or seconds or milliseconds since 1970."""
    if isinstance(value, str):
        stamp = dates.parse(value)
        return stamp.at if stamp else None
    if isinstance(value, int) and not isinstance(value, bool) and 10**8 < value < 10**13:
        return datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
    return None


def _is_last(document: object) -> bool:
    """True where the answer says itself that nothing follows (hasMore: false)."""
    data = document.get("data") if isinstance(document, dict) else None
    places = [place for place in (document, data) if isinstance(place, dict)]
    return any(place.get(name) is False for place in places for name in ("hasMore", "has_more", "hasNext"))
