"""Find the element that holds the article: sentences weigh for it, links and notices against.

An element's weight is the sum of its lines' weights, so the article is the subtree of greatest
weight; from there down to the deepest element that still holds nearly all of it.
"""

import re

from lxml import etree, html

from parsers import tree
from parsers.furniture import is_breadcrumb, is_cut, is_notice, is_tool
from parsers.tree import Line

_POINTS = re.compile(r"[，。！？；：、“”,!?;…]")
_SENTENCE = re.compile(r"[。！？；…][”」』）)]?$|[，。].*[，。]")
_GOOD = re.compile(
    r"(?i)(?:^|[\s_-])(?:article|content|zoom|detail|neirong|zhengwen|text|main-?text|trs_editor|entry|post|con|js_content|"
    r"vsb_content|ivs_content|text_content|news_?con|articlebody|endtext|artibody|context|zw)"
)
_BAD = re.compile(
    r"(?i)(?:comment|footer|foot|sidebar|side|aside|nav|menu|related|relat|recommend|hot|rank|top10|copyright|breadcrumb|"
    r"share|login|header|banner|link|crumb|tuijian|xiangguan|pinglun|disclaimer|statement|reply|right)"
)
_NEIGHBOUR = re.compile(
    r"(?i)(?:^|[\s_-])(?:b?share|bdshare|fenxiang|recommend|related|relat|xiangguan|comments?|pinglun|copyright|"
    r"disclaimer|hot|rank|tuijian|crumbs?|breadcrumb|footer)"
)
_KEEP = 0.80
# Past the headline each link makes what follows weigh less: streams of other articles come after the article.
_FADING, _LABEL = 0.03, 6
_TEASERS = 4
_BETWEEN, _SENTENCES = 6, 40
_APART, _PURE, _PROSE = 0.4, 0.7, 40.0


def find(
    root: html.HtmlElement, lines: list[Line], after: int = -1, *, certain: bool = False
) -> html.HtmlElement | None:
    """The element that holds the body, or None where nothing weighs enough.

    `after` is the number of the title's line: what stands before it counts for little. Where the title is
    `certain`, prose right below it must be in the region.
    """
    weights: dict[html.HtmlElement, float] = {}
    prose: dict[html.HtmlElement, float] = {}
    passed = 0
    for line in lines:
        passed += line.number > after and line.linked > 0.35 and line.chars >= _LABEL
        weight = _weight(line)
        weight *= 0.2 if line.number <= after else max(1 / (1 + _FADING * passed), 0.2) if weight > 0 else 1.0
        weights[line.element] = weights.get(line.element, 0.0) + weight
        prose[line.element] = prose.get(line.element, 0.0) + max(weight, 0.0)
    _mute_streams(root, weights, prose)
    totals = _totals(root, weights)
    if not totals:
        return None
    best = max(totals, key=lambda element: totals[element])
    gains = _totals(root, {element: weight for element, weight in prose.items() if weight > 0})
    if totals[best] <= 0:
        return None
    chosen = _deepest(best, totals, gains)
    first = _first(lines, after) if certain else None
    return chosen if first is None or chosen in (first, *first.iterancestors()) else _risen(first, totals, gains)


def _mute_streams(
    root: html.HtmlElement, weights: dict[html.HtmlElement, float], prose: dict[html.HtmlElement, float]
) -> None:
    """Takes the weight from streams of teasers: siblings of one tag, each a linked heading with prose of its own."""
    gains = _sums(root, prose)
    losses = _sums(root, {element: min(weight - prose[element], 0.0) for element, weight in weights.items()})
    for parent in {element.getparent() for element, gain in gains.items() if gain > 0 and losses.get(element, 0.0) < -5}:
        items = [child for child in parent if isinstance(child.tag, str)] if parent is not None else []
        teasers = [child for child in items if gains.get(child, 0.0) > 0 and losses.get(child, 0.0) < -5]
        if len(teasers) >= _TEASERS and len(teasers) > 0.6 * len(items) and len({child.tag for child in teasers}) == 1:
            for element in parent.iter():
                if weights.get(element, 0.0) > 0:
                    weights[element] = prose[element] = 0.0


def _sums(root: html.HtmlElement, values: dict[html.HtmlElement, float]) -> dict[html.HtmlElement, float]:
    """Each element's own value and its descendants'."""
    found: dict[html.HtmlElement, float] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        total = values.get(element, 0.0) + sum(found.get(child, 0.0) for child in element)
        if total:
            found[element] = total
    return found


def _first(lines: list[Line], after: int) -> html.HtmlElement | None:
    """The element of the first prose below the headline, where few lines and fewer links stand between."""
    links = 0
    for line in lines[after + 1 : after + 16]:
        links += line.linked > 0.35
        if links > _BETWEEN:
            return None
        if _weight(line) > _PROSE and line.chars >= _SENTENCES and "。" in line.text:
            return line.element
    return None


def _risen(
    first: html.HtmlElement, totals: dict[html.HtmlElement, float], gains: dict[html.HtmlElement, float]
) -> html.HtmlElement:
    """Up from the first prose while what a parent adds is prose and little else."""
    chosen, element = first, first
    while (parent := element.getparent()) is not None and parent.tag != "html":
        gained = gains.get(parent, 0.0) - gains.get(element, 0.0)
        if totals.get(parent, 0.0) - totals.get(element, 0.0) >= max(_PURE * gained, 1.0):
            chosen = parent
        elif gained > _PROSE:
            break
        element = parent
    return chosen


def noise(region: html.HtmlElement) -> list[html.HtmlElement]:
    """Elements in a region that are named as neighbours of an article and hold little of its text."""
    named = [element for element in region.iterdescendants() if _NEIGHBOUR.search(_name(element))]
    size = tree.sizes(region) if named else {}
    return [element for element in named if size[element] * 4 < size[region]]


def _name(element: html.HtmlElement) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _weight(line: Line) -> float:
    if line.linked > 0.35:
        return -0.6 * min(line.chars, 80)
    bare = line.plain
    if is_notice(bare) or is_cut(bare) or is_breadcrumb(bare) or is_tool(bare):
        return -1.0 * min(line.chars, 80)
    points = len(_POINTS.findall(line.text))
    if _SENTENCE.search(line.text) or (points and line.chars >= 20) or line.chars >= 60:
        return (line.chars + 8 * points) * (1 - line.linked)
    return 2.0 if line.element.tag == "p" else -1.0


def _totals(root: html.HtmlElement, weights: dict[html.HtmlElement, float]) -> dict[html.HtmlElement, float]:
    """Each element's weight: its own lines' and its children's, marked down where its name says so."""
    totals: dict[html.HtmlElement, float] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        if not isinstance(element.tag, str):
            continue
        total = weights.get(element, 0.0) + sum(totals.get(child, 0.0) for child in element)
        if total:
            totals[element] = total * _repute(element) if total > 0 and element is not root else total
    return totals


def _repute(element: html.HtmlElement) -> float:
    name = _name(element)
    if element.tag in ("aside", "nav", "footer"):
        return 0.3
    if len(name) < 2:
        return 1.0
    good, bad = _GOOD.search(name), _BAD.search(name)
    if good and not bad:
        return 1.05
    return 0.4 if bad and not good else 1.0


def _deepest(
    element: html.HtmlElement, totals: dict[html.HtmlElement, float], gains: dict[html.HtmlElement, float]
) -> html.HtmlElement:
    """Down to what holds nearly all; past that only where all else with prose is full of links and tools."""
    while True:
        heirs = [child for child in element if totals.get(child, 0.0) >= _KEEP * totals[element]]
        if not heirs:
            best = max(element, key=lambda child: totals.get(child, 0.0), default=None)
            heirs = [best] if best is not None and _is_apart(best, element, totals, gains) else []
        if not heirs or heirs[0].tag in ("p", "span", "font", "b", "strong", "tr", "a"):
            return element
        element = heirs[0]


def _is_apart(
    child: html.HtmlElement,
    whole: html.HtmlElement,
    totals: dict[html.HtmlElement, float],
    gains: dict[html.HtmlElement, float],
) -> bool:
    """True where a child holds much, and its siblings' prose stands among links and tools: columns, hot lists."""
    if totals.get(child, 0.0) < _APART * totals[whole]:
        return False
    others = [other for other in whole if other is not child and gains.get(other, 0.0) > _PROSE]
    return all(totals.get(other, 0.0) < _PURE * gains[other] for other in others)
