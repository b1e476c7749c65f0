"""What a folded page said before: the served characters kept beside the folded ones.

Folding takes brackets out and turns characters one for one (no entry of OpenCC's t2s changes a text's
length), so every character read has a place in the text served, and a title or a body is found again by
what it reads.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree, html

from domain.article import Block, Original
from domain.matching import READING
from parsers import fold, tree
from parsers.fold import BOTH, Switches

_UNSEEN = frozenset(("script", "style", "noscript", "template", "iframe"))
_BLANK = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True)
class Served:
    """The texts of a page in document order, as served and as read, piece by piece."""

    served: tuple[str, ...]
    read: tuple[str, ...]

    def original(self, title: str | None, blocks: Iterable[Block]) -> Original:
        """The title and the body's text, a line a block, as served. What was not on the page stays as given."""
        texts = [block.text for block in blocks if block.text]
        return Original(title=title and self._found(title, 0)[0], text="\n".join(self._in_order(texts)))

    def _in_order(self, texts: Iterable[str]) -> Iterator[str]:
        place = 0
        for text in texts:
            found, place = self._found(text, place)
            yield found

    def _found(self, text: str, start: int) -> tuple[str, int]:
        stream, places = self._stream
        bare = _BLANK.sub("", text)
        at = stream.find(bare, start)
        at = stream.find(bare) if at < 0 else at
        if at < 0 or not bare:
            return text, start
        end = at + len(bare)
        return tree.clean(self._whole[places[at] : places[end]]), end

    @cached_property
    def _whole(self) -> str:
        return "".join(self.served)

    @cached_property
    def _stream(self) -> tuple[str, list[int]]:
        """What was read, without blanks, and the place in `_whole` of each of its characters and of the end."""
        chars: list[str] = []
        places: list[int] = []
        begin = 0
        for served, read in zip(self.served, self.read, strict=True):
            for char, place in zip(read, _places(served, read), strict=True):
                if not _BLANK.match(char):
                    chars.append(char)
                    places.append(begin + place)
            begin += len(served)
        return "".join(chars), [*places, begin]


def fold_tree(root: html.HtmlElement, wanted: Switches = BOTH) -> Served | None:
    """Fold a tree in place and keep what it was; None where nothing changed."""
    served = tuple(_texts(root))
    fold.fold_tree(root, wanted)
    read = tuple(_texts(root))
    return Served(served, read) if served != read else None


def _texts(root: html.HtmlElement) -> Iterator[str]:
    """Every text and tail in document order, empty ones included, so that two walks run side by side."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            yield element.tail or ""
        elif element.tag not in _UNSEEN:
            yield element.text or ""


def _places(served: str, read: str) -> Sequence[int]:
    """For each character read the place where it was served; a whole piece stays one where they do not match."""
    if len(served) == len(read):
        return range(len(served))
    kept: list[int] = []
    start = 0
    for reading in READING.finditer(served):
        kept.extend(range(start, reading.start()))
        if read.startswith(reading[0], len(kept)):
            kept.extend(range(*reading.span()))
        start = reading.end()
    kept.extend(range(start, len(served)))
    return kept if len(kept) == len(read) else [0] * len(read)
