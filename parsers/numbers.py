"""Document numbers: 鲁政办发〔2017〕58号, 商务部公告2020年第61号, 国务院令第735号.

GB/T 9704-2012 §7.2.5: the issuing office's abbreviation, the year in full in 〔〕, the running number
without 第 and without leading zeros, 号. Pages also write [2017], 【2017】, （2017）, blanks, full-width
digits; all are given back in the standard's form. §10.2 gives orders a number of their own (令号); they
and notices (公告, 通告) are given back as their offices write them: OFFICE公告YYYY年第N号, OFFICE令第N号,
Arabic numerals but for 主席令第四十五号, offices joined by 、, without the leading 中华人民共和国.

A number whose office cannot be told from the sentence around it is left out. Linear in the text's length.
"""

import re
from collections.abc import Iterator

from parsers import numerals, offices
from parsers.plain import plain as as_plain

_PAIRS = dict(zip("〔[［【〈﹝(（{〖", "〕]］】〉﹞)）}〗", strict=True))
_MORE = r"(?:号?\s{0,2}[、和及至～~]\s{0,2}第?\d{1,5}(?![\d年月日条章]))"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_COUNT = r"(?:\d{1,5}|[一二三四五六七八九十百零〇]{1,6})"
_BRACKET = re.compile(
    rf"(?P<open>[〔\[［【〈﹝(（{{〖])\s{{0,3}}{_YEAR}\s{{0,3}}年?(?P<close>[〕\]］】〉﹞)）}}〗])\s{{0,3}}(?:第\s{{0,3}})?"
    rf"(?P<first>\d{{1,15}}(?:[-—－]\d{{1,4}})?)(?P<more>{_MORE}{{0,30}})\s{{0,3}}号(?![楼院线店门室岗位桌车机井])"
)
_ORDER = re.compile(
    rf"(?P<kind>令|公告|通告)\s{{0,3}}[(（〔]?\s{{0,3}}(?:{_YEAR}\s{{0,3}}年\s{{0,3}})?第\s{{0,3}}(?P<count>{_COUNT})\s{{0,3}}号"
)
_AFTER = re.compile(
    rf"(?:{_YEAR}\s{{0,3}}年\s{{0,3}})?第\s{{0,3}}(?P<count>{_COUNT})\s{{0,3}}号\s{{0,3}}(?P<kind>令|公告|通告)(?!牌|人|第)"
)
_FRONT = re.compile(
    rf"第\s{{0,3}}(?P<count>{_COUNT})\s{{0,3}}号"
    rf"(?P<named>主席|[{offices.HANZI}]{{0,12}}?[院部委局署府厅会])(?P<kind>令)"
)
# What an abbreviation ends with: asked for where the brackets are round, as （2017）58号 may be anything.
_OFFICIAL = re.compile(r"[发函字办规令告批复电请任综政党厅局法财税环建土商号]$")
_JOINED = re.compile(r"^\s{0,2}[、和及与,，]\s{0,2}$")
_STATED = re.compile(r"[\w〔〕\[\]()（）·.／/-]{0,30}\d[\w〔〕()（）-]{0,12}号[令公告通]{0,2}")
_COUNCIL = re.compile(rf"(?<![{offices.HANZI}])国\Z")  # 国令第412号 in lists of legal grounds
_LOOK_BACK = 120
_BETWEEN = frozenset(" 、,，\n\u3000")


def document_numbers(text: str) -> tuple[str, ...]:
    """The document numbers of a text in their normal form, each once, in order of first appearance."""
    return tuple(dict.fromkeys(number for _, _, number in located(text)))


def located(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where each document number of a text begins and ends, in order, repetitions too: (begin, end, normal form).

    Several under one office (〔2017〕58、59号) share one place.
    """
    plain = as_plain(text) if "号" in text or "號" in text else ""
    found = sorted((*_bracketed(plain), *_ordered(plain)), key=lambda item: item[0])
    return tuple((_begin(plain, start, number), end, number) for start, end, numbers in found for number in numbers)


def _begin(plain: str, start: int, number: str) -> int:
    """Where the office before a bracket, or before 公告 and 令, begins: 鲁 政 办 发〔2017〕58号 with its letters."""
    at = start
    office = number.partition("〔")[0] if "〔" in number else re.split("令|公告|通告", number)[0]
    for char in reversed(office.replace("、", "")):
        while at > 0 and plain[at - 1] in _BETWEEN:
            at -= 1
        if at == 0 or plain[at - 1] != char:
            break
        at -= 1
    return at + len(plain[at:start]) - len(plain[at:start].lstrip())


def stated(text: str) -> tuple[str, ...]:
    """The numbers in the value of a field that holds nothing else (文号); one of no known form as it stands."""
    plain = " ".join(as_plain(text[:400]).split())
    known = document_numbers(plain)
    if known:
        return known
    parts = (part.replace(" ", "") for part in re.split(r"[;；，,、]", plain))
    return tuple(dict.fromkeys(part for part in parts if _STATED.fullmatch(part)))


def _bracketed(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where each stands, and its numbers: 〔2017〕58、59号 is two, 〔2018〕3号 after 、 keeps the office before."""
    end, office = 0, None
    for match in _BRACKET.finditer(text):
        between = text[max(end, match.start() - _LOOK_BACK) : match.start()]
        if office is None or not _JOINED.match(between):
            office = _office("号" * (end > 0) + between, match["open"])
        end = match.end()
        if office and _PAIRS[match["open"]] == match["close"]:
            yield match.start(), end, tuple(f"{office}〔{match['year']}〕{number}号" for number in _running(match))


def _office(before: str, bracket: str) -> str | None:
    office = offices.code(before)
    unsure = office is not None and bracket in "(（" and not _OFFICIAL.search(office)
    return None if unsure else office


def _running(match: re.Match[str]) -> Iterator[str]:
    first = match["first"].replace("—", "-").replace("－", "-")
    yield str(int(first)) if first.isdigit() and len(first) <= 5 else first
    last = int(first) if first.isdigit() else 0
    for mark, digits in re.findall(r"([、和及至～~])\s*第?(\d+)", match["more"]):
        number = int(digits)
        if mark in "至～~" and 0 < number - last <= 30:
            yield from map(str, range(last + 1, number))
        yield str(number)
        last = number


def _ordered(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for pattern in (_ORDER, _AFTER, _FRONT):
        for match in pattern.finditer(text):
            number = _order(match, text[max(0, match.start() - _LOOK_BACK) : match.start()])
            if number:
                yield match.start(), match.end(), (number,)


def _order(match: re.Match[str], before: str) -> str | None:
    """One order or notice; None where the office is needed and not there."""
    parts = match.groupdict()
    kind, year, count = parts["kind"], parts.get("year"), numerals.value(parts["count"])
    named = (offices.short(parts["named"]),) if parts.get("named") else offices.agencies(before)
    if not named and kind == "令" and _COUNCIL.search(before):
        named = ("国务院",)
    if not count or not (all(map(offices.is_agency, named)) if named else _alone(match, before)):
        return None
    years = f"{year}年" if year else ""
    if not named and kind == "令":
        return f"{years}第{count}号令"
    hanzi = named[-1:] == ("主席",) and count < 1000
    return f"{'、'.join(named)}{kind}{years}第{numerals.written(count) if hanzi else count}号"


def _alone(match: re.Match[str], before: str) -> bool:
    """公告2019年第7号 and 第58号令 stand without an office; 公告第7号 and 令第58号 do not."""
    if match["kind"] == "令":
        return match.re is _AFTER and (match["year"] is None or offices.is_led_up_to(before))
    return match["year"] is not None and offices.is_led_up_to(before)
