"""The second look: when a crawl has nothing left to ask, some of its pages are asked once more at once.

What differs between two answers that are moments apart moves by itself: a counter, a clock, a list that turns. An
address that cannot exist is asked for too, now and then, to know what the site shows in a missing page's place.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DontCloseSpider
from scrapy.http import Request

from domain.capture import Role
from domain.errors import TongjianError

if TYPE_CHECKING:
    from spiders.crawl import SiteSpider

log = logging.getLogger(__name__)

AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for at a crawl's end: `pages` for the second time, `probes` that cannot exist."""

    pages: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()


# Asked once, in a thread, when the crawl is idle. Raises TongjianError where what was captured cannot be kept or read:
# then the run ends without a second look, and its own end says what is wrong with the bucket or the catalogue.
Look = Callable[[], Wanted]


class SecondLook:
    """Listens to one spider's `spider_idle`."""

    def __init__(self, look: Look | None) -> None:
        self._look = look
        self._task: asyncio.Task[None] | None = None
        self._done = look is None

    def idle(self, spider: "SiteSpider") -> None:
        """Keeps the crawl open until the look is over. Raises DontCloseSpider."""
        if self._done:
            return
        if self._task is None:
            self._task = asyncio.ensure_future(self._ask(spider))
        raise DontCloseSpider

    async def _ask(self, spider: "SiteSpider") -> None:
        wanted = await self._wanted(spider)
        self._done = True
        engine = spider.crawler.engine
        if engine is None or engine.spider is None:
            return  # ended meanwhile, by a signal or its limit
        requests = [*(_page(spider, url) for url in wanted.pages), *(_probe(spider, url) for url in wanted.probes)]
        for request in requests:
            engine.crawl(request)
        if not requests:
            await engine.close_spider_async(reason="finished")

    async def _wanted(self, spider: "SiteSpider") -> Wanted:
        assert self._look is not None
        try:
            return await asyncio.to_thread(self._look)
        except TongjianError as error:
            log.warning("%s: no second look at what changed: %s", spider.site.name, error)
            return Wanted()


def _page(spider: "SiteSpider", url: str) -> Request:
    return _request(spider, url, {"role": Role.PAGE, AGAIN: True, "files_known": True})


def _probe(spider: "SiteSpider", url: str) -> Request:
    return _request(spider, url, {"role": Role.PROBE, "dont_redirect": True, "handle_httpstatus_all": True})


def _request(spider: "SiteSpider", url: str, meta: dict[str, Any]) -> Request:
    return Request(url, spider.parse_again, errback=spider.failed, dont_filter=True, meta=meta)
