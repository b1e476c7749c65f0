"""Which mentions differ between two states of a text: 万元 became 亿元, a deadline moved, a post has another holder.

Each kind is looked at by itself: its mentions are hidden behind one sign, so that the text around them aligns
whatever they say; first sentence by sentence, then within what was rewritten sign by sign.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest

from domain.mention import Mention, MentionKind
from parsers.mentions.finding import find

Pair = tuple[Mention | None, Mention | None]
_GROUPS = (
    (MentionKind.AMOUNT,),
    (MentionKind.PERCENT,),
    (MentionKind.DATE, MentionKind.DEADLINE),
    (MentionKind.POST,),
    (MentionKind.AGENCY,),
    (MentionKind.PLACE,),
)
_SIGN = "\ue000"
_ENDS = re.compile(r"(?<=[。！？；!?;\n])")
_Sentence = tuple[str, tuple[Mention, ...]]
# Past these, alignment by order: difflib's worst case is quadratic.
_MOST_SENTENCES = 4_000
_LONGEST_REWRITTEN = 2_000


def changed(before: str, after: str, on: date | None = None) -> tuple[Pair, ...]:
    """The pairs of mentions that say different things, by place in `after`; None where one came or went.

    `on` as in find(). Mentions that moved with their sentence, or say the same in other words (5000万元, 0.5亿元),
    are none. Bounded: texts rewritten beyond a few thousand sentences are paired by order.
    """
    if before == after:
        return ()
    old, new = find(before, on), find(after, on)
    found = [pair for kinds in _GROUPS for pair in _differing((before, after), _of(old, kinds), _of(new, kinds))]
    return tuple(sorted(found, key=_place))


def _place(pair: Pair) -> int:
    shown = pair[1] or pair[0]
    return shown.start if shown else 0


def _of(found: Sequence[Mention], kinds: Sequence[MentionKind]) -> list[Mention]:
    return [mention for mention in found if mention.kind in kinds]


def _differing(texts: tuple[str, str], old: list[Mention], new: list[Mention]) -> list[Pair]:
    if [mention.meaning for mention in old] == [mention.meaning for mention in new]:
        return []
    aligned = _aligned(_sentences(texts[0], old), _sentences(texts[1], new))
    return _unmoved([pair for pair in aligned if not _same(pair)])


def _same(pair: Pair) -> bool:
    first, second = pair
    return first is not None and second is not None and first.meaning == second.meaning


def _unmoved(found: list[Pair]) -> list[Pair]:
    """Without what only went from one place to another."""
    gone = Counter(first.meaning for first, second in found if first and second is None)
    come = Counter(second.meaning for first, second in found if second and first is None)
    went, came = gone & come, gone & come
    return [pair for pair in found if not (_taken(pair, 0, went) or _taken(pair, 1, came))]


def _taken(pair: Pair, side: int, moved: Counter[tuple[str, ...]]) -> bool:
    mention = pair[side]
    if mention is None or pair[1 - side] is not None or moved[mention.meaning] == 0:
        return False
    moved[mention.meaning] -= 1
    return True


def _sentences(text: str, found: list[Mention]) -> list[_Sentence]:
    """The text's sentences with mentions hidden, and which those were."""
    made: list[_Sentence] = []
    masked: list[str] = []
    held: list[Mention] = []
    at = 0
    for mention in [*found, None]:
        *whole, rest = _ENDS.split(text[at : mention.start if mention else len(text)].replace(_SIGN, ""))
        for part in whole:
            made.append(("".join([*masked, part]), tuple(held)))
            masked, held = [], []
        masked.append(rest)
        if mention:
            masked.append(_SIGN)
            held.append(mention)
            at = mention.end
    return [*made, ("".join(masked), tuple(held))]


def _aligned(old: list[_Sentence], new: list[_Sentence]) -> Iterator[Pair]:
    head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a[0] != b[0]), min(len(old), len(new)))
    for (_, first), (_, second) in zip(old[:head], new[:head], strict=True):
        yield from zip(first, second, strict=True)
    old, new = old[head:], new[head:]
    if len(old) + len(new) > _MOST_SENTENCES:
        yield from zip_longest(_all(old), _all(new))
        return
    matcher = SequenceMatcher(None, [mask for mask, _ in old], [mask for mask, _ in new])
    for op, a, b, c, d in matcher.get_opcodes():
        yield from _rewritten(old[a:b], new[c:d], equal=op == "equal")


def _all(sentences: list[_Sentence]) -> list[Mention]:
    return [mention for _, found in sentences for mention in found]


def _rewritten(old: list[_Sentence], new: list[_Sentence], *, equal: bool) -> Iterator[Pair]:
    """Mentions of sentences that replace each other: those whose surroundings stayed, then the rest by order."""
    first, second = _all(old), _all(new)
    texts = ["".join(mask for mask, _ in side) for side in (old, new)]
    if equal or not first or not second or sum(map(len, texts)) > _LONGEST_REWRITTEN:
        yield from zip_longest(first, second)
        return
    for _, a, b, c, d in SequenceMatcher(None, texts[0], texts[1]).get_opcodes():
        gone, come = texts[0][a:b].count(_SIGN), texts[1][c:d].count(_SIGN)
        yield from zip_longest(first[:gone], second[:come])
        first, second = first[gone:], second[come:]
