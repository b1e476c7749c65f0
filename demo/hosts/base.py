"""What the five sites have in common: routing, validators, lists cut into pages, missing pages."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import ClassVar
from urllib.parse import urlsplit

from demo.hosts.assets import asset
from demo.model import Answer, Article, Ask, Removal
from demo.noise import Noise, masthead
from demo.pages import Pages
from domain.clock import SHANGHAI

MISSING = "您访问的页面不存在或已被删除"


class Shelf:
    """A site's articles as they stand at one moment. `size` articles go on a list page."""

    def __init__(self, articles: Sequence[Article], now: datetime) -> None:
        self.by_url = {article.url: article for article in articles}
        self.live = sorted(filter(lambda item: item.live, articles), key=_freshness, reverse=True)
        self.now = now
        self.size = max(5, -(-len(articles) // 2))

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.live) // self.size))

    def page(self, number: int) -> list[Article]:
        return self.live[(number - 1) * self.size : number * self.size]


def _freshness(article: Article) -> tuple[datetime, datetime, int]:
    said = article.parts.moment or article.parts.seen or datetime.min  # noqa: DTZ901
    return article.appeared, said, article.number


class Host(ABC):
    """A site. Subclasses name their addresses and fill `article`, `listing` and, for what is theirs, `extra`."""

    site: ClassVar[str]
    title: ClassVar[str]
    homepage: ClassVar[str]
    entry: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    content_type: ClassVar[str] = "text/html"
    encoding: ClassVar[str] = "utf-8"
    server: ClassVar[str] = "nginx"
    disallow: ClassVar[str] = "/search/"
    validates: ClassVar[bool] = False

    def __init__(self, pages: Pages, noise: Noise) -> None:
        self.pages = pages
        self.noise = noise

    @abstractmethod
    def address(self, number: int, moment: datetime | None) -> str:
        """The address of the article with this id, published then."""

    @abstractmethod
    def list_number(self, ask: Ask) -> int | None:
        """Which list page is asked for, from 1; None where the address is no list page."""

    @abstractmethod
    def article_fields(self, article: Article) -> Mapping[str, object]:
        """What the site's article.html needs beside `article` and the noise."""

    def extra(self, ask: Ask, shelf: Shelf) -> Answer | None:
        """Addresses that only this site has."""
        return None

    def list_fields(self, shelf: Shelf, number: int) -> Mapping[str, object]:
        """What the site's list.html needs beside `articles`, `number` and `last`."""
        return {}

    def answer(self, ask: Ask, shelf: Shelf) -> Answer:
        """The site's answer to a request, as it would be without faults."""
        if ask.path == "/robots.txt":
            return plain(f"User-agent: *\nAllow: /\nDisallow: {self.disallow}\n")
        if f"{ask.host}{ask.path}".rstrip("/") == _bare(self.homepage):
            return self.html(ask, shelf, "home.html", {"articles": self.noise.pick(shelf.live, 6)})
        number = self.list_number(ask)
        if number is not None and number <= shelf.pages:
            return self.listing(ask, shelf, number)
        article = self.find(ask, shelf)
        if article:
            return self._article(ask, shelf, article)
        return self.extra(ask, shelf) or asset(ask.path) or self.missing(ask, shelf, 404)

    def listing(self, ask: Ask, shelf: Shelf, number: int) -> Answer:
        fields = {"articles": shelf.page(number), "number": number, "last": shelf.pages}
        return self.html(ask, shelf, "list.html", {**fields, **self.list_fields(shelf, number)})

    def missing(self, ask: Ask, shelf: Shelf, status: int) -> Answer:
        return self.html(ask, shelf, "missing.html", {"notice": MISSING}, status)

    def html(self, ask: Ask, shelf: Shelf, template: str, fields: Mapping[str, object], status: int = 200) -> Answer:
        """A page of the site, encoded as its headers say (or as its bytes really are)."""
        now = shelf.now.astimezone(SHANGHAI)
        text = self.pages.render(
            f"{self.site}/{template}",
            **fields,
            hot=self.noise.pick(shelf.live, 5),
            views=self.noise.hits(ask.url, shelf.now),
            noise=self.noise,
            now=now,
            day=masthead(now),
        )
        return Answer(status, (("Content-Type", self.content_type),), text.encode(self.encoding))

    def find(self, ask: Ask, shelf: Shelf) -> Article | None:
        """The article asked for, live or removed; None where none stands at the address."""
        scheme = self.homepage.split(":")[0]
        article = shelf.by_url.get(f"{scheme}://{ask.host}{ask.path}")
        return article if article and not article.held else None

    def _article(self, ask: Ask, shelf: Shelf, article: Article) -> Answer:
        match article.removed:
            case Removal.NOT_FOUND:
                return self.missing(ask, shelf, 404)
            case Removal.SOFT:
                return self.missing(ask, shelf, 200)
            case Removal.HOME:
                return Answer(302, (("Location", self.homepage), ("Content-Type", self.content_type)))
        validators = _validators(article) if self.validates else ()
        if validators and _unchanged(ask, article, validators[0][1]):
            return Answer(304, validators)
        page = self.html(ask, shelf, "article.html", {"article": article, **self.article_fields(article)})
        return page.having(*validators)


def plain(text: str, content_type: str = "text/plain; charset=utf-8") -> Answer:
    """A short answer in UTF-8."""
    return Answer(200, (("Content-Type", content_type),), text.encode())


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _validators(article: Article) -> tuple[tuple[str, str], ...]:
    """Weak (RFC 9110, 8.8.1): the counter in the page moves, the article does not."""
    tag = hashlib.sha256(article.text.encode()).hexdigest()[:20]
    modified = article.modified.astimezone(UTC).replace(microsecond=0)
    return ("ETag", f'W/"{tag}"'), ("Last-Modified", format_datetime(modified, usegmt=True))


def _unchanged(ask: Ask, article: Article, tag: str) -> bool:
    """RFC 9110, 13.1.2 and 13.1.3: If-None-Match goes before If-Modified-Since."""
    if "if-none-match" in ask.headers:
        asked = {part.strip().removeprefix("W/") for part in ask.headers["if-none-match"].split(",")}
        return tag.removeprefix("W/") in asked or "*" in asked
    try:
        since = parsedate_to_datetime(ask.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    since = since if since.tzinfo else since.replace(tzinfo=UTC)
    return article.modified.replace(microsecond=0) <= since
