"""Readings of a moment ago: a crawl reads a page for its files, and `read` reads the same bytes right after it."""

import hashlib
import threading
from collections import OrderedDict
from datetime import datetime

from domain.article import Article
from domain.site import Site
from parsers.reader import read as read_anew

# Articles held, and the largest payload whose article is worth holding, in bytes.
_HELD, _LARGEST = 512, 2**20

_Key = tuple[bytes, str, str | None, int, datetime | None, str | None]
_lock = threading.Lock()
_articles: OrderedDict[_Key, Article] = OrderedDict()


def read(
    payload: bytes,
    url: str,
    content_type: str | None = None,
    site: Site | None = None,
    *,
    at: datetime | None = None,
    content_encoding: str | None = None,
) -> Article:
    """As parsers.read; what was asked in the same words shortly before in this process is not read twice."""
    if len(payload) > _LARGEST:
        return read_anew(payload, url, content_type, site, at=at, content_encoding=content_encoding)
    key = (hashlib.sha256(payload).digest(), url, content_type, id(site), at, content_encoding)
    with _lock:
        held = _articles.pop(key, None)
    article = held or read_anew(payload, url, content_type, site, at=at, content_encoding=content_encoding)
    with _lock:
        _articles[key] = article
        while len(_articles) > _HELD:
            _articles.popitem(last=False)
    return article
