"""Fetches addresses with our settings, handler and recording, in a process of its own: `teeing.py FILE ADDRESS…`.

FILE gets the exchanges, pickled in the order they came, as a site's writer would get them.
"""

import pickle
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response

from domain.capture import Exchange, Role
from domain.settings import settings
from domain.site import Entry, Site
from spiders.configuration import base

EVERYTHING = {"handle_httpstatus_all": True, "dont_redirect": True, "dont_retry": True}


class Kept:
    """A recorder that keeps what it is given."""

    crowded = False

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def put_together(self, exchanges: Sequence[Exchange]) -> None:
        self.exchanges += exchanges


class Asking(scrapy.Spider):
    name = "asking"
    addresses: Sequence[str] = ()
    recorder = Kept()
    site = Site(
        name="asking",
        title="asking",
        homepage="http://nowhere.example/",
        entries=(Entry(url="http://nowhere.example/"),),
        article="^$",
    )

    async def start(self) -> AsyncIterator[Request]:
        for url in self.addresses:
            meta = EVERYTHING | {"role": Role.PAGE}
            yield Request(url, self.parse, errback=self.failed, meta=meta, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing: the recording has it."""

    def failed(self, failure: object) -> None:
        """An answer that cannot be taken is what some tests ask for."""


def main(file: str, *addresses: str) -> None:
    chosen = {"ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": 1, "DOWNLOAD_TIMEOUT": 10, "LOG_LEVEL": "WARNING"}
    process = CrawlerProcess(base(settings()) | chosen)
    process.crawl(Asking, addresses=addresses)
    process.start()
    Path(file).write_bytes(pickle.dumps(Asking.recorder.exchanges))


if __name__ == "__main__":
    main(*sys.argv[1:])
