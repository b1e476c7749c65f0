"""Pages whose article is in a script's state and not, or only in part, in the mark-up."""

from dataclasses import fields, replace
from typing import Any

from lxml import html

from parsers import body as bodies
from parsers import tree
from parsers.body import Body
from parsers.document import Document, Found
from parsers.fields import Fields

_SURE = 0.7
# Of the state's text, the share that the mark-up must hold to be read itself.
_SHOWN = 0.6


def body(
    doc: Document, shown: Body, place: Found[html.HtmlElement] | None, title: Found[str] | None
) -> tuple[Body, Found[html.HtmlElement] | None]:
    """The body of the state where the mark-up shows much less of it, with where it is; else what was given."""
    held = doc.embedded
    if held is None or held.confidence < _SURE or not held.body_html or (place and place.confidence > _SURE + 0.2):
        return shown, place
    element = tree.visible(tree.parse(held.body_html).root)
    named = held.title or (title.value if title else None)
    told = bodies.compose(element, doc.base, named, exact=True)
    if _size(shown) >= _SHOWN * _size(told):
        return shown, place
    return told, Found(element, held.where, held.confidence)


def hints(doc: Document, given: Fields) -> Fields:
    """What the state says, where the platform's own marks say nothing."""
    held = doc.embedded
    if held is None or held.confidence < _SURE:
        return given
    values: dict[str, Any] = {
        "title": held.title,
        "subtitle": held.subtitle,
        "published": held.published,
        "updated": held.updated,
        "source": held.source,
        "publisher": held.publisher,
        "authors": held.authors,
    }
    known = {item.name for item in fields(given) if getattr(given, item.name)}
    told = {name: value for name, value in values.items() if value and name not in known}
    found: dict[str, Any] = {name: Found(value, held.where, held.confidence) for name, value in told.items()}
    return replace(given, **found)


def _size(some: Body) -> int:
    return sum(len(block.text) for block in some.blocks)
