"""Which line of a changed passage became which: an edited line beside its old self, others come or gone."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

# More pairs than this are not weighed one by one: the lines are taken in order.
_MOST = 400
_READ = 400
_ALIKE = 0.5

Pair = tuple[str, str]


def paired(gone: Sequence[str], come: Sequence[str]) -> Iterator[Pair]:
    """The lines of two passages in reading order, "" for what is missing on one side."""
    if len(gone) == len(come) or len(gone) * len(come) > _MOST:
        yield from zip_longest(gone, come, fillvalue="")
        return
    score = _scores(gone, come)
    old, new = 0, 0
    while old < len(gone) and new < len(come):
        alike = _alike(gone[old], come[new])
        if alike >= _ALIKE and score[old][new] == score[old + 1][new + 1] + alike:
            yield gone[old], come[new]
            old, new = old + 1, new + 1
        elif score[old][new] == score[old + 1][new]:
            yield gone[old], ""
            old += 1
        else:
            yield "", come[new]
            new += 1
    yield from ((line, "") for line in gone[old:])
    yield from (("", line) for line in come[new:])


def _scores(gone: Sequence[str], come: Sequence[str]) -> list[list[float]]:
    """score[i][j]: how alike the best pairing of gone[i:] and come[j:] is."""
    score = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for old in reversed(range(len(gone))):
        for new in reversed(range(len(come))):
            alike = _alike(gone[old], come[new])
            both = score[old + 1][new + 1] + alike if alike >= _ALIKE else 0.0
            score[old][new] = max(both, score[old + 1][new], score[old][new + 1])
    return score


def _alike(old: str, new: str) -> float:
    return SequenceMatcher(None, old[:_READ], new[:_READ], autojunk=False).quick_ratio()
