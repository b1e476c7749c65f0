"""What two copies of an article say differently, as far as it matters: numbers, dates, names, offices, obligations,
whole paragraphs. Wording, headlines, source lines and typesetting are none of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

import rjieba

from domain.change import EditClass
from domain.clock import SHANGHAI
from domain.matching import matchable, simplified
from domain.mention import Mention, MentionKind
from monitor.alikeness import Side
from monitor.obligations import directions, obligations
from monitor.passages import Passage, Text, align, differing
from parsers.mentions import changed, find

_CLASSES = {
    MentionKind.AMOUNT: EditClass.AMOUNT,
    MentionKind.PERCENT: EditClass.AMOUNT,
    MentionKind.DATE: EditClass.DATE,
    MentionKind.DEADLINE: EditClass.DATE,
    MentionKind.POST: EditClass.PERSON,
    MentionKind.AGENCY: EditClass.AGENCY,
    MentionKind.PLACE: EditClass.AGENCY,
}
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_HANZI = re.compile(r"[\u3400-\u9fff]")
_DATED = re.compile(r"[\d〇零一二三四五六七八九十]")
# So many signs, or this share of a sentence, may differ where single words are held against each other.
_WORD, _TOUCHED = 8, 0.3
# A paragraph of fewer signs is a heading, a signature or a caption.
_PARAGRAPH = 20
# A text that lacks more than this of the other is an excerpt: what it lacks says nothing.
_EXCERPT = 0.3


@dataclass(frozen=True, slots=True)
class Item:
    """One thing said differently: what it is, and the sentence or paragraph of the other copy and of this one."""

    kind: EditClass
    other: str | None
    own: str | None


def substance(own: Side, other: Side) -> tuple[Item, ...]:
    """What `own` says otherwise than `other`, paragraphs that it lacks (PARAGRAPH_REMOVED) or has alone included."""
    lying = align(other.text, own.text)
    on = own.article.published_at or other.article.published_at
    day = on.astimezone(SHANGHAI).date() if on else None
    said = [
        Item(kind, there.shown, here.shown)
        for there, here in lying.rewritten
        for kind in _kinds(there.shown, here.shown, day)
    ]
    lacking = _paragraphs(lying.only_first, other.text)
    added = _paragraphs(lying.only_second, own.text)
    said += [Item(EditClass.PARAGRAPH_REMOVED, text, None) for text in lacking]
    said += [Item(EditClass.PARAGRAPH_ADDED, None, text) for text in added]
    return tuple(said)


def without_paragraphs(items: Iterable[Item]) -> tuple[Item, ...]:
    """Without what a cut copy or an editor's addition shows."""
    return tuple(item for item in items if item.other is not None and item.own is not None)


@lru_cache(maxsize=4096)
def _kinds(before: str, after: str, on: date | None) -> tuple[EditClass, ...]:
    old, new = simplified(before), simplified(after)
    found = {_CLASSES[kind] for kind in _mentioned(old, new, on)}
    if _apart(_figures(old, on), _figures(new, on)):
        found.add(EditClass.AMOUNT)
    if _is_touched(old, new):
        if obligations(old) != obligations(new):
            found.add(EditClass.OBLIGATION)
        if directions(old) != directions(new):
            found.add(EditClass.DIRECTION)
    if EditClass.PERSON not in found and _persons(old, new):
        found.add(EditClass.PERSON)
    return tuple(sorted(found))


def _is_touched(before: str, after: str) -> bool:
    """A word or two differ: in a sentence told otherwise altogether, 不 and 可以 stand elsewhere and mean nothing."""
    old, new = matchable(before), matchable(after)
    return sum(max(map(len, span)) for span in differing(old, new)) <= max(_WORD, _TOUCHED * max(len(old), len(new)))


def _mentioned(before: str, after: str, on: date | None) -> Iterator[MentionKind]:
    """Kinds of mentions that stand in another's place. One that only came or went is wording or a cut."""
    for old, new in changed(before, after, on):
        if old and new and not _is_vaguer(old, new):
            yield new.kind


def _is_vaguer(old: Mention, new: Mention) -> bool:
    """One says the same less fully (省政府 for 某省人民政府, 3月 for 2026年3月), or names a day by today's (昨日)."""
    if old.kind in (MentionKind.AMOUNT, MentionKind.PERCENT) or old.person != new.person:
        return False
    if new.kind in (MentionKind.DATE, MentionKind.DEADLINE) and not all(_DATED.search(one.text) for one in (old, new)):
        return True
    return _within(old.text, new.text) or _within(new.text, old.text)


def _within(short: str, long: str) -> bool:
    """The signs of the one stand in the other in this order."""
    signs = iter(long)
    return all(sign in signs for sign in short)


def _figures(text: str, on: date | None) -> Counter[str]:
    """Numbers that are no part of a mention."""
    plain = list(text)
    for mention in find(text, on):
        plain[mention.start : mention.end] = " " * (mention.end - mention.start)
    return Counter(_NUMBER.findall(matchable("".join(plain))))


def _apart(old: Counter[str], new: Counter[str]) -> bool:
    """Both have what the other has not."""
    return bool(old - new) and bool(new - old)


def _persons(before: str, after: str) -> bool:
    """Somebody is named where the other names somebody else."""
    gone = {name for name in _named(before) if name not in after}
    come = {name for name in _named(after) if name not in before}
    return len(gone) == len(come) > 0


def _named(text: str) -> frozenset[str]:
    """Words that jieba's tagger takes for a person's name."""
    return frozenset(word for word, tag in rjieba.tag(matchable(text)) if tag == "nr" and len(word) > 1)


def _paragraphs(passages: Iterable[Passage], whole: Text) -> Iterator[str]:
    """Whole paragraphs among the sentences that the other copy has not; none of an excerpt."""
    lacking = list(passages)
    length = sum(len(passage.key) for passage in lacking)
    if length > _EXCERPT * max(1, len(whole.signs)):
        return
    sizes = Counter(passage.paragraph for passage in whole.passages)
    for number, group in groupby(lacking, key=lambda passage: passage.paragraph):
        found = list(group)
        if len(found) == sizes[number] and sum(len(_HANZI.findall(item.key)) for item in found) >= _PARAGRAPH:
            yield "".join(item.shown for item in found)
