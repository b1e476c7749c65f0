"""Counters and ages: what a page says of its readers (浏览次数：12, 已有12人浏览, 1.2万阅读) or of its age by the clock
(3小时前). They move by themselves and are no part of an article, nor of a name that stands before them.

Texts are given as parsers.plain has them. Wordings as seen on pages of Hanweb, TRS, DedeCMS, PHPCMS, WordPress and on
news sites.
"""

import re
from functools import lru_cache

_DONE = r"浏\s*览|阅\s*读|点\s*击|点阅|访\s*问|查看|观看|收看|播放|围观|评论|点赞|收藏|转发|分享|跟[帖贴]|回复"
_NUMBER = r"\d[\d,，.]*\s*(?:[万亿kw]\+?|\+)?"
_SUBJECT = r"(?:本文|本页面?|本站|本篇|此文|该文|文章|页面|网页|新闻|信息|稿件|总|累计|今日|共|已经|已|被)*"
_AMOUNT = r"次\s*数|人数|人次|总数|总量|率|量|数"
_SOMEBODY = r"(?:人次|次|人|条|个|位|名)?(?:网友|读者|用户)?(?:已经|已|在|正在|曾|参与)*"
_READ = r"(?:page\s*)?(?:views?|hits?|reads?|clicks?|visits?|pv)"
_COUNTERS = (
    rf"{_SUBJECT}(?:(?:{_DONE})(?:了|过)?\s*(?:{_AMOUNT})?|人气|热度)\s*[:：]?\s*[\[(（【]?\s*{_NUMBER}\s*(?:人次|次|人|条|个|℃|°)?\s*[\])）】]?",
    rf"{_SUBJECT}有?{_NUMBER}\s*{_SOMEBODY}\s*(?:{_DONE})(?:了|过|量|数)?(?:本文|此文|评论)?",
    rf"(?<![a-z]){_READ}\s*[:：]?\s*{_NUMBER}|{_NUMBER}\s*{_READ}(?![a-z])",
    r"(?:全文)?约?\d+字|(?:预计)?阅读(?:本文)?(?:时间|时长)?\s*[:：]?\s*(?:大?约|需要?)*\s*\d+\s*分钟",
    r"(?:\d+|[一二三四五六七八九十]+)\s*(?:秒钟?|分钟|个?小时|天|周|个月|年)前|刚刚",
)
_COUNTER = re.compile("|".join(_COUNTERS), re.IGNORECASE)
_ONLY = re.compile(rf"[\s|｜/·,，。\[\]()（）]*(?:(?:{'|'.join(_COUNTERS)})[\s|｜/·,，。\[\]()（）]*)+", re.IGNORECASE)
_NEAR = 200
_NUMBER_ALONE = re.compile(r"[1-9]\d{0,7}|0|\d{1,4}(?:\.\d)?[万kw]\+?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_counter(text: str) -> bool:
    """True for a line of nothing but counters and ages."""
    return len(text) <= 60 and _ONLY.fullmatch(text) is not None


def is_number_alone(text: str) -> bool:
    """True for a number and nothing else: a counter whose word is a picture. Only beside what is known to be none
    of the article's is it one: a heading may be a number too."""
    return _NUMBER_ALONE.fullmatch(text.strip()) is not None


def begin(text: str, start: int = 0) -> int:
    """Where the first counter in the 200 characters behind `start` begins; the text's length where there is none."""
    near = text[start : start + _NEAR]
    found = _COUNTER.search(near) if any(map(str.isdigit, near)) else None
    return start + found.start() if found else len(text)
