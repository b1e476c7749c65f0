"""Text to tree and tree to lines: the fast half of reading.

A line is what a reader sees between two breaks of block-level mark-up. Everything walks without
recursion; libxml2 itself keeps no more than 2048 levels of nesting.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_LONGEST_LABEL = 200
_LOOKUP = etree.ElementDefaultClassLookup(element=html.HtmlElement)


@dataclass(frozen=True, slots=True)
class Line:
    """One line in reading order. `links` counts its characters inside anchors, blanks not counted.

    `plain` is the text as rules read it, of the same length (see parsers.plain).
    """

    number: int
    text: str
    element: html.HtmlElement
    chars: int
    links: int
    plain: str

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
    tidy = _CONTROL.sub("", _PROLOG.sub("", text))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # One class for all elements: lxml.html's own choice by tag costs as much as the parsing.
    parser.set_element_class_lookup(_LOOKUP)
    try:
        root = html.document_fromstring(tidy.encode("utf-8", "replace"), parser=parser)
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
    whole = _size(body) if hidden else 0
    for element in hidden:
        if element.getparent() is not None and _size(element) * 2 < whole:
            element.drop_tree()
    return body


def _size(element: html.HtmlElement) -> int:
    return sum(len(str(text).strip()) for text in element.itertext())


def sizes(root: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """The characters of text in each element under `root` and in itself, in one walk."""
    found: dict[html.HtmlElement, int] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        own = len((element.text or "").strip())
        found[element] = own + sum(found[child] + len((child.tail or "").strip()) for child in element)
    return found


def clean(text: str) -> str:
    """Runs of white space, the ideographic space included, as one blank; ends stripped."""
    return _SPACES.sub(" ", text.replace("\u200b", "").replace("\ufeff", "")).strip()


def lines(root: html.HtmlElement) -> list[Line]:
    """The lines under an element, in document order; empty ones left out."""
    found: list[Line] = []
    parts: list[tuple[str, bool]] = []
    blocks: list[html.HtmlElement] = [root]

    def flush() -> None:
        text = clean("".join(part for part, _ in parts))
        if text:
            links = sum(_length(part) for part, linked in parts if linked)
            chars = len(text) - text.count(" ")
            found.append(Line(len(found), text, blocks[-1], chars, links, plain(text)))
        parts.clear()

    for kind, value, anchors in _walk(root):
        if kind == "text":
            parts.append((str(value), anchors > 0))
            continue
        flush()
        if kind == "open":
            blocks.append(value)
        elif len(blocks) > 1:
            blocks.pop()
    flush()
    return found


def _walk(root: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement | str, int]]:
    anchors = 0
    labels: list[bool] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        block = element.tag in BLOCK
        if event == "start":
            if element.tag == "a":
                labels.append(is_link(map(str, element.itertext())))
                anchors += labels[-1]
            if block:
                yield "open", element, anchors
            if element.text:
                yield "text", element.text, anchors
            continue
        if element.tag == "a":
            anchors -= labels.pop()
        if block:
            yield "close", element, anchors
        if element.tail and element is not root:
            yield "text", element.tail, anchors


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
