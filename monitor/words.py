"""Chinese text in pieces that nothing may cut: words, names, amounts and document numbers."""

import re
from collections.abc import Iterator
from importlib import import_module

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
    return iter(cut(text)) if text else iter(())


def cut(text: str, *, names: bool = True) -> list[str]:
    """The words of a text; `names` finds those no dictionary has. The dictionary is loaded when first asked for: a
    fifth of a second that most commands need not spend."""
    words: list[str] = import_module("rjieba").cut(text, names)
    return words
