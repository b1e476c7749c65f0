"""A sheet of labelled values: wrapped under their labels in a terminal, a whole line each in a pipe.

Addresses are never broken, so that they can be copied.
"""

import unicodedata

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_LABEL = 26
_LEAST = 20


class Sheet:
    """Writes to a console. Nothing is ever cut off: what does not fit goes on in the next line.

    Characters that steer a terminal or turn the direction of writing are shown as their code points.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def head(self, text: str) -> None:
        """A heading, with a blank line before it."""
        self._console.print()
        self._line(Text(harmless(text), style="bold"), 0)

    def row(self, label: str, value: str, note: str = "", *, style: str = "") -> None:
        """A label, its value and a quieter note; further lines of the value stand under the first."""
        text, beside = Text(harmless(value), style=style), Text(harmless(note), style="dim")
        if value and note:
            text.append("\n" if self._is_full(text.plain, beside.plain) else "  ", style="")
        self._line(text.append_text(beside), _LABEL, Text(label, style="bold"))

    def _is_full(self, value: str, note: str) -> bool:
        """True where a note would have to be broken to stand beside its value, or an address with it."""
        last = value.rsplit("\n", 1)[-1]
        width = max(self._console.width - _LABEL, _LEAST)
        return self._console.is_terminal and (cell_len(last) + 2 + cell_len(note) > width or last.startswith("http"))

    def item(self, mark: str, value: str, *, style: str = "", indent: int = 9) -> None:
        """A value under a short mark, for lists and bodies."""
        self._line(Text(harmless(value), style=style), indent, Text(mark, style="dim"))

    def _line(self, text: Text, indent: int, label: Text | None = None) -> None:
        label = label or Text("")
        for number, line in enumerate(self._wrapped(text, indent)):
            lead = label.copy() if number == 0 else Text("")
            lead.append(" " * max(indent - cell_len(lead.plain), 1 if lead.plain else 0))
            self._console.print(lead.append_text(line), soft_wrap=True)

    def _wrapped(self, text: Text, indent: int) -> list[Text]:
        lines = text.split("\n", allow_blank=True) if text.plain else [text]
        if not self._console.is_terminal:
            return list(lines)
        width = max(self._console.width - indent, _LEAST)
        return [part for line in lines for part in ([line] if _is_address(line) else _folded(line, width))]


def _is_address(line: Text) -> bool:
    """An empty line, or one to be copied whole: the terminal itself carries it over."""
    return (" " not in line.plain and line.plain.startswith(("http://", "https://"))) or not line.plain


def _folded(line: Text, width: int) -> list[Text]:
    """A line in pieces of at most `width` cells: broken after a blank where one is near, else anywhere.

    Chinese has no blanks to break at, and two cells a character.
    """
    pieces: list[Text] = []
    start = 0
    while start < len(line.plain):
        end = _end(line.plain, start, width)
        pieces.append(line[start:end])
        start = end + (line.plain[end : end + 1] == " ")
    return pieces


def _end(text: str, start: int, width: int) -> int:
    cells, end = 0, start
    while end < len(text):
        cells += cell_len(text[end])
        if cells > width:
            break
        end += 1
    if end == len(text):
        return end
    blank = text.rfind(" ", start, end)
    near = blank > start and cell_len(text[blank:end]) <= min(width // 3, 16)
    return blank + 1 if near else max(end, start + 1)


def harmless(text: str) -> str:
    """Without escape sequences and bidirectional marks a page may carry; they are shown as <U+001B>."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"):
        return char
    return " │ " if char == "\t" else f"<U+{ord(char):04X}>"
