"""Where a text names documents: by number, by 《title》, or by both at once."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.citation import DocumentNumber
from parsers import numbers
from parsers.plain import plain as as_plain

_TITLE = re.compile(r"《(?P<name>(?:[^《》\n]|《[^《》\n]{1,80}》){2,150})》")
_KINDS = (
    "办法|规定|条例|通知|意见|方案|规划|决定|细则|法|公告|通告|目录|纲要|计划|措施|批复|制度|规则|要点|清单|导则|规程|章程|指南"
    "|指引|指导目录|决议|命令|通报|纪要|政策|若干|举措|预案|行动|标准|准则|解释|要求|协定|公约"
)
_DOCUMENT = re.compile(rf"(?:{_KINDS})(?:[（(〔\[〈][^》]{{1,30}}[）)〕\]〉]|草案|征求意见稿|试行|修正案|实施细则)*$")
# A standard, a licence, a tender, a case: numbers of another kind.
_STANDARD = re.compile(r"^[（(]?\s*(?:GB|DB|JJ[FG]|HJ|NY|SB|QX|YY|T|Q)\s*[/ \d]")
_STANDARD_BEFORE = re.compile(r"[A-Z]{2,4}(?:/[TZ])?\s*[\d.]+\s*[-—–:]\s*(?:19|20)?\d\d\s*[）)]?\s*$")
_OTHER = re.compile(
    r"(?:招标|投标|项目|采购|合同|许可证?|资质证?书?|证书|资格证?|备案|案件|案|登记证?|股票|证券|电话|工单|快递|订单|标准|产品|注册证?"
    r"|专利|宗地|地块|出让|准考证|信访件|举报件|转办件)(?:的)?(?:编?号码?|代码|证号|编码|[:：])\s*(?:为|是)?\s*[:：]?\s*[（(]?$"
)
_OTHER_CODE = re.compile(r"(?:网文|药监械|械备|械准|械注准|[刑民行执破](?:初|终|再|申|监|辖)字?)$")
_ALIAS = re.compile(r"(?:以下|下)?(?:统?简|合)称(?:为)?[:：]?\s*[“\"「]?$")
_PAIRED = re.compile(r"^\s*[（(【〔\[［]?\s*(?:(?:文号|发文字号)[:：]?)?\s*$")
_ABOVE = re.compile(r"^[）)】〕]?\s*(?:文件?)?[，,]?\s*$")
_SHORTEST = 5
# How far from a document the words that say what is done to it may be, in characters.
_SIDE = 300
_LONGEST_JOIN = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """A document where a text names it: [begin, end), with the bracket that a number stands in."""

    begin: int
    end: int
    title: str | None
    number: DocumentNumber | None


def mentions(line: str) -> list[Mention]:
    """The documents that a line names, in order; a title and the number beside it are one. Linear."""
    titles = [
        Mention(*found.span(), found["name"], None) for found in _TITLE.finditer(line) if _is_document(line, found)
    ]
    free = [item for item in _numbers(line) if not _within(item, titles)]
    ordered = sorted((*titles, *free), key=lambda item: item.begin)
    found: list[Mention] = []
    for item in ordered:
        paired = _paired(line, found[-1], item) if found else None
        if paired:
            found[-1] = paired
        else:
            found.append(item)
    return found


def _within(number: Mention, titles: Sequence[Mention]) -> bool:
    """True for a number that is a part of a title: 《关于转发云政发〔2017〕58号文件的通知》."""
    place = bisect_right(titles, number.begin, key=lambda item: item.begin) - 1
    return place >= 0 and number.begin < titles[place].end


def _paired(line: str, one: Mention, other: Mention) -> Mention | None:
    """《X》（number） or number《X》 as one; None where they are two."""
    between = line[one.end : other.begin]
    if one.number is None and one.title and other.title is None and _PAIRED.match(between):
        return Mention(one.begin, _closed(line, other.end), one.title, other.number)
    if one.title is None and other.title and other.number is None and _ABOVE.match(between):
        return Mention(one.begin, other.end, other.title, one.number)
    return None


def _numbers(line: str) -> Iterator[Mention]:
    last = (0, 0)
    for begin, end, text in numbers.located(line):
        number = DocumentNumber.of(text)
        twice = begin < last[1] and (begin, end) != last  # 第162号令 within 〔2007〕第162号令
        if number is None or not number.named or twice:
            continue
        last = (begin, end)
        if not _OTHER_CODE.search(number.issuer) and not _OTHER.search(line[max(0, begin - 20) : begin]):
            yield Mention(begin, end, None, number)


def _closed(line: str, end: int) -> int:
    return end + (line[end : end + 1] in tuple("）)】〕]］"))


def _is_document(line: str, found: re.Match[str]) -> bool:
    """A title of a rule, a plan, a notice: no book, no newspaper, no standard, no alias (以下简称《办法》)."""
    name = as_plain(found["name"])
    before, after = line[max(0, found.start() - 24) : found.start()], line[found.end() : found.end() + 8]
    if _ALIAS.search(before) or _STANDARD.match(after) or _STANDARD_BEFORE.search(before):
        return False
    return len(name) >= _SHORTEST and (_DOCUMENT.search(name) is not None or "关于" in name)


_JOIN = re.compile(r"^(?:[\s、；;/]|[和与及]|以及|[（(）)]|等?(?:文件|文)|原|\d{1,2}[.．、]|[“”\"])*$")


@dataclass(frozen=True, slots=True)
class Group:
    """Documents named in one breath, with the words before and after them in their sentence."""

    mentions: tuple[Mention, ...]
    before: str
    after: str
    sentence: str


_ENDS = re.compile(r"[。！？!?\n]")


def groups(line: str) -> Iterator[Group]:
    """The documents of a line, those joined by 、 and 和 together, each group with its sentence's words."""
    found = mentions(line)
    held = _joined(line, found)
    stops = _stops(line, found) if found else []
    for number, group in enumerate(held):
        begin, end = _sentence(line, group, stops)
        left = max(begin, held[number - 1][-1].end if number else 0)
        right = min(end, held[number + 1][0].begin if number + 1 < len(held) else end)
        said = line[max(begin, group[0].begin - _SIDE) : min(end, group[-1].end + _SIDE, group[0].begin + 4 * _SIDE)]
        yield Group(
            tuple(group),
            line[max(left, group[0].begin - _SIDE) : group[0].begin],
            line[group[-1].end : right][:_SIDE],
            said.strip(),
        )


def _joined(line: str, found: Sequence[Mention]) -> list[list[Mention]]:
    held: list[list[Mention]] = []
    for mention in found:
        if held and _JOIN.match(line[held[-1][-1].end : mention.begin][:_LONGEST_JOIN]):
            held[-1].append(mention)
        else:
            held.append([mention])
    return held


def _stops(line: str, found: Sequence[Mention]) -> list[int]:
    """Where the sentences of a line end; a stop within a title is none."""
    stops = (stop.end() for stop in _ENDS.finditer(line))
    return [stop for stop in stops if not _within(Mention(stop - 1, stop, None, None), found)]


def _sentence(line: str, group: Sequence[Mention], stops: Sequence[int]) -> tuple[int, int]:
    """Where the sentence of a group begins and ends."""
    before, after = bisect_right(stops, group[0].begin), bisect_left(stops, group[-1].end)
    return stops[before - 1] if before else 0, stops[after] if after < len(stops) else len(line)
