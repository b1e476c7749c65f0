"""Places in a page that a declared reader names: CSS selectors, metas, script variables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from cssselect import SelectorError
from lxml import html
from lxml.cssselect import CSSSelector

from domain.errors import ConfigurationError
from parsers.document import Document

_META, _VARIABLE, _ATTRIBUTE = "@", "$", "~"


@dataclass(frozen=True, slots=True)
class Match:
    """What a place holds: an element of the page, or a text from its head or its scripts."""

    place: str
    element: html.HtmlElement | None = None
    text: str = ""


def meta(name: str) -> str:
    """A place: the content of <meta name=…> (or property=…), in whatever case it is written."""
    return _META + name.lower()


def variable(name: str) -> str:
    """A place: what an inline script gives a variable or a key of that name: `var ct = "1700000000"`."""
    return _VARIABLE + name


def attribute(selector: str, name: str) -> str:
    """A place: an attribute of an element, as in <time datetime=…>."""
    return f"{_ATTRIBUTE}{name} {selector}"


def check(place: str) -> None:
    """Raises ConfigurationError for what is no place."""
    if place.startswith(_ATTRIBUTE):
        compiled(place.split(" ", 1)[1])
    elif not place.startswith((_META, _VARIABLE)):
        compiled(place)


@lru_cache(maxsize=512)
def compiled(selector: str) -> CSSSelector:
    """A CSS selector ready for use. Raises ConfigurationError for what is none."""
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise ConfigurationError(f"«{selector}» is no CSS selector: {error}") from error


def found(place: str, doc: Document) -> list[Match]:
    """Everything that a place of a page holds; a repeated value of a script counts once."""
    if place.startswith(_META):
        value = doc.metas.get(place[1:])
        return [Match(place, text=value)] if value else []
    if place.startswith(_VARIABLE):
        values = dict.fromkeys(hit for script in doc.scripts for hit in _assigned(place[1:]).findall(script))
        return [Match(place, text=value) for value in values]
    if place.startswith(_ATTRIBUTE):
        name, selector = place[1:].split(" ", 1)
        return [Match(place, text=element.get(name) or "") for element in elements(selector, doc.body)]
    return [Match(place, element) for element in elements(place, doc.body)]


def elements(selector: str, root: html.HtmlElement) -> list[html.HtmlElement]:
    """The elements a selector matches under a root, in document order."""
    return cast("list[html.HtmlElement]", compiled(selector)(root))


def outermost(matches: Sequence[Match]) -> list[Match]:
    """Without elements inside another match: TRS nests its editor's <div> in one of the same name."""
    held = {match.element for match in matches if match.element is not None}
    return [match for match in matches if match.element is None or held.isdisjoint(match.element.iterancestors())]


def told(places: Iterable[tuple[str, int]]) -> str:
    """`one h1.title, found 2`, or for alternatives `one of h1, div.bt, found 0, 2`."""
    names, counts = zip(*places, strict=True)
    lead = "one of" if len(names) > 1 else "one"
    return f"{lead} {', '.join(names)}, found {', '.join(map(str, counts))}"


@lru_cache(maxsize=64)
def _assigned(name: str) -> re.Pattern[str]:
    return re.compile(rf"""(?<![\w.$]){re.escape(name)}["']?\s*[=:]\s*["']([^"'\r\n]{{1,200}})["']""")
