"""Which day a date names: the year or month it leaves open from its sentence, else nearest the publication day."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from parsers.mentions.calendar import Piece

_BETWEEN = re.compile(r" ?(?:起|开始|\([^()]{1,6}\))? ?(?:-{1,2}|至|到|~) ?$")
_SENTENCE = re.compile(r"[。;!?\n]")
_COMING = re.compile(r"将|拟|定于|计划|预计|即日")
_FAR_AHEAD = timedelta(days=75)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A date, or a range from `piece.start` to `end`, in ISO 8601; `last` its last day where known.

    `coarse`: a whole year or more, where 前 tells no deadline but an age.
    """

    piece: Piece
    end: int
    value: str | None
    last: date | None = None
    coarse: bool = False
    is_range: bool = False


def resolved(
    plain: str, found: Iterator[Piece], on: date | None, *, coming: re.Pattern[str] = _COMING
) -> Iterator[Resolved]:
    """Each date or range. Those that no calendar has (2月30日) are left out."""
    waiting: Resolved | None = None
    context: date | None = None
    since = 0
    for piece in found:
        if context and _SENTENCE.search(plain, since, piece.start):
            context = None
        joined = waiting is not None and _joins(plain, waiting, piece)
        base = waiting.piece if joined and waiting else None
        full = _filled(piece, base, context, on, future=_is_coming(plain, piece, coming))
        single = _single(full, on) if full else None
        since = piece.end
        if single and (piece.year or piece.year_shift is not None) and single.last:
            context = single.last
        if single and joined and waiting:
            yield _range(waiting, single)
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = single
    if waiting:
        yield waiting


def _joins(plain: str, before: Resolved, piece: Piece) -> bool:
    between = plain[before.end : piece.start]
    same = before.piece.is_day == piece.is_day and not before.piece.is_range and not piece.is_range
    return same and len(between) < 12 and _BETWEEN.fullmatch(between) is not None


def _is_coming(plain: str, piece: Piece, coming: re.Pattern[str]) -> bool:
    before = plain[max(0, piece.start - 8) : piece.start]
    return coming.search(_SENTENCE.split(before)[-1]) is not None or plain.startswith("前", piece.end)


def _filled(piece: Piece, base: Piece | None, context: date | None, on: date | None, *, future: bool) -> Piece | None:
    """`piece` with year and month given, as far as anything gives them; None for what no calendar has."""
    if piece.year_shift is not None and on:
        piece = replace(piece, year=on.year + piece.year_shift)
    if piece.month_shift is not None and on:
        month = on.year * 12 + on.month - 1 + piece.month_shift
        piece = replace(piece, year=month // 12, month=month % 12 + 1)
    if base:
        piece = _after(piece, base)
    if future and on and context and context < on:
        context = None
    if piece.year is None and context and (piece.month or piece.part):
        piece = replace(piece, year=context.year)
    if piece.month is None and piece.day and context and not base and piece.day >= context.day:
        piece = replace(piece, year=context.year, month=context.month)
    if on and piece.year is None and piece.year_shift is None:
        piece = _nearest(piece, on, future=future)
    return piece if _exists(piece) else None


def _after(piece: Piece, base: Piece) -> Piece:
    """The second of a range takes what it leaves open from the first; 12月3日至1月5日 goes into the next year."""
    month = piece.month or base.month
    if piece.year is None and base.year and month:
        rolls = (month, piece.day or 0) < (base.month or 0, base.day or 0) if piece.month else False
        return replace(piece, month=month, year=base.year + rolls)
    return replace(piece, month=month)


def _nearest(piece: Piece, on: date, *, future: bool) -> Piece:
    """The year (for a day alone, the month) that brings it closest to `on`; with words of the future, not before.

    Without them a day alone (29日) is past, and a month (3月) not further ahead than texts go without saying 将.
    """
    if piece.part and not piece.month:
        return replace(piece, year=on.year)
    options = [replace(piece, year=year, month=month) for year, month in _options(piece, on)]
    days = [(option, day) for option in options if (day := _day(option))]
    later = [item for item in days if item[1] >= on]
    if not future:
        ahead = on + (_FAR_AHEAD if piece.month else timedelta(days=1))
        days = [item for item in days if item[1] <= ahead] or days
    choice = min(later if future and later else days, key=lambda item: abs((item[1] - on).days), default=None)
    return choice[0] if choice else piece


def _options(piece: Piece, on: date) -> list[tuple[int, int]]:
    if piece.month:
        return [(on.year + shift, piece.month) for shift in (-1, 0, 1)]
    if piece.day is None:
        return []
    months = [on.year * 12 + on.month - 1 + shift for shift in (-1, 0, 1)]
    return [(month // 12, month % 12 + 1) for month in months]


def _day(piece: Piece) -> date | None:
    try:
        return date(piece.year or 0, piece.to_month or piece.month or 0, piece.to_day or piece.day or 15)
    except ValueError:
        return None


def _exists(piece: Piece) -> bool:
    month = piece.to_month or piece.month or 1
    days = calendar.monthrange(piece.year or 2000, month)[1] if 1 <= month <= 12 else 0
    return 1 <= (piece.month or 1) <= month and all(1 <= (day or 1) <= days for day in (piece.day, piece.to_day))


def _range(first: Resolved, last: Resolved) -> Resolved:
    value = f"{first.value}/{last.value}" if first.value and last.value else None
    return Resolved(first.piece, last.end, value, last.last, is_range=True)


def _single(piece: Piece, on: date | None) -> Resolved:
    """One piece, ranges within it (1-11月, 上半年) included."""
    if piece.day_shift is not None or piece.week:
        day = _relative(piece, on)
        return Resolved(piece, piece.end, _timed(day.isoformat(), piece) if day else None, day)
    low, high, last = _bounds(piece)
    value = low if high is None else f"{low}/{high}"
    coarse = piece.month is None and piece.day is None and piece.part is None
    unknown = piece.month_shift is not None or piece.year_shift is not None
    if unknown and piece.year is None:
        value = None
    return Resolved(piece, piece.end, value, last, coarse, is_range=high is not None)


def _relative(piece: Piece, on: date | None) -> date | None:
    if on is None:
        return None
    if piece.week:
        return on + timedelta(days=7 * piece.week[0] + piece.week[1] - on.weekday())
    return on + timedelta(days=piece.day_shift or 0)


def _bounds(piece: Piece) -> tuple[str | None, str | None, date | None]:
    """First and last as ISO 8601 (None: no range), and the last day."""
    year, month = piece.year, piece.month
    if piece.part:
        return _part(piece)
    if piece.to_year:
        return f"{year}", f"{piece.to_year}", date(piece.to_year, 12, 31)
    if piece.day:
        low = _timed(_iso(year, month, piece.day), piece)
        return low, _iso(year, month, piece.to_day) if piece.to_day else None, _day(piece)
    if month:
        last = _month_end(year, piece.to_month or month)
        return _iso(year, month), _iso(year, piece.to_month) if piece.to_month else None, last
    return (f"{year}" if year else None), None, date(year, 12, 31) if year else None


def _part(piece: Piece) -> tuple[str | None, str | None, date | None]:
    """A part of a year or month: 底 and 末 its last day, 初 a year's first month or a month's first ten days."""
    year, month, part = piece.year, piece.month, piece.part or ""
    if month:
        last = _month_end(year, month)
        if part in ("底", "末"):
            return _iso(year, month, last.day if last else None), None, last
        first, end = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20)}.get(part, (21, last.day if last else 30))
        return _iso(year, month, first), _iso(year, month, end), date(year, month, end) if year else None
    if part.endswith(("底", "末")):
        return _iso(year, 12, 31), None, date(year, 12, 31) if year else None
    if part.endswith("初"):
        return _iso(year, 1), None, date(year, 1, 31) if year else None
    low, high = _months(part)
    return _iso(year, low), _iso(year, high), _month_end(year, high)


def _months(part: str) -> tuple[int, int]:
    if part.endswith("半年"):
        return (1, 6) if part[0] == "上" else (7, 12)
    if part == "前三季度":
        return 1, 9
    quarter = _QUARTERS[part.removeprefix("第")[0]]
    return 3 * quarter - 2, 3 * quarter


def _month_end(year: int | None, month: int) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if year else None


def _iso(year: int | None, month: int | None, day: int | None = None) -> str:
    """2019-01-07, 2019-01; --01-07, --01 and ---07 where the front is unknown (XML Schema's gMonthDay and the like)."""
    if month is None:
        return f"---{day:02}"
    head = f"{year}-{month:02}" if year else f"--{month:02}"
    return f"{head}-{day:02}" if day else head


def _timed(day: str, piece: Piece) -> str:
    return f"{day}T{piece.clock}" if piece.clock else day
