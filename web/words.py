"""The interface's words, Chinese and English side by side."""

from dataclasses import dataclass

from domain.article import Precision
from domain.change import ChangeType, Outcome, Status


@dataclass(frozen=True, slots=True)
class Word:
    """One label in both languages."""

    zh: str
    en: str


TYPES = {kind: Word(kind.chinese, kind.value) for kind in ChangeType}

STATUSES = {
    Status.LIVE: Word("在线", "live"),
    Status.EDITED: Word("已改", "edited"),
    Status.SUSPECT: Word("存疑", "suspect"),
    Status.GONE: Word("已删", "gone"),
    Status.RESTORED: Word("已恢复", "restored"),
}

# In the order shown; the first two that differ stand for an edit in the list of changes.
FIELDS = {
    "title": Word("标题", "title"),
    "body": Word("正文", "body"),
    "document_numbers": Word("文号", "document numbers"),
    "published_at": Word("发布时间", "published"),
    "source": Word("来源", "source"),
    "authors": Word("作者", "authors"),
    "attachments": Word("附件", "attachments"),
    "images": Word("图片", "images"),
    "kicker": Word("引题", "kicker"),
    "subtitle": Word("副题", "subtitle"),
    "index_number": Word("索引号", "index number"),
    "agency": Word("发文机关", "issuing agency"),
    "written_on": Word("成文日期", "written on"),
    "effective_on": Word("施行日期", "effective on"),
    "expires_on": Word("失效日期", "expires on"),
    "validity": Word("效力", "validity"),
}

# Read and shown, but no part of what makes a version.
MORE_FIELDS = {
    "url": Word("地址", "address"),
    "editors": Word("编辑", "editors"),
    "summary": Word("摘要", "summary"),
    "breadcrumb": Word("位置", "breadcrumb"),
    "kind": Word("类型", "kind"),
    "language": Word("语言", "language"),
}

PRECISIONS = {
    Precision.SECOND: Word("精确到秒", "to the second"),
    Precision.MINUTE: Word("精确到分", "to the minute"),
    Precision.DAY: Word("精确到日", "to the day"),
    Precision.MONTH: Word("精确到月", "to the month"),
    Precision.FIRST_SEEN: Word("首次发现", "first seen"),
}

OUTCOMES = {
    Outcome.ARTICLE: Word("文章", "article"),
    Outcome.SAME: Word("未变", "same"),
    Outcome.MISSING: Word("缺失", "missing"),
    Outcome.MOVED: Word("转走", "led elsewhere"),
    Outcome.EMPTY: Word("无文", "no article in it"),
    Outcome.UNKNOWN: Word("不明", "says nothing"),
}


def field(name: str) -> Word:
    """A field's label; a field unknown here goes by its own name."""
    return FIELDS.get(name) or MORE_FIELDS.get(name) or Word(name, "")
