"""What an edit touched: the classes that say whether somebody must look at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest

from domain.article import Article
from domain.change import EditClass, FieldEdit
from domain.clock import SHANGHAI
from domain.mention import MentionKind
from monitor.amounts import numerals
from monitor.folding import bare
from monitor.obligations import directions, obligations
from monitor.severity import OF_CLASS
from monitor.slips import is_plain_slip, is_slip
from parsers.mentions import changed
from parsers.numbers import document_numbers

_OF_FIELD = {
    "kicker": EditClass.TITLE,
    "title": EditClass.TITLE,
    "subtitle": EditClass.TITLE,
    "published_at": EditClass.DATE,
    "source": EditClass.SOURCE,
    "authors": EditClass.PERSON,
    "document_numbers": EditClass.DOCUMENT_NUMBER,
    "index_number": EditClass.DOCUMENT_NUMBER,
    "agency": EditClass.AGENCY,
    "written_on": EditClass.DATE,
    "effective_on": EditClass.DATE,
    "expires_on": EditClass.DATE,
    "validity": EditClass.VALIDITY,
    "attachments": EditClass.ATTACHMENT,
    "images": EditClass.IMAGE,
}
_OF_MENTION = {
    MentionKind.AMOUNT: EditClass.AMOUNT,
    MentionKind.PERCENT: EditClass.AMOUNT,
    MentionKind.DATE: EditClass.DATE,
    MentionKind.DEADLINE: EditClass.DATE,
    MentionKind.POST: EditClass.PERSON,
    MentionKind.AGENCY: EditClass.AGENCY,
    MentionKind.PLACE: EditClass.TEXT,
}
# What a number of days and hours ends with.
_OF_TIME = frozenset("年月日时分")
# Texts longer than this together are classed by their numbers alone: mentions take a second for 100,000 characters.
_LONGEST = 200_000


def classes(before: Article, after: Article, fields: Sequence[FieldEdit]) -> tuple[EditClass, ...]:
    """The classes of an edit from `before` to `after`, whose differing fields are given; the weightiest first."""
    found = set(_classes(before, after, fields))
    if len(found) > 1:
        found.discard(EditClass.FORMAT)
    return tuple(sorted(found, key=lambda one: (-OF_CLASS[one], list(EditClass).index(one))))


def _classes(before: Article, after: Article, fields: Sequence[FieldEdit]) -> Iterator[EditClass]:
    day = _day(after)
    for edit in fields:
        if edit.name == "body":
            yield from _of_body(before, after, day)
        elif edit.name in ("title", "kicker", "subtitle"):
            yield from _of_title(edit, day)
        else:
            yield _OF_FIELD.get(edit.name, EditClass.TEXT)


def _day(article: Article) -> date | None:
    return article.published_at.astimezone(SHANGHAI).date() if article.published_at else None


def _of_title(edit: FieldEdit, day: date | None) -> Iterator[EditClass]:
    old, new = edit.before or "", edit.after or ""
    if bare(old) == bare(new):
        yield EditClass.FORMAT
        return
    yield EditClass.TITLE
    yield from (one for one in _of_text(old, new, day) if one not in (EditClass.TEXT, EditClass.TYPO))


def _of_body(before: Article, after: Article, day: date | None) -> Iterator[EditClass]:
    old = [block.text for block in before.body if block.text.strip()]
    new = [block.text for block in after.body if block.text.strip()]
    keys = [bare(text) for text in old], [bare(text) for text in new]
    if "".join(keys[0]) == "".join(keys[1]):
        yield EditClass.FORMAT
        return
    for op, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if op != "equal":
            yield from _of_run(old[a:b], new[c:d], day)


def _of_run(gone: Sequence[str], come: Sequence[str], day: date | None) -> Iterator[EditClass]:
    """Paragraphs that stand between two that stayed: paired where they resemble each other."""
    for old, new in _paired(gone, come):
        if old is None:
            yield EditClass.PARAGRAPH_ADDED
        elif new is None:
            yield EditClass.PARAGRAPH_REMOVED
        else:
            yield from _of_text(old, new, day)


def _paired(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    if len(gone) == len(come):
        yield from zip(gone, come, strict=True)
        return
    rest = list(come)
    for old in gone:
        best = max(rest, key=lambda new: _likeness(old, new), default=None)
        if best is not None and _likeness(old, best) >= 0.5:
            rest.remove(best)
            yield old, best
        else:
            yield old, None
    yield from zip_longest((), rest)


def _likeness(one: str, other: str) -> float:
    """As SequenceMatcher, quickly: an upper bound by the characters both have."""
    return SequenceMatcher(None, one[:400], other[:400], autojunk=False).ratio()


def _of_text(old: str, new: str, day: date | None) -> Iterator[EditClass]:
    if bare(old) == bare(new):
        yield EditClass.FORMAT
        return
    found = set() if is_plain_slip(old, new) else set(_said(old, new, day))
    yield from found
    if not found:
        yield EditClass.TYPO if is_slip(old, new) else EditClass.TEXT


def _said(old: str, new: str, day: date | None) -> Iterator[EditClass]:
    numbers = set(document_numbers(old)) ^ set(document_numbers(new))
    if numbers:
        yield EditClass.DOCUMENT_NUMBER
    pairs = changed(old, new, day) if len(old) + len(new) <= _LONGEST else ()
    for first, second in pairs:
        mention = second or first
        if mention is not None:
            yield _OF_MENTION[mention.kind]
    told = "\n".join((*numbers, *(mention.text for pair in pairs for mention in pair if mention)))
    yield from {_of_number(one) for one in _differing(old, new) if one not in told}
    if obligations(old) != obligations(new):
        yield EditClass.OBLIGATION
    if directions(old) != directions(new):
        yield EditClass.DIRECTION


def _differing(old: str, new: str) -> set[str]:
    """The numbers that one side has oftener than the other."""
    gone, come = Counter(numerals(old)), Counter(numerals(new))
    return {*(gone - come), *(come - gone)}


def _of_number(text: str) -> EditClass:
    return EditClass.DATE if text[-1:] in _OF_TIME else EditClass.AMOUNT
