"""The headline: where the heading, the <title> and the metas agree."""

import re
import unicodedata

from parsers.document import Document, Found
from parsers.tree import Line

_METAS = ("articletitle", "og:title", "title", "ld:headline", "weibo:article:title", "twitter:title")
_SUFFIX = re.compile(r"\s*(?:[-_|｜–—]{1,2}|\s::\s|<<|>>|·)\s*")
_HINT = re.compile(r"(?i)title|headline|heading|\bbt\b|biaoti|tit\b")
_ORIGINAL = re.compile(r"^[【\[(（]?\s*原(?:文)?标题\s*[:：]\s*(.+?)\s*[】\])）]?$")
_LABEL = re.compile(r"^(?:标题|题目)\s*[:：]\s*")


def norm(text: str) -> str:
    """Letters and digits alone, NFKC, lower case: what two spellings of a headline share."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in plain if char.isalnum())


def original(text: str) -> str | None:
    """The headline in a line 原标题:…, which opens the body of a reprint."""
    found = _ORIGINAL.match(text)
    return found[1] if found else None


def find(doc: Document) -> tuple[Found[str] | None, Line | None]:
    """The headline and the line that shows it, either None where there is none."""
    line, confidence = _heading(doc)
    if line is not None:
        return Found(_LABEL.sub("", line.text), f"line {line.number} <{line.element.tag}>", confidence), line
    meta = next((doc.metas[name] for name in _METAS if len(doc.metas.get(name, "")) > 3), None)
    if meta and (not doc.head_title or norm(meta) in norm(doc.head_title)):
        return Found(_trimmed(meta), "meta", 0.7), None
    named = next((found for line in doc.lines[:80] if (found := original(line.text))), None)
    if named:
        return Found(named, "原标题", 0.6), None
    if doc.head_title:
        return Found(_trimmed(doc.head_title), "<title>", 0.5), None
    return None, None


def _heading(doc: Document) -> tuple[Line | None, float]:
    """The line that is a headline by its mark-up, its name or its agreement with <title> and metas."""
    heads = [norm(text) for text in (doc.head_title, *(doc.metas.get(name, "") for name in _METAS)) if text]
    best, score = None, 0.0
    for line in doc.lines[:1500]:
        value = _score(line, heads)
        if value > score:
            best, score = line, value
    return (best, min(0.5 + score / 20, 0.99)) if best is not None and score >= 3 else (None, 0.0)


def _score(line: Line, heads: list[str]) -> float:
    if not 4 <= len(line.text) <= 120 or original(line.text) or line.text.endswith(("。", "：", ":")):
        return 0.0
    element = line.element
    own = norm(line.text)
    agrees = _agreement(own, heads)
    score = {"h1": 4.0, "h2": 2.0, "h3": 1.0}.get(str(element.tag), 0.0) * (len(own) > 5 or agrees > 0)
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    score += 2.0 if _HINT.search(named) else 0.0
    if line.linked > 0.5:
        score -= 3.0
    return score + agrees - (min(line.number, 400) / 400)


def _agreement(own: str, heads: list[str]) -> float:
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
    return best


def _trimmed(title: str) -> str:
    """A <title> without the site's name: the longest part, the first among equals."""
    parts = [part for part in _SUFFIX.split(title) if part]
    if len(parts) < 2:
        return title
    first = parts[0]
    return first if len(first) >= 8 else max(parts, key=len)
