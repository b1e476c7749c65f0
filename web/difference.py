"""Differences made readable: excerpts for a list, fields and folded paragraphs for a whole page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from domain.article import Article, Precision
from domain.change import FieldEdit
from domain.clock import shown
from web.room import Characters, Span
from web.words import FIELDS, Word, field

_CONTEXT = 16
_LONGEST_EXCERPT = 90
# What an excerpt is sought in, from a little before the first character that differs: a list of changes must not wait
# for the difference of whole articles.
_LONGEST_SOUGHT, _LEAD = 600, 64
_KEPT_AROUND = 1
_FOLDED_FROM = 3
_SHOWN_OF_A_TIME = {Precision.SECOND: 19, Precision.MINUTE: 16, Precision.DAY: 10, Precision.MONTH: 7}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of text: `op` is equal, delete or insert."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where one field differs first, in a line."""

    name: Word
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs in reading order, each a row of pieces; `folded` where they are unchanged and many."""

    folded: bool
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two versions."""

    name: Word
    parts: tuple[Lines, ...]


def excerpts(fields: Sequence[FieldEdit], characters: Characters, most: int = 2) -> tuple[Excerpt, ...]:
    """The first fields of an edit that say most, as lines."""
    order = list(FIELDS)
    ranked = sorted(fields, key=lambda edit: order.index(edit.name) if edit.name in order else len(order))
    return tuple(_excerpt(edit, characters) for edit in ranked[:most])


def _excerpt(edit: FieldEdit, characters: Characters) -> Excerpt:
    before, after = _differing_lines(edit.before or "", edit.after or "")
    if edit.name == "published_at":
        before, after = _readable_time(before), _readable_time(after)
    start = max(0, _alike_until(before, after) - _LEAD)
    end = start + _LONGEST_SOUGHT
    spans = _kept_spans(edit.name, before[start:end], after[start:end], characters)
    return Excerpt(field(edit.name), tuple(_cut(spans)))


def _alike_until(before: str, after: str) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))


def _spans(name: str, before: str, after: str, characters: Characters) -> Sequence[Span]:
    """What differs; a time is replaced whole, for a day that changed half its digits is hard to read."""
    if name != "published_at":
        return characters(before, after)
    return [Piece(op, text) for op, text in (("delete", before), ("insert", after)) if text]


# A list of changes is asked for again and again, and shows the same ones each time.
_kept_spans = lru_cache(maxsize=1024)(_spans)


def _differing_lines(before: str, after: str) -> tuple[str, str]:
    """Both texts from the first line that differs to the last."""
    old, new = before.split("\n"), after.split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "\n".join(old), "\n".join(new)


def _readable_time(text: str) -> str:
    return text.replace("T", " ").removesuffix("+08:00")


def _cut(spans: Sequence[Span]) -> Iterator[Piece]:
    """The spans with what stayed cut to a few characters around what went and came."""
    left = _LONGEST_EXCERPT
    for number, span in enumerate(spans):
        text = span.text.replace("\n", " ¶ ")
        if span.op == "equal":
            text = _around(text, first=number == 0, last=number == len(spans) - 1)
        elif len(text) > left:
            text = text[: max(left, 1)] + "…"
        yield Piece(span.op, text)
        left -= len(text)
        if left <= 0:
            return


def _around(text: str, *, first: bool, last: bool) -> str:
    head = "" if first else text[:_CONTEXT]
    tail = "" if last else text[-_CONTEXT:]
    return text if len(text) <= len(head) + len(tail) else f"{head}…{tail}"


def differences(before: Article, after: Article, characters: Characters) -> tuple[Difference, ...]:
    """The fields in which two versions differ, in the order of words.FIELDS."""
    pairs = ((name, text_of(before, name), text_of(after, name)) for name in FIELDS)
    return tuple(
        Difference(FIELDS[name], tuple(_folded(_lines(_spans(name, old, new, characters)))))
        for name, old, new in pairs
        if old != new
    )


def text_of(article: Article, name: str) -> str:
    """A field as text, lists a line an item; "" where it is absent."""
    match name:
        case "body":
            return article.text
        case "published_at":
            return published(article)
        case "attachments":
            return "\n".join(f"{item.name} {item.href}".strip() for item in article.attachments)
        case "document_numbers" | "authors" | "images":
            return "\n".join(getattr(article, name))
        case _:
            return str(getattr(article, name) or "")


def published(article: Article) -> str:
    """When an article says it was published, Asia/Shanghai, no more exact than it is known; "" where not said."""
    length = _SHOWN_OF_A_TIME.get(article.published_precision)
    return shown(article.published_at)[:length] if article.published_at and length else ""


def _lines(spans: Iterable[Span]) -> Iterator[tuple[Piece, ...]]:
    """Spans as paragraphs; a paragraph break that went or came is a ¶ of its own."""
    line: list[Piece] = []
    for span in spans:
        first, *others = span.text.split("\n")
        line += [Piece(span.op, first)] if first else []
        for other in others:
            yield tuple(line if span.op == "equal" else [*line, Piece(span.op, "¶")])
            line = [Piece(span.op, other)] if other else []
    yield tuple(line)


def _folded(lines: Iterable[tuple[Piece, ...]]) -> Iterator[Lines]:
    """Runs of unchanged paragraphs folded but for one beside each change."""
    kept = list(lines)
    changed = [number for number, line in enumerate(kept) if any(piece.op != "equal" for piece in line)]
    near = {number + step for number in changed for step in range(-_KEPT_AROUND, _KEPT_AROUND + 1)}
    for is_near, run in groupby(enumerate(kept), key=lambda item: item[0] in near):
        members = tuple(line for _, line in run)
        yield Lines(not is_near and len(members) >= _FOLDED_FROM, members)
