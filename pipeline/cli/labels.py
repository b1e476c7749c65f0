"""What fields and kinds are called, in both languages. The English names are those of the Article."""

from domain.article import Kind, Precision, Validity

FIELDS = {
    "original": "原文",
    "kicker": "引题",
    "title": "标题",
    "subtitle": "副题",
    "published_at": "发布时间",
    "updated_at": "更新时间",
    "source": "来源",
    "publisher": "发布者",
    "authors": "作者",
    "photographers": "摄影",
    "editors": "编辑",
    "channel": "栏目",
    "breadcrumb": "位置",
    "summary": "摘要",
    "document_numbers": "发文字号",
    "index_number": "索引号",
    "agency": "发文机关",
    "written_on": "成文日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "validity": "有效性",
    "signature": "落款",
    "attachments": "附件",
    "images": "图片",
    "parts": "分页",
}
KINDS = {
    Kind.ARTICLE: "文章",
    Kind.LIST: "列表页",
    Kind.HOME: "首页",
    Kind.LOGIN: "登录页",
    Kind.BLOCKED: "拦截页",
    Kind.MISSING: "不存在",
    Kind.OTHER: "其他",
}
PRECISIONS = {
    Precision.SECOND: "to the second 到秒",
    Precision.MINUTE: "to the minute 到分",
    Precision.DAY: "the day 到日",
    Precision.MONTH: "the month 到月",
    Precision.FIRST_SEEN: "first seen 首次发现",
}
VALIDITIES = {
    Validity.IN_FORCE: "有效",
    Validity.REPEALED: "废止",
    Validity.EXPIRED: "失效",
    Validity.AMENDED: "已修改",
    Validity.PENDING: "尚未施行",
}
BLOCKS = {
    "paragraph": "段",
    "heading": "题",
    "caption": "注",
    "image": "图",
    "table": "表",
    "list": "列",
    "quote": "引",
}


def label(name: str) -> str:
    """A field's names: published_at 发布时间."""
    return f"{name} {FIELDS[name]}"
