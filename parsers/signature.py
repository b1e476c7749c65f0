"""What closes an official document (落款): the offices that sign and the day they give.

GB/T 9704-2012 §7.3.5: the issuing offices' names and below them the day the document was written; an
appendix, （此件公开发布） (§7.3.6) or who gets copies (抄送, §7.4.2) may follow. Under a seal (§7.3.5.1) the
names may be missing, and an order (§10.2) is signed by a person: then the day alone is given.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from domain.article import Signature
from parsers import days, offices
from parsers.plain import plain

_DAY_AT_END = re.compile(rf"{days.DAY}$")
_SEAL = re.compile(r"[（(] ?(?:公章|盖章|章|代章|印章|印) ?[）)]")
_NOTE = re.compile(r" ?[（(](?:此件|本件|联系|主动公开|依申请公开|公开|信息公开)[^（）()]{0,80}[）)]$")
_TRAILER = re.compile(
    r"^(?:[（(]|附[件表：:]|附录|附图|抄送|抄报|主送|分送|报送|印发|联系|咨询|监督|电 ?话|传 ?真|地 ?址|邮 ?编|邮 ?箱"
    r"|公开方式|公开属性|信息公开|责任编辑|编辑|校对|来源|【|\[|—|-|相关|扫一扫|[上下]一[篇条]|打印|关闭|分享|\d{1,2}[.、．])"
    r"|\.(?:docx?|xlsx?|pdf|wps|ofd|zip|rar|pptx?|ceb)\b|印发$"
)
_ENDED = re.compile(r"[。；;！!][”』」）)]?$")
_PERSON = re.compile(
    r"^代?(?:总 ?理|主 ?席|委员长|[省市县区州盟旗镇乡部局署行厅院会关] ?长|主 ?任|检察长|理事长)"
    r"[：: ]{0,2}[\u4e00-\u9fff·][\u4e00-\u9fff· ]{1,11}$"
)
_LONGEST = 90
_MOST_LINES = 40


def find(texts: Sequence[str]) -> Signature | None:
    """The signature of a document whose body's paragraphs are `texts` (tables left out); None where nothing signs.

    Of several the first: what a notice brings along follows it. Pure, never raises, linear in the text;
    of a paragraph what follows its last full stop is looked at, at most 90 characters.
    """
    lines = [line for text in texts for line in _lines(text)]
    said = False
    for place, line in enumerate(lines):
        if said and line.endswith("日") and (signed := _signed(lines, place)):
            return signed
        said = said or (len(line) >= 8 and _ENDED.search(line) is not None)
    return None


def _lines(text: str) -> Iterator[str]:
    """The lines of a paragraph, blanks single; what follows a line's last full stop as a line of its own."""
    for raw in text.splitlines():
        line = " ".join(raw[-2 * _LONGEST :].split())
        note = _NOTE.search(plain(line))
        head, stop, tail = line[: note.start() if note else None].rpartition("。")
        if stop and tail:
            yield head[-_LONGEST:] + stop
        if tail or stop:
            yield tail.strip() or head[-_LONGEST:] + stop


def _signed(lines: Sequence[str], place: int) -> Signature | None:
    line = lines[place]
    found = _DAY_AT_END.search(plain(line)) if len(line) <= _LONGEST else None
    day = days.parse(found[0]) if found else None
    if found is None or day is None:
        return None
    own = _names(line[: found.start()])
    if found.start() and not own:
        return None
    agencies = (*_above(lines, place), *own)
    if agencies:
        return Signature(agencies=agencies, on=day) if _may_follow(lines[place + 1 : place + 2]) else None
    return _unnamed(lines, place, day)


def _unnamed(lines: Sequence[str], place: int, day: date) -> Signature | None:
    """A day alone signs where it ends the text, below a full stop or the person who signs."""
    above = lines[place - 1] if place else ""
    if _PERSON.search(plain(above)) is None and _ENDED.search(above) is None:
        return None
    ends = all(_TRAILER.search(plain(line)) for line in lines[place + 1 : place + _MOST_LINES])
    return Signature(on=day) if ends else None


def _above(lines: Sequence[str], place: int) -> tuple[str, ...]:
    """The offices on the lines right above, in their order."""
    found: list[str] = []
    for line in reversed(lines[max(0, place - _MOST_LINES) : place]):
        names = _names(line)
        if not names:
            break
        found[:0] = names
    return tuple(found)


def _names(line: str) -> tuple[str, ...]:
    """The offices a line names and nothing else: 云川省商务厅 云川省财政厅, 商 务 部."""
    bare = _SEAL.sub(" ", line).strip(" ,，、")
    if not 2 <= len(bare) <= _LONGEST:
        return ()
    tokens = [token for token in re.split(r"[ 、,，]", bare) if token]
    if all(map(offices.is_agency, tokens)):
        return tuple(tokens)
    whole = "".join(tokens)
    return (whole,) if offices.is_agency(whole) and "、" not in bare and "，" not in bare else ()


def _may_follow(after: Sequence[str]) -> bool:
    """Nothing, a trailer, or the heading of what is attached; no sentence."""
    heads = all(len(line) <= 60 and not _ENDED.search(line) for line in after)
    return heads or all(_TRAILER.search(plain(line)) for line in after)
