"""The one crawl shape: entries, their further list pages, the articles they name, and the pages due again."""

import logging
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response

from domain.capture import Issue, Role, Validators
from domain.clock import now
from domain.errors import ReadError, StorageError
from domain.site import Entry, Site
from domain.urls import absolute, urlkey
from parsers.lists import Listing, links
from spiders.failures import issue

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from spiders.recording import Recorder

log = logging.getLogger(__name__)

# Failures in a row, with no answer between, after which a site counts as down for this run.
DOWN_AFTER = 5
# 3xx are followed by Scrapy; every other answer comes to us, because an error page is evidence too.
_ANSWERS = [304, *range(400, 600)]


class SiteSpider(scrapy.Spider):
    """Crawls one site once. `known` are urlkeys already captured, `due` the pages to fetch again."""

    name = "site"
    site: Site
    handle_httpstatus_list = _ANSWERS

    def __init__(
        self,
        site: Site | None = None,
        recorder: "Recorder | None" = None,
        known: frozenset[str] = frozenset(),
        due: tuple[Validators, ...] = (),
        **kwargs: Any,
    ) -> None:
        self.site = site or type(self).site
        super().__init__(name=self.site.name, **kwargs)
        self.recorder, self.due = recorder, due
        self.known = set(known)
        self.issues: list[Issue] = []
        self.links = 0
        self._misses = 0

    async def start(self) -> AsyncIterator[Request]:
        for entry in self.site.entries:
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
        headers = {}
        if validators and validators.reference:
            if validators.etag:
                headers["If-None-Match"] = validators.etag
            if validators.last_modified:
                headers["If-Modified-Since"] = validators.last_modified
        return Request(
            url,
            self.parse_page,
            errback=self.failed,
            headers=headers,
            dont_filter=True,
            meta={"role": Role.PAGE, "reference": validators.reference if validators else None},
        )

    def parse_entry(self, response: Response, entry: Entry, number: int) -> Iterator[Request]:
        """Finds articles on a list page, and the next page while there is something new on this one."""
        self._answered()
        listing = self._listing(response, entry, number)
        if listing is None:
            return
        fresh = [link.url for link in listing.articles if urlkey(link.url) not in self.known]
        self.links += len(listing.articles)
        if number == 1 and len(listing.articles) < self.site.expect.links:
            self.complain(
                "no-links",
                response.url,
                f"{len(listing.articles)} article links on this entry page, "
                f"expected at least {self.site.expect.links}: its layout may have changed",
            )
        self.known.update(urlkey(url) for url in fresh)
        yield from (self._page(url) for url in fresh)
        if fresh and number < entry.pages:
            yield from self._further(listing, response.url, entry, number)

    def _listing(self, response: Response, entry: Entry, number: int) -> Listing | None:
        if number > 1 and response.status in (404, 410):
            return None  # past the last list page: its end, not a fault
        if response.status != 200:
            self.complain("entry-status", response.url, f"this entry page answered {response.status}")
            return None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        try:
            return links(response.body, response.url, content_type, entry, self.site)
        except ReadError as error:
            self.complain("entry-unreadable", response.url, str(error))
            return None

    def _further(self, listing: Listing, base: str, entry: Entry, number: int) -> Iterator[Request]:
        for url in listing.next[:1]:
            yield self._list_page(absolute(base, url), entry, number + 1)

    def parse_page(self, response: Response) -> None:
        """Nothing is read here: the capture is kept, `read` does the rest."""
        self._answered()
        if "dataloss" in response.flags:
            self.complain("truncated", response.url, "the answer ended before its announced length")
        if response.status >= 500 or response.status == 429:
            self.complain("status", response.url, f"answered {response.status}")
        elif response.status == 200 and not response.body:
            self.complain("empty", response.url, "answered 200 with an empty page")

    def failed(self, failure: "Failure") -> None:
        """Notes what went wrong; a site that gives no answer at all is left alone for this run."""
        if isinstance(failure.value, StorageError):
            raise CloseSpider("storage")
        request: Request = failure.request  # type: ignore[attr-defined]
        found = issue(self.site.name, failure, request.url)
        self.issues.append(found)
        log.warning("%s: %s: %s", self.site.name, request.url, found.message)
        if found.kind in {"dns", "refused", "timeout", "connection", "tls"}:
            self._misses += 1
        if self._misses >= DOWN_AFTER:
            raise CloseSpider("site-down")

    def _answered(self) -> None:
        self._misses = 0

    def complain(self, kind: str, url: str, message: str) -> None:
        """Leaves an issue on the run."""
        self.issues.append(Issue(kind=kind, site=self.site.name, url=url, message=message, at=now()))
        log.warning("%s: %s: %s", self.site.name, url, message)
