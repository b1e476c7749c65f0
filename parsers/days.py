"""Days as official documents write them: 2019年1月7日, 2019年元月7日, 二〇一九年一月七日.

GB/T 9704-2012 §7.3.5.4 sets the first form; the last is what the standard before it (1999) set.
"""

import re
from datetime import date

from domain.article import Precision
from domain.clock import SHANGHAI
from parsers import dates, numerals
from parsers.plain import plain

_YEAR = r"(?:(?:19|20)\d\d|[一二][〇○零0OoＯ一二三四五六七八九]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[元正一二三四五六七八九])"
_DATE = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|[二廿]?十?[一二三四五六七八九]|[一二]?十)"
DAY = rf"{_YEAR} ?年 ?{_MONTH} ?月 ?{_DATE} ?日"
_PARTS = re.compile(rf"({_YEAR}) ?年 ?({_MONTH}) ?月 ?({_DATE}) ?日")
_LONGEST = 40


def parse(text: str) -> date | None:
    """The first day of a short text in 年月日, either script of numerals; None for 2月30日."""
    found = _PARTS.search(plain(text))
    return _day(*found.groups()) if found else None


def value(text: str) -> date | None:
    """The day that a field's value gives, in any form that pages use; none for a mere month."""
    short = text[:_LONGEST]
    stamp = dates.parse(plain(short)) if _PARTS.search(plain(short)) is None else None
    if stamp is None:
        return parse(short)
    return None if stamp.precision is Precision.MONTH else stamp.at.astimezone(SHANGHAI).date()


def _day(year: str, month: str, day: str) -> date | None:
    numbers = (numerals.value(year), 1 if month in "元正" else numerals.value(month), _of_month(day))
    try:
        return date(*(number or 0 for number in numbers))
    except ValueError:
        return None


def _of_month(day: str) -> int | None:
    return numerals.value(day.replace("廿十", "二十").replace("廿", "二十"))
