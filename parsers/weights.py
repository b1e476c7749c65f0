"""What lines weigh, summed over the elements that hold them.

Only elements that hold a line somewhere are kept: a tenth of a page's. Prose weighs for an article, links
and notices against; names of elements count a little.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement as Element

from parsers.furniture import is_breadcrumb, is_cut, is_notice, is_tool
from parsers.tree import Line

_POINTS = re.compile(r"[，。！？；：、“”,!?;…]")
_ENDS = ("。", "！", "？", "；", "…")
_GOOD = re.compile(
    r"(?i)(?:^|[\s_-])(?:article|content|zoom|detail|neirong|zhengwen|text|main-?text|trs_editor|entry|post|con|js_content|"
    r"vsb_content|ivs_content|text_content|news_?con|articlebody|endtext|artibody|context|zw)"
)
_BAD = re.compile(
    r"(?i)(?:comment|footer|foot|sidebar|side|aside|nav|menu|related|relat|recommend|hot|rank|top10|copyright|breadcrumb|"
    r"share|login|header|banner|link|crumb|tuijian|xiangguan|pinglun|disclaimer|statement|reply|right)"
)
# Past the headline each link makes what follows weigh less: streams of other articles come after the article.
_FADING, _LABEL = 0.03, 6
_TEASERS = 4


@dataclass(slots=True)
class Weights:
    """By element, its descendants' included: `gain` of its prose, `loss` (negative) of its links and notices,
    `net` of both with names considered. `order` holds the elements, children before parents."""

    root: Element
    own: dict[Element, tuple[float, float]]
    order: list[Element] = field(default_factory=list)
    children: dict[Element, list[Element]] = field(default_factory=dict)
    gain: dict[Element, float] = field(default_factory=dict)
    loss: dict[Element, float] = field(default_factory=dict)
    net: dict[Element, float] = field(default_factory=dict)


def weigh(root: Element, lines: Sequence[Line], after: int) -> Weights:
    """The weights of a page. `after` is the number of the headline's last line: what stands above it counts little."""
    own: dict[Element, tuple[float, float]] = {}
    passed = 0
    for line in lines:
        passed += line.number > after and line.linked > 0.35 and line.chars >= _LABEL
        value = weight(line) * (0.2 if line.number <= after else 1.0)
        value *= max(1 / (1 + _FADING * passed), 0.2) if value > 0 and line.number > after else 1.0
        gain, loss = own.get(line.element, (0.0, 0.0))
        own[line.element] = (gain + max(value, 0.0), loss + min(value, 0.0))
    found = Weights(root, own)
    _arrange(found)
    _sum(found)
    if _mute_streams(found):
        _sum(found)
    _net(found)
    return found


def weight(line: Line) -> float:
    """What one line weighs for its element's being the body."""
    if line.linked > 0.35:
        return -0.6 * min(line.chars, 80)
    bare = line.plain
    if is_notice(bare) or is_cut(bare) or is_breadcrumb(bare) or is_tool(bare):
        return -1.0 * min(line.chars, 80)
    text = line.text
    points = len(_POINTS.findall(text))
    sentence = text.rstrip("”」』）)")[-1:] in _ENDS or text.count("，") + text.count("。") > 1
    if sentence or (points and line.chars >= 20) or line.chars >= 60:
        return (line.chars + 8 * points) * (1 - line.linked)
    return 2.0 if line.element.tag == "p" else -1.0


def name(element: Element) -> str:
    """An element's id and class."""
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _arrange(found: Weights) -> None:
    """The elements that hold lines and those above them, with their children among them."""
    depth: dict[Element, int] = {found.root: 0}
    for start in found.own:
        path = []
        element: Element | None = start
        while element is not None and element not in depth:
            path.append(element)
            element = element.getparent()
        above = element if element is not None else found.root
        for element in reversed(path):
            depth[element] = depth[above] + 1
            found.children.setdefault(above, []).append(element)
            above = element
    found.order = sorted(depth, key=lambda element: depth[element], reverse=True)


def _sum(found: Weights) -> None:
    for element in found.order:
        gain, loss = found.own.get(element, (0.0, 0.0))
        for child in found.children.get(element, ()):
            gain += found.gain[child]
            loss += found.loss[child]
        found.gain[element], found.loss[element] = gain, loss


def _net(found: Weights) -> None:
    for element in found.order:
        total = sum(found.own.get(element, (0.0, 0.0))) + sum(
            found.net[child] for child in found.children.get(element, ())
        )
        found.net[element] = total * _repute(element) if total > 0 and element is not found.root else total


def _mute_streams(found: Weights) -> bool:
    """Takes the weight from streams of teasers: siblings of one tag, each a linked heading with prose of its own."""
    muted = False
    for parent, items in found.children.items():
        teasers = [child for child in items if found.gain[child] > 0 and found.loss[child] < -5]
        if len(teasers) >= _TEASERS and len(teasers) > 0.6 * len(items) and len({child.tag for child in teasers}) == 1:
            muted = True
            _mute(found.own, found.children, parent)
    return muted


def _mute(
    own: dict[Element, tuple[float, float]], children: Mapping[Element, Sequence[Element]], parent: Element
) -> None:
    waiting = [parent]
    while waiting:
        element = waiting.pop()
        own[element] = (0.0, own.get(element, (0.0, 0.0))[1])
        waiting.extend(children.get(element, ()))


def _repute(element: Element) -> float:
    if element.tag in ("aside", "nav", "footer"):
        return 0.3
    named = name(element)
    if len(named) < 2:
        return 1.0
    good, bad = _GOOD.search(named), _BAD.search(named)
    if good and not bad:
        return 1.05
    return 0.4 if bad and not good else 1.0
