"""山东省商务厅, Hanweb JCMS: records inside a datastore, a paged proxy, `#zoom`, views filled in by script."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup, escape

from demo.hosts.assets import document
from demo.hosts.base import Host, Shelf, plain
from demo.model import Answer, Article, Ask
from demo.pages import is_image, picture
from demo.texts import is_label

_CRUMBS = ("首页", "政务公开", "内设机构", "职能处室", "开发区管理处", "开发区典型案例")
_PROXY = "/module/web/jpage/dataproxy.jsp"
_ATTACHED = re.compile(r"附件\s*\d*.*\.(docx?|xlsx?|pdf|zip|rar|wps|et)$", re.IGNORECASE)


class Shandong(Host):
    site = "shandong-commerce"
    title = "山东省商务厅"
    homepage = "http://commerce.shandong.gov.cn/"
    entry = "http://commerce.shandong.gov.cn/col/col21482/index.html"
    hosts = ("commerce.shandong.gov.cn",)
    content_type = "text/html; charset=UTF-8"
    server = "Apache"
    disallow = "/module/search/"
    validates = True

    def address(self, number: int, moment: datetime | None) -> str:
        day = moment or datetime(2019, 1, 1)  # noqa: DTZ001
        return f"{self.homepage}art/{day.year}/{day.month}/{day.day}/art_21482_{number}.html"

    def list_number(self, ask: Ask) -> int | None:
        return 1 if re.fullmatch(r"/col/col21482/(?:index\.html)?", ask.path) else None

    def list_fields(self, shelf: Shelf, number: int) -> Mapping[str, object]:
        return {"datastore": Markup(_datastore(shelf, 1, shelf.size)), "size": shelf.size, "total": len(shelf.live)}

    def article_fields(self, article: Article) -> Mapping[str, object]:
        parts = article.parts
        return {
            "crumbs": parts.crumbs or _CRUMBS,
            "body": [_block(line) for line in parts.body],
            "published": Markup(re.sub(r"\s+(?=信息来源|来源)", "&nbsp; ", str(escape(parts.published)))),
            "pubdate": parts.moment.strftime("%Y-%m-%d") if parts.moment else "",
            "tail": parts.tail or ("山东商务网版权与免责声明:", "转载本站作品须注明出处,并自负法律责任。"),
        }

    def extra(self, ask: Ask, shelf: Shelf) -> Answer | None:
        if ask.path == _PROXY:
            start, end = _range(ask.query, shelf.size)
            return plain(_XML + _datastore(shelf, start, end), "text/xml;charset=UTF-8")
        if ask.path == "/module/visitcount/articlehits.jsp":
            hits = self.noise.hits(ask.url, shelf.now)
            return plain(f'document.write("{hits}");\n', "application/javascript;charset=UTF-8")
        if ask.path == "/module/download/downfile.jsp":
            return _download(ask.query.get("filename", ""))
        return None


_XML = "<?xml version='1.0' encoding='UTF-8'?>\n"


def _range(query: Mapping[str, str], size: int) -> tuple[int, int]:
    """The records asked for, counted from 1; what is no number counts as not given."""
    numbers = {key: int(text) for key, text in query.items() if text.isdigit() and text.isascii()}
    size = numbers.get("perpage", size)
    start = max(1, numbers.get("startrecord", (numbers.get("page", 1) - 1) * size + 1))
    return start, numbers.get("endrecord", start + size - 1)


def _datastore(shelf: Shelf, start: int, end: int) -> str:
    """The records start..end as JCMS writes them; the next group's address where there are more."""
    size, total = shelf.size, len(shelf.live)
    following = (
        f'<a href="{_PROXY}?startrecord={end + 1}&endrecord={end + size}&perpage={size}&unitid=58414'
        f'&webid=79&path=http://commerce.shandong.gov.cn/&columnid=21482&permissiontype=0"></a>'
    )
    records = "\n".join(f"<record><![CDATA[{_record(item)}]]></record>" for item in shelf.live[start - 1 : end])
    return (
        f"<datastore>\n<nextgroup><![CDATA[{following if end < total else ''}]]></nextgroup>\n"
        f"<totalrecord>{total}</totalrecord><totalpage>{shelf.pages}</totalpage>\n"
        f"<recordset>\n{records}\n</recordset>\n</datastore>"
    )


def _record(article: Article) -> str:
    frame = '<li><a href="{}" title="{}" target="_blank">{}</a><span>{}</span></li>'
    path = article.url.removeprefix(Shandong.homepage.rstrip("/"))
    return str(Markup(frame).format(path, article.title, article.title, article.shown[:10]))


def _block(line: str) -> Markup:
    indented = Markup('<p style="text-indent:2em;line-height:2">{}</p>')
    if is_image(line):
        return Markup('<p style="text-align:center"><img src="/picture/0/{}" border="0"></p>').format(line)
    if found := _ATTACHED.match(line):
        name = f"{hashlib.sha256(line.encode()).hexdigest()[:20]}.{found[1]}"
        link = Markup('<p><a href="/module/download/downfile.jsp?classid=0&amp;filename={}">{}</a></p>')
        return link.format(name, line)
    if is_label(line) and not line.endswith(("摄", "供图")):
        return indented.format(Markup("<strong>{}</strong>").format(_word(line)))
    if line.endswith(("摄", "供图")):
        pictured = Markup('<p align="center"><img src="/picture/0/{}"></p>\n<p align="center">{}</p>')
        return pictured.format(picture(line), line)
    return indented.format(_word(line))


def _word(line: str) -> Markup:
    """A line as pasted from a word processor: every run of Latin letters and digits in a span of its own."""
    pieces = re.split(r"([A-Za-z0-9.%]+)", line)
    inner = Markup("").join(
        Markup('<span lang="EN-US">{}</span>').format(piece) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )
    return Markup('<span style="font-size:12pt">{}</span>').format(inner)


def _download(name: str) -> Answer:
    kind, body = document(name)
    disposition = ("Content-Disposition", f'attachment; filename="{re.sub("[^0-9A-Za-z.]", "", name)}"')
    return Answer(200, (("Content-Type", kind), disposition), body)
