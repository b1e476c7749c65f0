"""Text without its typesetting, where what a number is made of stays."""

import re
import unicodedata
from functools import lru_cache

from domain.matching import simplified, without_readings

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ .:/-]+(?=\d)")
_TYPESETTING = re.compile(r"[ .:/]|-(?!\d)")
# Control characters, which NFKC text has no other use for, stand for signs that stay.
_STAYING = {".": "\x01", ":": "\x02", "/": "\x03"}
_GAP = "\x00"


@lru_cache(maxsize=64)  # each paragraph of an edit is asked for twice
def bare(text: str) -> str:
    """Without punctuation, white space, width, script and readings in brackets: NFKC, simplified; but 3.5 and 35, 5%
    and 5, −3 and 3, 1、2 and 12 stay different."""
    spelt = simplified(without_readings(unicodedata.normalize("NFKC", text)))
    whole = _THOUSANDS.sub("", spelt)
    marked = whole.translate(_MARKS)
    parted = _BETWEEN_DIGITS.sub(lambda found: _STAYING.get(found[0].strip(), _GAP), marked)
    return _TYPESETTING.sub("", parted)


class _Marks(dict[int, str]):
    """What stands for each character, found when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _marked(chr(code))
        return self[code]


_MARKS = _Marks()


def _marked(sign: str) -> str:
    """The sign itself where it may carry meaning, a blank where it is typesetting, `-` for every dash."""
    category = unicodedata.category(sign)
    if category == "Pd" or sign == "−":
        return "-"
    typesetting = category[0] in "PZC" and sign not in "%‰.:/"
    return " " if typesetting else sign
