"""Whole numbers in hanzi up to 999, as orders and dates write them: 四十五, 二〇一九."""

import re

DIGITS = "〇一二三四五六七八九"
_SAME = str.maketrans("○ＯOo０１２３４５６７８９", "〇〇〇〇0123456789")
_LONGEST = 15
_SPOKEN = re.compile(r"(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?")


def value(text: str) -> int | None:
    """The number of 45, 四十五, 一百零二, 二〇一九 or 二00八; None for anything else."""
    plain = text.translate(_SAME)
    if plain.isascii():
        return int(plain) if plain.isdigit() and len(plain) <= _LONGEST else None
    digits = plain.replace("0", "〇")
    if len(digits) <= _LONGEST and all(char in DIGITS for char in digits.replace("零", "〇")):
        return int("".join(str(DIGITS.index(char)) for char in digits.replace("零", "〇")))
    found = _SPOKEN.fullmatch(plain.replace("〇", "零"))
    if found is None:
        return None
    hundreds, tens, ten, ones = found.groups()
    return 100 * _digit(hundreds) + (10 * (_digit(tens) or 1) if ten else 0) + _digit(ones)


def written(number: int) -> str:
    """1 to 999 in hanzi, as 主席令 are numbered: 四十五, 一百零二."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    middle = f"{DIGITS[tens] if tens > 1 or head else ''}十" if tens else "零" if head and ones else ""
    return head + middle + (DIGITS[ones] if ones else "")


def _digit(char: str | None) -> int:
    return DIGITS.index(char) if char else 0
