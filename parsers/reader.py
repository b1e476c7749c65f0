"""bytes → Article: unpack, decode, read with the layout's reader, complete with the generic one."""

from dataclasses import fields
from datetime import datetime

from domain.article import Article, Kind, Precision, Provenance
from domain.site import Site
from parsers import declare, generic, kind
from parsers.charset import Decoded, decode
from parsers.document import Document, Found, document
from parsers.fields import Fields, Reading
from parsers.unpack import unpack

READER_VERSION = "1.0"
"""Moves whenever the same payload may read differently: `replay` reads again what an older one read."""

MAX_TEXT = 2_000_000
"""Characters of a page that are read."""

_PAGES = ("html", "xml", "text/plain", "octet-stream")


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
    unpacked = unpack(payload, content_encoding, url)
    foreign = _not_a_page(unpacked.data, content_type)
    if foreign is not None:
        listed = Kind.LIST if site and site.is_front(url) else Kind.OTHER
        return Article(kind=listed, issues=(*unpacked.issues, f"not a page: {foreign}"))
    decoded = decode(unpacked.data, content_type)
    issues = [*unpacked.issues, *decoded.issues]
    if len(decoded.text) > MAX_TEXT:
        issues.append(f"page: {len(decoded.text)} characters, only the first {MAX_TEXT} are read")
    doc = document(decoded.text[:MAX_TEXT], url, fold_always=bool(site and site.fold), at=at)
    if doc.deep:
        issues.append("page: nested deeper than 2048 levels, what lies below is not read")
    layout = declare.chosen(site.readers, at) if site and site.is_article(url) else None
    reading = generic.read(doc, layout.read(doc) if layout else Fields())
    return _article(doc, decoded, reading, site, tuple(issues))


def _not_a_page(data: bytes, content_type: str | None) -> str | None:
    """What the payload is instead of a page, or None for a page."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    media = (content_type or "").split(";")[0].strip().lower()
    if media and not any(part in media for part in _PAGES) and b"<html" not in data[:2048].lower():
        return media
    looks_textual = b"<" in data[:4096] or data[:2] in (b"\xff\xfe", b"\xfe\xff") or data.count(b"\0") * 10 < len(data)
    return None if looks_textual or not data else "binary"


def _article(doc: Document, decoded: Decoded, reading: Reading, site: Site | None, issues: tuple[str, ...]) -> Article:
    found, body = reading.fields, reading.body
    title = found.title.value if found.title else None
    what, sure = kind.judge(doc, title, body.blocks, site)
    published = found.published.value if found.published else None
    text = " ".join(block.text for block in body.blocks)
    return Article(
        kind=what,
        title=title,
        published_at=published.at if published else None,
        published_precision=published.precision if published else Precision.FIRST_SEEN,
        source=found.source.value if found.source else None,
        authors=found.authors.value if found.authors else (),
        editors=found.editors.value if found.editors else (),
        summary=found.summary.value if found.summary else None,
        body=body.blocks,
        document_numbers=reading.document_numbers,
        attachments=body.attachments,
        images=tuple(dict.fromkeys(block.src for block in body.blocks if block.src)),
        breadcrumb=found.breadcrumb.value if found.breadcrumb else (),
        language=generic.language(doc, text or doc.head_title),
        decoded_as=decoded.decoded_as,
        fidelity=decoded.fidelity,
        provenance={**_provenance(found), "kind": Provenance(where="judged", confidence=sure)},
        issues=(*issues, *(found.issues if what is Kind.ARTICLE else ())),
    )


def _provenance(found: Fields) -> dict[str, Provenance]:
    named = {"published": "published_at", "region": "body"}
    values = {item.name: getattr(found, item.name) for item in fields(found)}
    return {
        named.get(name, name): Provenance(where=value.where, confidence=round(value.confidence, 2))
        for name, value in values.items()
        if isinstance(value, Found)
    }
