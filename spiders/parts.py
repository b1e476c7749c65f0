"""An article's further pages: fetched at once behind its first, so that what is kept of an article is of one moment.

They go through the engine like any request: robots.txt, delay, retries and connect-to hold for them.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from domain.capture import Exchange, Role
from domain.errors import ReadError
from domain.urls import urlkey
from parsers.charset import decode
from parsers.limits import MAX_TEXT
from parsers.parts import MAX_PARTS, continuations, following, hinted
from parsers.unpack import unpack
from spiders.failures import issue

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from spiders.crawl import SiteSpider

# After so many parts that did not come the others are left for the next time.
_FAILURES = 3
# Bytes of an article's pages that wait together; it is handed over with what it has.
_BYTES = 12 * 2**20
_INTO = "gathered_into"
# In a page's meta: the exchanges it was kept with, its own first.
GROUP = "kept_together"
# Answers that are the page's own fault and will be the same tomorrow: what is there is all there is.
_LASTING = frozenset({404, 410})


@dataclass(slots=True)
class _Group:
    """A page and its further ones. `wanted` grows: a pager may show no more than the next page."""

    first: Exchange
    wanted: list[str]
    taken: list[Exchange] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)

    def exchanges(self) -> tuple[Exchange, ...]:
        flags = (f"parts:{len(self.wanted)}", *(f"part-failed:{number}" for number in self.failed))
        return (replace(self.first, flags=(*self.first.flags, *flags)), *self.taken)

    def more(self, part: Exchange) -> None:
        """Adds what the pager of a further page tells and that of the first did not."""
        known = {urlkey(url) for url in self.wanted}
        text = _text(part, self.first.url)
        found = following(text, part.url, self.first.url) if text else ()
        self.wanted.extend([url for url in found if urlkey(url) not in known][: MAX_PARTS - len(self.wanted)])


def gathered(request: Request, taken: Exchange) -> bool:
    """True where an answer is a further page's: its article, which waits for it, has it now."""
    into: list[Exchange] | None = request.meta.get(_INTO)
    if into is not None:
        into.append(taken)
    return into is not None


async def with_parts(crawler: "Crawler", first: Exchange) -> tuple[Exchange, ...]:
    """A capture, and behind it the captures of its further pages where it is an article that has some.

    The first carries the flags `parts:N` and, for each that failed, `part-failed:NUMBER`; the run gets an issue.
    """
    spider: SiteSpider = crawler.spider  # type: ignore[assignment]
    group = _Group(first, list(_parts(first, spider)))
    if not group.wanted:
        return (first,)
    number = 1
    while (number := number + 1) <= len(group.wanted) + 1:
        url = group.wanted[number - 2]
        trouble = _reason_to_stop(crawler, group) or await _fetch(crawler, group, url)
        if trouble:
            lasting, message = trouble
            spider.complain("part", url, f"page {number} of {len(group.wanted) + 1} of {first.url}: {message}")
            group.failed += [] if lasting else [number]
    spider.known.update(urlkey(url) for url in group.wanted)
    return group.exchanges()


def _parts(first: Exchange, spider: "SiteSpider") -> tuple[str, ...]:
    """The further pages that an article's first page names."""
    if first.role is not Role.PAGE or first.status != 200 or not spider.site.owns(first.url):
        return ()
    if spider.site.is_front(first.url):
        return ()
    text = _text(first, first.url)
    return continuations(text, first.url) if text else ()


def _text(taken: Exchange, first: str) -> str | None:
    """A page's text where there is a hint in it of further pages of `first`."""
    headers = {name.lower(): value.decode("latin-1") for name, value in taken.response_headers}
    body, coding = taken.body, headers.get(b"content-encoding")
    if not coding and not hinted(body, first):
        return None
    try:
        data = unpack(body, coding, taken.url).data
    except ReadError:
        return None  # whoever reads it will say so
    return decode(data, headers.get(b"content-type")).text[:MAX_TEXT]


def _reason_to_stop(crawler: "Crawler", group: _Group) -> tuple[bool, str] | None:
    engine = crawler.engine
    if engine is None or not engine.running or (engine._slot and engine._slot.closing is not None):
        return False, "not fetched: the run is ending"
    if len(group.failed) >= _FAILURES:
        return False, "not fetched: too many before it failed"
    if sum(len(taken.body) for taken in (group.first, *group.taken)) >= _BYTES:
        return True, f"not fetched: the pages before it have more than {_BYTES >> 20} MiB"
    return None


async def _fetch(crawler: "Crawler", group: _Group, url: str) -> tuple[bool, str] | None:
    """Fetches one part. None where it came; else whether that will last, and what happened."""
    assert crawler.engine is not None
    meta = {"role": Role.PART, _INTO: group.taken, "dont_redirect": True, "handle_httpstatus_all": True}
    request = Request(url, NO_CALLBACK, meta=meta, headers={"Referer": group.first.url}, dont_filter=True)
    # All that can befall a request comes as a value, as it comes to an errback.
    (answer,) = await asyncio.gather(crawler.engine.download_async(request), return_exceptions=True)
    if isinstance(answer, BaseException):
        found = issue(crawler.spider.name if crawler.spider else "", Failure(answer), url)  # type: ignore[no-untyped-call]
        return found.kind in ("robots", "too-large"), found.message
    return _judged(answer, group)


def _judged(answer: Response, group: _Group) -> tuple[bool, str] | None:
    if answer.status != 200:
        return answer.status in _LASTING, f"answered {answer.status}"
    last = group.taken[-1]
    if any(flag.startswith("truncated") for flag in last.flags):
        return False, "the answer ended before its announced length"
    group.more(last)
    return None
