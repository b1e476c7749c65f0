"""Times as Chinese pages write them: `2019- 01- 07`, 2019年1月7日 15时43分, ISO 8601 in metas.

A time without zone is Asia/Shanghai.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from domain.article import Precision
from domain.clock import SHANGHAI
from parsers import numerals
from parsers.plain import plain

# Marks of times in their full width, one sign for one, and what looks like a colon (U+2236, U+FE30).
_MARKS = str.maketrans("：／．，－∶︰", ":/.,-::")
_YEAR = re.compile(r"[12１２][\d０-９]|[国國]\s*[\d０-９]|[一二][〇○零０一二三四五六七八九]{3}年")
_DAY = (
    r"(?:(?P<roc>民国)\s*)?(?P<y>(?:19|20)\d\d|(?<=民国)1?\d\d)\s*[-–年/.]\s*(?P<m>1[0-2]|0?[1-9])\s*[-–月/.]\s*"
    # A day may run into the hour where the two stand in elements of their own: 2005.08.2605:39.
    r"(?P<d>3[01]|[12]\d|0[1-9]|[1-9](?!\d))(?!\d(?!\d:\d\d))\s*[日号]?"
)
_HANZI = re.compile(
    r"([一二][〇○零０一二三四五六七八九]{3})年(十[一二]?|[一二三四五六七八九])月(三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
_CLOCK = (
    r"(?:[\sT,、|]*(?:(?:星期|周)[一二三四五六日天])?[\sT,、|]*(?P<half>上午|下午|晚上|中午|凌晨)?\s*(?P<H>2[0-3]|[01]?\d)\s*[:时点]\s*"
    r"(?P<M>[0-5]\d(?!\d)|\d(?=\s*分))\s*分?(?:\s*:?\s*(?P<S>[0-5]\d)(?!\d)\s*秒?)?(?:\.\d+)?\s*(?P<pm>[AaPp][Mm])?(?P<z>Z|[+-]\d\d:?\d\d)?)?"
)
_FULL = re.compile(r"(?<!\d)" + _DAY + _CLOCK)
_COMPACT = re.compile(
    r"^\s*(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:[T_ ]?(?P<H>[01]\d|2[0-3])(?P<M>[0-5]\d)(?P<S>[0-5]\d)?)?"
)
_MONTH = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[-年/.]\s*(?P<m>1[0-2]|0?[1-9])\s*月?(?![\d\s]*[-年月日/.]\s*\d)")
_IN_PATH = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[-/]?(?P<m>0[1-9]|1[0-2]|[1-9])[-/]?(?P<d>0[1-9]|[12]\d|3[01]|[1-9])/"
    r"|/t(?P<y2>20\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)_"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time in UTC and how exactly it was given; `span` is where it stood in the text."""

    at: datetime
    precision: Precision
    span: tuple[int, int] = (0, 0)


def stamps(text: str) -> Iterator[Stamp]:
    """Every full date in a text, in order, with its time of day where it has one."""
    return iter(_stamps(text)) if _YEAR.search(text) else iter(())


@lru_cache(maxsize=1024)
def _stamps(text: str) -> tuple[Stamp, ...]:
    return tuple(_found(text))


def _found(text: str) -> Iterator[Stamp]:
    for found in _HANZI.finditer(text):
        year, month, day = (numerals.value(part) or 0 for part in found.groups())
        stamp = _moment(year, month, day, found.span())
        if stamp is not None:
            yield stamp
    for found in _FULL.finditer(plain(text).translate(_MARKS)):
        stamp = _stamp(found)
        if stamp is not None:
            yield stamp


def parse(text: str) -> Stamp | None:
    """The first time in a short text; compact forms and bare months too, as metas have them."""
    first = next(stamps(text), None)
    found = first or next(filter(None, map(_stamp, _COMPACT.finditer(text))), None)
    return found or next(filter(None, map(_stamp, _MONTH.finditer(unicodedata.normalize("NFKC", text)))), None)


def in_address(url: str) -> Stamp | None:
    """The day in an article's address, as most CMSs put it there: /2020/0821/, /2019/1/7/, /t20190107_12."""
    for found in _IN_PATH.finditer(url):
        year, month, day = (found[name] or found[f"{name}2"] for name in "ymd")
        stamp = _moment(int(year), int(month), int(day), found.span())
        if stamp is not None:
            return stamp
    return None


def plausible(stamp: Stamp, at: datetime | None) -> bool:
    """False for a time later than the capture by more than two days: a plan, a slip, not a publication."""
    return at is None or stamp.at <= at.astimezone(UTC) + timedelta(days=2)


def _moment(year: int, month: int, day: int, span: tuple[int, int]) -> Stamp | None:
    try:
        return Stamp(datetime(year, month, day, tzinfo=SHANGHAI).astimezone(UTC), Precision.DAY, span)
    except ValueError:
        return None


def _stamp(found: re.Match[str]) -> Stamp | None:
    parts = found.groupdict()
    year = int(parts["y"]) + (1911 if parts.get("roc") else 0)
    base = _moment(year, int(parts["m"]), int(parts.get("d") or 1), found.span())
    if base is None or "d" not in parts:
        return base and Stamp(base.at, Precision.MONTH, base.span)
    if parts["H"] is None:
        return base
    hour = int(parts["H"])
    after_noon = parts.get("half") in ("下午", "晚上") or (parts.get("pm") or "").lower() == "pm"
    if after_noon and hour < 12:
        hour += 12
    local = base.at.astimezone(SHANGHAI).replace(
        hour=hour, minute=int(parts["M"]), second=int(parts["S"] or 0), tzinfo=_zone(parts.get("z"))
    )
    return Stamp(local.astimezone(UTC), Precision.SECOND if parts["S"] else Precision.MINUTE, base.span)


def _zone(text: str | None) -> timezone:
    if text == "Z":
        return UTC
    if not text:
        return timezone(timedelta(hours=8))
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]) % 24, minutes=int(digits[2:]) % 60)
    return timezone(-offset if text[0] == "-" else offset)
