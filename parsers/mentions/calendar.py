"""Dates as they are written, in pieces: 2019年1月7日, 去年8月, 本月15日, 29日, 年底, 下周五, 昨日, 1-11月.

A piece keeps what it leaves open; parsers.mentions.resolving says which day it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers.mentions.numerals import written

YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
MONTHS = {"上个月": -1, "上月": -1, "本月": 0, "这个月": 0, "下个月": 1, "下月": 1}
DAYS = {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}
WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1}
WEEKDAYS = "一二三四五六日"

_CN = "一二三四五六七八九"
_M = rf"(?:1[0-2](?!\d)|0?[1-9](?!\d)|十[一二]?|[{_CN}])"
_D = rf"(?:3[01](?!\d)|[12]\d(?!\d)|0?[1-9](?!\d)|三十一?|二?十[{_CN}]?|[{_CN}])"
_Y = rf"(?:(?:1[89]|20)\d\d(?!\d)|[一二][零九八][零{_CN}]{{2}})"
_TO = r" ?(?:-{1,2}|至|到) ?"
_PARTS = "年底|年末|年初|底|末|初|上半年|下半年|第?[一二三四1-4]季度|前三季度"
_NO_NUMBER = rf"(?<![\d.{_CN}零十百千万几第多个/])"
_START = re.compile(
    rf"(?<![\d.A-Za-z/-])(?P<numeric>(?:19|20)\d\d(?P<by>[-/.])(?:1[0-2]|0?[1-9])(?P=by)(?:3[01]|[12]\d|0?[1-9]))(?![\d./-])"
    rf"|{_NO_NUMBER}(?P<year>{_Y})(?: ?年?{_TO}(?P<year2>{_Y}))? ?年(?!代|龄|轻|历史|来|间|期|限|租|的历史|会)"
    rf"|(?<!税)(?P<yearword>{'|'.join(YEARS)})(?!夜|会)"
    rf"|{_NO_NUMBER}(?<!\d年)(?={_M}(?:月?份?{_TO}{_M})? ?月)(?P<month>)"
    rf"|(?P<monthword>{'|'.join(MONTHS)})"
    rf"|(?P<week>[上本这下])周(?P<weekday>[{WEEKDAYS}天])(?!刊)"
    rf"|(?P<dayword>{'|'.join(DAYS)})(?![头说视关早印中美财的系更晚])"
    rf"|(?<![\d月年:./{_CN}零十百千万几第每近满逾超达续共期多作假-])(?P<alone>3[01]|[12]\d|[1-9]|二?十[{_CN}]|二十|三十一?)日"
    r"(?=[上下晚中凌早清傍深夜当,。、;:)起至到在电讯从发举召 -]|前(?!后)|$)"
    rf"|(?<![年每近几\d{_CN}本当])(?P<part>年底|年末|年初(?![{_CN}])|上半年|下半年|第?[一二三四1-4]季度|前三季度)"
)
_MONTH = re.compile(rf"的? ?(?P<m>{_M})(?:月?份?{_TO}(?P<m2>{_M}))? ?月(?![薪球饼牙光票嫂亮龄])")
_DAY = re.compile(rf" ?(?P<d>{_D})(?: ?日?{_TO}(?P<d2>{_D}))? ?[日号](?![线台楼机店院馆令坑])")
_THIRD = re.compile(r"底|末|初|上旬|中旬|下旬")
_PART = re.compile(rf" ?(?P<part>{_PARTS})")
_CLOCK = re.compile(
    r"(?:\((?:星期|周)[一二三四五六日天]\))? ?(?P<half>上午|下午|晚上?|凌晨|中午|早上|傍晚)? ?"
    r"(?P<H>2[0-4]|1\d|0?\d)(?::(?P<M>[0-5]\d)(?!\d)|[时点](?!\d+[至-])(?:(?P<M2>[0-5]?\d)分|(?P<h>半))?)(?!许|多)"
)
_LUNAR = re.compile(r"(?:农历|阴历|旧历|夏历) ?(?:[^,。;\d]{2}年)?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A date as written: numbers where given, `*_shift` relative to the publication day, the second of a range."""

    start: int
    end: int
    year: int | None = None
    year_shift: int | None = None
    month: int | None = None
    month_shift: int | None = None
    day: int | None = None
    day_shift: int | None = None
    week: tuple[int, int] | None = None
    part: str | None = None
    clock: str | None = None
    to_year: int | None = None
    to_month: int | None = None
    to_day: int | None = None

    @property
    def is_day(self) -> bool:
        """Whether it names a single day."""
        return self.day is not None or self.day_shift is not None or self.week is not None

    @property
    def is_range(self) -> bool:
        return (self.to_year or self.to_month or self.to_day) is not None


def pieces(plain: str) -> Iterator[Piece]:
    """Every date of a folded text, in order, one as far as it reaches; dates of the lunar calendar are left out."""
    at = 0
    while found := _START.search(plain, at):
        piece = _timed(plain, _piece(plain, found))
        at = max(piece.end, found.start() + 1)
        if piece.end > piece.start and not _is_other(plain, piece):
            yield piece


def _is_other(plain: str, piece: Piece) -> bool:
    """Dates of another calendar or of every year, 今天 in a title or beside 明天: none of this publication's days."""
    before = plain[max(0, piece.start - 10) : piece.start]
    if _LUNAR.search(before) or before.endswith(("常年", "历年", "每年", "每年的", "往年")):
        return True
    word = piece.day_shift is not None or (piece.year_shift is not None and piece.month is None)
    titled = before.rfind("《") > before.rfind("》")
    figurative = piece.day_shift is not None and before.endswith("的")
    return word and (titled or figurative or before.endswith(tuple(DAYS)) or plain.startswith(tuple(DAYS), piece.end))


def _piece(plain: str, found: re.Match[str]) -> Piece:
    """Goes on from the first part of a date."""
    start, end = found.span()
    if found["month"] is not None:
        return _bare_month(plain, start)
    if found["year"] or found["yearword"]:
        shift = YEARS.get(found["yearword"])
        year, last = _int(found["year"]), _int(found["year2"])
        return _within_year(plain, Piece(start, end, year=year, to_year=last, year_shift=shift))
    if found["monthword"]:
        return _within_month(plain, Piece(start, end, month_shift=MONTHS[found["monthword"]]))
    return _alone(found)


def _alone(found: re.Match[str]) -> Piece:
    """A date that is whole with its first part."""
    year, month, day = map(int, re.split(r"[-/.]", found["numeric"])) if found["numeric"] else (None, None, None)
    weekday = WEEKDAYS.index(found["weekday"].replace("天", "日")) if found["weekday"] else 0
    return Piece(
        *found.span(),
        year=year,
        month=month,
        day=day or _int(found["alone"]),
        day_shift=DAYS.get(found["dayword"]),
        week=(WEEKS[found["week"]], weekday) if found["week"] else None,
        part=found["part"],
    )


def _bare_month(plain: str, start: int) -> Piece:
    """A month without its year. In hanzi alone (三月) it is too often part of a name."""
    piece = _with_month(plain, Piece(start, start))
    bare = piece.end > start and not (piece.day or piece.part or plain[start].isdigit() or plain[piece.end - 1] == "份")
    return Piece(start, start) if bare else piece


def _within_year(plain: str, piece: Piece) -> Piece:
    if piece.to_year:
        return piece
    further = _with_month(plain, piece)
    if further is not piece:
        return further
    found = _PART.match(plain, piece.end)
    return replace(piece, part=found["part"], end=found.end()) if found else piece


def _with_month(plain: str, piece: Piece) -> Piece:
    found = _MONTH.match(plain, piece.end)
    if found is None:
        return piece
    piece = replace(piece, month=_int(found["m"]), to_month=_int(found["m2"]), end=found.end())
    return piece if piece.to_month else _within_month(plain, piece)


def _within_month(plain: str, piece: Piece) -> Piece:
    if day := _DAY.match(plain, piece.end):
        return replace(piece, day=_int(day["d"]), to_day=_int(day["d2"]), end=day.end())
    if third := _THIRD.match(plain, piece.end):
        return replace(piece, part=third[0], end=third.end())
    return replace(piece, end=piece.end + plain.startswith("份", piece.end))


def _timed(plain: str, piece: Piece) -> Piece:
    """With the time of day that follows at once."""
    found = _CLOCK.match(plain, piece.end) if piece.is_day and not piece.is_range else None
    if found is None:
        return piece
    hour, minute = int(found["H"]), int(found["M"] or found["M2"] or (30 if found["h"] else 0))
    if found["half"] in ("下午", "晚上", "晚", "傍晚") and hour < 12:
        hour += 12
    return replace(piece, clock=f"{hour:02}:{minute:02}", end=found.end())


def _int(text: str | None) -> int | None:
    if not text or text.isdigit():
        return int(text) if text else None
    number = written(text)
    return None if number is None else int(number)
