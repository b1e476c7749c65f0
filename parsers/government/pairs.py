"""Labels and their values in any mark-up: cells of a row, dt and dd, neighbours, or one line for both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree, html

from parsers import tree
from parsers.government import labels
from parsers.government.labels import Label
from parsers.plain import plain
from parsers.tree import Line

_NAVIGATION = 0.6  # the share of link text from which a line is no label
_LINES_READ = 3000
_LABELS_READ = 400
_CLIMB = 4
_PIECES = 200
_EVENTS = 2000
_CELLS = ("td", "th")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, its value (empty where none is given), the line of the label, the cell of the value if its own."""

    label: Label
    value: str
    line: int
    cell: html.HtmlElement | None = None


def find(lines: Sequence[Line]) -> list[Pair]:
    """The pairs of a page, in order; at most 400 from its first 3,000 lines."""
    found: list[Pair] = []
    seen: set[html.HtmlElement] = set()
    for line in lines[:_LINES_READ]:
        if len(found) >= _LABELS_READ:
            break
        if plain(line.text[0]) not in labels.OPENINGS or line.linked > _NAVIGATION or len(line.text) > labels.LONGEST:
            continue
        if labels.leading(line.text) is not None:
            found.extend(_of_line(line, seen))
    return found


def _of_line(line: Line, seen: set[html.HtmlElement]) -> Iterator[Pair]:
    label = labels.alone(line.text)
    if label is not None:
        yield _beside(label, line)
        return
    marks = list(labels.marked(line.text))
    for mark, end in zip(marks, (*(mark.start for mark in marks[1:]), len(line.text)), strict=False):
        yield Pair(mark, line.text[mark.end : end].strip(" |｜;；,，"), line.number)
    if not marks and line.element not in seen:
        seen.add(line.element)
        yield from _inline(line)


def _beside(label: Label, line: Line) -> Pair:
    """A label that fills its cell: the value is in the next cell, or below in a table of two rows."""
    cell = line.element
    if not _is_all(line.text, cell):
        return _below_own(label, line)
    for _ in range(_CLIMB):
        after = next(iter(cell.itersiblings(tag=etree.Element)), None)
        if (cell.tail or "").strip():
            return Pair(label, tree.clean(cell.tail), line.number)
        if after is not None:
            value = short_text(after)
            if value is not None and labels.alone(value) is None:
                return Pair(label, value, line.number, after)
            break
        parent = cell.getparent()
        if parent is None or cell.tag in (*_CELLS, "body") or not _is_all(line.text, parent):
            break
        cell = parent
    below = _below(cell)
    return Pair(label, short_text(below) or "" if below is not None else "", line.number, below)


def _below_own(label: Label, line: Line) -> Pair:
    """A label that opens its cell, the value in the one block under it: <li>索引号：<p>000014348</p></li>."""
    inside = next((child for child in line.element if child.tag in tree.BLOCK), None)
    value = short_text(inside) if inside is not None else None
    if value and _is_all(line.text + value, line.element):
        return Pair(label, value, line.number, inside)
    return Pair(label, "", line.number)


def _is_all(text: str, element: html.HtmlElement) -> bool:
    """True where a text is all that an element holds, blanks aside."""
    return "".join(text.split()) == "".join((short_text(element) or "").split())


def _below(cell: html.HtmlElement) -> html.HtmlElement | None:
    """The cell under a label in a table of two rows whose first holds labels alone."""
    row = cell.getparent()
    table = next(cell.iterancestors("table"), None) if cell.tag in _CELLS else None
    if table is None or row is None:
        return None
    rows = [item for _, item in zip(range(3), table.iter("tr"), strict=False)]
    if len(rows) != 2 or rows[0] is not row or len(rows[0]) != len(rows[1]) or len(row) > 20:
        return None
    heads = [short_text(item) for item in row]
    named = all(text is not None and labels.alone(text) is not None for text in heads)
    return rows[1][row.index(cell)] if named else None


def _inline(line: Line) -> Iterator[Pair]:
    """Labels without a colon, told from their values by inline mark-up: <b>索引号</b>000014348."""
    label: Label | None = None
    parts: list[str] = []
    for text, starts, breaks in _pieces(line.element):
        mark = labels.alone(text) if starts else None
        if label is not None and (mark is not None or breaks):
            yield Pair(label, tree.clean(" ".join(parts)), line.number)
            label = None
        if mark is not None:
            label, parts = mark, []
        else:
            parts.append(text)
    if label is not None:
        yield Pair(label, tree.clean(" ".join(parts)), line.number)


def _pieces(root: html.HtmlElement) -> Iterator[tuple[str, bool, bool]]:
    """The texts under an element, whether each opens an inline element, and whether it opens or follows a block."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for (event, element), _ in zip(walk, range(2 * _PIECES), strict=False):
        block = element.tag in tree.BLOCK and element is not root
        text = element.text if event == "start" else element.tail if element is not root else None
        if text and text.strip():
            yield tree.clean(text), event == "start" and not block and element is not root, block


def short_text(element: html.HtmlElement) -> str | None:
    """An element's text, blanks single; None beyond the longest value there is (600 characters)."""
    parts: list[str] = []
    size = 0
    for number, (event, item) in enumerate(etree.iterwalk(element, events=("start", "end"))):
        text = item.text if event == "start" else item.tail if item is not element else None
        parts.append(" " * (item.tag in tree.BLOCK) + (text or ""))
        size += len((text or "").strip())
        if size > labels.LONGEST or number > _EVENTS:
            return None
    return tree.clean("".join(parts))
