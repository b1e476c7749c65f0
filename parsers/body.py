"""A region to a body: front matter and closing matter taken off, and what they say kept."""

import copy
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from lxml import html

from domain.article import Attachment, Block
from parsers import blocks, bylines, furniture, titles
from parsers.blocks import Piece
from parsers.lines import is_credit, is_publish_line, tail
from parsers.plain import plain

_FRONT = 10
# A summary is made from the body and is a field of its own; a lead (核心提示, 导语) is part of the body.
_SUMMARY = re.compile(r"[【\[]?\s*(?:文章|内容|新闻)?(?:摘要|内容提要)\s*[】\]:：\s]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of the region that is no part of the body, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks, and what the lines around them said: names in order, `headline` from 原标题."""

    blocks: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headline: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        """The texts of its blocks but for tables."""
        return [block.text for block in self.blocks if block.text and block.kind != "table"]


@dataclass(slots=True)
class _Noted:
    source: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, piece: Piece, why: str) -> None:
        if piece.block.text:
            self.dropped.append(Dropped(piece.block.text, why))
            self.take(piece.block.text)

    def take(self, text: str) -> None:
        for pair in bylines.labelled(text) if len(text) <= 200 else ():
            if pair.kind == "source":
                self.source = self.source or pair.value or None
            elif pair.kind == "author":
                self.authors.extend(bylines.names(pair.value))
            elif pair.kind == "editor":
                self.editors.extend(bylines.editors(pair.value))
            elif pair.kind == "photo":
                self.photographers.extend(bylines.names(pair.value))
        self.authors.extend(bylines.reported(text))


def compose(
    region: html.HtmlElement,
    base: str,
    title: str | None,
    drop: Sequence[html.HtmlElement] = (),
    *,
    exact: bool = False,
    lead: Sequence[str] = (),
    metadata: Set[str] = frozenset(),
) -> Body:
    """Read a region into a Body. `drop` are elements in it that are no part of the article, `lead` paragraphs
    that stand before it and are, `metadata` texts of lines that are a document's metadata.

    An `exact` region begins with the article: only what is front matter beyond doubt goes from its top.
    """
    region = _without(region, drop)
    found = _undoubled(list(blocks.pieces(region, base)))
    noted = _Noted()
    found = _uncoded(found, noted)
    headline, found = _front(found, title, noted, metadata, exact=exact)
    found = _unlisted(_cut(found, noted), noted, exact=exact)
    found = _untooled(_rear(found, noted), noted)
    kept = [Block(text=text) for text in lead] + _trimmed([piece.block for piece in found], noted)
    texts = [block.text for block in kept if block.text]
    return Body(
        tuple(kept),
        blocks.attachments(region, base),
        headline,
        noted.source,
        tuple(dict.fromkeys(noted.authors or _bylines(texts))),
        _editors(noted.editors),
        tuple(dict.fromkeys((*noted.photographers, *(name for text in texts for name in bylines.photo(text))))),
        tuple(noted.dropped),
    )


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


def _uncoded(found: list[Piece], noted: _Noted) -> list[Piece]:
    """Without calls to scan a code, and the picture of the code above them."""
    kept: list[Piece] = []
    for piece in found:
        if piece.block.text and furniture.is_code(plain(piece.block.text)):
            noted.drop(piece, "a call to scan a code")
            if kept and kept[-1].block.kind == "image":
                kept.pop()
        else:
            kept.append(piece)
    return kept


def _front(
    found: list[Piece], title: str | None, noted: _Noted, metadata: Set[str], *, exact: bool
) -> tuple[str | None, list[Piece]]:
    own = titles.norm(title or "")
    headline, last, seen = None, _opening(found, own), 0
    open_title = own
    for number, piece in enumerate(found):
        text = piece.block.text
        if not text or number <= last:
            continue
        seen += 1
        named = titles.original(text)
        if _SUMMARY.match(plain(text)):
            last = number
            continue
        if seen > _FRONT or (len(text) > 160 and not named):
            break
        headline = headline or named
        part = titles.norm(text)
        begins = len(part) > 3 and open_title.startswith(part)
        if named or begins or text in metadata or _is_front_matter(text, own):
            last = number
            open_title = open_title[len(part) :] if begins else open_title
        elif exact or "。" in text or "！" in text or "？" in text:
            break
    for piece in found[: last + 1]:
        noted.drop(piece, "front matter")
    return headline, found[last + 1 :]


def _opening(found: list[Piece], own_title: str) -> int:
    """Where the headline stands in a region that holds more than the article: what is above it is not the body's."""
    for number, piece in enumerate(found[:80]):
        text = piece.block.text
        if len(text) > 60 and piece.linked < 0.5 and "。" in text:
            return -1
        if own_title and number and titles.norm(text) == own_title:
            return number
    return -1


def _is_front_matter(text: str, own_title: str) -> bool:
    bare = plain(text)
    return (
        (bool(own_title) and titles.norm(text) == own_title)
        or furniture.is_breadcrumb(bare)
        or furniture.is_tool(bare)
        or is_credit(text)
        or is_publish_line(text)
    )


def _cut(found: list[Piece], noted: _Noted) -> list[Piece]:
    """Up to a heading such as 相关新闻 or the line that names the editor, where most of the text stands before it."""
    whole = sum(len(piece.block.text) for piece in found if piece.linked < 0.5)
    before = 0
    for number, piece in enumerate(found):
        text = piece.block.text
        if before * 2 > whole and text and _ends(text, found[number + 1 : number + 4]):
            for rest in found[number:]:
                if rest is piece or is_credit(rest.block.text):
                    noted.drop(rest, "the article's end")
            return found[:number]
        before += len(text) if piece.linked < 0.5 else 0
    return found


def _ends(text: str, following: Sequence[Piece]) -> bool:
    """True for the editor's line, and for a heading of other articles: one that links follow, not running text."""
    if furniture.is_cut(plain(text)):
        prose = [piece for piece in following if piece.linked < 0.5 and len(piece.block.text) > 60]
        return not prose or furniture.is_notice(plain(prose[0].block.text))
    pairs = bylines.labelled(text) if len(text) <= 90 else []
    return bool(pairs) and pairs[0].kind == "editor" and is_credit(text)


def _unlisted(found: list[Piece], noted: _Noted, *, exact: bool) -> list[Piece]:
    """Without lists of links to other articles (three in a row, or two under a heading such as 推荐阅读)."""
    kept: list[Piece] = []
    number = 0
    while number < len(found):
        end = number
        while end < len(found) and _is_neighbour(found[end]):
            end += 1
        headed = bool(kept) and furniture.is_cut(plain(kept[-1].block.text))
        if end - number >= (2 if headed else 3) and not (exact and not headed):
            if headed:
                noted.drop(kept.pop(), "a list of links")
            for piece in found[number:end]:
                noted.drop(piece, "a list of links")
        else:
            kept.extend(found[number : max(end, number + 1)])
        number = max(end, number + 1)
    return kept


def _is_neighbour(piece: Piece) -> bool:
    return (
        piece.linked > 0.7 and bool(piece.block.text) and blocks.media_type(piece.block.text) is None and not piece.file
    )


def _rear(found: list[Piece], noted: _Noted) -> list[Piece]:
    """Without the closing lines of credits, tools and notices, and the images among them."""
    end = len(found)
    for number in range(len(found) - 1, -1, -1):
        piece = found[number]
        text = piece.block.text
        if not text:
            continue
        closing = is_credit(text) or furniture.is_furniture(plain(text)) or is_publish_line(text, strict=True)
        if not (closing or (piece.linked > 0.8 and not piece.file and blocks.media_type(text) is None)):
            break
        noted.drop(piece, "closing matter")
        end = number
    return found[:end]


def _untooled(found: list[Piece], noted: _Noted) -> list[Piece]:
    """Without lines of controls, counters, credits and breadcrumbs between the paragraphs."""
    kept = []
    for piece in found:
        text = piece.block.text
        bare = plain(text)
        stray = text and piece.block.kind != "table" and (furniture.is_tool(bare) or _is_staff(text))
        if stray:
            noted.drop(piece, "a control or a credit")
        else:
            kept.append(piece)
    return kept


def _is_staff(text: str) -> bool:
    pairs = bylines.labelled(text) if is_credit(text) else []
    return bool(pairs) and pairs[0].kind in ("editor", "staff")


def _trimmed(kept: list[Block], noted: _Noted) -> list[Block]:
    """Without the bracket that names the editor after the last sentence: …。(责任编辑:甲某)"""
    for number in range(len(kept) - 1, max(len(kept) - 4, -1), -1):
        text, credit = tail(kept[number].text)
        if credit:
            noted.take(credit)
            kept[number] = kept[number].model_copy(update={"text": text})
    return kept


def _bylines(texts: Sequence[str]) -> list[str]:
    """Authors as the body itself names them: in its dateline, in a line of their own, at its end."""
    opening = next((names for text in texts[:2] if (names := bylines.dateline(text) or bylines.byline(text))), ())
    ending = next((names for text in texts[-2:] if (names := bylines.closing(text) or bylines.byline(text))), ())
    return [*opening, *ending]


def _editors(found: list[str]) -> tuple[str, ...]:
    """Names; accounts in letters only where no name is given."""
    named = [name for name in found if not name.isascii()]
    return tuple(dict.fromkeys(named or found))
