"""Whole numbers in hanzi up to 999, as orders and dates write them: 四十五, 二〇一九."""

import re

DIGITS = "〇一二三四五六七八九"
_SAME = str.maketrans("零○ＯOo０" + "０１２３４５６７８９"[1:], "〇〇〇〇〇〇" + "123456789")
_SPOKEN = re.compile(r"(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?")


def value(text: str) -> int | None:
    """The number of 45, 四十五, 一百零二 or 二〇一九 (digits alone); None for anything else."""
    plain = text.translate(_SAME)
    if plain.replace("〇", "0").isascii():
        digits = plain.replace("〇", "0")
        return int(digits) if digits.isdigit() and len(digits) <= 15 else None
    if len(plain) <= 15 and all(char in DIGITS for char in plain) and (len(plain) > 1 or plain):
        return int("".join(str(DIGITS.index(char)) for char in plain))
    found = _SPOKEN.fullmatch(plain)
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
