"""Field by field: what a page's lines, metas and body say, and whose word counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parsers import credits, publication, sourcing, titles, trails
from parsers.body import Body
from parsers.document import Document, Found
from parsers.fields import Fields
from parsers.government import Official
from parsers.publication import Surroundings
from parsers.titles import Heading
from parsers.tree import Line

_SUMMARIES = ("description", "og:description")
_SURE = 0.8


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found, by field, and what was weighed and not taken."""

    found: dict[str, Any]
    weighed: dict[str, tuple[Found[str], ...]]


def settle(
    doc: Document, given: Fields, heading: Heading, around: Surroundings, body: Body, lines: Sequence[Line]
) -> Settled:
    """The fields of a page but for its headline and an official document's. `lines` are the region's."""
    published, times = publication.published(doc, around)
    source, sources = sourcing.source(doc, around, lines)
    people = credits.find(around)
    crumbs = trails.find(doc)
    found = {
        **titles.second(doc, heading, lines[0].number if lines else len(doc.lines)),
        "published": published,
        "updated": publication.updated(doc, around),
        "source": source or _found(body.source, "closing lines"),
        "publisher": sourcing.publisher(doc),
        "authors": people.authors or _found(body.authors, "body", 0.7),
        "photographers": people.photographers or _found(body.photographers, "body", 0.7),
        "editors": _editors(people.editors, _found(body.editors, "body")),
        "channel": trails.channel(doc, given.breadcrumb or crumbs),
        "summary": _summary(doc),
        "breadcrumb": crumbs,
    }
    return Settled(found, {"published": times, "source": sources})


def headline(heading: Heading, body: Body, official: Official) -> Found[str] | None:
    """The headline; where the page's own is unsure, what 原标题 or the metadata table gives."""
    if heading.title is not None and heading.title.confidence >= _SURE:
        return heading.title
    if body.headline:
        return Found(body.headline, "原标题", _SURE)
    return official.title or heading.title


def choose(given: Fields, hints: Fields, name: str, found: Found[Any] | None) -> Found[Any] | None:
    """A site's reader before all; else the surer of the platform's hint and what was found."""
    hint = getattr(hints, name)
    if hint is not None and (found is None or hint.confidence > found.confidence):
        found = hint
    if name == "editors" and given.editors is not None:
        return _editors(given.editors, found)
    return getattr(given, name) or (None if name in given.absent else found)


def _found(value: object, where: str, confidence: float = _SURE) -> Found[Any] | None:
    return Found(value, where, confidence) if value else None


def _editors(*found: Found[tuple[str, ...]] | None) -> Found[tuple[str, ...]] | None:
    """The first with a name in hanzi; an account in letters (编辑:fengdi) only where nobody is named."""
    some = [item for item in found if item is not None and item.value]
    return next((item for item in some if not all(map(str.isascii, item.value))), some[0] if some else None)


def _summary(doc: Document) -> Found[str] | None:
    value = next((doc.metas[name] for name in _SUMMARIES if len(doc.metas.get(name, "")) > 12), None)
    return Found(value, "meta", 0.5) if value else None
