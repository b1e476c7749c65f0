"""Where two texts differ, each place in its line: `…项目总投资【2000万元→2000亿元】，明年…`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from alerts.pairing import paired

_AROUND = 20
_LONGEST = 80
_NEAR = 2
# Beyond so many pairs a comparison would take seconds; then all between the common ends counts as one difference.
_PAIRS = 4_000_000
# Amounts and dates: a place shows them whole.
_AMOUNT = frozenset("0123456789０１２３４５６７８９.,%％‰十百千万亿元年月日时")
# Two lines that share less than this of their signs are one line that went and another that came.
_ALIKE = 0.4

Op = Literal["=", "-", "+"]


@dataclass(frozen=True, slots=True)
class Place:
    """One place, in pieces: what stayed (`=`, with `…` where it was cut), what went (`-`), what came (`+`)."""

    pieces: tuple[tuple[Op, str], ...]

    def __str__(self) -> str:
        return "".join(_written(self.pieces))


def _written(pieces: Sequence[tuple[Op, str]]) -> Iterator[str]:
    for at, (op, text) in enumerate(pieces):
        before = pieces[at - 1][0] if at else "="
        after = pieces[at + 1][0] if at + 1 < len(pieces) else "="
        if op == "=":
            yield text
        elif op == "-":
            yield f"【{text}→" if after == "+" else f"【删 {text}】"
        else:
            yield f"{text}】" if before == "-" else f"【增 {text}】"


class _Hunk(NamedTuple):
    """old[start:end] became new[fresh:stop]."""

    start: int
    end: int
    fresh: int
    stop: int


# A message asks twice: for its summary and for its places.
@lru_cache(maxsize=32)
def places(before: str, after: str) -> tuple[Place, ...]:
    """Every place where the texts differ, cut to a readable window; nothing where only line breaks do."""
    return tuple(_places(before.splitlines(), after.splitlines()))


def whole(before: str, after: str) -> Place:
    """All of a text that became all of another."""
    gone, come = (cut(" ".join(text.split())) for text in (before, after))
    return Place(tuple(_changed(gone, come)))


def _changed(gone: str, come: str) -> Iterator[tuple[Op, str]]:
    if gone:
        yield "-", gone
    if come:
        yield "+", come


def _places(old: Sequence[str], new: Sequence[str]) -> Iterator[Place]:
    for hunk in _hunks(old, new):
        gone, come = old[hunk.start : hunk.end], new[hunk.fresh : hunk.stop]
        for before, after in paired(gone, come):
            yield from _in_line(before, after)


def _in_line(old: str, new: str) -> Iterator[Place]:
    hunks = _hunks(old, new)
    if old and new and not _is_alike(old, new, hunks):
        yield whole(old, new)
        return
    for group in _together(_joined(_grown(old, new, found) for found in hunks)):
        yield _shown(old, new, group)


def _joined(hunks: Iterable[_Hunk]) -> list[_Hunk]:
    """Differences with next to nothing between them as one."""
    joined: list[_Hunk] = []
    for hunk in hunks:
        if joined and hunk.start - joined[-1].end <= _NEAR:
            last = joined.pop()
            joined.append(_Hunk(last.start, max(last.end, hunk.end), last.fresh, max(last.stop, hunk.stop)))
        else:
            joined.append(hunk)
    return joined


def _together(hunks: Iterable[_Hunk]) -> Iterator[list[_Hunk]]:
    """Differences so near each other that their surroundings meet: they are shown in one place."""
    group: list[_Hunk] = []
    for hunk in hunks:
        if group and hunk.start - group[-1].end > 2 * _AROUND:
            yield group
            group = []
        group.append(hunk)
    if group:
        yield group


def _is_alike(old: str, new: str, hunks: Sequence[_Hunk]) -> bool:
    stayed = len(old) - sum(hunk.end - hunk.start for hunk in hunks)
    return len(hunks) <= 1 or stayed >= _ALIKE * max(len(old), len(new))


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
    """The hunk with the whole of an amount or a date that it cuts: nobody reads 2000〔万→亿〕元 with ease."""
    start, end, fresh, stop = hunk
    while min(start, fresh) > 0 and old[start - 1] in _AMOUNT and _AMOUNT & {*old[start:end][:1], *new[fresh:stop][:1]}:
        start, fresh = start - 1, fresh - 1
    while end < len(old) and stop < len(new) and old[end] in _AMOUNT and _AMOUNT & {*old[:end][-1:], *new[:stop][-1:]}:
        end, stop = end + 1, stop + 1
    return _Hunk(start, end, fresh, stop)


def _shown(old: str, new: str, hunks: Sequence[_Hunk]) -> Place:
    left, right = max(hunks[0].start - _AROUND, 0), hunks[-1].end + _AROUND
    pieces: list[tuple[Op, str]] = []
    for hunk in hunks:
        pieces.append(("=", old[left : hunk.start]))
        pieces += _changed(cut(old[hunk.start : hunk.end]), cut(new[hunk.fresh : hunk.stop]))
        left = hunk.end
    pieces.append(("=", old[left:right] + ("…" if right < len(old) else "")))
    if hunks[0].start > _AROUND:
        pieces[0] = ("=", f"…{pieces[0][1]}")
    return Place(tuple(piece for piece in pieces if piece[1]))


def cut(text: str, longest: int = _LONGEST) -> str:
    """At most about `longest` characters: the beginning and the end, `…` for what is between."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]}…{text[-half:]}"
