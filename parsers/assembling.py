"""What was found on a page, put together into an Article."""

from dataclasses import fields
from datetime import date
from typing import Any

from domain.article import Article, Kind, Precision, Provenance
from domain.site import Site
from parsers import generic, kind
from parsers.charset import Decoded
from parsers.document import Document, Found
from parsers.fields import Fields, Reading
from parsers.parts import continuations

_NAMED = {"published": "published_at", "updated": "updated_at", "region": "body"}
_PLAIN = (
    "title",
    "kicker",
    "subtitle",
    "source",
    "channel",
    "summary",
    "index_number",
    "agency",
    "written_on",
    "effective_on",
    "expires_on",
    "validity",
)
_NAMES = ("authors", "photographers", "editors", "breadcrumb")


def article(doc: Document, decoded: Decoded, reading: Reading, site: Site | None, issues: tuple[str, ...]) -> Article:
    """The Article of a page. `issues` are those met before its fields were read."""
    body = reading.body
    what, sure = kind.judge(doc, reading, site)
    found = reading.fields if what is Kind.ARTICLE else _of_no_article(reading.fields)
    published = found.published.value if found.published else None
    text = " ".join(block.text for block in body.blocks)
    values: dict[str, Any] = {name: _value(found, name) for name in _PLAIN}
    values |= {name: _value(found, name) or () for name in _NAMES}
    return Article(
        **values,
        kind=what,
        published_at=published.at if published else None,
        published_precision=published.precision if published else Precision.FIRST_SEEN,
        updated_at=found.updated.value.at if found.updated else None,
        publisher=_value(found, "publisher") or (site.publisher if site else None),
        body=body.blocks,
        document_numbers=reading.document_numbers if what is Kind.ARTICLE else (),
        signature=reading.signature if what is Kind.ARTICLE else None,
        original=doc.served.original(_title(found), body.blocks) if doc.served else None,
        parts=continuations(decoded.text, doc.url) if what is Kind.ARTICLE and doc.url else (),
        attachments=body.attachments,
        images=tuple(dict.fromkeys(block.src for block in body.blocks if block.src)),
        language=generic.language(doc, text or doc.head_title),
        decoded_as=decoded.decoded_as,
        fidelity=decoded.fidelity,
        provenance={
            **_provenance(found),
            "kind": Provenance(where="judged", confidence=sure),
            "decoded_as": Provenance(where=decoded.where, confidence=round(decoded.confidence, 2)),
        },
        issues=(*issues, *(found.issues if what is Kind.ARTICLE else ())),
    )


def _of_no_article(found: Fields) -> Fields:
    """What a list, a home page or a notice may be said to have: a name, a place, a text. Times and sources on it
    belong to what it links to."""
    return Fields(title=found.title, publisher=found.publisher, breadcrumb=found.breadcrumb, region=found.region)


def _title(found: Fields) -> str | None:
    return found.title.value if found.title else None


def _value(found: Fields, name: str) -> str | date | tuple[str, ...] | None:
    held: Found[Any] | None = getattr(found, name)
    return held.value if held else None


def _provenance(found: Fields) -> dict[str, Provenance]:
    values = {item.name: getattr(found, item.name) for item in fields(found)}
    return {
        _NAMED.get(name, name): Provenance(where=value.where, confidence=round(value.confidence, 2))
        for name, value in values.items()
        if isinstance(value, Found)
    }
