"""The crawls that `capture` measures, each run as a process of its own: `python -m bench.fetchers WHICH PORT COUNT`.

All take the same list page and follow the same links within robots.txt. They print one JSON object: pages, and the
wall and CPU seconds of this process from the crawl's begin until the last page is safe (programs' starting left out).
"""

import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from unittest.mock import patch

import scrapy.core.downloader.handlers.http11  # noqa: F401 - a part of starting, not of the crawl
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from bench.pages import SIZE
from bench.saying import say
from domain.capture import Capture, Role, RunSummary
from domain.settings import settings
from domain.site import Entry, Manners, Site
from pipeline import capturing
from pipeline.house import House, house
from spiders.configuration import base, manners
from spiders.second import Wanted

CONCURRENT = 4


def site(port: int, count: int) -> Site:
    """The one site, asked without delay by as many connections as a site's file may have."""
    home = f"http://127.0.0.1:{port}/"
    return Site(
        name=f"bench-{os.getpid()}",
        title="基准新闻网",
        homepage=home,
        entries=(Entry(url=f"{home}list/0-{count}.html", pages=1),),
        article=r"/article/\d+\.html$",
        manners=Manners(delay=0, concurrent=CONCURRENT),
    )


@dataclass(slots=True)
class Count:
    """What a crawl fetched, and what it took: wall and CPU seconds."""

    pages: int = 0
    seconds: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed(count: Count) -> Iterator[None]:
    start, cpu = time.perf_counter(), time.process_time()
    yield
    count.seconds, count.cpu = time.perf_counter() - start, time.process_time() - cpu


def ours(port: int, pages: int, count: Count) -> None:
    """The verb capture at a new site's first round: lease, spider, recorder, writer, segments, ledger, manifests, but
    not the reading at its end that `read` would otherwise do: no peer reads."""
    with patch.object(capturing, "second_look", lambda *_: Wanted):
        read_ahead(port, pages, count)


def read_ahead(port: int, pages: int, count: Count) -> None:
    """The same as Airflow calls it: at its end all pages are read, for the second look at those that changed."""
    with house() as open_house:
        open_house.catalogue.counts()  # both are opened when first asked for
        open_house.bucket.ensure()
        with timed(count):
            (summary,) = capturing.capture(open_house, [site(port, pages)])
        count.pages = sum(map(len, _kept(open_house, summary)))


def _kept(house: House, summary: RunSummary) -> Iterator[list[Capture]]:
    """The run's captures of pages, without robots.txt, the list and the address that cannot exist."""
    for entry in house.archive.ledger(summary.site).walk(0):
        captures = house.archive.index(entry).captures
        yield [one for one in captures if one.role is Role.PAGE and one.run == summary.run]


class Bare(Spider):
    """Follows the links of the list and keeps nothing."""

    name = "bare"
    first: str
    pages = 0

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.first, self.parse_list)

    def parse_list(self, response: Response) -> Iterator[Request]:
        for href in response.css("li a::attr(href)").getall():
            yield Request(response.urljoin(href), self.parse_page)

    def parse_page(self, response: Response) -> None:
        type(self).pages += bool(response.body)


def bare(port: int, pages: int, count: Count) -> None:
    """Scrapy with our settings but for what is ours: its own download handler, no recording."""
    chosen = base(settings()) | manners(site(port, pages), 1.0)
    for name in ("DOWNLOAD_HANDLERS", "DOWNLOADER_MIDDLEWARES", "SPIDER_LOADER_CLASS"):
        del chosen[name]
    _scrapy(chosen, port, pages, count)


def plain(port: int, pages: int, count: Count) -> None:
    """Scrapy with its own settings, but for robots.txt and as many connections as ours."""
    wanted = ("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN", "DOWNLOAD_DELAY")
    rhythm = manners(site(port, pages), 1.0)
    _scrapy({"ROBOTSTXT_OBEY": True} | {name: rhythm[name] for name in wanted}, port, pages, count)


def _scrapy(chosen: dict[str, Any], port: int, pages: int, count: Count) -> None:
    process = CrawlerProcess(chosen | {"LOG_LEVEL": "WARNING"}, install_root_handler=False)
    process.crawl(Bare, first=site(port, pages).entries[0].url)
    with timed(count):
        process.start(stop_after_crawl=True, install_signal_handlers=True)
    count.pages = Bare.pages


def alone(port: int, pages: int, count: Count) -> None:
    """The server alone, asked by plain sockets over one connection."""
    with timed(count), socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as stream:
        for number in range(pages):
            line.sendall(b"GET /article/%d.html HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % number)
            head = list(iter(stream.readline, b"\r\n"))
            length = next(int(name[15:]) for name in head if name.startswith(b"Content-Length"))
            count.pages += len(stream.read(length)) == SIZE


WHICH: dict[str, Callable[[int, int, Count], None]] = {
    "ours": ours,
    "read": read_ahead,
    "bare": bare,
    "plain": plain,
    "alone": alone,
}


def main(which: str, port: int, pages: int) -> None:
    count = Count()
    WHICH[which](port, pages, count)
    say(json.dumps(asdict(count)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
