"""What a line of an article's surroundings is: a credit, a publish line, a closing bracket."""

import re

from parsers import bylines, dates
from parsers.plain import plain

_ADDRESS = re.compile(r"https?://[\w./-]*")
_SIGNED = re.compile(r"[\u4e00-\u9fff]{2,4}\s+(?:编辑|责编|编译)$")
_MARKS = " \t【】[]()（）"
_TAIL = re.compile(
    r"\s*[(（\[【]\s*(?P<credit>(?:责任编辑|责编|编辑|网编|值班编辑|实习编辑|编\s*辑)\s*[:：]?[^()（）\[\]【】。]{1,30})[)）\]】]\s*$"
)


def is_credit(text: str) -> bool:
    """True for a line of nothing but labelled credits: 来源:…, (编辑:甲某), 审核:甲某 监制:乙某."""
    bare = text.strip(_MARKS)
    if _SIGNED.match(plain(bare)) or bylines.is_reported(bare):
        return True
    pairs = bylines.labelled(bare) if len(bare) <= 90 else ()
    if not pairs or pairs[0].start or re.search(r"[。！？!?]", bare):
        return False
    if pairs[0].kind == "author":
        return all(map(bylines.is_name, re.split(r"[\s、,，/]+", pairs[0].value))) or len(pairs) > 1
    return pairs[0].kind in ("source", "editor", "staff", "photo") and all(len(pair.value) <= 30 for pair in pairs)


def is_publish_line(text: str, *, strict: bool = False) -> bool:
    """True for a short line that gives a time, with or without credits, and no sentence.

    `strict` wants a label too: a document closes with a day.
    """
    if len(text) > 160 or re.search(r"[。！？；]|^[（(].*[)）]$", text):
        return False
    first = next(dates.stamps(text), None)
    if first is None:
        return False
    labels = bylines.labelled(text)
    rest = _ADDRESS.sub("", text[: first.span[0]]) + text[first.span[1] :]
    return bool(labels) if strict else len(rest) <= 24 or bool(labels)


def tail(text: str) -> tuple[str, str]:
    """A paragraph without the bracket that closes it with the editor's name, and that credit, or ''."""
    found = _TAIL.search(plain(text[-60:]))
    if found is None:
        return text, ""
    start = max(len(text) - 60, 0)
    return text[: start + found.start()].rstrip(), text[start + found.start("credit") : start + found.end("credit")]
