"""The crawls that `capture` measures, each run as a process of its own: `python -m bench.fetchers WHICH PORT COUNT`.

All take the same list page and follow the same links, within robots.txt, with the same settings. They print one JSON
object: pages, and the seconds from the crawl's begin until the last page is safe (programs' starting left out).
"""

import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from domain.settings import settings
from domain.site import Entry, Manners, Site
from pipeline.capturing import capture
from pipeline.house import house
from spiders.configuration import base, manners

CONCURRENT = 4


def site(port: int, count: int) -> Site:
    """The one site, asked without delay by as many connections as a site's file may have."""
    home = f"http://127.0.0.1:{port}/"
    return Site(
        name="bench",
        title="基准新闻网",
        homepage=home,
        entries=(Entry(url=f"{home}list/0-{count}.html", pages=1),),
        article=r"/article/\d+\.html$",
        manners=Manners(delay=0, concurrent=CONCURRENT),
    )


def ours(port: int, count: int) -> tuple[int, float]:
    """The verb capture, as Airflow calls it: lease, spider, recorder, writer, segments, ledger, manifests."""
    with house() as open_house:
        start = time.perf_counter()
        (summary,) = capture(open_house, [site(port, count)])
        seconds = time.perf_counter() - start
    return summary.captures - 2, seconds


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


def bare(port: int, count: int) -> tuple[int, float]:
    """Scrapy with our settings but for what is ours: its own download handler, no recording."""
    wanted = site(port, count)
    chosen: dict[str, Any] = base(settings()) | manners(wanted, 1.0)
    for name in ("DOWNLOAD_HANDLERS", "DOWNLOADER_MIDDLEWARES", "SPIDER_LOADER_CLASS"):
        del chosen[name]
    process = CrawlerProcess(chosen | {"LOG_LEVEL": "WARNING"}, install_root_handler=False)
    process.crawl(Bare, first=wanted.entries[0].url)
    start = time.perf_counter()
    process.start(stop_after_crawl=True, install_signal_handlers=True)
    return Bare.pages, time.perf_counter() - start


def alone(port: int, count: int) -> tuple[int, float]:
    """The server alone: as many pages as it gives to one connection of plain sockets."""
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as stream:
        for number in range(count):
            connection.sendall(b"GET /article/%d.html HTTP/1.1\r\nHost: x\r\n\r\n" % number)
            lines = iter(stream.readline, b"\r\n")
            length = next(int(line[15:]) for line in list(lines) if line.startswith(b"Content-Length"))
            stream.read(length)
    return count, time.perf_counter() - start


WHICH: dict[str, Callable[[int, int], tuple[int, float]]] = {"ours": ours, "bare": bare, "alone": alone}

if __name__ == "__main__":
    pages, seconds = WHICH[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({"pages": pages, "seconds": seconds}))
