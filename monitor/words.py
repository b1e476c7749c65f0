"""Chinese text in pieces that nothing may cut: words, names, amounts and document numbers."""

import re
from collections.abc import Iterator

import rjieba

from monitor.amounts import AMOUNT

_NUMBER = r"[\u4e00-\u9fff]{0,8}[〔\[【(（]\d{4}[〕\]】)）]\s?第?\d{1,5}号"
_WHOLE = re.compile(f"{_NUMBER}|{AMOUNT.pattern}")


def pieces(text: str) -> Iterator[str]:
    """The text's pieces in order; joined they are the text. Words are rjieba's (jieba-rs), names by its HMM."""
    end = 0
    for found in _WHOLE.finditer(text):
        yield from _words(text[end : found.start()])
        yield found[0]
        end = found.end()
    yield from _words(text[end:])


def _words(text: str) -> Iterator[str]:
    return iter(rjieba.cut(text)) if text else iter(())
