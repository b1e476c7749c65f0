"""Pages whose article is in a script's state and not, or only in part, in the mark-up."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from lxml import html

from parsers import body as bodies
from parsers import tree
from parsers.body import Body
from parsers.document import Document, Found
from parsers.embedded import Embedded
from parsers.fields import Fields

_SURE, _DATED = 0.7, 0.6
# Characters of a body that need no second opinion.
_LONG = 800
# Of the state's text, the share that the mark-up must hold to be read itself.
_SHOWN = 0.6


def held(
    doc: Document, shown: Body, title: Found[str] | None, found: Mapping[str, Found[Any] | None]
) -> Embedded | None:
    """The article in the scripts. All of them are searched only where the mark-up leaves something to be wished:
    a long body, a sure headline, a time and a source are enough. `found` are the fields that it gave."""
    sourced = found["source"] is not None or not any("source" in script.text for script in doc.state)
    enough = is_sure(title, found["published"]) and sourced and _size(shown) >= _LONG
    return doc.linked_data if enough else doc.embedded


def is_sure(title: Found[str] | None, published: Found[Any] | None) -> bool:
    """True where a headline and a time are found well enough to need no other witness."""
    wished = ((title, _SURE), (published, _DATED))
    return all(value is not None and value.confidence >= least for value, least in wished)


def body(
    doc: Document,
    held: Embedded | None,
    shown: Body,
    place: Found[html.HtmlElement] | None,
    title: Found[str] | None,
) -> tuple[Body, Found[html.HtmlElement] | None]:
    """The body of the state where the mark-up shows much less of it, with where it is; else what was given."""
    if held is None or held.confidence < _SURE or not held.body_html or (place and place.confidence > _SURE + 0.2):
        return shown, place
    element = tree.visible(tree.parse(held.body_html).root)
    named = held.title or (title.value if title else None)
    told = bodies.compose(element, doc.base, named, exact=True)
    if _size(shown) >= _SHOWN * _size(told):
        return shown, place
    return told, Found(element, held.where, held.confidence)


def hints(held: Embedded | None, given: Fields) -> Fields:
    """What the state says, where the platform's own marks say nothing."""
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
