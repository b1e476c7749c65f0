"""The verb read: walks a site's ledger from its watermark and reads each payload into an article.

Pure and repeatable: it never fetches, and what a reader of this version made of an entry before is taken
from the bucket as it stands.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalogue import Reading
from domain.article import Article
from domain.capture import Capture, Issue, Role, RunSummary
from domain.errors import NotFound, ReadError
from domain.site import Site
from monitor.outcome import outcome
from parsers import READER_VERSION, read
from pipeline.house import House
from pipeline.noticing import notice
from pipeline.parts import has_parts, joined
from storage import keys
from storage.archive import answer_in
from storage.ledger import Entry
from storage.segment import read_index

log = logging.getLogger(__name__)


# How many of the latest runs are looked through for one that the catalogue lacks.
_RECENT = 50


@dataclass(frozen=True, slots=True)
class Read:
    """How much was read: ledger entries, captures, pages that could not be read at all; and what was odd."""

    site: str
    entries: int = 0
    captures: int = 0
    unreadable: int = 0
    issues: tuple[Issue, ...] = ()


def read_site(house: House, site: Site, progress: Callable[[Entry], None] = lambda entry: None) -> Read:
    """Reads what the site's ledger holds beyond the watermark. Raises IntegrityError where the archive is damaged."""
    done = house.catalogue.progress(site.name)
    entries = captures = 0
    issues: list[Issue] = []
    runs: set[str] = set()
    for entry in house.archive.ledger(site.name).walk(done.read_seq):
        rows = _entry(house, site, entry)
        house.catalogue.record(site.name, entry.seq, rows)
        entries, captures = entries + 1, captures + len(rows)
        issues += (found for row in rows if row.article for found in notice(row.capture, row.article, site))
        runs.add(entry.commit.run)
        progress(entry)
    _put_late(house, site, runs)
    for found in issues:
        log.warning("%s: %s: %s: %s", found.site, found.url, found.kind, found.message)
    unreadable = sum(found.kind == "unreadable" for found in issues)
    return Read(site.name, entries, captures, unreadable, tuple(issues))


def _put_late(house: House, site: Site, runs: set[str]) -> None:
    """Puts runs into the catalogue whose end it missed, its server being away. One without done.json was killed."""
    for run in runs - {summary.run for summary in house.catalogue.runs(site.name, _RECENT)}:
        try:
            done = house.bucket.get(keys.manifest(site.name, run, "done")).data
        except NotFound:
            log.info("%s: run %s has not ended", site.name, run)
            continue
        house.catalogue.put_run(RunSummary.model_validate_json(done))


def _entry(house: House, site: Site, entry: Entry) -> list[Reading]:
    index = house.archive.index(entry)
    pages = [capture for capture in index.captures if _is_page(capture, site)]
    articles = house.archive.articles(site.name, READER_VERSION, entry.seq)
    if articles is None:
        articles = _read(house, site, entry, pages, index.captures)
        house.archive.put_articles(site.name, READER_VERSION, entry.seq, articles)
    wanted = {capture.id for capture in pages}
    return [_row(capture, articles.get(capture.id), site, page=capture.id in wanted) for capture in index.captures]


def _is_page(capture: Capture, site: Site) -> bool:
    """A page we follow. Where a redirect led to the home page or to somebody else's site, the answer there is
    evidence, but no page of ours."""
    return capture.role is Role.PAGE and site.owns(capture.url) and not site.is_front(capture.url)


def _read(
    house: House, site: Site, entry: Entry, pages: list[Capture], captures: Sequence[Capture]
) -> dict[str, Article]:
    readable = [capture for capture in pages if capture.status == 200]
    if not readable:
        return {}
    data = house.archive.segment(entry.commit.segment)
    return {capture.id: _whole(data, capture, captures, site) for capture in readable}


def read_capture(house: House, capture: Capture, site: Site) -> Article:
    """What today's readers see in one capture, its further pages included. Raises NotFound, IntegrityError."""
    if has_parts(capture):
        data = house.archive.segment(capture.segment)
        return _whole(data, capture, read_index(data, capture.segment).captures, site)
    return _article(house.bucket.get(capture.segment, capture.offset, capture.length).data, capture, site)


def _whole(data: bytes, capture: Capture, captures: Sequence[Capture], site: Site) -> Article:
    """One page's article, from a segment's bytes, with what its further pages say."""
    return joined(capture, captures, lambda part: _article(data[part.offset : part.offset + part.length], part, site))


def _article(frame: bytes, capture: Capture, site: Site) -> Article:
    answer = answer_in(frame, capture)
    try:
        return read(
            answer.payload,
            capture.url,
            capture.content_type,
            site,
            at=capture.at,
            content_encoding=answer.header("Content-Encoding"),
        )
    except ReadError as error:
        return Article.unreadable(str(error))


def _row(capture: Capture, article: Article | None, site: Site, *, page: bool) -> Reading:
    seen = outcome(capture, article, site) if page else None
    return Reading(capture=capture, article=article, observation=seen, reader=READER_VERSION)
