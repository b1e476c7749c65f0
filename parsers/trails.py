"""Where in its site an article stands: the breadcrumb, and the channel it ends in."""

import re

from parsers.document import Document, Found
from parsers.furniture import is_breadcrumb

_STEP_MARKS = ">＞»›〉→"
_LOOKED_AT = 120
_COLUMNS = ("columnname", "article:section", "channel")
_NO_CHANNEL = re.compile(r"^(?:正文|内容|详情|文章|首页|内文|详细|新闻内容|浏览|阅读|信息内容|\s*)$")


def find(doc: Document) -> Found[tuple[str, ...]] | None:
    """The steps of 您的位置: 首页 > 新闻 > 要闻, of the first line that is one."""
    for number, line in enumerate(doc.lines[:_LOOKED_AT]):
        text = line.text
        if len(text) > 160 or not (is_breadcrumb(line.plain) or text[0] in _STEP_MARKS):
            continue
        before = doc.lines[number - 1].text if number and text[0] in _STEP_MARKS else ""
        steps = crumbs(f"{before} {text}" if len(before) <= 8 else text)
        if len(steps) > 1:
            return Found(steps, f"line {line.number}", 0.8)
    return None


def channel(doc: Document, trail: Found[tuple[str, ...]] | None) -> Found[str] | None:
    """The column an article was put in: as the metas say, else the last step of the breadcrumb that names one."""
    named = next((name for name in _COLUMNS if 1 < len(doc.metas.get(name, "")) <= 20), None)
    if named:
        return Found(doc.metas[named], f"meta {named}", 0.9)
    steps = [step for step in trail.value if not _NO_CHANNEL.match(step) and len(step) <= 14] if trail else []
    return Found(steps[-1], "breadcrumb", 0.7) if trail and steps else None


def crumbs(text: str) -> tuple[str, ...]:
    """The steps of 您的位置: 首页 > 新闻 > 要闻."""
    for mark in _STEP_MARKS:
        text = text.replace(mark, ">")
    trail = text.split(":", 1)[-1].split("：", 1)[-1] if "位置" in text[:12] else text
    return tuple(step.strip() for step in trail.split(">") if step.strip())
