"""Amounts and percentages: 1.2亿元, 三千二百万元, 5000余万元, 5至8亿元, 12.5%, 百分之五, 2.3个百分点.

A value is in the base unit: 万 and 亿 are multiplied out. Every repetition is bounded and begins where no number
is being read, so that time stays linear whatever the text.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from domain.mention import Mention, MentionKind
from parsers.mentions.numerals import FORMAL, HANZI, arabic, scale, shown, written
from parsers.mentions.units import pattern, units

_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,5}(?![\d,])|\d{1,15}+(?!,\d{3}))(?:\.\d{1,8}+)?(?![\d.])"
_SCALE = r"(?:[十百千](?![克瓦米]))?[万亿]{0,2}"
_ARABIC = (
    r"(?<![\dA-Za-z.第前_/])(?P<minus>(?<![\dA-Za-z%元年月日号\-])-)?(?<!\d-)"
    rf"(?P<low>{_DIGITS})(?: ?(?P<vague1>[多余])?(?P<scale1>{_SCALE}))"
    rf"(?: ?(?:-|至|到) ?(?P<high>{_DIGITS}))?"
)
_WRITTEN = (
    rf"(?<![{HANZI}第前数几上成\d点初])(?P<hanzi>(?:[一二两三四五六七八九][{HANZI}]{{0,20}}+|十[{HANZI}]{{0,20}}+|[百千](?=[多余]))"
    rf"(?:点[零一二三四五六七八九]{{1,8}}[百千万亿]{{0,2}}+)?)"
)
_FORMAL = rf"(?<![{FORMAL}])(?P<formal>[壹贰叁肆伍陆柒捌玖拾][{FORMAL}]{{1,20}}+)(?=[元圆])"
_PERCENT = re.compile(
    rf"{_ARABIC} ?(?P<sign>%(?![0-9A-Fa-f]{{2}})|‰|个?百分点)"
    rf"|(?<![十几])(?P<of>[百千万])分之(?P<part>[{HANZI}]{{1,8}}+(?:点[零一二三四五六七八九]{{1,6}}+)?|\d{{1,4}}(?:\.\d{{1,4}})?)"
    rf"|(?<![{HANZI}几])(?P<points>[{HANZI}]{{1,6}}+(?:点[零一二三四五六七八九]{{1,4}}+)?)个百分点"
)
_SIGN = re.compile(
    rf"(?:(?<=\d)|(?<=\d ))[%‰]|(?:(?<=[\d个{HANZI}])|(?<=\d )|(?<=\d 个))百分点|[百千万]分之(?=[\d{HANZI}])"
)
_REACH = 48
_OF = {"百": "%", "千": "‰", "万": "‱"}
_APPROXIMATE = ("约", "大约", "近", "将近", "接近", "大概")
_NOT_APPROXIMATE = tuple("节合预签违履相公契条特邀订附最靠临邻立租")
_AT_LEAST = (
    "不少于", "不低于", "不小于", "不短于", "至少", "最少", "最低", "超", "超过", "逾", "突破", "高于", "多于",
    "大于", "超出", "≥", "不低于人民币", "不少于人民币", "超过了", "突破了",
)  # fmt: skip
_AT_MOST = (
    "不超过", "不高于", "不多于", "不大于", "最多", "至多", "低于", "少于", "小于", "不足", "未满", "不满", "≤", "不超",
    "不超过人民币",
)  # fmt: skip
_AFTER = (
    (re.compile(r"(?:及|\(含\)|含)?以上"), "at_least"),
    (re.compile(r"(?:及|\(含\)|含)?(?:以下|以内|之内)"), "at_most"),
    (re.compile(r"左右|上下|多(?!少)"), "approximate"),
)


def amounts(text: str, plain: str) -> Iterator[Mention]:
    """Amounts with a unit of units.txt, in text order."""
    for found in _amount().finditer(plain):
        unit = units()[found["unit"]]
        number = _number(found, unit.kind)
        if number is None:
            continue
        role = _role(plain, found)
        start, end = found.start(), found.end()
        yield Mention(MentionKind.AMOUNT, text[start:end], start, end, number, unit.name, role)


def percentages(text: str, plain: str) -> Iterator[Mention]:
    """Percentages (%), per mille (‰) and percentage points (百分点), in text order. 百分之百 is a way of speaking."""
    for found in _near_signs(plain):
        value, unit = _share(found)
        if value is None:
            continue
        start, end = found.start(), found.end()
        yield Mention(MentionKind.PERCENT, text[start:end], start, end, value, unit, _role(plain, found))


def _near_signs(plain: str) -> Iterator[re.Match[str]]:
    """Looks only where a sign is: most of a text has none."""
    at = 0
    for sign in _SIGN.finditer(plain):
        reach = sign.end() + _REACH
        while sign.end() > at and (found := _PERCENT.search(plain, max(at, sign.start() - _REACH), reach)):
            at = found.end()
            yield found


@lru_cache(maxsize=1)
def _amount() -> re.Pattern[str]:
    middle = rf" ?(?P<vague2>[多余])?(?P<scale2>{_SCALE})(?P<vague3>[多余])? ?(?P<unit>{pattern()})"
    return re.compile(rf"(?:{_ARABIC}|{_FORMAL}|{_WRITTEN}){middle}")


def _number(found: re.Match[str], kind: str) -> str | None:
    if found["hanzi"] or found["formal"]:
        return _hanzi(found, kind)
    low = arabic(found["low"])
    if found["high"] is None:
        if low == 0 and kind != "measure":
            return None
        value = low * scale(found["scale1"]) * scale(found["scale2"])
        return shown(-value if found["minus"] else value)
    high = arabic(found["high"]) * scale(found["scale2"])
    low *= scale(found["scale1"] or found["scale2"])
    return f"{shown(low)}/{shown(high)}" if low < high else None


def _hanzi(found: re.Match[str], kind: str) -> str | None:
    digits = found["hanzi"] or found["formal"]
    number = Decimal(scale(digits)) if digits in ("百", "千") else written(digits)
    lone = len(digits) == 1 and not found["scale2"]
    if number is None or (lone and not _counts(found, digits, kind)):
        return None
    return shown(number * scale(found["scale2"]))


def _counts(found: re.Match[str], digit: str, kind: str) -> bool:
    """Whether one hanzi before a unit counts: 三人 does; 一家, 两个 and 二元 (二元结构) do not."""
    if found["vague2"] or found["vague3"]:
        return kind != "things"
    after = found.string[found.end() : found.end() + 1]
    if kind == "money":
        return not "\u4e00" <= after <= "\u9fff" or after in "钱的左以至到起每和降涨增调提"
    return digit != "一" and (kind == "people" or (kind == "measure" and found["unit"] != "克"))


def _share(found: re.Match[str]) -> tuple[str | None, str]:
    if found["sign"]:
        unit = "百分点" if found["sign"].endswith("点") else found["sign"]
        low = arabic(found["low"])
        if found["scale1"] or found["vague1"]:
            return None, unit
        if found["high"]:
            return f"{shown(low)}/{found['high']}", unit
        return shown(-low if found["minus"] else low), unit
    if found["points"]:
        number = written(found["points"])
        return (shown(number) if number else None), "百分点"
    part = found["part"]
    number = arabic(part) if part[0].isdigit() else written(part)
    return (None if number is None or part == "百" else shown(number)), _OF[found["of"]]


def _role(plain: str, found: re.Match[str]) -> str | None:
    """What the words touching a number say of it."""
    start, end = found.start(), found.end()
    named = found.groupdict()
    if any(named.get(name) for name in ("vague1", "vague2", "vague3")):
        return "approximate"
    before = plain[max(0, start - 8) : start].rstrip(" 为达了")
    # The longest words first: 不超过 is no 超过, 不低于 no 低于.
    hits = [(len(word), role) for words, role in _BEFORE for word in words if before.endswith(word)]
    if hits:
        length, role = max(hits)
        if not (role == "approximate" and before[:-length].endswith(_NOT_APPROXIMATE)):
            return role
    return next((role for rule, role in _AFTER if rule.match(plain, end)), None)


_BEFORE = ((_APPROXIMATE, "approximate"), (_AT_LEAST, "at_least"), (_AT_MOST, "at_most"))
