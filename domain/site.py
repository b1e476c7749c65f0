"""A Site: a publisher we watch. One file a site, in sites/ or in a folder of TONGJIAN_SITES."""

import re
from datetime import date, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.urls import host, registrable


class Layout:
    """Base of a page layout's reader (see parsers.declare.SiteReader); the last day it is good for, or None."""

    valid_until: ClassVar[date | None] = None


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class Entry(Model):
    """Where discovery starts. `pages` counts the list pages followed at most, the sitemaps of an index
    included; `more` is the address of the N-th page with `{page}` in it, or None to go on as the page says."""

    url: str
    kind: Literal["html", "jcms", "trs", "json", "feed", "sitemap"] = "html"
    pages: int = Field(3, ge=1)
    more: str | None = None


class Manners(Model):
    """How we behave towards a site. `delay` seconds between requests, jittered by half of it either way;
    `timeout` seconds; `max_bytes` a response may have."""

    delay: float = Field(2.0, ge=0)
    concurrent: int = Field(2, ge=1, le=4)
    timeout: float = Field(30.0, gt=0)
    max_bytes: int = Field(20 * 2**20, gt=0)


class Files(Model):
    """Which files of an article are captured with it: `attachments`, `images`; at most `per_article` of one article
    and `per_run` of a run, of `max_bytes` each and `bytes_per_run` together. They are fetched from hosts of the
    site's own registrable domains and from `hosts`; one that is held is asked for again, where its article changed,
    `again` after it was last seen."""

    attachments: bool = True
    images: bool = True
    per_article: int = Field(30, ge=0)
    per_run: int = Field(300, ge=0)
    max_bytes: int = Field(20 * 2**20, gt=0)
    bytes_per_run: int = Field(2**30, ge=0)
    hosts: tuple[str, ...] = ()
    again: timedelta = timedelta(days=30)


class Masks(Model):
    """What an operator says of volatile parts: a block of a body that one of `always` matches (a regular expression,
    searched for) is none of the article; one that `never` matches is, whatever was learned of it."""

    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @field_validator("always", "never")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            re.compile(pattern)
        return value


class Gone(Model):
    """When a page is gone: `answers` of the last `of` that say anything were missing, the last one too, in as many
    runs, the first and the last of them `apart`. `answers` None is the house's TONGJIAN_GONE_AFTER; `of` None is as
    many as `answers`, so in a row."""

    answers: int | None = Field(None, ge=1)
    of: int | None = Field(None, ge=1)
    apart: timedelta = timedelta(0)


class Expectation(Model):
    """What a run must find; less is an issue. `links` on each entry page, `articles` known in all."""

    links: int = Field(1, ge=0)
    articles: int = Field(0, ge=0)


class Site(Model):
    """`name` is the file's name with `-` for `_`; `article` a regular expression an article's address matches."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: str
    homepage: str
    entries: tuple[Entry, ...] = Field(min_length=1)
    article: str
    publisher: str | None = None
    region: str | None = None
    platform: str | None = None
    readers: tuple[type[Layout], ...] = ()
    every: timedelta = timedelta(minutes=30)
    rechecks: int = Field(10_000, ge=1, description="known pages that may be fetched again a day: docs/recheck-plan.md")
    manners: Manners = Manners()
    files: Files = Files()
    expect: Expectation = Expectation()
    masks: Masks = Masks()
    gone: Gone = Gone()
    fold: bool | Literal["auto", "always", "never", "readings", "script"] = Field(
        False, description="readings in brackets out, traditional to simplified: see parsers.fold.switches"
    )
    owner: str = "tongjian"
    tags: tuple[str, ...] = ()

    @field_validator("article")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this site's pages live on."""
        return frozenset(host(url) for url in (self.homepage, *(entry.url for entry in self.entries)))

    def owns(self, url: str) -> bool:
        """True where an address is on one of this site's hosts."""
        return host(url) in self.hosts

    def may_take_from(self, url: str) -> bool:
        """True where a file of an article may be fetched from an address: its host is in `files.hosts`, or of a
        registrable domain of this site's."""
        name = host(url)
        return name in self.files.hosts or registrable(name) in {registrable(own) for own in self.hosts}

    def is_article(self, url: str) -> bool:
        """True where an address is one of this site's articles."""
        return re.search(self.article, url) is not None

    def is_front(self, url: str) -> bool:
        """True where an address is this site's home page or one of its entries: no place for an article."""
        bare = url.split("?", maxsplit=1)[0].rstrip("/")
        fronts = {self.homepage, *(entry.url for entry in self.entries)}
        return bare in {front.split("?")[0].rstrip("/") for front in fronts} or bare.count("/") == 2
