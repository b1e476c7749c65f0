"""Learning what is volatile from pages that were fetched twice within moments: whatever differs moved by itself.

A shape of text (its digits aside) is believed at once: nobody edits a number between two such fetches, and were it
so, the third look tells. Anything else needs to be seen on two pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from domain.article import Article
from domain.mask import MaskRule
from monitor.volatile import shape

_PAGES = 2
_OPENER = 24
_SAMPLES = 6
# Fields that may move by themselves; `body` is looked at block by block.
_FIELDS = ("title", "kicker", "subtitle", "published_at", "source", "authors", "attachments", "images")


@dataclass(frozen=True, slots=True)
class Twice:
    """A page fetched twice in a row: what either capture showed, and their ids. `at` is the second's time, UTC."""

    urlkey: str
    first: Article
    second: Article
    captures: tuple[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Seen:
    kind: str
    value: str
    urlkey: str
    samples: tuple[str, ...]
    pair: Twice


def learned(site: str, pairs: Iterable[Twice]) -> tuple[MaskRule, ...]:
    """The rules that pairs of captures teach, in a fixed order; the more pairs, the more rules, never fewer."""
    found: dict[tuple[str, str, str], list[_Seen]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda item: (item.at, item.captures)):
        for seen in _differing(pair):
            page = seen.urlkey if seen.kind == "field" else ""
            found[seen.kind, seen.value, page].append(seen)
    rules = (_rule(site, *key, group) for key, group in sorted(found.items()) if _believed(key[0], group))
    return tuple(rules)


def _believed(kind: str, group: Sequence[_Seen]) -> bool:
    return kind != "after" or len({seen.urlkey for seen in group}) >= _PAGES


def _rule(site: str, kind: str, value: str, urlkey: str, group: Sequence[_Seen]) -> MaskRule:
    samples = dict.fromkeys(sample for seen in group for sample in seen.samples)
    return MaskRule.model_validate(
        {
            "site": site,
            "kind": kind,
            "value": value,
            "urlkey": urlkey or None,
            "samples": tuple(samples)[:_SAMPLES],
            "evidence": tuple(dict.fromkeys(capture for seen in group for capture in seen.pair.captures)),
            "learned": group[0].pair.at,
        }
    )


def _differing(pair: Twice) -> Iterator[_Seen]:
    before, after = pair.first.meaning(), pair.second.meaning()
    for name in _FIELDS:
        if before.get(name) != after.get(name):
            yield _Seen("field", name, pair.urlkey, (str(before.get(name)), str(after.get(name))), pair)
    old = [block.text for block in pair.first.body if block.text]
    new = [block.text for block in pair.second.body if block.text]
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op != "equal":
            yield from _of_blocks(pair, old[:a], old[a:b], new[c:d])


def _of_blocks(pair: Twice, before: Sequence[str], gone: Sequence[str], come: Sequence[str]) -> Iterator[_Seen]:
    """Blocks of one shape teach that shape; all else teaches the short line that it stands under."""
    if len(gone) == len(come) and all(shape(a) == shape(b) for a, b in zip(gone, come, strict=True)):
        for old, new in zip(gone, come, strict=True):
            yield _Seen("shape", shape(old), pair.urlkey, (old, new), pair)
    elif before and len(before[-1]) <= _OPENER:
        yield _Seen("after", before[-1].strip(), pair.urlkey, (*gone, *come), pair)
