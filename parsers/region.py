"""Find the element that holds the article.

The article is the subtree of greatest weight; from there down to the deepest element that still holds
nearly all of it. Where the headline is certain, the prose right below it must be inside.
"""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement as Element

from parsers import tree
from parsers.tree import Line
from parsers.weights import Weights, name, weigh, weight

_NEIGHBOUR = re.compile(
    r"(?i)(?:^|[\s_-])(?:b?share|bdshare|fenxiang|recommend|related|relat|xiangguan|comments?|pinglun|copyright|"
    r"disclaimer|hot|rank|tuijian|crumbs?|breadcrumb|footer|(?:ads?|adv|ad-?box|advert\w*|guanggao)\d*(?=$|[\s_-]))"
)
_INLINE = ("p", "span", "font", "b", "strong", "tr", "a")
# The share of its parent that an element must hold to stand for it; past that, to stand apart from full columns.
_KEEP, _APART = 0.80, 0.4
_PURE, _PROSE = 0.7, 40.0
_BELOW, _BETWEEN, _SENTENCES = 16, 6, 40


def find(root: Element, lines: Sequence[Line], after: int = -1, *, certain: bool = False) -> Element | None:
    """The element that holds the body, or None where nothing weighs enough.

    `after` is the number of the headline's last line. Where the headline is `certain`, prose right below it
    must be in the region.
    """
    found = weigh(root, lines, after)
    best = max(reversed(found.order), key=lambda element: found.net[element])
    if found.net[best] <= 0:
        return None
    chosen = _deepest(best, found)
    first = _first(lines, after) if certain else None
    return chosen if first is None or chosen in (first, *first.iterancestors()) else _risen(first, found)


def noise(region: Element) -> list[Element]:
    """Elements in a region that are named as neighbours of an article and hold little of its text."""
    named = [element for element in region.iterdescendants() if _NEIGHBOUR.search(name(element))]
    size = tree.sizes(region) if named else {}
    return [element for element in named if size[element] * 4 < size[region]]


def _deepest(element: Element, found: Weights) -> Element:
    """Down to what holds nearly all; past that only where all else with prose is full of links and tools."""
    while True:
        children = found.children.get(element, [])
        heir = max(children, key=lambda child: found.net[child], default=None)
        if heir is None or heir.tag in _INLINE:
            return element
        if found.net[heir] < _KEEP * found.net[element] and not _is_apart(heir, element, found):
            return element
        element = heir


def _is_apart(child: Element, whole: Element, found: Weights) -> bool:
    """True where a child holds much, and its siblings' prose stands among links and tools: columns, hot lists."""
    if found.net[child] < _APART * found.net[whole]:
        return False
    others = [other for other in found.children[whole] if other is not child and found.gain[other] > _PROSE]
    return all(found.net[other] < _PURE * found.gain[other] for other in others)


def _first(lines: Sequence[Line], after: int) -> Element | None:
    """The element of the first prose below the headline, where few lines and fewer links stand between."""
    links = 0
    for line in lines[after + 1 : after + _BELOW]:
        links += line.linked > 0.35
        if links > _BETWEEN:
            return None
        if line.chars >= _SENTENCES and "。" in line.text and weight(line) > _PROSE:
            return line.element
    return None


def _risen(first: Element, found: Weights) -> Element:
    """Up from the first prose while what a parent adds is prose and little else."""
    chosen, element = first, first
    while (parent := element.getparent()) is not None and parent in found.net:
        gained = found.gain[parent] - found.gain[element]
        if found.net[parent] - found.net[element] >= max(_PURE * gained, 1.0):
            chosen = parent
        elif gained > _PROSE:
            break
        element = parent
    return chosen
