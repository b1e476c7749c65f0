"""A region's pieces without what is not the article's: front matter, neighbours, closing matter, controls.

Each step says what it leaves out and why; what such lines tell of people and sources is noted.
"""

import copy
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import dropwhile

from lxml import html

from parsers import blocks, bylines, counters, furniture, wording
from parsers.blocks import Piece
from parsers.lines import is_credit, is_publish_line
from parsers.plain import plain

_FRONT = 10
# A summary is made from the body and is a field of its own; a lead (核心提示, 导语) is part of the body.
_SUMMARY = re.compile(r"[【\[]?\s*(?:文章|内容|新闻)?(?:摘要|内容提要)\s*[】\]:：\s]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of the region that is no part of the body, and why."""

    text: str
    why: str


@dataclass(slots=True)
class Noted:
    """What the lines that are left out say: the source first stated, people in order, and the lines themselves."""

    source: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, piece: Piece, why: str) -> None:
        """Leaves a piece out, with the reason, and notes what it says."""
        if piece.block.text:
            self.dropped.append(Dropped(piece.block.text, why))
            self.take(piece.block.text)

    def take(self, text: str) -> None:
        """Notes the source and the people that a line of credits names."""
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


def without(region: html.HtmlElement, drop: Sequence[html.HtmlElement]) -> html.HtmlElement:
    """A region without some of its elements; the page itself stays as it is."""
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


def undoubled(found: list[Piece]) -> list[Piece]:
    """Without an image that follows itself (a lazy one and its stand-in)."""
    return [
        piece
        for number, piece in enumerate(found)
        if not (number and piece.block.kind == "image" and piece.block == found[number - 1].block)
    ]


def uncoded(found: list[Piece], noted: Noted) -> list[Piece]:
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


def front(
    found: list[Piece], title: str | None, noted: Noted, metadata: Set[str], *, exact: bool
) -> tuple[str | None, list[Piece]]:
    """The headline of a line 原标题, and the pieces from where the article begins."""
    own = wording.norm(title or "")
    headline, last, seen = None, _opening(found, own), 0
    open_title = own
    for number, piece in enumerate(found):
        text = piece.block.text
        if not text or number <= last:
            continue
        seen += 1
        named = wording.original(text)
        if _SUMMARY.match(plain(text)):
            last = number
            continue
        if seen > _FRONT or (len(text) > 160 and not named):
            break
        headline = headline or named
        part = wording.norm(text)
        begins = len(part) > 3 and open_title.startswith(part)
        count = number == last + 1 and number > 0 and counters.is_number_alone(text)
        if named or begins or count or text in metadata or _is_front_matter(text, own):
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
        if own_title and number and wording.norm(text) == own_title:
            return number
    return -1


def _is_front_matter(text: str, own_title: str) -> bool:
    bare = plain(text)
    return (
        (bool(own_title) and wording.norm(text) == own_title)
        or furniture.is_breadcrumb(bare)
        or furniture.is_tool(bare)
        or is_credit(text)
        or is_publish_line(text)
    )


def cut(found: list[Piece], noted: Noted) -> list[Piece]:
    """Up to a heading such as 相关新闻 or the line that names the editor, where most of the text stands before it."""
    whole = sum(len(piece.block.text) for piece in found if piece.linked < 0.5)
    before = 0
    for number, piece in enumerate(found):
        text = piece.block.text
        if before * 2 > whole and text and _ends(text, found[number + 1 :]):
            for rest in found[number:]:
                if rest is piece or is_credit(rest.block.text):
                    noted.drop(rest, "the article's end")
            return found[:number]
        before += len(text) if piece.linked < 0.5 else 0
    return found


def _ends(text: str, following: Sequence[Piece]) -> bool:
    """True for the editor's line, and for a heading of other articles: one that links follow, not running text."""
    if furniture.is_cut(plain(text)):
        beyond = list(dropwhile(_is_neighbour, following))
        prose = [piece for piece in beyond[:3] if piece.linked < 0.5 and len(piece.block.text) > 60]
        if len(beyond) < len(following) and any(map(_goes_on, beyond[:3])):
            return False
        return not prose or furniture.is_notice(plain(prose[0].block.text))
    pairs = bylines.labelled(text) if len(text) <= 90 else []
    return bool(pairs) and pairs[0].kind == "editor" and is_credit(text)


def _goes_on(piece: Piece) -> bool:
    """True for what stands behind a list of others only where the article itself goes on: a sentence, a file."""
    text = plain(piece.block.text)
    prose = piece.linked < 0.3 and len(text) >= 24 and "。" in text and not furniture.is_furniture(text)
    return prose or (piece.file and bool(text))


def unlisted(found: list[Piece], noted: Noted, *, exact: bool) -> list[Piece]:
    """Without lists of links to other articles (three in a row, or two under a heading such as 推荐阅读)."""
    kept: list[Piece] = []
    number = 0
    while number < len(found):
        end = number
        while end < len(found) and _is_neighbour(found[end]):
            end += 1
        headed = bool(kept) and furniture.is_cut(plain(kept[-1].block.text))
        if end - number >= (1 if headed else 3) and not (exact and not headed):
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


def rear(found: list[Piece], noted: Noted) -> list[Piece]:
    """Without the closing lines of credits, tools and notices, and the images among them."""
    end = len(found)
    for number in range(len(found) - 1, -1, -1):
        piece = found[number]
        text = piece.block.text
        if not text:
            continue
        closing = is_credit(text) or furniture.is_furniture(plain(text)) or is_publish_line(text, strict=True)
        closing = closing or (piece.block.kind != "table" and counters.is_number_alone(text))
        if not (closing or (piece.linked > 0.8 and not piece.file and blocks.media_type(text) is None)):
            break
        noted.drop(piece, "closing matter")
        end = number
    return found[:end]


def untooled(found: list[Piece], noted: Noted) -> list[Piece]:
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
