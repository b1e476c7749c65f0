"""齐鲁网 and its city hosts (jining., zibo., weifang.iqilu.com)."""

from parsers.declare import blocks, date, names, one, text
from parsers.platforms.platform import Marks, Platform


class Iqilu(Platform):
    """`h1` may be missing on mirrored pages. As seen on news.iqilu.com/shandong/yuanchuang/2013/0418/1506271.shtml."""

    marks = Marks(asset=r"//[\w.-]*\.iqilu\.com/")
    title = one("h1", optional=True)
    published = date("#pubtime_baidu")
    source = text("#source_baidu")
    authors = names("#author_baidu", optional=True)
    editors = names("#editor_baidu", optional=True)
    body = blocks("#context")
