"""What a page costs once it is kept: read into an article, judged, put into the catalogue."""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bench import evaluation, readers, replica
from bench.places import house, temporary
from bench.replica import Page
from bench.results import percentile, table
from catalogue import Catalogue, Reading
from domain.article import Article
from domain.capture import Capture, Role
from domain.change import Observation, Outcome
from domain.clock import now
from domain.urls import urlkey
from monitor.judge import judge
from parsers import read

OBSERVED, ENTRIES = 20, 10
Row = tuple[str, int, float, float, float]


def run(rounds: int, *, quick: bool) -> list[dict[str, object]]:
    """CPU a page, the least of some rounds for each page: what else the machine does then matters little."""
    with temporary() as state:
        with replica.running(state) as running:
            own = replica.articles(running)
        rows = [*_readers("replica", own, rounds), *_readers("real pages", _real(quick=quick), rounds)]
        rows.append(_row(f"judge, {OBSERVED} captures, 3 versions", _judging(own, rounds)))
        with house(state) as open_house:
            rows.append(_row(f"record, wall, {len(own)} captures an entry", _recording(open_house.catalogue, own)))
    table(("ms a page", "times", "p50", "p95", "mean"), rows)
    names = ("what", "pages", "p50", "p95", "mean")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _row(what: str, times: Sequence[float]) -> Row:
    return what, len(times), percentile(times, 0.5), percentile(times, 0.95), statistics.fmean(times)


def _real(*, quick: bool) -> list[Page]:
    if evaluation.missing():
        return []
    payloads = evaluation.payloads(every=evaluation.QUICK if quick else 1)
    return [Page(f"http://page{n}.example/{n}.html", payload, None, None) for n, payload in enumerate(payloads)]


def _readers(where: str, pages: list[Page], rounds: int) -> list[Row]:
    if not pages:
        return []
    kinds: dict[str, Callable[[Page], object]] = {"read": _read, "lxml tree and text": readers.floor}
    for reader in kinds.values():
        reader(pages[0])  # what is loaded once is not a page's cost
    return [_row(f"{name}, {where}", _least(reader, pages, rounds)) for name, reader in kinds.items()]


def _read(page: Page) -> Article:
    return read(page.payload, page.url, page.content_type, page.site)


def _least(work: Callable[[Page], object], pages: list[Page], rounds: int) -> list[float]:
    """Milliseconds of this thread's CPU for each page, the least of its rounds."""
    laps = [[_cpu(work, page) for page in pages] for _ in range(rounds)]
    return [min(times) for times in zip(*laps, strict=True)]


def _cpu(work: Callable[[Page], object], page: Page) -> float:
    start = time.thread_time()
    work(page)
    return (time.thread_time() - start) * 1000


def _judging(pages: list[Page], rounds: int) -> list[float]:
    histories = {page.url: _history(_read(page)) for page in pages}

    def work(page: Page) -> object:
        observed, articles = histories[page.url]
        return judge("bench", page.url, urlkey(page.url), observed, articles)

    return _least(work, pages, rounds)


def _history(article: Article) -> tuple[list[Observation], dict[str, Article]]:
    """A page seen twenty times: as it is, then with a corrected title, then as it was."""
    edited = article.model_copy(update={"title": f"{article.title}（更正）"})
    edited = Article.model_validate(edited.model_dump(exclude={"digest", "text"}))
    shown = [article] * 8 + [edited] * 6 + [article] * 6
    start = now() - timedelta(days=1)
    observed = [_seen(f"{place:064x}", start + timedelta(hours=place), seen) for place, seen in enumerate(shown)]
    return observed, {article.digest: article, edited.digest: edited}


def _seen(capture: str, at: datetime, article: Article) -> Observation:
    return Observation(capture=capture, at=at, outcome=Outcome.ARTICLE, digest=article.digest)


def _recording(catalogue: Catalogue, pages: list[Page]) -> list[float]:
    """Milliseconds a page, the database's time included: an entry of all pages at a time, each time captured anew."""
    read_before = [(page, _read(page)) for page in pages]
    catalogue.counts()
    times = []
    for seq in range(1, ENTRIES + 1):
        rows = [_reading(page, article, seq, place) for place, (page, article) in enumerate(read_before)]
        start = time.perf_counter()
        catalogue.record("bench", seq, rows)
        times.append((time.perf_counter() - start) * 1000 / len(rows))
    return times


def _reading(page: Page, article: Article, seq: int, place: int) -> Reading:
    capture = Capture(
        id=f"{seq * 1000 + place:064x}",
        site="bench",
        run="bench",
        url=page.url,
        urlkey=urlkey(page.url),
        at=now(),
        role=Role.PAGE,
        status=200,
        content_type=page.content_type,
        payload_digest="sha256:" + "0" * 64,
        payload_length=len(page.payload),
        segment="bench",
        offset=0,
        length=0,
    )
    seen = _seen(capture.id, capture.at, article)
    return Reading(capture=capture, article=article, observation=seen, reader="bench")
