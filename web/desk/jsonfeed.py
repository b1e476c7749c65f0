"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any

from domain.clock import iso
from web.desk.entries import Entry, Feed


def document(feed: Feed) -> bytes:
    """UTF-8. Without `feed_url`: the feed's own address is a secret, and readers hand documents on."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "language": feed.language,
        "authors": [{"name": "通鉴 Tongjian"}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _item(entry: Entry) -> dict[str, Any]:
    outside = {"external_url": entry.outside} if entry.outside else {}
    return {
        "id": entry.id,
        "url": entry.link,
        **outside,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": entry.summary,
        "summary": entry.summary,
        "date_published": iso(entry.at),
        "authors": [{"name": entry.author}],
        "tags": list(entry.tags),
    }
