"""The ids that Baidu News asked of publishers, which many systems write beside their own."""

from parsers.declare import date, names, text
from parsers.platforms.platform import Marks, Platform


class BaiduIds(Platform):
    """`#pubtime_baidu`, `#source_baidu`, `#author_baidu`, `#editor_baidu`, as seen in public readers of
    齐鲁网, 南方网, 财新网, 环球网 and 大江网. They name no body."""

    marks = Marks(names=frozenset(("#pubtime_baidu", "#source_baidu")))
    published = date("#pubtime_baidu", optional=True)
    source = text("#source_baidu", optional=True)
    authors = names("#author_baidu", optional=True)
    editors = names("#editor_baidu", optional=True)
