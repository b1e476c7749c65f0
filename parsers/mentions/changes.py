"""Which mentions differ between two states of a text: 万元 became 亿元, a deadline moved, a post has another holder.

Each kind is looked at by itself: its mentions are hidden behind one sign, so that the text around them aligns
whatever they say: first sentences, then the clauses of those rewritten, then the signs of clauses rewritten.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import islice, takewhile, zip_longest

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
# Sentences, then clauses, then signs.
_LEVELS = (re.compile(r"(?<=[。！？；!?;\n])"), re.compile(r"(?<=[，、：,:])"), re.compile(r"(?<=.)", re.DOTALL))
# Past these pieces, alignment by order: difflib's worst case is quadratic.
_MOST = 4_000
_Piece = tuple[str, list[Mention]]


def changed(before: str, after: str, on: date | None = None) -> tuple[Pair, ...]:
    """The pairs of mentions that say different things, by place in `after`; None where one came or went.

    `on` as in find(). Mentions that moved with their sentence, or say the same in other words (5000万元, 0.5亿元),
    are none. Bounded: where more than a few thousand sentences were rewritten, mentions are paired by order.
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
    aligned = _aligned([_masked(texts[0], old)], [_masked(texts[1], new)])
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


def _masked(text: str, found: list[Mention]) -> _Piece:
    """The text with each mention hidden, and which those were."""
    ends = [0, *(mention.end for mention in found)]
    starts = [*(mention.start for mention in found), len(text)]
    parts = (text[end:start].replace(_SIGN, "") for end, start in zip(ends, starts, strict=True))
    return _SIGN.join(parts), found


def _apart(pieces: list[_Piece], at: re.Pattern[str]) -> list[_Piece]:
    """Pieces split further, each part with its mentions."""
    made: list[_Piece] = []
    found = iter(_all(pieces))
    for part in at.split("".join(mask for mask, _ in pieces)):
        made.append((part, list(islice(found, part.count(_SIGN)))))
    return made


def _aligned(old: list[_Piece], new: list[_Piece], levels: tuple[re.Pattern[str], ...] = _LEVELS) -> Iterator[Pair]:
    """Splits both and pairs the mentions of parts that stayed; parts that were rewritten are split more finely."""
    first, second = _apart(old, levels[0]), _apart(new, levels[0])
    head = sum(1 for _ in takewhile(lambda both: both[0][0] == both[1][0], zip(first, second, strict=False)))
    yield from zip(_all(first[:head]), _all(second[:head]), strict=True)
    first, second = first[head:], second[head:]
    if len(first) + len(second) > _MOST:
        yield from zip_longest(_all(first), _all(second))
        return
    matcher = SequenceMatcher(None, [mask for mask, _ in first], [mask for mask, _ in second])
    for op, a, b, c, d in matcher.get_opcodes():
        gone, come = first[a:b], second[c:d]
        if op == "replace" and levels[1:] and _all(gone) and _all(come):
            yield from _aligned(gone, come, levels[1:])
        else:
            yield from zip_longest(_all(gone), _all(come))


def _all(pieces: list[_Piece]) -> list[Mention]:
    return [mention for _, found in pieces for mention in found]
