"""Lets Scrapy's own commands see the sites: `scrapy list` prints their names."""

from typing import TYPE_CHECKING, Self

import sites
from domain.urls import host
from spiders.crawl import SiteSpider

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings


class SiteLoader:
    """A spider class a site, made from its file. Raises ConfigurationError where a file is wrong."""

    def __init__(self) -> None:
        self._sites = sites.load()

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> Self:
        return cls()

    def load(self, spider_name: str) -> "type[Spider]":
        if spider_name not in self._sites:
            raise KeyError(f"Spider not found: {spider_name}")
        return type(spider_name, (SiteSpider,), {"name": spider_name, "site": self._sites[spider_name]})

    def find_by_request(self, request: "Request") -> list[str]:
        return [name for name, site in self._sites.items() if host(request.url) in site.hosts]

    def list(self) -> list[str]:
        return sorted(self._sites)
