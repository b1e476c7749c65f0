"""A region to a body: front matter and closing matter taken off, and what they say kept."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import html

from domain.article import Attachment, Block
from parsers import blocks, bylines, dates, furniture, titles
from parsers.blocks import Piece

_FRONT = 10
_MARKS = " \t【】[]()（）"


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks, and what the lines around them said: names in order, `headline` from 原标题."""

    blocks: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headline: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


@dataclass(slots=True)
class _Credits:
    source: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        for pair in bylines.labelled(text):
            if pair.kind == "source":
                self.source = self.source or pair.value or None
            elif pair.kind == "author":
                self.authors.extend(bylines.names(pair.value))
            elif pair.kind == "editor":
                self.editors.extend(bylines.editors(pair.value))


def compose(
    region: html.HtmlElement,
    base: str,
    title: str | None,
    drop: Sequence[html.HtmlElement] = (),
    *,
    exact: bool = False,
) -> Body:
    """Read a region into a Body. `drop` are elements in it that are no part of the article.

    An `exact` region begins with the article: only what is front matter beyond doubt goes from its top.
    """
    region = _without(region, drop)
    found = _undoubled(list(blocks.pieces(region, base)))
    noted = _Credits()
    headline, found = _front(found, title, noted, exact=exact)
    found = _rear(_cut(found), noted)
    kept = [piece.block for piece in found]
    texts = [block.text for block in kept if block.text]
    authors = noted.authors or _bylines(texts)
    return Body(
        tuple(kept),
        blocks.attachments(region, base),
        headline,
        noted.source,
        tuple(dict.fromkeys(authors)),
        _editors(noted.editors),
    )


def is_credit(text: str) -> bool:
    """True for a line of nothing but labelled credits: 来源:…, (编辑:甲某), 审核:甲某 监制:乙某."""
    bare = text.strip(_MARKS)
    pairs = bylines.labelled(bare)
    if not pairs or len(bare) > 90 or not bare.startswith(pairs[0].word) or re.search(r"[。！？!?]", bare):
        return False
    if pairs[0].kind == "author":
        return all(map(bylines.is_name, re.split(r"[\s、,，/]+", pairs[0].value))) or len(pairs) > 1
    return pairs[0].kind in ("source", "editor", "staff") and all(len(pair.value) <= 30 for pair in pairs)


def is_publish_line(text: str) -> bool:
    """True for a short line that gives a time, with or without credits, and no sentence."""
    if len(text) > 160 or re.search(r"[。！？；]|^[（(].*[)）]$", text):
        return False
    first = next(dates.stamps(text), None)
    if first is None:
        return False
    rest = text[: first.span[0]] + text[first.span[1] :]
    return len(rest) <= 24 or bool(bylines.labelled(text))


def _without(region: html.HtmlElement, drop: Sequence[html.HtmlElement]) -> html.HtmlElement:
    if not drop:
        return region
    wanted = set(drop)
    places = [number for number, element in enumerate(region.iter()) if element in wanted]
    twin = copy.deepcopy(region)
    elements = list(twin.iter())
    for element in (elements[place] for place in places):
        if element.getparent() is not None:
            element.drop_tree()
    return twin


def _undoubled(found: list[Piece]) -> list[Piece]:
    """Without an image that follows itself (a lazy one and its stand-in)."""
    return [
        piece
        for number, piece in enumerate(found)
        if not (number and piece.block.kind == "image" and piece.block == found[number - 1].block)
    ]


def _front(found: list[Piece], title: str | None, noted: _Credits, *, exact: bool) -> tuple[str | None, list[Piece]]:
    headline, last, seen = None, -1, 0
    own = titles.norm(title or "")
    for number, piece in enumerate(found):
        text = piece.block.text
        if not text:
            continue
        seen += 1
        named = titles.original(text)
        if seen > _FRONT or (len(text) > 160 and not named):
            break
        headline = headline or named
        if named or _is_front_matter(text, own):
            noted.take(text)
            last = number
        elif exact or re.search(r"[。！？]", text):
            break
    return headline, found[last + 1 :]


def _is_front_matter(text: str, own_title: str) -> bool:
    return (
        (bool(own_title) and titles.norm(text) == own_title)
        or furniture.is_breadcrumb(text)
        or furniture.is_tool(text)
        or is_credit(text)
        or is_publish_line(text)
    )


def _cut(found: list[Piece]) -> list[Piece]:
    """Up to a heading such as 相关新闻, where most of the text stands before it."""
    whole = sum(len(piece.block.text) for piece in found if piece.linked < 0.5)
    before = 0
    for number, piece in enumerate(found):
        if before * 2 > whole and furniture.is_cut(piece.block.text):
            return found[:number]
        before += len(piece.block.text) if piece.linked < 0.5 else 0
    return found


def _rear(found: list[Piece], noted: _Credits) -> list[Piece]:
    """Without the closing lines of credits, tools and notices, and the images among them."""
    end = len(found)
    for number in range(len(found) - 1, -1, -1):
        piece = found[number]
        text = piece.block.text
        if not text:
            continue
        credit = is_credit(text)
        if not (credit or furniture.is_furniture(text) or (piece.linked > 0.8 and blocks.media_type(text) is None)):
            break
        if credit:
            noted.take(text)
        end = number
    return found[:end]


def _bylines(texts: Sequence[str]) -> list[str]:
    """Authors as the body itself names them: in its dateline, in a line of their own, at its end."""
    opening = next((names for text in texts[:2] if (names := bylines.dateline(text) or bylines.byline(text))), ())
    ending = next((names for text in texts[-2:] if (names := bylines.closing(text) or bylines.byline(text))), ())
    return [*opening, *ending]


def _editors(found: list[str]) -> tuple[str, ...]:
    """Names; accounts in letters only where no name is given."""
    named = [name for name in found if not name.isascii()]
    return tuple(dict.fromkeys(named or found))
