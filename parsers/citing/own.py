"""Which number is an article's own: its metadata table, its title, the line under it, or what stands at its end."""

import re
from collections.abc import Iterator, Sequence

from domain.article import Article
from domain.citation import DocumentNumber, Relation
from parsers import numbers, offices
from parsers.citing import numbering
from parsers.citing.heading import Heading
from parsers.plain import plain as as_plain

_HEAD, _TAIL, _LONGEST = 8, 8, 70
_LABEL = re.compile(r"^[\s（(【〔]*(?:(?:发文字号|文\s?号|编\s?号|字\s?号)\s*[:：]?)?\s*$")
_AFTER = re.compile(r"^[\s）)】〕]*(?:签发人.*)?$")
_MASTHEAD = re.compile(r"^[\s（(]*(?P<office>[\u4e00-\u9fff 、]{2,40}?)\s*(?:文\s?件|公\s?告|通\s?告|令|函)?\s*$")
_BARE = re.compile(r"^[（(〔【\s]*(?:(?:19|20)\d\d\s*年\s*)?第\s*\d{1,5}\s*号[）)〕】\s]*$")
_SENTENCE = re.compile(r"[。；;]")
_BROUGHT = re.compile(r"^\s*(?:公布|发布|颁布)")
_NEVER = frozenset((Relation.INTERPRETS,))
_OPENS = re.compile(r"^[\s:：]*(?:关于|《|$|公布|[\u4e00-\u9fff]{2,30}(?:办法|规定|条例|决定|公告|通知)$)")

Own = tuple[DocumentNumber, float]


def own(article: Article, heading: Heading) -> tuple[Own, ...]:
    """The numbers of the document that an article is, each with how sure that is; none where it is no document."""
    if heading.relation in _NEVER:
        return ()
    lines = [line for block in article.body for line in block.text.splitlines() if line.strip()]
    found: dict[str, Own] = {}
    for number, sure in (
        *_stated(article),
        *_in_title(article, heading),
        *_standing(article, (article.kicker or "", article.subtitle or "", *_head(lines)), 0.9),
        *(_promulgated(lines) if heading.relation is None else ()),
        *(_standing(article, _tail(lines), 0.7) if article.signature or article.agency else ()),
    ):
        found.setdefault(number.key, (number, sure))
    return tuple(found.values())[:3]


def stated(article: Article) -> tuple[DocumentNumber, ...]:
    """What the page's metadata table, or its site's own fields, give as the document's number."""
    return tuple(number for number, _ in _stated(article))


def _stated(article: Article) -> Iterator[Own]:
    """A reader puts what the page states before what its text names: what the text does not have was stated."""
    named = numbers.document_numbers(f"{article.title or ''}\n{article.text}")
    first = article.document_numbers[: max(0, len(article.document_numbers) - len(named)) or 1]
    for text in first:
        if text not in named or (named and named[0] != article.document_numbers[0] and text == first[0]):
            number = numbering.completed(text, _office(article), numbering.kind_of(article.title or ""))
            if number:
                yield number, 0.95


def _office(article: Article) -> str | None:
    named = numbering.office_of(article.title or "") or article.agency
    if named and all(map(offices.is_agency, named.split("、"))):
        return named
    signed = article.signature.agencies if article.signature else ()
    above = (numbering.office_of(block.text) for block in article.body[:3] if len(block.text) < _LONGEST)
    return "、".join(signed) or next(filter(None, above), None)


def _in_title(article: Article, heading: Heading) -> Iterator[Own]:
    """商务部公告2020年第61号 关于…, …的通知（云政办发〔2017〕58号): at its beginning or its end."""
    title = as_plain(article.title or "")
    located = numbers.located(title)
    for begin, end, text in located:
        number = numbering.completed(text, _office(article), None)
        opens = not _outer(title[:begin]) and _OPENS.match(title[end:].lstrip("）) ")) is not None
        closes = begin > 0 and title[begin - 1] in "（( " and not title[end:].strip("）) 】")
        if number and (opens or closes) and not (heading.relation and opens and not closes and begin > 0):
            yield number, 0.9


def _promulgated(lines: Sequence[str]) -> Iterator[Own]:
    """（2019年1月1日云川市人民政府令第12号公布）, the note under a rule: the first of its numbers brought it."""
    for line in lines[:4]:
        plain = as_plain(line).lstrip()
        located = numbers.located(plain[:200]) if plain.startswith(("（", "(")) else ()
        if located and _BROUGHT.match(plain[located[0][1] :]) and (number := DocumentNumber.of(located[0][2])):
            yield number, 0.8


def _outer(text: str) -> str:
    """What stands before a number in a title, without the office's full name and brackets."""
    bare = text.strip(" （(【")
    return "" if not bare or offices.is_agency(bare.removesuffix("文件").strip()) else bare


def _head(lines: Sequence[str]) -> Iterator[str]:
    """The lines before the first sentence."""
    for line in lines[:_HEAD]:
        if len(line) > _LONGEST or (_SENTENCE.search(line) and not _BARE.match(line)):
            return
        yield line


def _tail(lines: Sequence[str]) -> Iterator[str]:
    return (line for line in lines[-_TAIL:] if len(line) <= _LONGEST and len(lines) > _HEAD)


def _standing(article: Article, lines: Sequence[str] | Iterator[str], sure: float) -> Iterator[Own]:
    """The number of a line that holds nothing else but a masthead: 云川省人民政府文件 云政发〔2017〕58号."""
    for line in lines:
        plain = as_plain(line)
        if _BARE.match(plain) and sure > 0.8:
            kind = numbering.kind_of(article.title or "") or _kind_above(article)
            number = numbering.completed("".join(plain.split()).strip("（）()〔〕【】"), _office(article), kind)
            if number and kind:
                yield number, sure - 0.1
        for begin, end, text in numbers.located(plain):
            alone = _LABEL.match(plain[:begin]) or _MASTHEAD.match(plain[:begin])
            number = numbering.completed(text, _office(article), None)
            if number and alone and _AFTER.match(plain[end:]) and _is_masthead(plain[:begin]):
                yield number, sure
                break


def _kind_above(article: Article) -> str | None:
    return next(
        (kind for block in article.body[:3] if len(block.text) < 40 and (kind := numbering.kind_of(block.text))), None
    )


def _is_masthead(before: str) -> bool:
    bare = "".join(before.split()).strip("（(【")
    return bool(_LABEL.match(before)) or offices.is_agency(re.sub(r"(?:文件|公告|通告|令|函)$", "", bare))
