"""Slips of the pen: a character too many, two that changed places, one that makes no word where it stands."""

from collections import Counter
from difflib import SequenceMatcher

from monitor.words import cut

# Signs that are taken for one another, by sound or by shape.
_ALIKE = (
    *(
        "的地得",
        "做作",
        "在再",
        "像象向",
        "帐账",
        "己已巳",
        "未末",
        "人入",
        "士土",
        "日曰",
        "市巿",
        "即既",
        "那哪",
        "座坐",
    ),
    *("份分", "侯候", "副付幅", "记纪", "制治至致", "以已", "近进", "园圆", "辩辨辫", "竟竞", "拔拨"),
)
_MOST = 2
_AROUND = 6


def is_slip(old: str, new: str) -> bool:
    """True where an edit corrects (or makes) a slip: a doubled or swapped character, or one or two others in whose
    place the words of the sentence fall together or apart. What says something else in the same words is none:
    东门 and 西门."""
    if not _may_differ_little(old, new):
        return False
    found = [op for op in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if op[0] != "equal"]
    if not found or sum(max(b - a, d - c) for _, a, b, c, d in found) > _MOST:
        return False
    start, end, fresh, stop = found[0][1], found[-1][2], found[0][3], found[-1][4]
    gone, come = old[start:end], new[fresh:stop]
    if not (gone + come).strip() or any(sign.isdigit() for sign in gone + come):
        return False
    if sorted(gone) == sorted(come) or _alike(gone, come):
        return True
    if not gone or not come:
        return _doubled(old, start, end) or _doubled(new, fresh, stop)
    return _pieces(old, start, end) != _pieces(new, fresh, stop)


def is_plain_slip(old: str, new: str) -> bool:
    """True where one sign was taken for one that sounds or looks like it, whatever words that makes."""
    if len(old) != len(new):
        return False
    found = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    return len(found) == 1 and _alike(*found[0])


def _may_differ_little(old: str, new: str) -> bool:
    """False where one has more signs that the other lacks than a slip changes: quick to tell of whole articles."""
    gone, come = Counter(old), Counter(new)
    return max((gone - come).total(), (come - gone).total()) <= _MOST


def _alike(gone: str, come: str) -> bool:
    return len(gone) == len(come) == 1 and any(gone in group and come in group for group in _ALIKE)


def _doubled(text: str, start: int, end: int) -> bool:
    piece = text[start:end]
    return bool(piece) and piece in (text[start - len(piece) : start], text[end : end + len(piece)])


def _pieces(text: str, start: int, end: int) -> int:
    """In how many words the place and what stands around it falls."""
    return len(cut(text[max(0, start - _AROUND) : end + _AROUND], names=False))
