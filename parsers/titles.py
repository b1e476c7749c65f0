"""The headline: where the heading, the <title>, the metas and the place above the publish line agree."""

import re
import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass

from parsers import bylines, dates
from parsers.document import Document, Found
from parsers.plain import plain
from parsers.tree import Line

_METAS = ("articletitle", "og:title", "title", "ld:headline", "weibo:article:title", "twitter:title")
_SUFFIX = re.compile(r"\s*(?:[-_|｜–—]{1,2}|\s::\s|<<|>>|·)\s*")
_NAMED_AFTER = re.compile(r"[,，]\s*[\u4e00-\u9fff]{2,8}(?:网|在线|频道|门户)$")
_HINT = re.compile(r"(?i)title|headline|heading|\bbt\b|bt_|_bt|biaoti|tit\b")
_SECOND = re.compile(r"(?i)sub-?title|fu-?biaoti|ftitle|title2|second-?title|yin-?ti|kicker|pretitle|introtitle|jianti")
_ORIGINAL = re.compile(r"^[【\[(（]?\s*原(?:文)?标题\s*[:：]\s*(.+?)\s*[】\])）]?$")
_LABEL = re.compile(r"^(?:标题|题目|标 题)\s*[:：]\s*")
_HEADINGS = {"h1": 4.0, "h2": 2.0, "h3": 1.0}
_LOOKED_AT = 1500
_PROSE = re.compile(r"[，。].*。")
_STEPS = re.compile(r"[>＞»›〉→]")
_ENOUGH, _FRAGMENT = 2.4, 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line, or the lines of one element, that may be the headline."""

    line: Line
    text: str
    score: float
    last: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The headline, the line that shows it first (None where it is not in the text), and the candidates not taken.

    `last` is the number of the headline's last line, `own` what was found without a site's reader.
    """

    title: Found[str] | None = None
    line: Line | None = None
    last: int = -1
    weighed: tuple[Found[str], ...] = ()
    own: Found[str] | None = None


def norm(text: str) -> str:
    """Letters and digits alone, NFKC, lower case: what two spellings of a headline share."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if char.isalnum())


def original(text: str) -> str | None:
    """The headline in a line 原标题:…, which opens the body of a reprint."""
    found = _ORIGINAL.match(plain(text))
    return text[slice(*found.span(1))] if found else None


def find(doc: Document) -> Heading:
    """The headline of a page, possibly none."""
    ranked = sorted(_candidates(doc), key=lambda entry: (-entry.score, entry.line.number))
    shown = [_found(entry) for entry in ranked[:3] if entry.score >= _ENOUGH]
    named = _named(doc)
    if shown and named and _is_fragment(shown[0].value, named[-1].value):
        return Heading(named[-1], ranked[0].line, ranked[0].last, tuple(shown[:3]))
    if shown:
        return Heading(shown[0], ranked[0].line, ranked[0].last, (*shown[1:], *named[:2]))
    return Heading(named[0], weighed=tuple(named[1:3])) if named else Heading()


def _is_fragment(shown: str, head: str) -> bool:
    """True where the <title> goes on in the same word: the line is a topic's name, not the headline."""
    own, whole = norm(shown), norm(head)
    goes_on = whole.startswith(own) and len(own) < _FRAGMENT * len(whole)
    return goes_on and head[len(shown) : len(shown) + 1].isalnum() and head.startswith(shown)


def _found(entry: Candidate) -> Found[str]:
    where = f"line {entry.line.number} <{entry.line.element.tag}>"
    return Found(_LABEL.sub("", entry.text), where, min(0.5 + entry.score / 20, 0.99))


def _named(doc: Document) -> list[Found[str]]:
    """Headlines that stand in the head or in a line 原标题, best first."""
    found = []
    meta = next((doc.metas[name] for name in _METAS if len(doc.metas.get(name, "")) > 3), None)
    if meta and (not doc.head_title or norm(meta) in norm(doc.head_title)):
        found.append(Found(_trimmed(meta), "meta", 0.7))
    named = next((said for line in doc.lines[:80] if (said := original(line.text))), None)
    if named:
        found.append(Found(named, "原标题", 0.6))
    if doc.head_title:
        found.append(Found(_trimmed(doc.head_title), "<title>", 0.5))
    return found


def _candidates(doc: Document) -> list[Candidate]:
    """Lines scored by mark-up, name, agreement with the head, and place."""
    heads = [norm(text) for text in (doc.head_title, *(doc.metas.get(name, "") for name in _METAS)) if text]
    names = sorted({_core(text) for text in (doc.head_title, *(doc.metas.get(name, "") for name in _METAS)) if text})
    lines = doc.lines[:_LOOKED_AT]
    publish = {line.number for line in lines if _is_publish(line)}
    places = _places(lines, publish)
    prose = max((line.number for line in lines if _is_prose(line)), default=0)
    found = []
    for number, line in enumerate(lines):
        if number in publish or not 4 <= len(line.text) <= 120:
            continue
        readings = _readings(lines, number, publish)
        place = max(places.get(last, 0.0) for _, last in readings) - (3.0 if number > prose else 0.0)
        for text, last in readings:
            score = _score(line, text, heads, names)
            if score > 0:
                found.append(Candidate(line, text, score + place - min(number, 400) / 400, last))
    return found


def _readings(lines: Sequence[Line], number: int, publish: Set[int]) -> list[tuple[str, int]]:
    """A line's text; with it the lines that follow in the same heading, broken by <br>."""
    line = lines[number]
    found = [(line.text, number)]
    if not (line.element.tag in _HEADINGS or _HINT.search(_name(line))):
        return found
    text, last = line.text, number
    for following in lines[number + 1 : number + 4]:
        if following.element is not line.element or following.linked > 0.5 or following.number in publish:
            break
        text, last = f"{text} {following.text}", following.number
        found.append((text, last))
    return found


def _name(line: Line) -> str:
    return f"{line.element.get('class') or ''} {line.element.get('id') or ''}"


def _places(lines: Sequence[Line], publish: Set[int]) -> dict[int, float]:
    """What a line gains by standing right above a publish line, or not far above running text."""
    gained: dict[int, float] = {}
    for line in lines:
        if line.number in publish:
            for back, gain in ((1, 2.5), (2, 2.0), (3, 1.0), (4, 0.5)):
                gained[line.number - back] = max(gained.get(line.number - back, 0.0), gain)
        elif _is_prose(line):
            for back in range(1, 9):
                gained.setdefault(line.number - back, 1.0 if back > 2 else 1.5)
    return gained


def _is_prose(line: Line) -> bool:
    return line.chars >= 40 and line.linked < 0.3 and _PROSE.search(line.text) is not None


def _is_publish(line: Line) -> bool:
    """True for a short line with a time and little else, or with a labelled source, author or editor."""
    if line.chars > 120 or line.linked > 0.6:
        return False
    stamp = next(dates.stamps(line.text), None)
    if stamp is not None and (stamp.precision.value != "day" or line.chars <= 24):
        return True
    return any(pair.kind in ("source", "author", "editor", "date") for pair in bylines.labelled(line.text))


def _score(line: Line, text: str, heads: list[str], names: list[str]) -> float:
    if len(text) > 120 or text.endswith(("。", "：", ":")) or len(_STEPS.findall(text)) > 1 or original(text):
        return 0.0
    own = norm(text)
    agrees = _agreement(own, heads, names)
    score = _HEADINGS.get(str(line.element.tag), 0.0) * (len(own) > 5 or agrees > 0)
    named = _name(line)
    score += (2.0 if _HINT.search(named) else 0.0) - (3.0 if _SECOND.search(named) else 0.0)
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
    return norm(_trimmed(title))


def _trimmed(title: str) -> str:
    """A <title> without the site's name: the longest part, the first among equals."""
    parts = [part for part in _SUFFIX.split(_NAMED_AFTER.sub("", title)) if part]
    if len(parts) < 2:
        return parts[0] if parts else title
    first = parts[0]
    return first if len(first) >= 8 else max(parts, key=len)


def second(doc: Document, heading: Heading, end: int) -> dict[str, Found[str] | None]:
    """Kicker (引题) and subtitle (副题): lines right above and below the headline that are named so, or a line
    below it that opens with a dash. `end` is the number of the first line of the body."""
    if heading.line is None:
        return {"kicker": None, "subtitle": None}
    above = doc.lines[max(heading.line.number - 2, 0) : heading.line.number]
    below = doc.lines[heading.last + 1 : min(heading.last + 3, end)]
    own = norm(heading.title.value) if heading.title else ""
    kicker = next((line for line in reversed(above) if _is_second(line) and norm(line.text) not in own), None)
    subtitle = next((line for line in below if _is_second(line) or _is_dashed(line)), None)
    if subtitle is not None and norm(subtitle.text) in own:
        subtitle = None
    return {"kicker": _as_second(kicker), "subtitle": _as_second(subtitle)}


def _is_second(line: Line) -> bool:
    return 4 <= line.chars <= 60 and line.linked < 0.3 and bool(_SECOND.search(_name(line)))


def _is_dashed(line: Line) -> bool:
    return 6 <= line.chars <= 60 and line.linked < 0.3 and line.text.startswith(("——", "—", "--", "──", "――"))


def _as_second(line: Line | None) -> Found[str] | None:
    return Found(line.text.lstrip("—-─― "), f"line {line.number} <{line.element.tag}>", 0.8) if line else None
