"""The generic reader: any page, no site. Fields a site's own reader found are taken as given."""

from collections.abc import Sequence

from lxml import html

from parsers import body as bodies
from parsers import credits, fold, leads, numbers, publication, region, sourcing, titles, trails
from parsers.body import Body
from parsers.document import Document, Found
from parsers.fields import Fields, Reading
from parsers.publication import Surroundings
from parsers.titles import Heading
from parsers.tree import Line

_SUMMARIES = ("description", "og:description")
_FOUND, _CERTAIN = 0.7, 0.85


def read(doc: Document, given: Fields) -> Reading:
    """Complete what a site's reader found."""
    heading = _heading(doc, given)
    place = given.region or _region(doc, heading)
    lines = _lines_in(doc, place)
    around = publication.surroundings(doc, heading.line, lines)
    title = heading.title
    body = _body(doc, place, title, given, leads.find(doc, heading, around, lines))
    if given.title is None and body.headline and (title is None or title.confidence < 0.8):
        title = Found(body.headline, "原标题", 0.8)
    settled, weighed = _settled(doc, given, around, body, lines)
    settled |= titles.second(doc, heading, lines[0].number if lines else len(doc.lines))
    settled["title"] = title
    names = {name: given_or for name, found in settled.items() if (given_or := _either(given, name, found))}
    fields = Fields(**names, region=place, drop=given.drop, absent=given.absent, issues=given.issues)  # type: ignore[arg-type]
    text = "\n".join((title.value if title else "", *(block.text for block in body.blocks)))
    return Reading(fields, body, numbers.document_numbers(text), {"title": heading.weighed, **weighed})


def _settled(
    doc: Document, given: Fields, around: Surroundings, body: Body, lines: Sequence[Line]
) -> tuple[dict[str, Found | None], dict[str, tuple[Found[str], ...]]]:  # type: ignore[type-arg]
    """What the page itself says, by field, and what else was weighed."""
    published, times = publication.published(doc, around)
    source, sources = sourcing.source(doc, around, lines)
    people = credits.find(around)
    crumbs = trails.find(doc)
    found: dict[str, Found | None] = {  # type: ignore[type-arg]
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
    return found, {"published": times, "source": sources}


def _either(given: Fields, name: str, found: Found | None) -> Found | None:  # type: ignore[type-arg]
    if name == "editors" and given.editors is not None:
        return _editors(given.editors, found)
    return getattr(given, name) or (None if name in given.absent else found)


def _heading(doc: Document, given: Fields) -> Heading:
    heading = titles.find(doc)
    if given.title is None:
        return Heading(weighed=heading.weighed) if "title" in given.absent else heading
    line = _line_of(doc, given.title.value)
    others = (*filter(None, (heading.title,)), *heading.weighed)
    return Heading(given.title, line, line.number if line else -1, others[:3])


def _region(doc: Document, heading: Heading) -> Found[html.HtmlElement] | None:
    certain = heading.title is not None and heading.line is not None and heading.title.confidence >= _CERTAIN
    element = region.find(doc.body, doc.lines, heading.last, certain=certain)
    if element is None:
        return None
    name = " ".join(filter(None, (str(element.tag), element.get("id"), element.get("class"))))
    return Found(element, f"region <{name[:60]}>", _FOUND)


def _body(
    doc: Document,
    place: Found[html.HtmlElement] | None,
    title: Found[str] | None,
    given: Fields,
    lead: Sequence[str],
) -> Body:
    if place is None:
        return Body()
    exact = place.confidence > _FOUND
    drop = given.drop if exact else tuple(region.noise(place.value))
    named = title.value if title else None
    return bodies.compose(place.value, doc.base, named, drop, exact=exact, lead=() if exact else lead)


def _lines_in(doc: Document, place: Found[html.HtmlElement] | None) -> list[Line]:
    if place is None:
        return []
    inside = set(place.value.iter())
    return [line for line in doc.lines if line.element in inside]


def _line_of(doc: Document, title: str) -> Line | None:
    own = titles.norm(title)
    return max(
        (line for line in doc.lines if titles.norm(line.text) == own and line.linked < 0.5),
        key=lambda line: str(line.element.tag) == "h1" or "title" in (line.element.get("class") or ""),
        default=None,
    )


def _found(value: object, where: str, confidence: float = 0.8) -> Found | None:  # type: ignore[type-arg]
    return Found(value, where, confidence) if value else None


def _editors(*found: Found[tuple[str, ...]] | None) -> Found[tuple[str, ...]] | None:
    """The first with a name in hanzi; an account in letters (编辑:fengdi) only where nobody is named."""
    some = [item for item in found if item is not None and item.value]
    return next((item for item in some if not all(map(str.isascii, item.value))), some[0] if some else None)


def _summary(doc: Document) -> Found[str] | None:
    value = next((doc.metas[name] for name in _SUMMARIES if len(doc.metas.get(name, "")) > 12), None)
    return Found(value, "meta", 0.5) if value else None


def language(doc: Document, text: str) -> str:
    """zh-Hans or zh-Hant by the characters themselves; a folded page is zh-Hans."""
    sample = text[:4000]
    changed = sum(a != b for a, b in zip(sample, fold.simplified(sample), strict=False))
    return "zh-Hant" if not doc.folded and changed > 0.1 * max(len(sample), 1) else "zh-Hans"
