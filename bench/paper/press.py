"""The press: every page of the paper, its state, and the answer that its site gives for an address."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import jinja2

from bench.paper import houses
from bench.paper.edits import edited
from bench.paper.houses import HOUSES, LISTED, House
from bench.paper.model import REMOVALS, Article, Event, File, Kind, Weather
from bench.paper.volatile import Item, Volatile, volatile
from bench.paper.writing import article

_HTML = "text/html"
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
_NOT_FOUND = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
_SCRIPT = "<html><head><script>document.cookie='__jsl=ROUND';location.reload()</script></head><body></body></html>"
_CHECK = (
    "<html><head><title>安全验证</title></head><body><h1>正在进行安全检查</h1><p>请完成验证后继续访问</p></body></html>"
)
_COLUMNS = ("要闻", "政务", "民生", "经济")
_GROUP, _LEGACY = 5, 2


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `location` of a redirect."""

    status: int
    body: bytes
    kind: str = _HTML
    location: str = ""


@dataclass(slots=True)
class Leaf:
    """One page as it stands. `gbk`: declares gb2312 in meta alone and is gb18030. `gone` is how it is away; `old` the
    path that it left with a redirect."""

    number: int
    house: House
    template: str
    gbk: bool
    article: Article
    path: str
    gone: Kind | None = None
    old: str | None = None

    @property
    def url(self) -> str:
        """Where it is now."""
        return f"http://{self.house.host}{self.path}"

    @property
    def first_url(self) -> str:
        """Where it was when it was first published."""
        return f"http://{self.house.host}{self.old or self.path}"


class Press:
    """`count` pages over eight templates and four sites, two of five in gb18030. The same for the same seed."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self._seed, self.round, self.weather = seed, 0, Weather()
        self.leaves = [self._leaf(number) for number in range(count)]
        self._paths = {(leaf.house.host, leaf.path): leaf for leaf in self.leaves}
        self._visits: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self._files: dict[tuple[str, str], File] = {}
        self._shelve()
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=False
        )

    def _leaf(self, number: int) -> Leaf:
        template = houses.TEMPLATES[number % len(houses.TEMPLATES)]
        house = next(house for house in HOUSES if template in house.templates)
        written = article(self._seed, number, "/files/")
        gbk = number // len(houses.TEMPLATES) % _GROUP < _LEGACY
        return Leaf(number, house, template, gbk, written, houses.path(template, written.published, number + 1000))

    def turn(self, round_: int, events: Iterable[Event], weather: Weather) -> None:
        """Goes on to a round: its events happen, its weather holds."""
        self.round, self.weather = round_, weather
        for event in events:
            self._happen(self.leaves[event.page], event.kind)
        self._shelve()

    def _happen(self, leaf: Leaf, kind: Kind) -> None:
        if kind in REMOVALS:
            leaf.gone = kind
        elif kind is Kind.RESTORED:
            leaf.gone = None
        elif kind is Kind.MOVED:
            leaf.old = leaf.path
            leaf.path = houses.path(leaf.template, leaf.article.published, leaf.number + 700_000)
            self._paths[leaf.house.host, leaf.path] = leaf
        else:
            leaf.article = edited(leaf.article, kind, Random(f"{self._seed}/{self.round}/{leaf.number}/{kind}"))

    def _shelve(self) -> None:
        self._shelves = {house.host: [_item(leaf) for leaf in self._live(house)] for house in HOUSES}
        for leaf in self.leaves:
            self._files |= {(leaf.house.host, file.path): file for file in leaf.article.files}

    def _live(self, house: House) -> list[Leaf]:
        """The newest first."""
        return [leaf for leaf in reversed(self.leaves) if leaf.house is house and leaf.gone is None]

    def answer(self, host: str, target: str) -> Reply:
        """What a site answers for a path with its query."""
        house = next((house for house in HOUSES if house.host == host), None)
        path = re.split("[?;]", target, maxsplit=1)[0]
        self.asked[host + path] += 1
        if house is None:
            return Reply(421, b"no such host\n", "text/plain")
        if path == "/robots.txt":
            return Reply(200, b"User-agent: *\nAllow: /\n", "text/plain")
        if house.name in self.weather.down:
            return Reply(404, _NOT_FOUND)
        return self._page(house, path)

    def _page(self, house: House, path: str) -> Reply:
        leaf = self._paths.get((house.host, path))
        if leaf and house.name in self.weather.blocked:
            return self._challenge(leaf)
        if leaf:
            return self._leaf_page(leaf, path)
        if path == "/" or path.startswith("/list/index"):
            return self._list(house, path)
        if file := self._files.get((house.host, path)):
            return Reply(200, file.body, "application/pdf")
        if path.startswith("/images/"):
            return Reply(200, _PIXEL + path.encode(), "image/png")
        return self._missing(house)

    def _leaf_page(self, leaf: Leaf, path: str) -> Reply:
        if path == leaf.old:
            return Reply(301, b"", location=leaf.url)
        if leaf.gone is Kind.GONE_404:
            return self._notice(leaf.house, 404, "404", "您访问的页面不存在或已删除。")
        if leaf.gone is Kind.GONE_410:
            return Reply(410, b"<html><head><title>410 Gone</title></head><body><h1>Gone</h1></body></html>")
        if leaf.gone is Kind.GONE_HOME:
            return Reply(302, b"", location=leaf.house.home)
        return self._missing(leaf.house, soft=True) if leaf.gone else self._article(leaf)

    def _missing(self, house: House, *, soft: bool = False) -> Reply:
        """One site has words of its own for an unknown address, and says them with 200 whatever is asked for."""
        if house.name == "paper-town":
            return self._notice(house, 200, "云溪在线", "哎呀，这条小巷走到头了，去别处逛逛吧。")
        return self._notice(house, 200 if soft else 404, "提示信息", "抱歉，您访问的页面不存在，可能已被删除或移动。")

    def _challenge(self, leaf: Leaf) -> Reply:
        """What a firewall says instead, in one of three ways."""
        script = _SCRIPT.replace("ROUND", str(self.round)).encode()
        replies = (Reply(521, script), Reply(200, _CHECK.encode()), Reply(200, script))
        return replies[leaf.number % 3]

    def _article(self, leaf: Leaf) -> Reply:
        redone = leaf.house.name in self.weather.redesigned
        written = leaf.article
        text = self._render(
            "redesign" if redone else leaf.template,
            leaf.house,
            leaf.first_url,
            "gb2312" if leaf.gbk else "utf-8",
            a=written,
            number=leaf.number,
            index=f"K{leaf.number:08d}-2/2025",
            office=leaf.house.office,
            day=f"{written.published:%Y-%m-%d}",
            moment=f"{written.published:%Y-%m-%d %H:%M}",
            iso=f"{written.published:%Y-%m-%dT%H:%M:00+08:00}",
            authored=leaf.template == "media",
            lead=leaf.template == "media",
        )
        return Reply(200, text.encode("gb18030" if leaf.gbk else "utf-8"))

    def _notice(self, house: House, status: int, head: str, text: str) -> Reply:
        said = self._render("notice", house, house.home + "404", "utf-8", head=head, text=text)
        return Reply(status, said.encode())

    def _list(self, house: House, path: str) -> Reply:
        digits = path.removeprefix("/list/index_").removesuffix(".html")
        page = int(digits) if digits.isdigit() else 1
        shelf = self._shelves[house.host]
        items = shelf[(page - 1) * LISTED : page * LISTED]
        if not items:
            return self._missing(house)
        after = f"/list/index_{page + 1}.html" if len(shelf) > page * LISTED else ""
        return Reply(200, self._render("list", house, house.entry, "utf-8", items=items, after=after).encode())

    def _render(self, template: str, house: House, key: str, charset: str, **more: object) -> str:
        said: str = self._templates.get_template(f"{template}.html").render(
            site=house.title, column=_COLUMNS[HOUSES.index(house)], charset=charset, v=self._moving(house, key), **more
        )
        return said

    def _moving(self, house: House, key: str) -> Volatile:
        self._visits[key] += 1
        visit = self._visits[key]
        chance = Random(hashlib.sha256(f"{self._seed}/{key}/{visit}".encode()).digest())
        return volatile(chance, self.round, visit, self._shelves[house.host])


def _item(leaf: Leaf) -> Item:
    return Item(leaf.path, leaf.article.title, f"{leaf.article.published:%Y-%m-%d}")
