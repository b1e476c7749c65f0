"""Files of articles: attachments and images, asked for right after the page that shows them.

A page is read for them only where it is new or changed and names an address that was not weighed before: most pages
of a site bring nothing new but their own pictures. Attachments of a page that is fetched again are asked for again,
whether or not the page changed: what lies behind a link can be another document one day, and the page not say so.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.article import Kind
from domain.capture import Exchange, Validators
from domain.errors import ReadError
from domain.site import Site
from domain.urls import file_key, urlkey
from parsers.addresses import safe_absolute
from parsers.remembered import read

if TYPE_CHECKING:
    from scrapy.http import Response

log = logging.getLogger(__name__)

# In mark-up, and in mark-up that a script holds as a string. As cheap as can be: every new page goes through them. Each
# begins with plain letters, which `re` looks for ten times as fast as for one of several words.
_SOURCES = tuple(
    re.compile(rb"""%b\s*=\s*\\?["']?([^"'\\\s<>]{4,2000})""" % name) for name in (b"src", b"SRC", b"original")
)
_ENDINGS = b"pdf|docx?|xlsx?|pptx?|zip|rar|wps|et|ofd|txt"
_NAMED = (re.compile(rb"\.(?:%b|%b)\b" % (_ENDINGS, _ENDINGS.upper())), re.compile(rb"downfile"))
_BEFORE = re.compile(rb"""[^"'\\\s<>]{0,300}\Z""")
_AFTER = re.compile(rb"""[^"'\\\s<>]{0,300}""")
_MOST = 2000
_NO_PICTURE = (b".js", b".css", b".html", b".htm", b".swf", b".mp4", b".mp3")


class Files:
    """One run's files of one site. `held` are those that need no fetching, by `file_key`; `due` those to be asked for
    again, where a page that shows them changed; `attached`, by a page's urlkey, the addresses of those to be asked for
    again with it in any case. `count` files were asked for, of `size` bytes so far; `left` could not be, the run's
    limits being reached."""

    def __init__(
        self,
        site: Site,
        held: frozenset[str],
        due: Mapping[str, Validators],
        attached: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self._site, self._due, self._attached, self._limits = site, due, attached, site.files
        self._done = set(held)
        self._weighed = set(held)
        self.count = self.size = self.left = 0

    @property
    def full(self) -> bool:
        """True where this run may fetch no more."""
        return self.count >= self._limits.per_run or self.size >= self._limits.bytes_per_run

    def of(self, response: "Response", pages: Sequence[Exchange]) -> Iterator[tuple[Validators, bool]]:
        """The files to fetch of an article, and whether each is an attachment, those first. `pages` are its first page
        and its further ones. Each file is named once a run."""
        addresses = dict.fromkeys(self._again(response))
        if self._wanted(response):
            addresses |= dict.fromkeys(address for page in pages for address in self._named(page))
        allowed = [pair for pair in addresses if self._site.may_take_from(pair[0])]
        for url, attached in sorted(allowed, key=lambda pair: not pair[1])[: self._limits.per_article]:
            key = file_key(url)
            if key in self._done:
                continue
            if self.full:
                self.left += 1
                continue
            self._done.add(key)
            self.count += 1
            yield self._due.get(key) or Validators(url=url), attached

    def _again(self, response: "Response") -> Iterator[tuple[str, bool]]:
        """The known attachments of a page that is still there."""
        if self._limits.attachments and response.status in (200, 304):
            yield from ((url, True) for url in self._attached.get(urlkey(response.url), ()))

    def _wanted(self, response: "Response") -> bool:
        if not (self._limits.attachments or self._limits.images):
            return False
        if response.status != 200 or "dataloss" in response.flags:
            return False
        if not self._site.owns(response.url) or self._site.is_front(response.url):
            return False
        reference = response.meta.get("reference")
        return reference is None or reference.payload_digest != _digest(response.body)

    def _named(self, page: Exchange) -> Iterator[tuple[str, bool]]:
        """The files that a page's article shows; nothing where all that the page names was weighed before."""
        fresh = {file_key(url) for url in _candidates(page)} - self._weighed
        coded = any(name.lower() == b"content-encoding" for name, _ in page.response_headers)
        if not fresh and not coded:
            return
        self._weighed |= fresh
        try:
            article = read(page.body, page.url, _header(page, b"content-type"), self._site, at=page.at,
                           content_encoding=_header(page, b"content-encoding"))  # fmt: skip
        except ReadError as error:
            log.debug("%s: no files of it: %s", page.url, error)
            return
        if article.kind is not Kind.ARTICLE:
            return
        if self._limits.attachments:
            yield from ((item.href, True) for item in article.attachments)
        if self._limits.images:
            yield from ((src, False) for src in article.images)


def _candidates(page: Exchange) -> Iterator[str]:
    """Every address in a page that could be a picture's or a document's; of a page made to be slow, the first."""
    pictures = (found[1] for found in _found(_SOURCES, page.body))
    kept = (raw for raw in pictures if not raw.partition(b"?")[0].lower().endswith(_NO_PICTURE))
    for raw in dict.fromkeys([*kept, *_documents(page.body)]):
        if url := safe_absolute(page.url, raw.decode("utf-8", "replace").replace("&amp;", "&")):
            yield url


def _found(patterns: Iterable[re.Pattern[bytes]], body: bytes) -> Iterator[re.Match[bytes]]:
    return islice(chain.from_iterable(pattern.finditer(body) for pattern in patterns), _MOST)


def _documents(body: bytes) -> Iterator[bytes]:
    """What stands around each file ending, as far as an address can reach."""
    for found in _found(_NAMED, body):
        before = _BEFORE.search(body[max(0, found.start() - 300) : found.start()])
        after = _AFTER.match(body, found.end())
        if before and after:
            yield before[0].removeprefix(b"href=") + found[0] + after[0]


def _digest(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


def _header(page: Exchange, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in page.response_headers if key.lower() == name), None)
