"""What a page says as an official document: from its metadata table, its metas, its signature, its last sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.article import Precision, Signature
from domain.clock import SHANGHAI
from parsers import bylines, government, numbers, signature
from parsers.dates import Stamp
from parsers.document import Document, Found
from parsers.government import Official

_SIGNED, _TABLE = 0.8, "metadata"


@dataclass(frozen=True, slots=True)
class Papers:
    """A document's own marks. `fields` by the Article's names, each a Found or None."""

    numbers: tuple[str, ...] = ()
    signature: Signature | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def without_table(doc: Document, official: Official) -> Document:
    """The page without the lines of its metadata table, numbered anew: none of them is title, source or text. A publish
    line that tells its time as a table would (发布时间：… 来源：…) stays."""
    if not official.places:
        return doc
    hidden = {place for place in official.places if not _is_publish_line(doc.lines[place].text)}
    kept = [line for line in doc.lines if line.number not in hidden]
    return replace(doc, lines=tuple(replace(line, number=number) for number, line in enumerate(kept)))


def _is_publish_line(text: str) -> bool:
    kinds = {pair.kind for pair in bylines.labelled(text)}
    return "source" in kinds and len(kinds) > 1


def texts(doc: Document, official: Official) -> frozenset[str]:
    """The texts of the metadata's lines, for what shares an element with the document."""
    return frozenset(doc.lines[place].text for place in official.places)


def papers(official: Official, title: str, paragraphs: Sequence[str]) -> Papers:
    """The marks of an official document; nothing but numbers for what is none. Days are Asia/Shanghai's."""
    stated = official.document_numbers.value if official.document_numbers else ()
    named = tuple(dict.fromkeys((*stated, *numbers.document_numbers("\n".join((title, *paragraphs))))))
    signed = signature.find(paragraphs)
    if not official.is_document and signed is None:
        return Papers(named)
    effective, expires = government.in_force(paragraphs)
    agencies = "、".join(signed.agencies) if signed else ""
    found = {
        "index_number": official.index_number,
        "agency": official.agency or (Found(agencies, "signature", _SIGNED) if agencies else None),
        "written_on": official.written_on or (Found(signed.on, "signature", _SIGNED) if signed and signed.on else None),
        "effective_on": official.effective_on or effective,
        "expires_on": official.expires_on or expires,
        "validity": official.validity,
    }
    return Papers(named, signed, found)


def published(official: Official, line: Found[Stamp] | None) -> tuple[Found[Stamp] | None, tuple[str, ...]]:
    """The time of publication where a metadata table and a publish line may both give one, and what is odd.

    The table's day counts; the publish line's where it is the same day and tells the time as well.
    """
    table = official.published
    if table is None or (line is not None and not table.where.startswith(_TABLE)):
        return line, ()
    if line is None:
        return table, ()
    said, told = (stamp.value.at.astimezone(SHANGHAI).date() for stamp in (table, line))
    if said == told:
        return (line if line.value.precision is not Precision.DAY else table), ()
    if not line.where.startswith("line"):
        return table, ()
    return table, (f"published: {said} in the metadata table, {told} on the publish line",)
