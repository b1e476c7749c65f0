"""Which lines and elements of a page are its metadata table, and nothing of the document."""

import re
from collections import Counter
from collections.abc import Sequence

from lxml import html

from parsers.government.pairs import Pair
from parsers.tree import Line

_LONG = 200
_AHEAD = 40
_CLIMB = 12
_UNKNOWN = re.compile(r"[\u4e00-\u9fff ]{2,12}[:：]")
_HEADINGS = ("h1", "h2", "h3")


def lines(group: Sequence[Pair], page: Sequence[Line]) -> list[Line]:
    """The lines of a group's labels and values, and of the labels and values between them that no list knows."""
    last = group[-1].line
    labelled = {pair.line for pair in group}
    cells = {pair.cell for pair in group if pair.cell is not None}
    found: list[Line] = []
    awaits = False
    for line in page[group[0].line : last + _AHEAD]:
        value = line.element in cells or any(item in cells for item in _ancestors(line.element))
        between = line.number < last and line.chars <= _LONG and line.element.tag not in _HEADINGS
        unknown = between and (awaits or _UNKNOWN.match(line.text) is not None)
        if value or unknown or line.number in labelled:
            found.append(line)
        awaits = unknown and not awaits and line.text.endswith(("：", ":"))
    return found


def elements(covered: Sequence[Line], body: html.HtmlElement) -> tuple[html.HtmlElement, ...]:
    """The outermost elements whose text is at least nine tenths of these lines, and without a heading."""
    known: Counter[html.HtmlElement] = Counter()
    for line in covered:
        for element in (line.element, *_ancestors(line.element)):
            known[element] += line.chars
    whole = {element for element, chars in known.items() if element is not body and _is_whole(element, chars)}
    outermost = [element for element in known if element in whole and not _within(element, whole)]
    return tuple(outermost)


def _is_whole(element: html.HtmlElement, chars: int) -> bool:
    if element.tag in ("body", "html") or next(element.iter(*_HEADINGS), None) is not None:
        return False
    total = 0
    for text in element.itertext():
        total += sum(not char.isspace() for char in text)
        if total * 9 > chars * 10:
            return False
    return True


def _within(element: html.HtmlElement, whole: set[html.HtmlElement]) -> bool:
    return any(parent in whole for parent in element.iterancestors())


def _ancestors(element: html.HtmlElement) -> list[html.HtmlElement]:
    return [parent for _, parent in zip(range(_CLIMB), element.iterancestors(), strict=False)]
