"""The words of messages, Chinese and English."""

import re
from dataclasses import dataclass
from typing import Literal

from domain.change import ChangeType, EditClass
from domain.health import State

Language = Literal["zh", "en", "both"]


@dataclass(frozen=True, slots=True)
class Word:
    """One thing said in both languages."""

    zh: str
    en: str

    def said(self, language: Language) -> str:
        """On one line: in both languages the Chinese first."""
        if language == "both":
            return f"{self.zh} {self.en}".strip() if self.en != self.zh else self.zh
        return self.zh if language == "zh" else self.en

    def lines(self, language: Language) -> tuple[str, ...]:
        """A sentence: in both languages a line each."""
        if language == "both" and self.en != self.zh:
            return (self.zh, self.en)
        return (self.zh if language != "en" else self.en,)


TYPES = {kind.value: Word(kind.chinese, kind.value) for kind in ChangeType} | {
    "test": Word("试", "test"),
    "health": Word("站况", "health"),
    "channel": Word("渠道", "channel"),
    "missed": Word("漏发", "missed"),
    "digest": Word("汇总", "digest"),
}
# How a digest counts them, in the order it does.
COUNTED = {
    "edited": Word("改", "edited"),
    "removed": Word("删", "removed"),
    "new": Word("新", "new"),
    "restored": Word("复", "restored"),
    "moved": Word("移", "moved"),
    "republished": Word("重发", "republished"),
    "diverged": Word("异", "diverged"),
    "health": Word("站况", "about sites' health"),
}
CLASSES = {kind.value: Word(kind.chinese, kind.value.replace("_", " ")) for kind in EditClass}
WEIGHTS = {
    5: Word("紧要", "urgent"),
    4: Word("重要", "important"),
    3: Word("留意", "notable"),
    2: Word("一般", "routine"),
    1: Word("轻微", "slight"),
}
FIELDS = {
    "title": Word("标题", "title"),
    "kicker": Word("引题", "kicker"),
    "subtitle": Word("副题", "subtitle"),
    "body": Word("正文", "body"),
    "document_numbers": Word("文号", "document numbers"),
    "published_at": Word("发布时间", "publication time"),
    "source": Word("来源", "source"),
    "authors": Word("作者", "authors"),
    "index_number": Word("索引号", "index number"),
    "agency": Word("发文机关", "issuing agency"),
    "written_on": Word("成文日期", "written on"),
    "effective_on": Word("施行日期", "effective on"),
    "expires_on": Word("失效日期", "expires on"),
    "validity": Word("效力", "validity"),
    "attachments": Word("附件", "attachments"),
    "images": Word("图片", "images"),
    "url": Word("地址", "address"),
}
HEALTH = {
    "broken": Word("故障", "broken"),
    "mended": Word("恢复", "mended"),
} | {state.value: Word(state.chinese, state.value) for state in State if state is not State.BROKEN}
# What templates call by name.
LABELS = {
    "zone": Word("北京时间", "Asia/Shanghai"),
    "silent_sites": Word(
        "以下站点没有消息不等于没有变化：", "No news from these sites does not mean that nothing happened:"
    ),
    "times_shown": Word("时间均为北京时间。", "Times are Asia/Shanghai."),
    "brand": Word("通鉴", "Tongjian"),
    "compare": Word("看对比", "compare"),
    "history": Word("看历史", "history"),
    "evidence": Word("看证据", "evidence"),
    "details": Word("详情", "details"),
    "all_changes": Word("全部变化", "all changes"),
    "original": Word("原址", "page"),
    "now_at": Word("新址", "now at"),
    "first": Word("首发", "first publisher"),
    "site": Word("站点", "site"),
    "source": Word("来源", "source"),
    "found": Word("发现", "found"),
    "published": Word("发布", "published"),
    "numbers": Word("文号", "document nos."),
}
# What monitor.outcome says of answers that had no article, in plain language.
_REASONS = (
    (r"status 404", Word("该地址返回 404：页面不存在", "Its address answers 404: not found")),
    (r"status 410", Word("该地址返回 410：页面已撤下", "Its address answers 410: gone")),
    (
        r"soft 404|the site's own not-found page",
        Word("该地址只显示“页面不存在”", "Its address shows nothing but a not-found notice"),
    ),
    (r"redirect to the home page", Word("该地址转到首页", "Its address leads to the home page")),
    (r"redirect to the not-found page", Word("该地址转到出错页", "Its address leads to the not-found page")),
    (r"redirect to a list", Word("该地址转到列表页", "Its address leads to a list")),
    (
        r"no article in it|an article without a body",
        Word("页面还在，正文没有了", "The page is there, its text is not"),
    ),
    (r"(?:permanent )?redirect to .*", Word("该地址转到另一地址", "Its address leads to another one")),
    (r"the site's mark-up changed everywhere", Word("全站改版所致", "The site's mark-up changed everywhere")),
)


def reason(text: str) -> Word:
    """Why a change was judged to be one, in plain language; what is unknown here as it stands."""
    known = (word for pattern, word in _REASONS if re.fullmatch(pattern, text, re.DOTALL))
    return next(known, Word(text, text))


def field(name: str) -> Word:
    return FIELDS.get(name, Word(name, name))


def weight(severity: int) -> Word:
    return WEIGHTS[min(max(severity, 1), 5)]


def more(count: int, zh: str, one: str, many: str) -> Word:
    """What was left out: `zh` is the measure word."""
    return Word(f"…另有 {count} {zh}，见链接", f"…and {count} more {one if count == 1 else many}, see the link")
