"""The generic reader: any page, no site. Fields a site's own reader found are taken as given."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import html

from parsers import body as bodies
from parsers import fold, numbers, publication, region, titles
from parsers.body import Body
from parsers.dates import Stamp
from parsers.document import Document, Found
from parsers.furniture import is_breadcrumb
from parsers.tree import Line

_SUMMARIES = ("description", "og:description")
_FOUND = 0.7
_STEP_MARKS = ">＞»›→"


@dataclass(frozen=True, slots=True)
class Fields:
    """What a reader found; None where it has nothing to say. `absent` names fields known not to be there.

    `region` is the element that holds the body, `drop` what in it is not the article's.
    """

    title: Found[str] | None = None
    published: Found[Stamp] | None = None
    source: Found[str] | None = None
    authors: Found[tuple[str, ...]] | None = None
    editors: Found[tuple[str, ...]] | None = None
    summary: Found[str] | None = None
    breadcrumb: Found[tuple[str, ...]] | None = None
    region: Found[html.HtmlElement] | None = None
    drop: tuple[html.HtmlElement, ...] = ()
    absent: frozenset[str] = frozenset()
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All fields of a page, settled."""

    fields: Fields
    body: Body = field(default_factory=Body)
    document_numbers: tuple[str, ...] = ()


def read(doc: Document, given: Fields) -> Reading:
    """Complete what a site's reader found."""
    title, line = titles.find(doc)
    if given.title is not None:
        title, line = given.title, _line_of(doc, given.title.value)
    place = given.region or _region(doc, line)
    body = _body(doc, place, title, given.drop)
    if given.title is None and body.headline and (title is None or title.confidence < 0.8):
        title = Found(body.headline, "原标题", 0.8)
    near = publication.find(doc, line, _lines_in(doc, place))
    settled = Fields(
        title=_allowed(given, "title", title),
        published=given.published or _allowed(given, "published", near.published),
        source=given.source or _allowed(given, "source", near.source or _found(body.source, "closing lines")),
        authors=given.authors or _allowed(given, "authors", near.authors or _found(body.authors, "body", 0.7)),
        editors=_allowed(given, "editors", _editors(given.editors, near.editors, _found(body.editors, "body"))),
        summary=given.summary or _allowed(given, "summary", _summary(doc)),
        breadcrumb=given.breadcrumb or _allowed(given, "breadcrumb", _breadcrumb(doc)),
        region=place,
        drop=given.drop,
        absent=given.absent,
        issues=given.issues,
    )
    text = "\n".join((title.value if title else "", *(block.text for block in body.blocks)))
    return Reading(settled, body, numbers.document_numbers(text))


def _region(doc: Document, title: Line | None) -> Found[html.HtmlElement] | None:
    element = region.find(doc.body, list(doc.lines), title.number if title else -1)
    if element is None:
        return None
    name = " ".join(filter(None, (str(element.tag), element.get("id"), element.get("class"))))
    return Found(element, f"region <{name[:60]}>", _FOUND)


def _body(
    doc: Document, place: Found[html.HtmlElement] | None, title: Found[str] | None, drop: Sequence[html.HtmlElement]
) -> Body:
    if place is None:
        return Body()
    exact = place.confidence > _FOUND
    drop = drop if exact else tuple(region.noise(place.value))
    return bodies.compose(place.value, doc.base, title.value if title else None, drop, exact=exact)


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


def _allowed(given: Fields, name: str, found: Found | None) -> Found | None:  # type: ignore[type-arg]
    return None if name in given.absent else found


def _editors(*found: Found[tuple[str, ...]] | None) -> Found[tuple[str, ...]] | None:
    """The first with a name in hanzi; an account in letters (编辑:fengdi) only where nobody is named."""
    some = [item for item in found if item is not None and item.value]
    return next((item for item in some if not all(map(str.isascii, item.value))), some[0] if some else None)


def _summary(doc: Document) -> Found[str] | None:
    value = next((doc.metas[name] for name in _SUMMARIES if len(doc.metas.get(name, "")) > 12), None)
    return Found(value, "meta", 0.5) if value else None


def _breadcrumb(doc: Document) -> Found[tuple[str, ...]] | None:
    for number, line in enumerate(doc.lines[:120]):
        text = line.text
        if len(text) > 160 or not (is_breadcrumb(text) or text[0] in _STEP_MARKS):
            continue
        before = doc.lines[number - 1].text if number and text[0] in _STEP_MARKS else ""
        steps = crumbs(f"{before} {text}" if len(before) <= 8 else text)
        if len(steps) > 1:
            return Found(steps, f"line {line.number}", 0.8)
    return None


def crumbs(text: str) -> tuple[str, ...]:
    """The steps of 您的位置: 首页 > 新闻 > 要闻."""
    for mark in _STEP_MARKS:
        text = text.replace(mark, ">")
    trail = text.split(":", 1)[-1].split("：", 1)[-1] if "位置" in text[:12] else text
    return tuple(step.strip() for step in trail.split(">") if step.strip())


def language(doc: Document, text: str) -> str:
    """zh-Hans or zh-Hant by the characters themselves; a folded page is zh-Hans."""
    sample = text[:4000]
    changed = sum(a != b for a, b in zip(sample, fold.simplified(sample), strict=False))
    return "zh-Hant" if not doc.folded and changed > 0.1 * max(len(sample), 1) else "zh-Hans"
