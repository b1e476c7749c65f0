"""The generic reader: any page, no site. Fields a site's own reader found are taken as given."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import ne
from typing import Any

from lxml import html

from domain.matching import simplified
from parsers import body as bodies
from parsers import enclosures, government, leads, officials, publication, region, settling, stateful, titles, wording
from parsers.agreement import disagreements
from parsers.body import Body
from parsers.document import Document, Found
from parsers.fields import Fields, Reading
from parsers.government import Official
from parsers.titles import Heading
from parsers.tree import Line

_FOUND, _CERTAIN = 0.7, 0.85
_NOTHING = Fields()


def read(page: Document, given: Fields, platform: Callable[[Document], Fields] = lambda page: _NOTHING) -> Reading:
    """Complete what a site's reader found. `platform` says what the page's platform tells of it: asked where the
    page leaves something to be wished, each taken where the page itself says less surely."""
    official = government.find(page)
    doc = officials.without_table(page, official)
    heading = _heading(doc, given)
    place = given.region or _region(doc, heading)
    hints = platform(page) if place is None else _NOTHING
    place = place or hints.region
    lines = _lines_in(doc, place)
    around = publication.surroundings(doc, heading.line, lines)
    body = _body(page, place, heading, given, official, leads.find(doc, heading, around, lines))
    settled = settling.settle(doc, given, heading, around, body, lines)
    if hints is _NOTHING and not stateful.is_sure(heading.title, settled.found["published"]):
        hints = platform(page)
    held = stateful.held(page, body, heading.title, settled.found)
    body, place = stateful.body(page, held, body, place, heading.title)
    hints = stateful.hints(held, hints)
    title = settling.headline(heading, body, official)
    papers = officials.papers(official, title.value if title else "", body.paragraphs)
    published, odd = officials.published(official, settled.found["published"])
    found = {**settled.found, **papers.fields, "title": title, "published": published}
    alone = Fields(title=heading.own, published=published, source=found["source"], region=_alone(doc, given))
    issues = (*given.issues, *odd, *(disagreements(given, alone) if given.region or given.title else ()))
    names: dict[str, Any] = {name: settling.choose(given, hints, name, value) for name, value in found.items()}
    fields = Fields(**names, region=place, drop=given.drop, absent=given.absent, issues=issues)
    weighed = {"title": heading.weighed, **settled.weighed}
    return Reading(fields, body, papers.numbers, papers.signature, weighed)


def _heading(doc: Document, given: Fields) -> Heading:
    heading = titles.find(doc)
    if given.title is None:
        return Heading(weighed=heading.weighed) if "title" in given.absent else heading
    line = _line_of(doc, given.title.value)
    others = (*filter(None, (heading.title,)), *heading.weighed)
    return Heading(given.title, line, line.number if line else -1, others[:3], heading.title)


def _region(doc: Document, heading: Heading) -> Found[html.HtmlElement] | None:
    certain = heading.title is not None and heading.line is not None and heading.title.confidence >= _CERTAIN
    element = region.find(doc.body, doc.lines, heading.last, certain=certain)
    if element is None:
        return None
    name = " ".join(filter(None, (str(element.tag), element.get("id"), element.get("class"))))
    return Found(element, f"region <{name[:60]}>", _FOUND)


def _alone(doc: Document, given: Fields) -> Found[html.HtmlElement] | None:
    """The region as it would be found without a site's reader, to compare with what that one took."""
    return _region(doc, titles.find(doc)) if given.region else None


def _body(
    page: Document,
    place: Found[html.HtmlElement] | None,
    heading: Heading,
    given: Fields,
    official: Official,
    lead: Sequence[str],
) -> Body:
    if place is None:
        return Body()
    exact = place is given.region
    drop = (*(given.drop if exact else region.noise(place.value)), *official.table)
    named = heading.title.value if heading.title else None
    apart = officials.texts(page, official)
    lead = () if exact else lead
    body = bodies.compose(place.value, page.base, named, drop, exact=exact, lead=lead, metadata=apart)
    known = {item.href for item in body.attachments}
    more = (item for item in enclosures.behind(place.value, page.base) if item.href not in known)
    return replace(body, attachments=(*body.attachments, *more))


def _lines_in(doc: Document, place: Found[html.HtmlElement] | None) -> list[Line]:
    if place is None:
        return []
    inside = set(place.value.iter())
    return [line for line in doc.lines if line.element in inside]


def _line_of(doc: Document, title: str) -> Line | None:
    own = wording.norm(title)
    return max(
        (line for line in doc.lines if wording.norm(line.text) == own and line.linked < 0.5),
        key=lambda line: str(line.element.tag) == "h1" or "title" in (line.element.get("class") or ""),
        default=None,
    )


def language(doc: Document, text: str) -> str:
    """zh-Hans or zh-Hant by the characters themselves; a folded page is zh-Hans."""
    sample = text[:1000]
    changed = sum(map(ne, sample, simplified(sample)))
    return "zh-Hant" if not doc.folded and changed > 0.1 * max(len(sample), 1) else "zh-Hans"
