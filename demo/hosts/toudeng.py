"""头等网, WordPress over TLS: today's date in the masthead, no publication date anywhere, 编辑: inside the body."""

import re
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from demo.hosts.base import Host, Shelf
from demo.model import Answer, Article, Ask
from demo.pages import is_heading, spaced
from demo.texts import CREDIT, IMAGE

_TAIL = ("版权声明", "本文仅代表作者观点,不代表头等网立场。", "版权异议请来信告知")


class Toudeng(Host):
    site = "toudeng"
    title = "头等网"
    homepage = "https://www.toudeng.cc/"
    entry = "https://www.toudeng.cc/culture"
    hosts = ("www.toudeng.cc", "toudeng.cc")
    server = "nginx"
    disallow = "/wp-admin/"

    def address(self, number: int, moment: datetime | None) -> str:
        return f"{self.homepage}archives/{number}"

    def list_number(self, ask: Ask) -> int | None:
        found = re.fullmatch(r"/culture(?:/page/(\d+))?/?", ask.path)
        return int(found[1] or 1) if found else None

    def answer(self, ask: Ask, shelf: Shelf) -> Answer:
        if ask.host == "toudeng.cc":
            return Answer(301, (("Location", ask.url.replace("//", "//www.", 1)),))
        return super().answer(ask, shelf)

    def article_fields(self, article: Article) -> Mapping[str, object]:
        mast = article.parts.crumbs
        return {
            "body": [self._block(line, article) for line in article.parts.body],
            "tail": article.parts.tail or _TAIL,
            "stock": next((line for line in mast if line.startswith("股票代码")), "股票代码 000000"),
        }

    def _block(self, line: str, article: Article) -> Markup:
        if IMAGE.fullmatch(line):
            folder = _folder(line, article.parts.seen)
            frame = '<p><img alt="{}" src="{}wp-content/uploads/{}/{}?ver={}"></p>'
            return Markup(frame).format(line, self.homepage, folder, line, self.noise.serial())
        if is_heading(line) and not CREDIT.match(line):
            return Markup("<p><strong>{}</strong></p>").format(spaced(line))
        return Markup("<p>{}</p>").format(spaced(line))


def _folder(image: str, seen: datetime | None) -> str:
    """WordPress's month folder: the day in the picture's own name, else the day the page was seen."""
    taken = re.search(r"(20\d\d)([01]\d)[0-3]\d", image)
    return f"{taken[1]}/{taken[2]}" if taken else f"{seen or datetime(2022, 2, 1):%Y/%m}"  # noqa: DTZ001
