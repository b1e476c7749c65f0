"""A region's mark-up to blocks: paragraphs, headings, captions, images, tables, lists, quotes.

Works on BeautifulSoup, with an explicit stack: mark-up of strangers nests as deep as it likes.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bs4 import BeautifulSoup, NavigableString, Tag
from lxml import etree, html

from domain.article import Attachment, Block
from parsers.addresses import path_and_query, safe_absolute
from parsers.tree import BLOCK, clean, is_link

MAX_BLOCKS = 20_000
_Kind = Literal["paragraph", "heading", "caption", "image", "table", "list", "quote"]
_KINDS: dict[str, _Kind] = {
    "li": "list",
    "dd": "list",
    "blockquote": "quote",
    "figcaption": "caption",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
}
_FILES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "wps": "application/vnd.ms-works",
    "ofd": "application/ofd",
    "et": "application/vnd.ms-excel",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
}
_INLINE = [
    "span",
    "font",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "small",
    "big",
    "sub",
    "sup",
    "o:p",
    "label",
    "ins",
    "del",
]
_LOOKS = [
    "style",
    "class",
    "align",
    "valign",
    "lang",
    "face",
    "color",
    "target",
    "bgcolor",
    "title",
    "onclick",
    "onload",
]
_ADVERTISED = re.compile(r"(?i)//(?:ads?|adv|union|click)\d*\.|[/_](?:ads?|adv|guanggao)[/_]|[?&](?:adid|clickid)=")
_LAZY = ("data-src", "data-original", "data-lazy-src", "original", "src")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, how much of it is link text, 0..1, and whether that leads to a file."""

    block: Block
    linked: float = 0.0
    file: bool = False


def pieces(region: html.HtmlElement, base: str) -> tuple[Piece, ...]:
    """The pieces of a region, in reading order; addresses made absolute from `base`."""
    markup = etree.tostring(_plainer(region), encoding="unicode", method="html", with_tail=False)
    soup = BeautifulSoup(markup, "lxml", multi_valued_attributes=None, store_line_numbers=False)
    composer = _Composer(base)
    for step, node in _events(soup):
        if len(composer.found) >= MAX_BLOCKS:
            break
        composer.take(step, node)
    composer.flush()
    return tuple(_captioned(composer.found))


def _plainer(region: html.HtmlElement) -> html.HtmlElement:
    """A copy without inline mark-up and attributes that say nothing here: half of what is to be parsed again."""
    twin = copy.deepcopy(region)
    etree.strip_tags(twin, *_INLINE)
    etree.strip_attributes(twin, *_LOOKS)
    return twin


def attachments(region: html.HtmlElement, base: str) -> tuple[Attachment, ...]:
    """The documents a region links to, each address once."""
    found: dict[str, Attachment] = {}
    for anchor in region.iter("a"):
        href = anchor.get("href") or ""
        media = media_type(href)
        if is_file(href):
            target = safe_absolute(base, href)
            name = clean("".join(anchor.itertext())) or clean(anchor.get("title") or "")
            if target and target not in found:
                found[target] = Attachment(href=target, name=name or target.rsplit("/", 1)[-1], media_type=media)
    return tuple(found.values())


def is_file(href: str) -> bool:
    """True for an address that leads to a document rather than a page."""
    return media_type(href) is not None or "downfile" in href


def media_type(href: str) -> str | None:
    """The media type that an address's ending tells, in its path or in a `filename` of its query."""
    for part in path_and_query(href):
        ending = part.rsplit(".", 1)[-1].lower() if "." in part else ""
        if ending in _FILES:
            return _FILES[ending]
    return None


def _events(soup: BeautifulSoup) -> Iterator[tuple[str, Tag | NavigableString]]:
    stack: list[tuple[Tag, Iterator[object]]] = [(soup, iter(list(soup.children)))]
    while stack:
        tag, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                yield "close", tag
        elif isinstance(child, Tag):
            yield "open", child
            if child.name == "table" and _is_data(child):
                continue
            stack.append((child, iter(list(child.children))))
        elif type(child) is NavigableString:
            yield "text", child


def _is_data(table: Tag) -> bool:
    """True for a table of data: rows of several short cells, nothing nested."""
    if table.find("table"):
        return False
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    wide = [row for row in rows if len(row) > 1]
    if len(rows) < 2 or len(wide) < max(2, len(rows) / 2):
        return False
    cells = [len(cell.get_text(strip=True)) for row in rows for cell in row]
    return sum(size > 0 for size in cells) > len(cells) / 3 and max(cells) <= 300


def _rows(table: Tag) -> str:
    rows = ("\t".join(clean(cell.get_text()) for cell in row.find_all(["td", "th"])) for row in table.find_all("tr"))
    return "\n".join(row for row in rows if row.strip())


@dataclass(slots=True)
class _Composer:
    base: str
    found: list[Piece] = field(default_factory=list)
    parts: list[tuple[str, bool]] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    kinds: list[_Kind] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    anchors: int = 0

    def take(self, step: str, node: Tag | NavigableString) -> None:
        if not isinstance(node, Tag):
            self.parts.append((str(node), self.anchors > 0))
        elif step == "open":
            self._open(node)
        else:
            self._close(node)

    def flush(self) -> None:
        text = clean("".join(part for part, _ in self.parts))
        if text:
            links = sum(len(clean(part)) for part, linked in self.parts if linked)
            kind = self.kinds[-1] if self.kinds else "paragraph"
            file = any(is_file(href) for href in self.hrefs)
            linked = min(links / len(text), 1.0)
            href = self._target() if linked > 0.9 else None
            self.found.append(Piece(Block(kind=kind, text=text, href=href), linked, file))
        self.parts.clear()
        self.hrefs.clear()

    def _target(self) -> str | None:
        return safe_absolute(self.base, self.hrefs[0]) if len(self.hrefs) == 1 else None

    def _open(self, tag: Tag) -> None:
        if tag.name in BLOCK:
            self.flush()
        if tag.name in _KINDS:
            self.kinds.append(_KINDS[tag.name])
        if tag.name == "a":
            self.labels.append(is_link(map(str, tag.strings)))
            self.anchors += self.labels[-1]
            self.within.append(str(tag.get("href") or ""))
            self.hrefs.append(self.within[-1])
        if tag.name == "img":
            self._image(tag)
        elif tag.name == "table" and _is_data(tag):
            rows = _rows(tag)
            if rows:
                self.found.append(Piece(Block(kind="table", text=rows)))

    def _close(self, tag: Tag) -> None:
        if tag.name in BLOCK:
            self.flush()
        if tag.name in _KINDS and self.kinds:
            self.kinds.pop()
        if tag.name == "a":
            self.anchors -= self.labels.pop()
            self.within.pop()

    def _image(self, tag: Tag) -> None:
        named = (str(tag.get(name) or "") for name in _LAZY)
        src = next((src for src in named if src and not src.startswith("data:")), None)
        target = safe_absolute(self.base, src) if src else None
        if target and not _is_icon(tag, target) and not _is_advertisement(tag, target, self.within[-1:]):
            self.flush()
            self.found.append(Piece(Block(kind="image", src=target)))


def _is_icon(tag: Tag, src: str) -> bool:
    sizes = [str(tag.get(name) or "").removesuffix("px") for name in ("width", "height")]
    small = any(size.isdigit() and int(size) < 40 for size in sizes)
    name = src.split("?", 1)[0].rsplit("/", 1)[-1].lower()
    return small or name.startswith(("icon", "spacer", "blank", "logo")) or "/fileicon" in src.lower()


def _is_advertisement(tag: Tag, src: str, links: list[str]) -> bool:
    """True for a linked picture whose address says so, or that has a banner's shape."""
    if not links or is_file(links[0]):
        return False
    width, height = (str(tag.get(name) or "").removesuffix("px") for name in ("width", "height"))
    banner = width.isdigit() and height.isdigit() and int(width) >= 4 * max(int(height), 1)
    return banner or any(_ADVERTISED.search(address) for address in (src, *links))


def _captioned(found: list[Piece]) -> Iterator[Piece]:
    """A short line right after an image, with no full stop at its end, is its caption."""
    previous: Piece | None = None
    for piece in found:
        block = piece.block
        after_image = previous is not None and previous.block.kind == "image"
        brief = len(block.text) <= 60 and not block.text.endswith(("。", "!", "！"))
        if after_image and brief and block.kind == "paragraph":
            yield Piece(block.model_copy(update={"kind": "caption"}), piece.linked)
        else:
            yield piece
        previous = piece
