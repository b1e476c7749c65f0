"""The form that queries and pages are compared in, and where a term stands in it.

domain.matching's form (width, case, script, readings in brackets, runs of white space), and one thing more: a blank is
kept only between two letters or digits of scripts that write blanks. Chinese writes none, so what typesetting put there
(`招 商`, `GDP 增长`, a line's end) hides nothing.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import normalize

from domain.matching import has_traditional, matchable

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACED = rf"[^\W{_HAN}]"
_BLANK = re.compile(rf" (?:(?<!{_SPACED} )|(?!{_SPACED}))")
_LETTER = re.compile(rf"[^\W\d_{_HAN}]")
# Characters that are simplified too, and turned in some words only: one of them would have a whole text turned.
_BY_WORD = re.compile("[覆瞭藉沈甦著]")
_SEAM = re.compile("\n(?=[\u4e00-\u9fff])")
# What Chinese texts are full of that NFKC turns: put right beforehand, normalizing most lines is a look at them, which
# is twenty times faster.
_OFTEN = tuple(zip("，：；！？（）％\u3000\xa0", ",:;!?()%  ", strict=True))


def fold(text: str, held: dict[str, str] | None = None) -> str:
    """`text` as it is compared; lines with traditional characters one by one, since whether one is traditional does
    not hang on another. `held` remembers such lines, for texts that share them. Half of a surrogate pair becomes
    U+FFFD: no automaton takes it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for sign, turned in _OFTEN:
        text = text.replace(sign, turned)
    held = {} if held is None else held
    parts: list[str] = []
    normal = [normalize("NFKC", line) for line in text.splitlines()]
    for turned_too, lines in groupby(normal, _may_turn):
        if turned_too:
            parts += [_line(line, held) for line in lines]
        else:
            parts.append(matchable("\n".join(lines)))
    return _BLANK.sub("", " ".join(filter(None, parts)))


def fold_both(before: str, after: str, held: dict[str, str] | None = None) -> tuple[str, str]:
    """`fold` of each side of an edit; what they share at their beginning and end is folded once.

    It is cut off at lines that begin with a Chinese character: nothing of folding reaches over such a line's end, which
    itself comes to nothing.
    """
    shortest = min(len(before), len(after))
    head = _last_seam(before, shared(before, after))
    rest = shortest - head
    tail = _first_seam(before, len(before) - min(rest, shared(before[::-1], after[::-1])))
    begin, end = fold(before[:head], held), fold(before[tail:], held)
    one, other = (fold(text[head : len(text) - len(before) + tail], held) for text in (before, after))
    return begin + one + end, begin + other + end


def shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _last_seam(text: str, end: int) -> int:
    """The last place up to which a text may be folded by itself, with its line's end and what follows before `end`."""
    place = text.rfind("\n", 0, max(0, end - 1))
    while place >= 0 and not _SEAM.match(text, place):
        place = text.rfind("\n", 0, place)
    return place + 1


def _first_seam(text: str, start: int) -> int:
    """The first place from which a text may be folded by itself, with its line's end not before `start`."""
    found = _SEAM.search(text, start)
    return found.start() + 1 if found else len(text)


def _may_turn(line: str) -> bool:
    return has_traditional(line) or _BY_WORD.search(line) is not None


def _line(line: str, held: dict[str, str]) -> str:
    if line not in held:
        held[line] = matchable(line)
    return held[line]


def edged(term: str) -> bool:
    """Does a folded term begin or end with a letter or digit that may be part of a longer word or number?"""
    return bool(_part(term[0]) or _part(term[-1]))


def occurs(term: str, text: str) -> bool:
    """Does a folded term stand in a folded text?"""
    return next(places(term, text), -1) >= 0


def places(term: str, text: str, begin: int = 0, end: int | None = None) -> Iterator[int]:
    """Where it begins, overlapping ones too; of a part of the text, where it is in that part whole.

    A word of letters, and a number, stand by themselves: `ai` is not in `mail` and 5亿 neither in 15亿 nor in 3.5亿; a
    letter beside a digit is no such neighbour (`ai` is in `ai4s`), and Chinese is none (`ai技术`).
    """
    start, free = text.find(term, begin, end), not edged(term)
    while start >= 0:
        if free or _stands(text, start, start + len(term)):
            yield start
        start = text.find(term, start + 1, end)


def _stands(text: str, start: int, end: int) -> bool:
    """Does what is in a folded text from `start` to `end` stand by itself?"""
    return _begins(text[start], text, start) and _ends(text[end - 1], text, end)


def _begins(sign: str, text: str, start: int) -> bool:
    part = _part(sign)
    if not part or not start:
        return True
    if part == "digit" and text[start - 1] in ".," and start > 1:
        return _part(text[start - 2]) != part
    return _part(text[start - 1]) != part


def _ends(sign: str, text: str, end: int) -> bool:
    part = _part(sign)
    return not part or end == len(text) or _part(text[end]) != part


def _part(sign: str) -> str:
    """What a character is part of when it has its like beside it."""
    if sign.isdecimal():
        return "digit"
    return "letter" if _LETTER.match(sign) else ""
