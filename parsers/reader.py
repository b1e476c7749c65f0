"""bytes → Article: unpack, decode, read with the layout's reader, complete with the generic one."""

from dataclasses import dataclass
from datetime import datetime

from domain.article import Article, Kind
from domain.site import Site
from parsers import assembling, declare, generic, platforms
from parsers.charset import decode
from parsers.document import document
from parsers.fields import Fields, Reading
from parsers.limits import limited
from parsers.unpack import unpack

READER_VERSION = "2.1"
"""Moves whenever the same payload may read differently: `replay` reads again what an older one read."""

_PAGES = ("html", "xml", "text/plain", "octet-stream")


@dataclass(frozen=True, slots=True)
class Examined:
    """An article with what it was made from. `reading` is None where the payload is no page, `layout` the name
    of the site's reader that was used."""

    article: Article
    reading: Reading | None = None
    layout: str | None = None


def read(
    payload: bytes,
    url: str,
    content_type: str | None = None,
    site: Site | None = None,
    *,
    at: datetime | None = None,
    content_encoding: str | None = None,
) -> Article:
    """Read one payload. Pure and repeatable.

    `at` is the time of capture: it chooses among dated layouts and rules out publication times in its
    future. `content_encoding` is the answer's header where the payload is as served. What a page lacks
    or gets wrong is in the article's issues; ReadError (naming `url`) only where the bytes cannot be
    unpacked at all.
    """
    return examine(payload, url, content_type, site, at=at, content_encoding=content_encoding).article


def examine(
    payload: bytes,
    url: str,
    content_type: str | None = None,
    site: Site | None = None,
    *,
    at: datetime | None = None,
    content_encoding: str | None = None,
) -> Examined:
    """As `read`, with what was weighed on the way."""
    unpacked = unpack(payload, content_encoding, url)
    foreign = _not_a_page(unpacked.data, content_type)
    if foreign is not None:
        listed = Kind.LIST if site and site.is_front(url) else Kind.OTHER
        return Examined(Article(kind=listed, issues=(*unpacked.issues, f"not a page: {foreign}")))
    decoded = decode(unpacked.data, content_type)
    text, notes = limited(decoded.text)
    issues = [*unpacked.issues, *decoded.issues, *notes]
    doc = document(text, url, wanted=site.fold if site else False, at=at)
    if doc.deep:
        issues.append("page: nested deeper than 2048 levels, what lies below is not read")
    layout = declare.chosen(site.readers, at) if site and site.is_article(url) else None
    given = layout.read(doc) if layout else Fields()
    reading = generic.read(doc, given) if layout else generic.read(doc, given, platforms.evidence)
    article = assembling.article(doc, decoded, reading, site, tuple(issues))
    return Examined(article, reading, layout.__name__ if layout else None)


def _not_a_page(data: bytes, content_type: str | None) -> str | None:
    """What the payload is instead of a page, or None for a page."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    media = (content_type or "").split(";")[0].strip().lower()
    if media and not any(part in media for part in _PAGES) and b"<html" not in data[:2048].lower():
        return media
    looks_textual = b"<" in data[:4096] or data[:2] in (b"\xff\xfe", b"\xfe\xff") or data.count(b"\0") * 10 < len(data)
    return None if looks_textual or not data else "binary"
