"""Text to tree and tree to lines: the fast half of reading.

A line is what a reader sees between two breaks of block-level mark-up. Everything walks without
recursion; libxml2 itself keeps no more than 2048 levels of nesting.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import etree, html

from parsers.plain import plain

BLOCK = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
_DEAD = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "select",
    "textarea",
    "button",
    "svg",
    "rp",
    "rt",
    "head",
    "title",
)
# What XML 1.0 lets no text hold: controls but tab and line ends, U+FFFE, U+FFFF. Taken from the bytes: it is quicker.
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_NO_SIGNS = ("\ufffe".encode(), "\uffff".encode())
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CHARACTERS = etree.XPath("string-length(normalize-space(.))")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+")
_LONGEST_LABEL = 200
# A publish line has few pieces; a time of day at the end of one.
_FEW = 16
_TIME = re.compile(r"\d{1,2}[:：]\d{2}$")
_SHORT = 60  # characters of a hidden element that can be nobody's article
_LOOKUP = etree.ElementDefaultClassLookup(element=html.HtmlElement)


@dataclass(frozen=True, slots=True)
class Line:
    """One line in reading order. `links` counts its characters inside anchors, blanks not counted."""

    number: int
    text: str
    element: html.HtmlElement
    chars: int
    links: int

    @property
    def plain(self) -> str:
        """The text as rules read it, of the same length (see parsers.plain)."""
        return plain(self.text)

    @property
    def linked(self) -> float:
        """The share of the line that is link text, 0..1."""
        return self.links / self.chars if self.chars else 0.0


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree; `deep` is True where mark-up nests beyond 2048 levels and what lies below was not read."""

    root: html.HtmlElement
    deep: bool = False


def parse(text: str) -> Parsed:
    """A tree of any text; an empty one for text without mark-up worth the name."""
    data = _PROLOG.sub("", text).encode("utf-8", "replace").translate(None, _CONTROLS)
    for sign in _NO_SIGNS:
        data = data.replace(sign, b"")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # One class for all elements: lxml.html's own choice by tag costs as much as the parsing.
    parser.set_element_class_lookup(_LOOKUP)
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError:
        root = html.document_fromstring(b"<html><body></body></html>")
    if root.find("body") is None:
        etree.SubElement(root, "body")
    return Parsed(root, any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log))


def visible(root: html.HtmlElement) -> html.HtmlElement:
    """The body without what nobody sees. Changes the tree: read the head first.

    A hidden element that holds most of the page's text stays: WeChat's #js_content is shown by script.
    """
    etree.strip_elements(root, *_DEAD, with_tail=False)
    body = root.find("body")
    hidden = [element for element in body.xpath(".//*[@style]") if _HIDDEN.search(element.get("style"))]
    whole: int | None = None
    for element in hidden:
        size = _size(element)
        if size > _SHORT and whole is None:
            whole = _size(body)
        if element.getparent() is not None and (whole is None or size <= _SHORT or size * 2 < whole):
            element.drop_tree()
    return body


def _size(element: html.HtmlElement) -> int:
    return int(cast("float", _CHARACTERS(element)))


def sizes(root: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """The characters of text in each element under `root` and in itself, in one walk."""
    found: dict[html.HtmlElement, int] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        own = len((element.text or "").strip())
        found[element] = own + sum(found[child] + len((child.tail or "").strip()) for child in element)
    return found


def clean(text: str) -> str:
    """Runs of white space, the ideographic space included, as one blank; ends stripped.

    Marks that nobody sees (zero-width, direction) go: they stay in the payload, and must not break matching.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def lines(root: html.HtmlElement) -> list[Line]:
    """The lines under an element, in document order; empty ones left out.

    The reader's inner loop, twice an element: written in one piece, for calls cost as much as the work.
    """
    found: list[Line] = []
    parts: list[str] = []
    blocks: list[html.HtmlElement] = [root]
    labels: list[bool] = []
    links = anchors = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag, start = element.tag, event == "start"
        if tag in BLOCK:
            if parts:
                _flush(found, parts, links, blocks[-1])
                links = 0
            if start:
                blocks.append(element)
            elif len(blocks) > 1:
                blocks.pop()
        elif tag == "a":
            if start:
                simple = not len(element) and len(element.text or "") <= _LONGEST_LABEL
                labels.append(simple or is_link(map(str, element.itertext())))
            anchors += labels[-1] if start else -labels.pop()
        text = element.text if start else element.tail
        if not text or (element is root and not start):
            continue
        if text.isspace():
            if parts:
                parts.append(" ")
            continue
        parts.append(text)
        if anchors:
            links += _length(text)
    _flush(found, parts, links, blocks[-1])
    return found


def _flush(found: list[Line], parts: list[str], links: int, element: html.HtmlElement) -> None:
    text = clean("".join(parts if len(parts) > _FEW else _apart(parts)))
    if text:
        chars = len(text) - text.count(" ")
        found.append(Line(len(found), text, element, chars, min(links, chars)))
    parts.clear()


def _apart(parts: Sequence[str]) -> Iterator[str]:
    """The pieces of a line, a time of day and the number in the next element kept apart: <i>09:30</i><span>12人阅读."""
    for before, part in zip(("", *parts), parts, strict=False):
        if part[0].isdigit() and before[-1:].isdigit() and _TIME.search(before):
            yield " "
        yield part


def is_link(anchor: Iterable[str]) -> bool:
    """True where an anchor's texts make a label; some pages wrap whole paragraphs in an anchor."""
    size = 0
    for text in anchor:
        size += len(text)
        if size > _LONGEST_LABEL:
            return False
    return True


def _length(text: str) -> int:
    return len("".join(text.split()))
