"""A region to a body: front matter and closing matter taken off, and what they say kept."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from lxml import html

from domain.article import Attachment, Block
from parsers import blocks, bylines, trimming
from parsers.lines import tail
from parsers.trimming import Dropped, Noted


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
    region = trimming.without(region, drop)
    found = trimming.undoubled(list(blocks.pieces(region, base)))
    noted = Noted()
    found = trimming.uncoded(found, noted)
    headline, found = trimming.front(found, title, noted, metadata, exact=exact)
    found = trimming.unlisted(trimming.cut(found, noted), noted, exact=exact)
    found = trimming.untooled(trimming.rear(found, noted), noted)
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


def _trimmed(kept: list[Block], noted: Noted) -> list[Block]:
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
