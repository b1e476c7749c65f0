"""Amounts in Chinese text: a number with what belongs to it, so that nothing ever cuts one in two."""

import re

_SCALE = "[十百千万亿兆]"
_UNIT = (
    "(?:个?百分点|平方米|平方公里|公里|公斤|千瓦时|千瓦|美元|港元|欧元|日元|小时|分钟|"
    "[元年月日号时分秒人户家吨亩米件期届级岁次条个项名位度%％‰])"
)
_ARABIC = r"[-+−－＋]?\d+(?:[.,:/．，：／]\d+)*"
_CHINESE = "[〇零○一二两三四五六七八九十百千万亿兆]"
_WRITTEN = (
    rf"[百千]分之{_CHINESE}+(?:点{_CHINESE}+)?|{_CHINESE}+点{_CHINESE}+|{_CHINESE}{{2,}}|"
    rf"{_CHINESE}(?=[元年月日号时分秒人户家吨亩])"
)
AMOUNT = re.compile(rf"(?:{_ARABIC}(?:\s?[多余]?{_SCALE}+)?|{_WRITTEN})(?:\s?[多余]?{_UNIT})?")


def amounts(text: str) -> list[str]:
    """Every amount in reading order: `2,000万元`, `3.5%`, `2019年`, `二十三家`, `百分之五点二`."""
    return AMOUNT.findall(text)


_NUMERAL = re.compile(rf"{AMOUNT.pattern}|第{_CHINESE}+|{_CHINESE}(?=[楼层届批期])")


def numerals(text: str) -> list[str]:
    """Amounts, and single numbers that no unit follows: 第五 of 第五条, 三 of 三楼."""
    return _NUMERAL.findall(text)
