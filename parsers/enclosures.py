"""Attachments in a box of their own behind the text: <div class="fj">附件下载 …</div> (TRS, PHPCMS and others)."""

import re
from collections.abc import Iterator

from lxml import html

from domain.article import Attachment
from parsers import blocks

_NAMED = re.compile(
    r"(?i)(?:^|[\s_-])"
    r"(?:fj|fujian|xgfj|attach\w*|annex|appendix|enclosure|download|files?|down(?:box|list)?)(?:$|[\s_-])"
)
_SAID = re.compile(r"附\s*件|相关文档|资料下载|文件下载|表格下载")
_OTHERS = frozenset({"nav", "footer", "aside", "script", "style", "form"})
# How far up from the text's element, how many boxes behind it, how much a box may say.
_UP, _BEHIND, _SHORT = 2, 6, 600


def behind(region: html.HtmlElement, base: str) -> tuple[Attachment, ...]:
    """The documents linked to in boxes behind the region's element, or its parent's, that are called attachments by
    their words or their name."""
    found: dict[str, Attachment] = {}
    for box in _boxes(region):
        if _is_of_files(box):
            found |= {item.href: item for item in blocks.attachments(box, base) if item.href not in found}
    return tuple(found.values())


def _boxes(region: html.HtmlElement) -> Iterator[html.HtmlElement]:
    element: html.HtmlElement | None = region
    for _ in range(_UP):
        if element is None or element.tag in ("body", "html"):
            return
        for place, box in enumerate(element.itersiblings()):
            if place >= _BEHIND:
                break
            if isinstance(box.tag, str) and box.tag not in _OTHERS:
                yield box
        element = element.getparent()


def _is_of_files(box: html.HtmlElement) -> bool:
    if not any(blocks.is_file(anchor.get("href") or "") for anchor in box.iter("a")):
        return False
    text = "".join(box.itertext())
    named = f"{box.get('class') or ''} {box.get('id') or ''}"
    return len(text) <= _SHORT and (_SAID.search(text) is not None or _NAMED.search(named) is not None)
