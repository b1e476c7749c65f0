"""Dates and deadlines: what the words around a date make of it."""

import re
from collections.abc import Iterator
from datetime import date

from domain.mention import Mention, MentionKind
from parsers.mentions.calendar import pieces
from parsers.mentions.numerals import HANZI, written
from parsers.mentions.resolving import Resolved, resolved

_EXPIRES = re.compile(r"(?:有效期?|有效期限|有效期间)(?:限|截止|截至|延长|延续)?(?:日期|时间)?(?:为|是|:|至|到|止)+ ?$")
_EFFECTIVE_BEFORE = re.compile(r"(?:施行|实施|生效|执行)(?:日期|时间|之日)(?:为|是|:)+ ?$")
_EFFECTIVE = re.compile(r"(?:零时|0时)?起?(?:,)?(?:开始|正式|全面|试行)?(?:施行|实施|执行|生效|实行|试行)")
_FROM = re.compile(r"(?:自|从|于|将于) ?$")
_CLOSING = re.compile(
    r"(?:(?:截止|截至|截标|最后)(?:日期|时间|期限|日)|截止于|截止日(?:期)?|最迟|最晚|不晚于|不迟于|不得晚于|不得迟于|限期"
    r"|期限?(?:延长|顺延|延期|截止|延)(?:到|至)|(?:延长|延期|展期|顺延)(?:到|至))(?:定|均|应|须|为|是|至|到|于|在|:|\s)*$"
)
_AS_OF = re.compile(r"(?:截止|截至)(?:到|至|目前)? ?$")
_CALL = re.compile(
    r"(?:报名|申报|投标|提交|受理|征集|申请|递交|报送|缴费|预约|竞买|登记|认购|反馈|意见|投稿|征稿)(?:时间)? ?$"
)
_BEFORE = re.compile(r"\)?(?:之前|以前|前)(?![后来夕往线沿景提述任途身款进期几\d一二两三四五六七八九十])")
_UNTIL = re.compile(r"(?:为止|止|截止)(?!血|步|损)")
_MODAL = re.compile(r"应|须|需|请|务必|必须|要|确保|力争|限|最迟|在$|于$|到$|至$")
_FORECAST = re.compile(r"预测|预计|预期|预料|有望|或将|可能|料将|估计")
_CLAUSE = re.compile(r"[,。;!?\n]")
_TERM = re.compile(
    rf"(?<![\d.{HANZI}第前近])(?P<n>\d{{1,3}}+|[{HANZI}]{{1,4}}+)"
    r" ?(?:个)? ?(?P<unit>工作日|日|天|月|年)(?:以|之)?内(?!,?(?:有效|不|无|未|没))"
)
_TERM_BEFORE = re.compile(r"之日|日起|应|须|必须|请|收到|限|公告|公布|送达|后$|于$")
_PERIODS = {"工作日": "D", "日": "D", "天": "D", "月": "M", "年": "Y"}


def dates(text: str, plain: str, on: date | None) -> Iterator[Mention]:
    """Dates and deadlines with a day, month or year, in text order."""
    for found in resolved(plain, pieces(plain), on):
        role = _role(plain, found, on)
        kind = MentionKind.DEADLINE if role == "deadline" else MentionKind.DATE
        start, end = found.piece.start, found.end
        yield Mention(kind, text[start:end], start, end, found.value, None, role)


def terms(text: str, plain: str) -> Iterator[Mention]:
    """Deadlines that run from an event: 自收到之日起30日内 P30D, 5个工作日内 P5D in 工作日, 三个月内 P3M."""
    for found in _TERM.finditer(plain):
        start, end = found.span()
        before = re.split(r"[。;!?\n]", plain[max(0, start - 30) : start])[-1]
        number = int(found["n"]) if found["n"].isdigit() else int(written(found["n"]) or 0)
        if number == 0 or _TERM_BEFORE.search(before) is None or (found["unit"] == "月" and "个" not in found[0]):
            continue
        unit = "工作日" if found["unit"] == "工作日" else None
        value = f"P{number}{_PERIODS[found['unit']]}"
        yield Mention(MentionKind.DEADLINE, text[start:end], start, end, value, unit, "deadline")


def _role(plain: str, found: Resolved, on: date | None) -> str | None:
    start, end = found.piece.start, found.end
    before = re.split(r"[。;!?\n]", plain[max(0, start - 20) : start])[-1]
    if _EXPIRES.search(before) or (found.is_range and before.rstrip("自从为:是").endswith(("有效期", "有效期限"))):
        return "expires"
    if _EFFECTIVE_BEFORE.search(before) or (_FROM.search(before) and _EFFECTIVE.match(plain, end)):
        return "effective"
    if _is_deadline(plain, found, before, on):
        return "deadline"
    if _AS_OF.search(before):
        called = _CALL.search(_AS_OF.sub("", before))
        return "deadline" if called and not found.is_range else "as_of"
    return None


def _is_deadline(plain: str, found: Resolved, before: str, on: date | None) -> bool:
    if _BEFORE.match(plain, found.end):
        return _is_ahead(found, before, on)
    if found.is_range:
        return False
    return _CLOSING.search(before) is not None or _UNTIL.match(plain, found.end) is not None


def _is_ahead(found: Resolved, before: str, on: date | None) -> bool:
    """Whether 前 after a date asks for something by then: it lies ahead, or its clause says 应, 须, 于…前.

    A past date before which something was is no deadline (1月5日前出生的), nor is a past year (2017年以前).
    """
    if _FORECAST.search(before):
        return False
    if on and found.last and found.last >= on:
        return True
    asked = _MODAL.search(_CLAUSE.split(before)[-1]) is not None
    return asked and not (found.coarse and bool(on))
