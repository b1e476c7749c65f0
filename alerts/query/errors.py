"""What is wrong with a query, shown at its character."""

import unicodedata

from domain.errors import ConfigurationError

_AROUND = 24


class QueryError(ConfigurationError):
    """A query that cannot be read. `position` counts characters from 0; `chinese` and `english` say what is wrong there
    or what was expected; the message shows the place with a caret under it."""

    def __init__(self, text: str, position: int, chinese: str, english: str, *, hint: str | None = None) -> None:
        where = f"第 {position + 1} 个字符：{chinese} Character {position + 1}: {english}"
        super().__init__(f"{where}\n{pointed(text, position)}", hint=hint)
        self.text = text
        self.position = position
        self.chinese = chinese
        self.english = english


def pointed(text: str, position: int) -> str:
    """Two lines: the query around a place, and a caret under the place. A wide character takes two columns."""
    start, end = max(0, position - _AROUND), position + _AROUND
    before = ("…" if start else "") + _line(text[start:position])
    after = _line(text[position:end]) + ("…" if end < len(text) else "")
    return f"  {before}{after}\n  {' ' * sum(map(_columns, before))}^"


def _line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
