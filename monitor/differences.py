"""Character-level differences that read well and never cut a word, a name or a number in two.

After a second of search the spans get coarser instead of later; texts made to be slow take a few seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from diff_match_patch import diff_match_patch

from monitor.words import pieces

Op = Literal["equal", "delete", "insert"]
_OPS: dict[int, Op] = {0: "equal", -1: "delete", 1: "insert"}
# Past this many characters in both texts together, one deletion and one insertion say as much.
_LONGEST = 2_000_000
# Planes 4 to 13 of Unicode have no characters: each stands for one word while differences are sought.
_FREE = range(0x40000, 0xE0000)


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of text that stayed, went or came."""

    op: Op
    text: str


def characters(before: str, after: str) -> tuple[Span, ...]:
    """Spans whose equal and delete pieces make `before`, equal and insert pieces `after`."""
    if len(before) + len(after) > _LONGEST:
        whole: tuple[tuple[Op, str], ...] = (("delete", before), ("insert", after))
        return tuple(Span(op, text) for op, text in whole if text)
    signs = _Signs(before + after)
    tool = diff_match_patch()
    tool.Diff_Timeout = 1.0
    found = tool.diff_main(signs.packed(before), signs.packed(after))
    tool.diff_cleanupSemantic(found)
    return tuple(Span(_OPS[op], signs.unpacked(text)) for op, text in found)


class _Signs:
    """One sign for each different word, so that a word can only stay or go whole."""

    def __init__(self, texts: str) -> None:
        taken = set(texts)
        self._free: Iterator[str] = (chr(code) for code in _FREE if chr(code) not in taken)
        self._sign: dict[str, str] = {}
        self._word: dict[str, str] = {}

    def packed(self, text: str) -> str:
        return "".join(map(self._of, pieces(text)))

    def unpacked(self, text: str) -> str:
        return "".join(self._word.get(sign, sign) for sign in text)

    def _of(self, word: str) -> str:
        if len(word) == 1:
            return word
        if word not in self._sign:
            sign = next(self._free, word)
            self._sign[word], self._word[sign] = sign, word
        return self._sign[word]
