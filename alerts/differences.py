"""Where two texts differ, each place in its line: `…项目总投资【2000万元→2000亿元】，明年…`."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

_AROUND = 16
_LONGEST = 80
_NEAR = 2
# Beyond so many pairs a comparison would take seconds; then all between the common ends counts as one difference.
_PAIRS = 4_000_000
_AMOUNT = frozenset("0123456789０１２３４５６７８９.,%％‰千百万亿元")


class _Hunk(NamedTuple):
    """old[start:end] became new[fresh:stop]."""

    start: int
    end: int
    fresh: int
    stop: int


def places(before: str, after: str) -> tuple[str, ...]:
    """Every place where the texts differ, cut to a readable window; nothing where only line breaks do."""
    return tuple(_places(before.splitlines(), after.splitlines()))


def _places(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for hunk in _hunks(old, new):
        gone, come = old[hunk.start : hunk.end], new[hunk.fresh : hunk.stop]
        for before, after in zip_longest(gone, come, fillvalue=""):
            yield from _in_line(before, after)


def _in_line(old: str, new: str) -> Iterator[str]:
    joined: list[_Hunk] = []
    for hunk in (_grown(old, new, found) for found in _hunks(old, new)):
        if joined and hunk.start - joined[-1].end <= _NEAR:
            last = joined.pop()
            joined.append(_Hunk(last.start, max(last.end, hunk.end), last.fresh, max(last.stop, hunk.stop)))
        else:
            joined.append(hunk)
    return (_shown(old, new, hunk) for hunk in joined)


def _hunks(old: Sequence[str], new: Sequence[str]) -> list[_Hunk]:
    if len(old) * len(new) > _PAIRS:
        return _one_hunk(old, new)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [_Hunk(*ends) for tag, *ends in found if tag != "equal"]


def _one_hunk(old: Sequence[str], new: Sequence[str]) -> list[_Hunk]:
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return [_Hunk(head, len(old) - tail, head, len(new) - tail)]


def _grown(old: str, new: str, hunk: _Hunk) -> _Hunk:
    """The hunk with the whole of an amount that it cuts: nobody reads 2000〔万→亿〕元 with ease."""
    start, end, fresh, stop = hunk
    while min(start, fresh) > 0 and old[start - 1] in _AMOUNT and _AMOUNT & {*old[start:end][:1], *new[fresh:stop][:1]}:
        start, fresh = start - 1, fresh - 1
    while end < len(old) and stop < len(new) and old[end] in _AMOUNT and _AMOUNT & {*old[:end][-1:], *new[:stop][-1:]}:
        end, stop = end + 1, stop + 1
    return _Hunk(start, end, fresh, stop)


def _shown(old: str, new: str, hunk: _Hunk) -> str:
    left, right = max(hunk.start - _AROUND, 0), hunk.end + _AROUND
    gone, come = cut(old[hunk.start : hunk.end]), cut(new[hunk.fresh : hunk.stop])
    changed = f"{gone}→{come}" if gone and come else f"删 {gone}" if gone else f"增 {come}"
    before = ("…" if left else "") + old[left : hunk.start]
    return f"{before}【{changed}】{old[hunk.end : right]}" + ("…" if right < len(old) else "")


def cut(text: str, longest: int = _LONGEST) -> str:
    """At most about `longest` characters: the beginning and the end, `…` for what is between."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]}…{text[-half:]}"
