"""What an event does to an article: each gives the article as it stands afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from random import Random

import opencc

from bench.paper import words
from bench.paper.model import Article, Kind
from bench.paper.writing import attachment, filler, name

_WIDE = str.maketrans("0123456789%", "０１２３４５６７８９％")
_NARROW = str.maketrans("，：（）", ",:()")
_LOOK_ALIKES = {
    "的": "地",
    "工": "土",
    "己": "已",
    "未": "末",
    "人": "入",
    "日": "曰",
    "大": "太",
    "市": "巿",
    "目": "日",
}


def edited(article: Article, kind: Kind, chance: Random) -> Article:
    """The article after an edit. Raises KeyError for a kind that is none of an article's text."""
    return _DO[kind](article, chance)


def _swap(article: Article, before: str, after: str) -> Article:
    paragraphs = tuple(line.replace(before, after) for line in article.paragraphs)
    assert paragraphs != article.paragraphs, before
    return replace(article, paragraphs=paragraphs)


def _amount(article: Article, chance: Random) -> Article:
    before = article.facts.amount
    after = before.replace("万元", "亿元") if "万元" in before else before.replace("亿元", "万元")
    return _swap(article, before, after)


def _date(article: Article, chance: Random) -> Article:
    day = article.facts.deadline
    start, _, last = day.rpartition("月")
    return _swap(article, day, f"{start}月{int(last[:-1]) % 27 + 1}日")


def _number(article: Article, chance: Random) -> Article:
    return _swap(article, article.facts.number, article.facts.number.replace("号", "1号"))


def _person(article: Article, chance: Random) -> Article:
    others = (found for found in iter(lambda: name(chance), "") if found != article.facts.person)
    return _swap(article, article.facts.person + "出席", next(others) + "出席")


def _agency(article: Article, chance: Random) -> Article:
    others = [office for office in words.OFFICES if not article.facts.agency.endswith(office)]
    return _swap(article, article.facts.agency, article.facts.agency.partition("市")[0] + "市" + chance.choice(others))


def _obligation(article: Article, chance: Random) -> Article:
    duty, deadline = article.facts.duty, article.facts.deadline
    return _swap(article, f"{duty}在{deadline}", f"{words.SOFTER[duty]}在{deadline}")


def _title(article: Article, chance: Random) -> Article:
    return replace(article, title=article.title.replace("次工作", "次工作安排"))


def _added(article: Article, chance: Random) -> Article:
    at = chance.randint(2, len(article.paragraphs) - 2)
    return replace(article, paragraphs=(*article.paragraphs[:at], filler(chance), *article.paragraphs[at:]))


def _removed(article: Article, chance: Random) -> Article:
    return replace(article, paragraphs=(*article.paragraphs[:4], *article.paragraphs[5:]))


def _typo(article: Article, chance: Random) -> Article:
    """One character, for one that looks or sounds like it."""
    places = [
        (at, place)
        for at, line in enumerate(article.paragraphs[:-1])
        for place, sign in enumerate(line)
        if sign in _LOOK_ALIKES
    ]
    at, place = chance.choice(places)
    lines = list(article.paragraphs)
    lines[at] = f"{lines[at][:place]}{_LOOK_ALIKES[lines[at][place]]}{lines[at][place + 1 :]}"
    return replace(article, paragraphs=tuple(lines))


def _attachment(article: Article, chance: Random) -> Article:
    first, *others = article.files
    body = first.body.replace(b"/Title (", b"/Title (revised ")
    return replace(article, files=(replace(first, body=body), *others))


def _attachment_added(article: Article, chance: Random) -> Article:
    number = int(article.image.rpartition("/")[2].removesuffix(".png"))
    return replace(article, files=(*article.files, attachment(chance, "/files/", number, len(article.files) + 1)))


def _republished(article: Article, chance: Random) -> Article:
    return replace(article, published=article.published + timedelta(days=3))


def _written(article: Article, change: Callable[[str], str], *, title: bool = False) -> Article:
    """Another way of writing the same text."""
    shown = change(article.title) if title else article.title
    return replace(article, title=shown, paragraphs=tuple(change(line) for line in article.paragraphs))


def _width(article: Article, chance: Random) -> Article:
    return _written(article, lambda line: line.translate(_WIDE))


def _punctuation(article: Article, chance: Random) -> Article:
    return _written(article, lambda line: line.translate(_NARROW))


def _spacing(article: Article, chance: Random) -> Article:
    return _written(article, lambda line: line.replace("，", "， ").replace("同比", " 同比 "))


def _script(article: Article, chance: Random) -> Article:
    changed = _written(article, _traditional().convert, title=True)
    return replace(changed, source=_traditional().convert(article.source))


@lru_cache(maxsize=1)
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


_DO: dict[Kind, Callable[[Article, Random], Article]] = {
    Kind.AMOUNT: _amount,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.PERSON: _person,
    Kind.AGENCY: _agency,
    Kind.OBLIGATION: _obligation,
    Kind.TITLE: _title,
    Kind.ADDED: _added,
    Kind.REMOVED_PARAGRAPH: _removed,
    Kind.TYPO: _typo,
    Kind.ATTACHMENT: _attachment,
    Kind.ATTACHMENT_ADDED: _attachment_added,
    Kind.REPUBLISHED: _republished,
    Kind.WIDTH: _width,
    Kind.PUNCTUATION: _punctuation,
    Kind.SPACING: _spacing,
    Kind.SCRIPT: _script,
}
