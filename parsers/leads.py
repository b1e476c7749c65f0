"""The lead (导语, 核心提示): a paragraph that stands between the publish line and the element that holds the body."""

import re
from collections.abc import Iterator, Sequence

from parsers import furniture
from parsers.document import Document
from parsers.lines import is_credit, is_publish_line
from parsers.publication import SENTENCE, Surroundings
from parsers.titles import Heading
from parsers.tree import Line
from parsers.wording import norm

# 摘要 is made from the body; 核心提示 and 导语 are written for it.
_SUMMARY = re.compile(r"^[【\[]?\s*(?:(?:文章|内容|新闻)?(?:摘要|简介|提要)|内容提要|关键[词字])")
_BESIDE = re.compile(r"(?i)comment|recommend|relat|hot|side|share|copyright|nav|menu|top|ad[s_-]")
_LEAST, _MOST = 30, 400


def find(doc: Document, heading: Heading, around: Surroundings, region: Sequence[Line]) -> list[str]:
    """The paragraphs of a lead, usually none; none that the body repeats."""
    if heading.line is None or not region or region[0].number <= heading.last:
        return []
    opening = norm("".join(line.text for line in region[:6]))
    return [line.text for line in _between(doc, heading, region[0]) if norm(line.text)[:24] not in opening]


def _between(doc: Document, heading: Heading, first: Line) -> Iterator[Line]:
    for line in doc.lines[heading.last + 1 : first.number]:
        if not _LEAST <= line.chars <= _MOST or line.linked > 0.2 or not SENTENCE.search(line.text):
            continue
        if _SUMMARY.match(line.plain) or furniture.is_furniture(line.plain) or _is_beside(line):
            continue
        if not is_credit(line.text) and not is_publish_line(line.text):
            yield line


def _is_beside(line: Line) -> bool:
    """True where the line's element, or one not far above it, is named as something beside the article."""
    element = line.element
    for _ in range(3):
        if element is None or element.tag == "body":
            return False
        if _BESIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}".strip()):
            return True
        element = element.getparent()
    return False
