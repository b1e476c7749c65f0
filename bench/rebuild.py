"""rebuild: the catalogue made again from a bucket of segments, and what each part of that takes."""

import io
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from fastwarc import ArchiveIterator

from bench import pages
from bench.places import house, temporary
from bench.results import goal, table
from bench.saying import say
from domain.article import Article, Block
from domain.capture import Exchange, Role
from domain.clock import now
from domain.site import Entry, Site
from pipeline.comparing import compare_site
from pipeline.house import House
from pipeline.readers import reader_of
from pipeline.reading import fill
from pipeline.rebuilding import rebuild
from pipeline.steps import Steps
from storage import Writer, keys
from storage.ahead import ahead
from storage.ledger import Entry as Committed

ROUNDS, _PAGES, _THREADS = 16, 480, 8
_FOOTERS, _FASTWARC = "ledger and footers", "peer: all records read serially with fastwarc"
_HANZI = range(0x4E00, 0x5E00)
GOAL = 13_000  # footers a second, measured when the format was designed
SITE = Site(
    name="bench",
    title="bench",
    homepage="http://bench.example/",
    entries=(Entry(url="http://bench.example/list/"),),
    article=r"/article/\d+\.html$",
)


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """One site, `rounds` crawls of 480 pages; of each page two versions. Articles are put there as if read, so that
    what is measured is the rebuild and not the reader."""
    rounds = rounds or (2 if quick else ROUNDS)
    with temporary() as state, house(state) as open_house:
        captures = _fill(open_house, rounds)
        rows = _measured(open_house, captures)
        counts = open_house.catalogue.counts()
    say(f"  {captures:,} captures, {counts['articles']:,} articles, {counts['progress']} site")
    table(("", "seconds", "captures/s"), [(what, seconds, captures / seconds) for what, seconds in rows])
    taken = dict(rows)
    goal("footers read and checked, a second", captures / taken[_FOOTERS], GOAL, at_least=True)
    goal("× reading the segments serially with fastwarc", taken[_FASTWARC] / taken[_FOOTERS], 1, at_least=True)
    return {"captures": captures, "seconds": taken}


def _fill(open_house: House, rounds: int) -> int:
    bodies = [pages.article(page, hits=0)[:2000] for page in range(_PAGES)]
    start, count = now() - timedelta(days=rounds), 0
    for number in range(rounds):
        run = keys.run_id(start + timedelta(days=number))
        writer = Writer(open_house.bucket, SITE.name, run, open_house.settings.state / "spool", "bench", None)
        writer.start()
        for page, body in enumerate(bodies):
            writer.put(_exchange(page, start + timedelta(days=number, seconds=page), body))
        writer.close()
        count += writer.captures
    _put_articles(open_house, rounds)
    return count


def _exchange(page: int, at: datetime, body: bytes) -> Exchange:
    return Exchange(
        url=f"http://bench.example/article/{page}.html",
        at=at,
        role=Role.PAGE,
        status=200,
        reason="OK",
        request_headers=((b"User-Agent", b"Tongjian"),),
        response_headers=((b"Server", b"nginx"), (b"Content-Type", b"text/html; charset=utf-8")),
        body=body,
    )


def _put_articles(open_house: House, rounds: int) -> None:
    """Thirty paragraphs a page, one of which is edited half-way through."""
    for entry in open_house.archive.ledger(SITE.name).walk():
        later = entry.seq * 64 > rounds * _PAGES // 2
        held = open_house.archive.index(entry).captures
        made = {capture.id: _article(capture.url, edited=later) for capture in held}
        open_house.archive.put_articles(SITE.name, reader_of(SITE), entry.seq, made)


def _article(url: str, *, edited: bool) -> Article:
    chance = random.Random(url)  # alike, all pages would be reprints of each other
    lines = ["".join(map(chr, chance.choices(_HANZI, k=40))) + "。" for _ in range(30)]
    if edited:
        lines[7] += "（更正）"
    return Article(title=f"全市重点项目集中开工 {url}", body=tuple(Block(text=line) for line in lines))


def _measured(open_house: House, captures: int) -> list[tuple[str, float]]:
    """The limits first: the same objects got whole and not looked at, and their records read by another."""
    archive, bucket, catalogue = open_house.archive, open_house.bucket, open_house.catalogue

    def segments() -> Iterator[bytes]:
        return (bucket.get(key).data for key, _ in bucket.list(keys.SEGMENTS))

    def at_once() -> int:
        names = (key for key, _ in bucket.list(keys.SEGMENTS))
        return sum(len(held.data) for held in ahead(bucket.get, names, _THREADS))

    def fastwarc() -> int:
        return sum(1 for data in segments() for _ in ArchiveIterator(io.BytesIO(data)))

    def footers() -> int:
        entries = archive.ledger(SITE.name).walk(threads=_THREADS)
        return sum(len(index.captures) for index in ahead(archive.index, entries, _THREADS))

    parts: dict[str, Callable[[], object]] = {
        "limit: all segments listed and got, one by one": lambda: sum(map(len, segments())),
        f"limit: the same in {_THREADS} threads": at_once,
        _FASTWARC: fastwarc,
        _FOOTERS: footers,
        "ledger, footers, articles → rows": lambda: fill(open_house, SITE, catalogue, _Shown(captures)),
        "rows → versions and changes": lambda: compare_site(open_house, SITE),
        "rebuild beside what is there, and switch": lambda: rebuild(open_house, {SITE.name: SITE}, Steps()),
    }
    return [(name, _timed(work)) for name, work in parts.items()]


class _Shown:
    """Says every ten seconds how far it is."""

    def __init__(self, captures: int) -> None:
        self._captures, self._done, self._start = captures, 0, time.perf_counter()
        self._next = self._start + 10

    def __call__(self, entry: Committed) -> None:
        self._done += entry.commit.captures
        if (moment := time.perf_counter()) >= self._next:
            rate = self._done / (moment - self._start)
            say(f"  {self._done:,} of {self._captures:,} captures, {rate:,.0f}/s")
            self._next = moment + 10


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
