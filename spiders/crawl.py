"""The one crawl shape: entries, their further list pages, the articles they name, and the pages due again."""

import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import scrapy
from scrapy import signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response

from domain.capture import Issue, Role, Validators
from domain.clock import now
from domain.errors import ReadError, StorageError
from domain.site import Entry, Site
from domain.urls import absolute, urlkey
from parsers.lists import Listing, links
from parsers.unpack import unpack
from spiders.failures import NO_ANSWER, issue
from spiders.files import Files
from spiders.parts import GROUP
from spiders.second import Look, SecondLook

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from spiders.recording import Recorder

log = logging.getLogger(__name__)

# Failures in a row, with no answer between, after which a site counts as down for this run.
DOWN_AFTER = 5
# 3xx are followed by Scrapy; every other answer comes to us, because an error page is evidence too.
_ANSWERS = [304, *range(400, 600)]
_GONE = (404, 410)


class SiteSpider(scrapy.Spider):
    """Crawls one site once. `entries` are those to ask, all unless given; `known` are urlkeys already captured, `due`
    the pages to fetch again; `held`, `old_files` and `attached` are the files of its articles that are held: see
    spiders.files."""

    name = "site"
    site: Site
    handle_httpstatus_list = _ANSWERS

    def __init__(
        self,
        site: Site | None = None,
        recorder: "Recorder | None" = None,
        known: frozenset[str] = frozenset(),
        due: tuple[Validators, ...] = (),
        held: frozenset[str] = frozenset(),
        old_files: Mapping[str, Validators] = MappingProxyType({}),
        attached: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        entries: tuple[Entry, ...] | None = None,
        look: Look | None = None,
        **kwargs: Any,
    ) -> None:
        self.site = site or type(self).site
        super().__init__(name=self.site.name, **kwargs)
        self.recorder, self.due = recorder, due
        self.entries = self.site.entries if entries is None else entries
        self.known = set(known)
        self.files = Files(self.site, held, old_files, attached)
        self.second = SecondLook(look)
        self.issues: list[Issue] = []
        self.links = 0
        self.lists: dict[str, int] = {}
        self._misses = 0
        self._told = False

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.stumbled, signals.spider_error)
        crawler.signals.connect(spider.second.idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for entry in self.entries:
            yield self._list_page(entry.url, entry, 1)
        for page in self.due:
            self.known.add(urlkey(page.url))
            yield self._page(page.url, page)

    def _list_page(self, url: str, entry: Entry, number: int) -> Request:
        return Request(
            url,
            self.parse_entry,
            errback=self.failed,
            priority=10,
            dont_filter=True,
            meta={"role": Role.ENTRY, "handle_httpstatus_list": _ANSWERS},
            cb_kwargs={"entry": entry, "number": number},
        )

    def _page(self, url: str, validators: Validators | None = None) -> Request:
        return Request(
            url,
            self.parse_page,
            errback=self.failed,
            headers=_conditions(validators),
            dont_filter=True,
            meta={"role": Role.PAGE, "reference": validators.reference if validators else None},
        )

    def _file(self, validators: Validators, *, attached: bool) -> Request:
        """A file of an article: after the pages, and as large as the site's file allows."""
        meta = {"role": Role.FILE, "reference": validators.reference, "attached": attached}
        return Request(
            validators.url,
            self.parse_file,
            errback=self.file_failed,
            headers=_conditions(validators),
            priority=-10,
            dont_filter=True,
            meta=meta | {"download_maxsize": self.site.files.max_bytes},
        )

    def parse_entry(self, response: Response, entry: Entry, number: int) -> Iterator[Request]:
        """Finds articles on a list page, and the next page while there is something new on this one."""
        self._answered()
        listing = self._listing(response, entry, number)
        if listing is None:
            return
        fresh = [link.url for link in listing.articles if urlkey(link.url) not in self.known]
        self.links += len(listing.articles)
        if number == 1 and not listing.index:
            self.lists[entry.url] = len(listing.articles)
        if number == 1 and len(listing.articles) < self.site.expect.links and not listing.index:
            self.complain(
                "no-links",
                response.url,
                f"{len(listing.articles)} article links on this entry page, "
                f"expected at least {self.site.expect.links}: its layout may have changed",
            )
        self.known.update(urlkey(url) for url in fresh)
        yield from (self._page(url) for url in fresh)
        if (fresh or listing.index) and number < entry.pages:
            yield from self._further(listing, response.url, entry, number)

    def _listing(self, response: Response, entry: Entry, number: int) -> Listing | None:
        if number > 1 and response.status in _GONE:
            return None  # past the last list page: its end, not a fault
        if response.status != 200:
            self.complain("entry-status", response.url, f"this entry page answered {response.status}")
            return None
        self._complain_of_body(response)
        try:
            page = unpack(response.body, _header(response, "Content-Encoding"), response.url)
            for note in page.issues:
                self.complain("entry-odd", response.url, note)
            return links(page.data, response.url, _header(response, "Content-Type"), entry, self.site)
        except ReadError as error:
            self.complain("entry-unreadable", response.url, str(error))
            return None

    def _further(self, listing: Listing, base: str, entry: Entry, number: int) -> Iterator[Request]:
        """The next page; of an index of sitemaps all it names, none of which leads further."""
        most, after = (entry.pages - 1, entry.pages) if listing.index else (1, number + 1)
        for url in listing.next[:most]:
            yield self._list_page(absolute(base, url), entry, after)

    def parse_page(self, response: Response) -> Iterator[Request]:
        """The capture is kept, `read` does the rest; its files are asked for now, before they are gone."""
        self._answered()
        self._complain_of_body(response)
        if response.status >= 400 and response.status not in _GONE:
            self.complain("status", response.url, f"answered {response.status}")
        for validators, attached in self.files.of(response, response.meta.pop(GROUP, ())):
            yield self._file(validators, attached=attached)
        if self.files.left and not self._told:
            self._told = True
            limits = f"{self.files.count} files, {self.files.size >> 20} MiB"
            self.complain("files", response.url, f"no more files are fetched in this run: {limits}", level="warning")

    def parse_again(self, response: Response) -> None:
        """Kept, and that is all."""
        self._answered()

    def parse_file(self, response: Response) -> None:
        """Kept; of one that is not there the page's own readers will not know."""
        self.files.size += len(response.body)
        if response.status >= 400 and response.meta["attached"]:
            self.complain("attachment", response.url, f"answered {response.status}", level="warning")

    def file_failed(self, failure: "Failure") -> None:
        """An attachment that cannot be had is said; a picture, often another's, only logged."""
        if isinstance(failure.value, StorageError):
            raise CloseSpider("storage")
        request: Request = failure.request  # type: ignore[attr-defined]
        found = issue(self.site.name, failure, request.url).model_copy(update={"level": "warning"})
        log.info("%s: %s: %s", self.site.name, found.url, found.message)
        if request.meta["attached"]:
            self.issues.append(found)

    def _complain_of_body(self, response: Response) -> None:
        if "dataloss" in response.flags:
            self.complain("truncated", response.url, "the answer ended before its announced length")
        elif response.status == 200 and not response.body:
            self.complain("empty", response.url, "answered 200 with an empty page")

    def failed(self, failure: "Failure") -> None:
        """Notes what went wrong; a site that gives no answer at all is left alone for this run."""
        if isinstance(failure.value, StorageError):
            raise CloseSpider("storage")
        request: Request = failure.request  # type: ignore[attr-defined]
        asked = request.meta.get("redirect_urls", [request.url])[0]
        found = issue(self.site.name, failure, asked)
        if asked != request.url:
            found = found.model_copy(update={"message": f"{found.message} (sent on to {request.url})"})
        self.issues.append(found)
        log.warning("%s: %s: %s", self.site.name, found.url, found.message)
        if found.kind in NO_ANSWER:
            self._misses += 1
        if self._misses >= DOWN_AFTER:
            raise CloseSpider("site-down")

    def stumbled(self, failure: "Failure", response: Response) -> None:
        """A page that our own program could not deal with must not look like one without links."""
        self.complain("program", response.url, f"{type(failure.value).__name__}: {failure.value}")

    def _answered(self) -> None:
        self._misses = 0

    def complain(self, kind: str, url: str, message: str, level: str = "error") -> None:
        """Leaves an issue on the run."""
        self.issues.append(Issue(kind=kind, site=self.site.name, url=url, message=message, at=now(), level=level))
        log.warning("%s: %s: %s", self.site.name, url, message)


def _conditions(validators: Validators | None) -> dict[str, str]:
    """The headers that make a request conditional (RFC 9110, section 13.1)."""
    if validators is None or validators.reference is None:
        return {}
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in named.items() if value}


def _header(response: Response, name: str) -> str | None:
    return (response.headers.get(name) or b"").decode("latin-1") or None
