"""齐鲁网济宁: gb2312 declared, gb18030 sent; traditional characters with pinyin; a headline that may be a label."""

import re
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup, escape

from demo.hosts.base import Host
from demo.model import Article, Ask
from demo.pages import is_caption, is_image, picture, spaced

_HOTLINE = "想爆料?请登录《阳光连线》( https://minsheng.iqilu.com/),或拨打新闻热线0531-00000000提供新闻线索。"


class Iqilu(Host):
    site = "iqilu-jining"
    title = "齐鲁网·济宁"
    homepage = "http://jining.iqilu.com/"
    entry = "http://jining.iqilu.com/jnyaowen/list_564_1.shtml"
    hosts = ("jining.iqilu.com",)
    content_type = "text/html; charset=gb2312"
    encoding = "gb18030"
    server = "Tengine"

    def address(self, number: int, moment: datetime | None) -> str:
        return f"{self.homepage}jnyaowen/{moment or datetime(2017, 1, 1):%Y/%m%d}/{number}.shtml"  # noqa: DTZ001

    def list_number(self, ask: Ask) -> int | None:
        found = re.fullmatch(r"/jnyaowen/(?:list_564_(\d+)\.shtml)?", ask.path)
        return int(found[1] or 1) if found else None

    def article_fields(self, article: Article) -> Mapping[str, object]:
        parts = article.parts
        lines = (*parts.body, *parts.notes, *(parts.tail or (_HOTLINE,)))
        return {"body": [_block(line) for line in lines], "old": "來" in article.text}


def _block(line: str) -> Markup:
    if is_image(line):
        return Markup('<p style="text-align: center"><img src="http://img8.iqilu.com/{}" /></p>').format(line)
    if is_caption(line):
        frame = '<p align="center"><img src="http://img8.iqilu.com/{}" alt="" /></p>\n<p align="center">{}</p>'
        return Markup(frame).format(picture(line), spaced(line))
    return Markup("<p>\u3000\u3000{}</p>").format(_linked(line))


def _linked(line: str) -> Markup:
    link = r'<a href="\g<0>" target="_blank">\g<0></a>'
    return Markup(re.sub(r"https?://[\w./-]+", link, str(escape(line))))
