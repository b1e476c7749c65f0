"""The headline, its kicker and its subtitle."""

import re
from dataclasses import dataclass

from parsers import headings
from parsers.document import Document, Found
from parsers.headings import METAS, SECOND, Candidate, name
from parsers.tree import Line
from parsers.wording import norm, original, trimmed

_LABEL = re.compile(r"^(?:标题|题目|标 题)\s*[:：]\s*")
_ENOUGH, _FRAGMENT = 2.4, 0.6


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


def find(doc: Document) -> Heading:
    """The headline of a page, possibly none."""
    ranked = sorted(headings.candidates(doc), key=lambda entry: (-entry.score, entry.line.number))
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
    meta = next((doc.metas[name] for name in METAS if len(doc.metas.get(name, "")) > 3), None)
    if meta and (not doc.head_title or norm(meta) in norm(doc.head_title)):
        found.append(Found(trimmed(meta), "meta", 0.7))
    named = next((said for line in doc.lines[:80] if (said := original(line.text))), None)
    if named:
        found.append(Found(named, "原标题", 0.6))
    if doc.head_title:
        found.append(Found(trimmed(doc.head_title), "<title>", 0.5))
    return found


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
    return 4 <= line.chars <= 60 and line.linked < 0.3 and bool(SECOND.search(name(line)))


def _is_dashed(line: Line) -> bool:
    return 6 <= line.chars <= 60 and line.linked < 0.3 and line.text.startswith(("——", "—", "--", "──", "――"))


def _as_second(line: Line | None) -> Found[str] | None:
    return Found(line.text.lstrip("—-─― "), f"line {line.number} <{line.element.tag}>", 0.8) if line else None
