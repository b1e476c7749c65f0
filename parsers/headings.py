"""Which line is the headline: by mark-up, by name, by agreement with the page's own names for itself, by place."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from parsers import bylines, dates
from parsers.document import Document
from parsers.furniture import is_cut
from parsers.plain import plain
from parsers.tree import Line
from parsers.wording import norm, original, trimmed

METAS = ("articletitle", "og:title", "title", "ld:headline", "weibo:article:title", "twitter:title")
_HINT = re.compile(r"(?i)title|headline|heading|\bbt\b|bt_|_bt|biaoti|tit\b")
SECOND = re.compile(r"(?i)sub-?title|fu-?biaoti|ftitle|title2|second-?title|yin-?ti|kicker|pretitle|introtitle|jianti")
_HEADINGS = {"h1": 4.0, "h2": 2.0, "h3": 1.0}
_LOOKED_AT = 1500
# A line below running text is a heading within it, unless the page names itself so.
_LATE, _AGREED, _RUNNING = 2.5, 6.0, 25
_POINT = re.compile(r"[，。]")
_STEPS = re.compile(r"[>＞»›〉→]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line, or the lines of one element, that may be the headline."""

    line: Line
    text: str
    score: float
    last: int


def candidates(doc: Document) -> list[Candidate]:
    """Lines scored by mark-up, name, agreement with the head, and place."""
    said = {text for text in (doc.head_title, *(doc.metas.get(name, "") for name in METAS)) if text}
    heads, names = sorted(map(norm, said)), sorted(map(_core, said))
    prose = [line.number for line in doc.lines[:_LOOKED_AT] if _is_prose(line)]
    # No headline stands below the last running text.
    lines = doc.lines[: prose[-1]] if prose else doc.lines[:_LOOKED_AT]
    first = prose[0] if prose else len(lines)
    publish = {line.number for line in lines if _is_publish(line)}
    places = _places(publish, prose)
    found = []
    for number, line in enumerate(lines):
        if number in publish or not 4 <= len(line.text) <= 120 or _is_navigation(line):
            continue
        readings = _readings(lines, number, publish)
        place = max(places.get(last, 0.0) for _, last in readings)
        for text, last in readings:
            score = _score(line, text, heads, names)
            if score > 0 and number > first:
                score -= _LATE * (score < _AGREED)
            if score > 0:
                found.append(Candidate(line, text, score + place - min(number, 400) / 400, last))
    return found


def _is_navigation(line: Line) -> bool:
    """True for a line of links that no mark-up calls a heading: most of a page's."""
    return line.linked > 0.5 and line.element.tag not in _HEADINGS and not _HINT.search(name(line))


def _readings(lines: Sequence[Line], number: int, publish: Set[int]) -> list[tuple[str, int]]:
    """A line's text; with it the lines that follow in the same heading, broken by <br>."""
    line = lines[number]
    found = [(line.text, number)]
    if not (line.element.tag in _HEADINGS or _HINT.search(name(line))):
        return found
    text, last = line.text, number
    for following in lines[number + 1 : number + 4]:
        if following.element is not line.element or following.linked > 0.5 or following.number in publish:
            break
        text, last = f"{text} {following.text}", following.number
        found.append((text, last))
    return found


def name(line: Line) -> str:
    """The class and id of a line's element."""
    return f"{line.element.get('class') or ''} {line.element.get('id') or ''}"


def _places(publish: Set[int], prose: Sequence[int]) -> dict[int, float]:
    """What a line gains by standing right above a publish line, or not far above running text, by line numbers."""
    gained: dict[int, float] = {}
    for number in sorted({*publish, *prose}):
        if number in publish:
            for back, gain in ((1, 2.5), (2, 2.0), (3, 1.0), (4, 0.5)):
                gained[number - back] = max(gained.get(number - back, 0.0), gain)
        else:
            for back in range(1, 9):
                gained.setdefault(number - back, 1.0 if back > 2 else 1.5)
    return gained


def _is_prose(line: Line) -> bool:
    end = line.text.rfind("。")
    return line.chars >= _RUNNING and line.linked < 0.3 and end > 0 and _POINT.search(line.text, 0, end) is not None


def _is_publish(line: Line) -> bool:
    """True for a short line with a time and little else, or with a labelled source, author or editor."""
    if line.chars > 120 or line.linked > 0.6:
        return False
    stamp = next(dates.stamps(line.text), None)
    if stamp is not None and (stamp.precision.value != "day" or line.chars <= 24):
        return True
    return any(pair.kind in ("source", "author", "editor", "date") for pair in bylines.labelled(line.text))


def _score(line: Line, text: str, heads: list[str], names: list[str]) -> float:
    if len(text) > 120 or text.endswith(("。", "：", ":")) or len(_STEPS.findall(text)) > 1:
        return 0.0
    if original(text) or is_cut(plain(text)):
        return 0.0
    own = norm(text)
    agrees = _agreement(own, heads, names)
    score = _HEADINGS.get(str(line.element.tag), 0.0) * (len(own) > 5 or agrees > 0)
    named = name(line)
    score += (2.0 if _HINT.search(named) else 0.0) - (3.0 if SECOND.search(named) else 0.0)
    if line.linked > 0.5:
        score -= 3.0
    return score + agrees if score + agrees > 0 else _styled(line, own)


def _styled(line: Line, own: str) -> float:
    """What nothing but its style makes a headline: bold, centred, large."""
    if line.linked > 0.2 or len(own) < 6 or "，" in line.text[-3:]:
        return 0.0
    element = line.element
    inner = {str(child.tag) for child in list(element)[:3]}
    style = f"{element.get('style') or ''} {' '.join(child.get('style') or '' for child in list(element)[:3])}".lower()
    bold = bool(inner & {"b", "strong"}) or "bold" in style
    large = re.search(r"font-size:\s*(?:1[89]|[2-5]\d)p", style) or any(
        (child.get("size") or "").strip("+") in "34567" for child in element.iter("font") if child.get("size")
    )
    centred = element.get("align") == "center" or "center" in style or element.tag == "center"
    return 0.3 + 0.7 * bold + 1.0 * bool(large) + 0.7 * centred


def _agreement(own: str, heads: list[str], names: list[str]) -> float:
    """Up to 8: how well a line matches the page's own names for itself."""
    if len(own) < 4:
        return 0.0
    best = 0.0
    for head in heads:
        if own == head:
            best = max(best, 8.0)
        elif head.startswith(own):
            best = max(best, 3.0 + 4.0 * len(own) / len(head))
        elif own in head:
            best = max(best, 1.0 + 3.0 * len(own) / len(head))
        elif len(head) > 8 and own.startswith(head[:-3]):
            best = max(best, 5.0)
    if best < 5 and len(own) >= 8:
        best = max((best, *(5.0 * alike for name in names if (alike := _alike(own, name)) > 0.6)))
    return best


def _alike(a: str, b: str) -> float:
    """Dice's coefficient over pairs of characters, 0..1."""
    ours, theirs = ({text[n : n + 2] for n in range(len(text) - 1)} for text in (a, b))
    return 2 * len(ours & theirs) / max(len(ours) + len(theirs), 1)


def _core(title: str) -> str:
    return norm(trimmed(title))
