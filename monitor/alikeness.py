"""Whether two articles are one and the same, told from their texts: a copy, a cut copy, or only the same form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from domain.article import Article
from domain.matching import key
from monitor.passages import Alignment, Text, align, differing, text_of

# Shorter texts are notices: alike by chance.
SHORTEST = 60
# A copy has this share of its runs of five characters from the other, and is no shorter than this share of it.
CONTAINED, SHARE = 0.6, 0.3
# Both have this share of the other: the whole article, not a part.
WHOLE = 0.6
# The share of sentences that may say other facts. A form filled in twice differs in many.
_REWRITTEN = {True: 0.34, False: 0.15}
_SHORT = 120
_APART = timedelta(days=30)
_NUMERALS = re.compile(r"[\d〇零一二两三四五六七八九十百千万亿]")
_HANZI = re.compile(r"[\u3400-\u9fff]")
_NAME = range(2, 13)
_NO_LETTER = re.compile(r"[\W_]+")
_TITLE = 8

_Spans = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Likeness:
    """`similarity`: shared runs of characters among all (Jaccard); `contained`: among those of the shorter text;
    `covered`: among those of the longer one, and no more than its share of length. All 0..1."""

    similarity: float
    contained: float
    covered: float

    @property
    def whole(self) -> bool:
        """Both hold the whole article."""
        return min(self.contained, self.covered) >= WHOLE


@dataclass(frozen=True)
class Side:
    """An article as it is held against others: with the site it stands on and the names that site goes by."""

    site: str
    names: tuple[str, ...]
    article: Article
    text: Text


def side(site: str, names: Sequence[str], article: Article) -> Side:
    return Side(site, tuple(names), article, text_of(article))


def likeness(first: Side, second: Side) -> Likeness | None:
    """None where neither is a copy of the other: too short, too little in common, or one form filled in twice."""
    one, other = sorted((first, second), key=lambda item: (len(item.text.signs), item.text.signs, item.site))
    if len(one.text.signs) < max(SHORTEST, SHARE * len(other.text.signs)):
        return None
    found = resemblance(one.text, other.text)
    if found.contained < CONTAINED or (one.text.signs != other.text.signs and is_form(one, other)):
        return None
    return found


def resemblance(first: Text, second: Text) -> Likeness:
    """The measures alone, of any two texts."""
    shorter, longer = sorted((first, second), key=lambda text: len(text.signs))
    shared = len(shorter.runs & longer.runs)
    return Likeness(
        similarity=shared / max(1, len(shorter.runs) + len(longer.runs) - shared),
        contained=shared / max(1, len(shorter.runs)),
        covered=min(shared / max(1, len(longer.runs)), len(shorter.signs) / max(1, len(longer.signs))),
    )


def is_form(first: Side, second: Side) -> bool:
    """True where the two share a form and say different things: a notice for another person, another month's figures.

    An official copy with one other number is told from it by how few sentences differ, by a shared headline on
    another site, or by the stated source.
    """
    lying = align(first.text, second.text)
    facts = [spans for pair in lying.rewritten if (spans := _facts(*(passage.key for passage in pair)))]
    if not facts:
        return False
    stated = states(first, second) or states(second, first)
    kin = stated or (first.site != second.site and _is_akin(first.article, second.article))
    if len(facts) > _REWRITTEN[kin] * _compared(lying):
        return True
    if stated:
        return False
    short = min(len(first.text.signs), len(second.text.signs)) < _SHORT
    return (short and not kin) or _retitled(first, second, facts) or _months_apart(first.article, second.article)


def _compared(lying: Alignment) -> int:
    return lying.kept + len(lying.rewritten)


def _facts(first: str, second: str) -> _Spans:
    """Numbers and names that stand in each other's place."""
    return [(old, new) for old, new in differing(first, second) if old and new and _is_fact(old, new)]


def _is_fact(old: str, new: str) -> bool:
    if _NUMERALS.search(old) or _NUMERALS.search(new):
        return True
    return all(len(_HANZI.findall(part)) in _NAME for part in (old, new))


def _retitled(first: Side, second: Side, facts: list[_Spans]) -> bool:
    """The headlines differ in what the texts differ in."""
    titles = (_plain(one.article.title) for one in (first, second))
    said = [pair for pairs in facts for pair in pairs]
    swapped = (pair for pair in differing(*titles) if all(pair) and _is_fact(*pair))
    return any(_overlap(pair, other) for pair in swapped for other in said)


def _overlap(pair: tuple[str, str], other: tuple[str, str]) -> bool:
    return all(one in two or two in one for one, two in zip(pair, other, strict=True))


def _months_apart(first: Article, second: Article) -> bool:
    if first.published_at is None or second.published_at is None:
        return False
    return abs(first.published_at - second.published_at) > _APART


def _is_akin(first: Article, second: Article) -> bool:
    """One headline, long enough to be no form's name (停水通知), or one document's number."""
    one, other = _plain(first.title), _plain(second.title)
    same_document = set(first.document_numbers) & set(second.document_numbers)
    return bool(same_document) or (len(one) >= _TITLE and one == other)


@lru_cache(maxsize=4096)
def _plain(title: str | None) -> str:
    return _NO_LETTER.sub("", key(title or ""))


def states(copy: Side, other: Side) -> bool:
    """True where `copy` states the other's site as its source (来源)."""
    return copy.site != other.site and named(copy.article.source, other.names)


def named(source: str | None, names: Sequence[str]) -> bool:
    """True where a stated source is one of the names: one holds the other."""
    said = _plain(source)
    known = [_plain(name) for name in names]
    return len(said) > 2 and any(len(name) > 2 and (name in said or said in name) for name in known)
