"""笛扬新闻, 华栖云: a JSON list, many authors in one line, hot lists with other articles' titles and times."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from demo.hosts.base import Host, Shelf, plain
from demo.model import Answer, Article, Ask
from demo.pages import is_caption, is_image, picture, spaced
from demo.texts import DATE, is_label

_LIST = "http://api.csp.chinamcloud.com/api/cms/list?catalog=keqiao"


class Diyang(Host):
    site = "diyang-keqiao"
    title = "笛扬新闻"
    homepage = "http://h5.csp.chinamcloud.com/keqiao/"
    entry = f"{_LIST}&page=1"
    hosts = ("h5.csp.chinamcloud.com", "api.csp.chinamcloud.com")
    content_type = "text/html; charset=utf-8"
    server = "openresty"
    disallow = "/keqiao/user/"
    validates = True

    def address(self, number: int, moment: datetime | None) -> str:
        return f"{self.homepage}news/{number}.html"

    def list_number(self, ask: Ask) -> int | None:
        return None

    def article_fields(self, article: Article) -> Mapping[str, object]:
        parts = article.parts
        return {
            "body": [_block(line) for line in parts.body],
            "notes": [(_class(line), line) for line in parts.notes],
            "extra": _recommended(parts.tail, article),
        }

    def extra(self, ask: Ask, shelf: Shelf) -> Answer | None:
        if not (ask.host.startswith("api.") and ask.path == "/api/cms/list"):
            return None
        page = ask.query.get("page", "1")
        number = max(1, int(page)) if page.isdigit() and page.isascii() else 1
        known = ask.query.get("catalog") == "keqiao"
        records = [self._record(item, shelf) for item in shelf.page(number)] if known else []
        data = {"list": records, "hasMore": known and number < shelf.pages}
        answer = {"code": 0, "message": "success", "data": data, "traceId": self.noise.token()}
        return plain(json.dumps(answer, ensure_ascii=False), "application/json")

    def _record(self, article: Article, shelf: Shelf) -> dict[str, object]:
        return {
            "id": article.number,
            "title": article.title,
            "url": article.url,
            "publishTime": article.shown,
            "clicks": self.noise.hits(article.url + "#clicks", shelf.now),
        }


def _block(line: str) -> Markup:
    if line == "点击观看精彩视频":
        return Markup('<p><span class="video-holder" data-id="v{}">{}</span></p>').format(picture(line)[:8], line)
    if is_image(line):
        return Markup('<p><img src="http://img.csp.chinamcloud.com/{}"></p>').format(line)
    if is_caption(line):
        frame = '<p><img src="http://img.csp.chinamcloud.com/keqiao/{}"></p>\n<p>{}</p>'
        return Markup(frame).format(picture(line), spaced(line))
    if is_label(line):
        return Markup('<p style="text-align:center"><strong>{}</strong></p>').format(spaced(line))
    return Markup("<p>{}</p>").format(spaced(line))


def _class(line: str) -> str:
    return "article-source" if "来源" in line[:4] else "article-editor"


def _recommended(tail: Sequence[str], article: Article) -> list[tuple[str, str]]:
    """The titles and times that the text's own 热门推荐 shows."""
    pattern = re.compile(rf"(.+?)\s+({DATE.pattern})$")
    found = [match for line in tail if (match := pattern.match(line))]
    return [(match[1], match[2]) for match in found if match[1] != article.title]
