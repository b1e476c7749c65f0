"""Runs the crawls of one process: one site, or a shard of them. Scrapy's reactor can run once a process."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import Crawler, CrawlerProcess

from domain.capture import Issue, Validators
from domain.settings import Settings
from domain.site import Entry, Site
from spiders.configuration import base, manners
from spiders.crawl import SiteSpider
from spiders.recording import Recorder
from spiders.second import Look

log = logging.getLogger(__name__)

# What a finished crawl's statistics are judged by; the rest stays in the log.
_KEPT_STATS = (
    "downloader/request_count",
    "downloader/response_count",
    "downloader/response_bytes",
    "retry/count",
    "elapsed_time_seconds",
)


@dataclass(frozen=True, slots=True)
class Job:
    """One site to crawl: who takes the captures, what is known, what is due again, which files of articles are held,
    which of them may be asked for again and which are to be with a page, the most seconds it may take, and which of
    its entries are asked (None: all). `look` says at its end what to ask for once more."""

    site: Site
    recorder: Recorder
    known: frozenset[str] = frozenset()
    due: tuple[Validators, ...] = ()
    held: frozenset[str] = frozenset()
    old_files: Mapping[str, Validators] = field(default_factory=dict)
    attached: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: float = 0.0
    entries: tuple[Entry, ...] | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a crawl ended. `reason` is Scrapy's: finished, shutdown, site-down, storage, closespider_timeout. `lists`
    are the links on each entry's first page, by its address."""

    site: str
    reason: str
    links: int
    issues: tuple[Issue, ...]
    stats: dict[str, Any] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)


def crawl(jobs: Sequence[Job], settings: Settings) -> tuple[Outcome, ...]:
    """Crawls all jobs at once and blocks until the last has ended. One SIGTERM or SIGINT ends them cleanly."""
    process = _process(settings)
    running = [_start(process, job, settings) for job in jobs]
    process.start(stop_after_crawl=True, install_signal_handlers=True)
    return tuple(_outcome(job, crawler) for job, crawler in zip(jobs, running, strict=True))


def _process(settings: Settings) -> CrawlerProcess:
    """Scrapy opens its loggers to DEBUG and tells of itself, settings and statistics; ours say what matters."""
    logging.disable(logging.INFO)
    process = CrawlerProcess(base(settings) | {"LOG_INSTALL_ROOT_HANDLER": False})
    logging.disable(logging.NOTSET)
    level = logging.getLogger().level
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(level if level == logging.DEBUG else logging.WARNING)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_without_traceback)
    return process


def _without_traceback(record: logging.LogRecord) -> bool:
    """A robots.txt that does not come is the site's fault, not the program's."""
    record.exc_info = None
    return True


def _start(process: CrawlerProcess, job: Job, settings: Settings) -> Crawler:
    custom = manners(job.site, settings.pace) | {"CLOSESPIDER_TIMEOUT": job.limit}
    spider = type(job.site.name, (SiteSpider,), {"name": job.site.name, "custom_settings": custom})
    crawler = process.create_crawler(spider)
    known = {"known": job.known, "due": job.due, "held": job.held, "entries": job.entries}
    files = {"old_files": job.old_files, "attached": job.attached}
    process.crawl(crawler, site=job.site, recorder=job.recorder, look=job.look, **known, **files)
    return crawler


def _outcome(job: Job, crawler: Crawler) -> Outcome:
    stats = crawler.stats.get_stats() if crawler.stats else {}
    spider = crawler.spider
    reason = str(stats.get("finish_reason", "shutdown"))
    if not isinstance(spider, SiteSpider):
        return Outcome(job.site.name, "failed to start", 0, ())
    kept = {name: stats[name] for name in _KEPT_STATS if name in stats}
    return Outcome(job.site.name, reason, spider.links, tuple(spider.issues), kept, spider.lists)
