"""The verb read: walks a site's ledger from its watermark and reads each payload into an article.

Pure and repeatable: it never fetches, and what a reader of this name made of an entry before is taken
from the bucket as it stands.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import takewhile

from catalogue import Catalogue, Reading
from domain.article import Article
from domain.capture import Capture, Issue, Role, RunSummary
from domain.change import Outcome
from domain.errors import NotFound, ReadError
from domain.site import Site
from monitor.outcome import outcome
from parsers.citing import citations
from parsers.fingerprint import fingerprint
from parsers.remembered import read
from pipeline.house import House
from pipeline.noticing import notice
from pipeline.parts import has_parts, joined
from pipeline.readers import reader_of
from pipeline.selecting import site_of
from storage import keys
from storage.ahead import ahead
from storage.archive import Answer, answer_from
from storage.ledger import Entry
from storage.segment import Segment

log = logging.getLogger(__name__)

# Entries fetched at a time, captures put into the catalogue at a time, issues carried to the end (all are logged).
_THREADS, _BATCH, _MOST_ISSUES = 8, 1024, 10_000


@dataclass(frozen=True, slots=True)
class Read:
    """How much was read: ledger entries, captures, pages that could not be read at all; and what was odd."""

    site: str
    entries: int = 0
    captures: int = 0
    unreadable: int = 0
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Whole:
    """A ledger entry with all its readings."""

    entry: Entry
    readings: tuple[Reading, ...]


def read_site(house: House, site: Site, progress: Callable[[Entry], None] = lambda entry: None) -> Read:
    """Reads what the site's ledger holds beyond the watermark. Raises IntegrityError where the archive is damaged."""
    return fill(house, site, house.catalogue, progress)


def fill(
    house: House,
    site: Site,
    catalogue: Catalogue,
    progress: Callable[[Entry], None],
    *,
    upto: int | None = None,
    pool: Executor | None = None,
) -> Read:
    """Reads what the site's ledger holds beyond the catalogue's watermark, up to entry `upto` where one is given.

    Entries are fetched ahead in threads and put down many at a time; `pool` reads payloads in its processes.
    """
    entries = captures = unreadable = 0
    issues: list[Issue] = []
    runs: set[str] = set()
    for batch in _batches(_readings(house, site, catalogue.progress(site.name).read_seq, upto, pool)):
        catalogue.record_many(site.name, [(whole.entry.seq, whole.readings) for whole in batch])
        for whole in batch:
            entries, captures = entries + 1, captures + len(whole.readings)
            found = list(_odd(whole.readings, site))
            unreadable += sum(issue.kind == "unreadable" for issue in found)
            issues += found[: max(0, _MOST_ISSUES - len(issues))]
            runs.add(whole.entry.commit.run)
            progress(whole.entry)
    _put_late(house, site, runs)
    return Read(site.name, entries, captures, unreadable, tuple(issues))


def preview(house: House, site: Site, run: str) -> dict[str, tuple[str, Article]]:
    """The last article that each page of a run shows, with its address, by urlkey, from what is not read yet.

    Nothing is put down but the articles in the bucket, where `read` finds them. Raises CatalogueError, IntegrityError.
    """
    found: dict[str, tuple[str, Article]] = {}
    for whole in _readings(house, site, house.catalogue.progress(site.name).read_seq, None, None):
        for one in whole.readings:
            shown = one.observation and one.observation.outcome is Outcome.ARTICLE
            if shown and one.article and one.capture.run == run:
                found[one.capture.urlkey] = (one.capture.url, one.article)
    return found


def _odd(readings: Iterable[Reading], site: Site) -> Iterator[Issue]:
    for row in readings:
        for issue in notice(row.capture, row.article, site) if row.article else ():
            log.warning("%s: %s: %s: %s", issue.site, issue.url, issue.kind, issue.message)
            yield issue


def _readings(house: House, site: Site, after: int, upto: int | None, pool: Executor | None) -> Iterator[_Whole]:
    walked = house.archive.ledger(site.name).walk(after, threads=_THREADS)
    entries = takewhile(lambda entry: upto is None or entry.seq <= upto, walked)
    reader = reader_of(site)
    return ahead(lambda entry: _Whole(entry, tuple(_entry(house, site, entry, reader, pool))), entries, _THREADS)


def _batches(wholes: Iterable[_Whole]) -> Iterator[list[_Whole]]:
    batch: list[_Whole] = []
    for whole in wholes:
        batch.append(whole)
        if sum(len(item.readings) for item in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _put_late(house: House, site: Site, runs: set[str]) -> None:
    """Puts runs into the catalogue whose end it missed, its server being away. One without done.json was killed."""
    for run in sorted(runs - house.catalogue.known_runs(site.name, runs)):
        try:
            done = house.bucket.get(keys.manifest(site.name, run, "done")).data
        except NotFound:
            log.info("%s: run %s has not ended", site.name, run)
            continue
        house.catalogue.put_run(RunSummary.model_validate_json(done))


def _entry(house: House, site: Site, entry: Entry, reader: str, pool: Executor | None) -> Iterator[Reading]:
    captures = house.archive.index(entry).captures
    taken = house.archive.taken_down(site.name)
    wanted = {capture.id for capture in captures if _is_page(capture, site) and capture.id not in taken}
    articles = house.archive.articles(site.name, reader, entry.seq)
    pages = [capture for capture in captures if capture.id in wanted and capture.status == 200]
    if articles is None or any(capture.id not in articles for capture in pages):  # one was withheld, and is no longer
        key = entry.commit.segment
        segment = house.archive.opened(key, _READ) if pages else Segment(b"", key)
        kept = [capture for capture in captures if capture.id not in taken]
        articles = _read_in(pool, segment, pages, kept, site) if pool else _read(segment, pages, kept, site)
        house.archive.put_articles(site.name, reader, entry.seq, articles)
    for capture in captures:
        article = None if capture.id in taken else articles.get(capture.id)
        yield reading(capture, article, site, reader, page=capture.id in wanted)


def _is_page(capture: Capture, site: Site) -> bool:
    """A page we follow. Where a redirect led to the home page or to somebody else's site, the answer there is
    evidence, but no page of ours."""
    return capture.role is Role.PAGE and site.owns(capture.url) and not site.is_front(capture.url)


def _read(segment: Segment, pages: Sequence[Capture], captures: Sequence[Capture], site: Site) -> dict[str, Article]:
    """The articles of a segment's pages, from its bytes alone."""
    return {capture.id: _whole(segment, capture, captures, site) for capture in pages}


def _read_in(
    pool: Executor, segment: Segment, pages: Sequence[Capture], captures: Sequence[Capture], site: Site
) -> dict[str, Article]:
    return pool.submit(_read_by_name, segment, pages, captures, site.name).result()


def _read_by_name(
    segment: Segment, pages: Sequence[Capture], captures: Sequence[Capture], name: str
) -> dict[str, Article]:
    """In another process, to which a site itself cannot be sent: its readers are classes of no importable module."""
    return _read(segment, pages, captures, _site(name))


# Whose payloads are read: a FILE is no page.
_READ = (Role.PAGE, Role.PART)
_site = lru_cache(maxsize=1)(site_of)


def read_capture(house: House, capture: Capture, site: Site) -> Article:
    """What today's readers see in one capture, its further pages included. Raises NotFound, IntegrityError."""
    if has_parts(capture):
        segment = house.archive.opened(capture.segment, _READ)
        taken = house.archive.taken_down(capture.site)
        taken.refuse(capture)
        return _whole(segment, capture, [one for one in segment.index.captures if one.id not in taken], site)
    return _article(house.archive.answer(capture), capture, site)


def _whole(segment: Segment, capture: Capture, captures: Sequence[Capture], site: Site) -> Article:
    """One page's article, from a segment's bytes, with what its further pages say."""
    return joined(capture, captures, lambda part: _article(answer_from(segment, part), part, site))


def _article(answer: Answer, capture: Capture, site: Site) -> Article:
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


def reading(capture: Capture, article: Article | None, site: Site, reader: str, *, page: bool = True) -> Reading:
    """A capture with what was read from it, and what that says of its page where it is of one that we follow."""
    seen = outcome(capture, article, site) if page else None
    if article is None:
        return Reading(capture=capture, observation=seen, reader=reader)
    sketch, said = partial(fingerprint, article), partial(citations, article)
    return Reading(capture, article, observation=seen, reader=reader, fingerprint=sketch, citations=said)
