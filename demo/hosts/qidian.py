"""齐点淄博: breadcrumb, source before the time, pictures between paragraphs, a footer of licences."""

import re
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from demo.hosts.base import Host
from demo.model import Article, Ask
from demo.pages import is_image, picture, spaced
from demo.texts import is_label

_CRUMBS = ("首页", "齐点淄博", "淄博广电", "电视", "影视频道")
_SHARE = ("分享至:", "扫码下载", "齐点淄博APP", "扫码关注", "齐点淄博微信公众号")
_FOOTER = ("淄博市广播电视台主办", "违法和不良信息举报电话:0533-0000000")


class Qidian(Host):
    site = "qidian-zibo"
    title = "齐点淄博"
    homepage = "http://www.zibotv.com/"
    entry = "http://www.zibotv.com/qdzb/zbgd/ds/yspd/"
    hosts = ("www.zibotv.com",)
    server = "nginx/1.14.2"

    def address(self, number: int, moment: datetime | None) -> str:
        return f"{self.entry}{moment or datetime(2020, 1, 1):%Y/%m%d}/{number}.html"  # noqa: DTZ001

    def list_number(self, ask: Ask) -> int | None:
        found = re.fullmatch(r"/qdzb/zbgd/ds/yspd/?(?:index(?:_(\d+))?\.html)?", ask.path)
        return int(found[1] or 1) if found else None

    def article_fields(self, article: Article) -> Mapping[str, object]:
        tail = article.parts.tail
        at = next((n for n, line in enumerate(tail) if "主办" in line or "举报" in line), len(tail))
        return {
            "crumbs": article.parts.crumbs or _CRUMBS,
            "body": [_block(line) for line in article.parts.body],
            "editors": article.parts.notes or ("编辑:",),
            "share": tail[:at] or _SHARE,
            "footer": tail[at:] or _FOOTER,
        }


def _block(line: str) -> Markup:
    if is_image(line):
        return Markup('<p style="text-align:center"><img src="/upload/{}" alt=""/></p>').format(line)
    if is_label(line):
        frame = '<p style="text-align:center"><img src="/upload/Image/{}"/></p>\n<p style="text-align:center">{}</p>'
        return Markup(frame).format(picture(line), spaced(line))
    return Markup('<p style="text-indent:2em">{}</p>').format(spaced(line))
