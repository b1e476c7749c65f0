"""Scrapy's settings for our crawls: polite, closed to the outside, every answer recorded."""

from collections.abc import Mapping
from typing import Any

from scrapy.settings import default_settings

from domain.settings import Settings
from domain.site import Site

VERSION = "0.1.0"


def user_agent(settings: Settings) -> str:
    """Who we are and where to complain."""
    return f"Tongjian/{VERSION}" + (f" (+{settings.contact})" if settings.contact else "")


def base(settings: Settings) -> dict[str, Any]:
    """What holds for every site. Scrapy 2.19's own defaults would open a control server and a telnet
    console, ignore robots.txt and leave certificates unchecked."""
    return {
        "BOT_NAME": "tongjian",
        "SPIDER_MODULES": [],
        "SPIDER_LOADER_CLASS": "spiders.loader.SiteLoader",
        "USER_AGENT": user_agent(settings),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "tongjian",
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_HANDLERS": {
            "http": "spiders.connecting.ConnectToHandler",
            "https": "spiders.connecting.ConnectToHandler",
            "ftp": None,
            "file": None,
            "data": None,
            "s3": None,
        },
        "TWISTED_DNS_RESOLVER": "spiders.resolving.NotingResolver",
        # Identity: what is kept, hashed and shown is then the very bytes on the wire.
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "identity",
        },
        "EXTENSIONS_BASE": _without(default_settings.EXTENSIONS_BASE, "TelnetConsole", "RemoteControl"),
        "DOWNLOADER_MIDDLEWARES_BASE": _without(default_settings.DOWNLOADER_MIDDLEWARES_BASE, "CookiesMiddleware"),
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "spiders.unpacking.RobotsUnpacking": 590,
            "spiders.recording.Recording": 950,
        },
        # A list page that reloads itself every minute is no redirect; one that sends on at once is.
        "METAREFRESH_MAXDELAY": 5,
        "COOKIES_ENABLED": False,
        # Scrapy 2.19 starts so many tasks for every answer, items or not (0.7 ms of CPU at its 100); we yield none.
        "CONCURRENT_ITEMS": 1,
        "RETRY_TIMES": 2,
        "RETRY_GIVE_UP_LOG_LEVEL": "WARNING",
        "REDIRECT_MAX_TIMES": 8,
        "DNS_TIMEOUT": 20,
        "LOG_LEVEL": "INFO",
        "LOG_VERSIONS": [],
        "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s: %(message)s",
    }


def _without(components: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Less these, which are off. Scrapy 2.19 loads what is switched off, or set to None, all the same: aiohttp's server
    and requests, a quarter of a second in every crawl."""
    return {path: place for path, place in components.items() if path.rpartition(".")[2] not in names}


def manners(site: Site, pace: float) -> dict[str, Any]:
    """One site's rhythm; `pace` is how much faster than real time a drill runs."""
    polite = site.manners
    return {
        "DOWNLOAD_DELAY": polite.delay / pace,
        "DOWNLOAD_DELAY_JITTER": 0.5,
        "CONCURRENT_REQUESTS": polite.concurrent,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrent,
        "DOWNLOAD_TIMEOUT": polite.timeout,
        "DOWNLOAD_MAXSIZE": polite.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
    }
