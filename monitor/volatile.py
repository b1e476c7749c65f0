"""What moves by itself in a page that was read well: counters, clocks, rotating lists. It never makes a version.

Some of it is known by its words on any site, the rest is learned from pages fetched twice in a row (see
monitor.learning) and can be overruled in the site's file (Site.masks).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.article import Article, Block
from domain.mask import MaskRule
from domain.site import Masks

_COUNT = r"\d[\d,.]*\s*[万千亿wWkK]?\+?\s*(?:次|人次|人|条|个|遍)?"
_COUNTED = (
    r"(?:总|累计|本文|文章|页面|被|已有|共有)?"
    r"(?:浏览|阅读|点击|访问|查看|围观|点赞|评论|收藏|转发|分享|下载|人气|热度|阅)(?:次数|量|数|人数|人次|总数|热度)?"
)
# Whole blocks that are counters, clocks or visits on any site.
_KNOWN = re.compile(
    rf"[\[(（【]?(?:{_COUNTED}\s*[:：]?\s*{_COUNT}|(?:已有|共有|共)?\s*{_COUNT}\s*(?:已|参与)?(?:{_COUNTED}|关注|参与))[\])）】]?"
    rf"|(?:您是|你是)?(?:本站|本页|本网站)?第\s*{_COUNT}\s*位?(?:访问者|访客|读者|来访者)"
    r"|(?:今天|现在|当前|北京时间|系统时间)(?:是|时间)?\s*[:：]?\s*\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?.{0,24}"
    r"|\d+\s*(?:秒|分钟|小时|天)(?:之)?前(?:更新|发布)?",
    re.IGNORECASE,
)
# The same at the end of a block that says something else before.
_TRAILING = re.compile(rf"\s*[\[(（【]\s*{_COUNTED}\s*[:：]?\s*{_COUNT}\s*[\])）】]\s*$", re.IGNORECASE)
_LONGEST = 60
_SILENT = Masks()
_DIGITS = re.compile(r"\d+(?:[,.:：/-]\d+)*")


def shape(text: str) -> str:
    """A text with any run of digits as `#`: 浏览1,024次 and 浏览9次 have one shape."""
    return _DIGITS.sub("#", " ".join(text.split()))


@dataclass(frozen=True)
class Mask:
    """What is volatile on a site: rules learned, and what its operator says."""

    rules: tuple[MaskRule, ...] = ()
    said: Masks = _SILENT

    def hides(self, text: str) -> bool:
        """True where a block of this text is none of the article."""
        if any(_compiled(pattern).search(text) for pattern in self.said.never):
            return False
        known = len(text) <= _LONGEST and _KNOWN.fullmatch(text.strip()) is not None
        return known or shape(text) in self._shapes or any(_compiled(it).search(text) for it in self.said.always)

    def fields(self, urlkey: str) -> frozenset[str]:
        """The fields of a page that say nothing."""
        return frozenset(rule.value for rule in self.rules if rule.kind == "field" and rule.urlkey == urlkey)

    @property
    def _shapes(self) -> frozenset[str]:
        return _values(self.rules, "shape")

    @property
    def openers(self) -> frozenset[str]:
        """The texts of blocks after which whatever stands is volatile."""
        return _values(self.rules, "after")


@lru_cache(maxsize=64)
def _values(rules: tuple[MaskRule, ...], kind: str) -> frozenset[str]:
    return frozenset(rule.value for rule in rules if rule.kind == kind)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def steady(article: Article, mask: Mask, urlkey: str = "") -> Article:
    """The article without its volatile parts: what two captures must differ in to be two versions."""
    blocks = tuple(_counted_off(_outside(article.body, mask.openers), mask))
    silent = mask.fields(urlkey)
    if blocks == article.body and not silent:
        return article
    empty: dict[str, object] = {name: type(article).model_fields[name].get_default() for name in silent}
    return article.model_copy(update={"body": blocks} | empty)


def _outside(blocks: Sequence[Block], openers: frozenset[str]) -> Iterator[Block]:
    """Without what follows an opener up to the next heading, or to the end."""
    hidden = False
    for block in blocks:
        hidden = hidden and block.kind != "heading"
        if not hidden:
            yield block
        hidden = hidden or block.text.strip() in openers


def _counted_off(blocks: Iterable[Block], mask: Mask) -> Iterator[Block]:
    for block in blocks:
        if block.text and mask.hides(block.text):
            continue
        bare = _TRAILING.sub("", block.text)
        yield block if bare == block.text else block.model_copy(update={"text": bare})


def mask_of(rules: Iterable[MaskRule]) -> Mask:
    """The mask that rules make, those of the site's file among them."""
    every = tuple(rules)
    said = {kind: tuple(rule.value for rule in every if rule.kind == kind) for kind in ("always", "never")}
    return Mask(tuple(rule for rule in every if rule.kind not in said), Masks(**said))
