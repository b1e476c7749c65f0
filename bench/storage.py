"""storage: what a capture costs in bytes and PUTs beside other layouts, and how fast the archive is read back."""

import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import news, replica
from bench.layouts import Kept, Layout, weigh
from bench.places import PYTHON, environment, house, temporary
from bench.processes import measured
from bench.results import goal, percentile, table
from bench.saying import say
from domain.capture import Capture, Exchange, Role, RunSummary
from domain.clock import iso, now
from pipeline.house import House
from pipeline.rebuilding import rebuild
from sites import load
from storage import Archive, Bucket, Writer, keys, training
from storage.lease import take
from storage.segment import MAX_CAPTURES, Builder
from storage.verify import verify

ROUNDS = 20
VISITS, PAGES, REAL_PAGES = 6, 2000, 300
_PACE = "100000"  # the replica is ours: no need to wait between requests
_HEADERS = (
    (b"Server", b"nginx"),
    (b"Date", b"Sun, 01 Mar 2026 08:00:00 GMT"),
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Vary", b"Accept-Encoding"),
    (b"X-Cache", b"HIT from cache-17"),
)
_ASKED = ((b"User-Agent", b"Tongjian"), (b"Accept-Encoding", b"identity"), (b"Accept-Language", b"zh-CN"))


@dataclass(frozen=True, slots=True)
class Speed:
    """Something done to a whole archive: captures and stored MB (10^6) a second."""

    what: str
    captures: float
    mb: float


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """Archives of their own: a news site of each template by the writer alone, and the replica by the real verbs."""
    rounds = rounds or (2 if quick else ROUNDS)
    chosen = news.templates()[: 2 if quick else None]
    found = [_news(template, place, quick=quick) for place, template in enumerate(chosen)]
    small, numbers = _replica(rounds)
    return {"rounds": rounds, "replica": small, **numbers, "news": found}


def _news(template: news.Template, place: int, *, quick: bool) -> dict[str, object]:
    """A site whose every page is visited several times, each visit of all pages a run."""
    number, visits = (150 if quick else PAGES if not place else REAL_PAGES), 2 if quick else VISITS
    with temporary() as state, house(state) as open_house:
        puts = _count_puts(open_house.bucket)
        seconds = sum(_visit(open_house, template, number, visit) for visit in range(visits))
        kept = weigh(open_house.archive, len(puts))
        speeds = _verifying(open_house, kept)
        reading, sealing = _reading(open_house.archive), _sealing(open_house, template)
        full = _full_load(open_house, template, number, visits, puts)
    say(f"\n  {template.name}: {number} pages, each visited {visits} times")
    _show(kept)
    goal("times smaller than .warc.gz with revisit", kept.deduped.size / kept.ours.size, 3, at_least=True)
    if not place:
        goal(f"captures a PUT, one crawl of {3 * number:,}", full, 30, at_least=True)
    table(("", "captures/s", "MB/s stored"), [(item.what, item.captures, item.mb) for item in speeds])
    say(f"  written: {kept.captures / seconds:,.0f} captures/s; {sealing}; one capture read and checked: {reading}")
    numbers = asdict(kept, dict_factory=_plain)
    said = {"template": template.name, "puts": len(puts), "full": full, "sealing": sealing, "reading": reading}
    return said | numbers


def _full_load(open_house: House, template: news.Template, number: int, visits: int, puts: list[str]) -> float:
    """Captures a PUT of one crawl three times as long, its lease and manifests included."""
    before = len(puts)
    _visit(open_house, template, number, *range(visits, visits + 3))
    return 3 * number / (len(puts) - before)


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    return {name: len(value) if isinstance(value, set) else value for name, value in pairs if name != "first"}


def _count_puts(bucket: Bucket) -> list[str]:
    """A list that grows by a key with each PUT that leaves."""
    seen: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        seen.append(params["url_path"])

    bucket._client.meta.events.register("before-call.s3.PutObject", note)
    return seen


def _visit(open_house: House, template: news.Template, pages: int, *visits: int) -> float:
    """One run by the writer, its manifests as `capture` writes them; the seconds the writer took."""
    started = now()
    run, site = keys.run_id(started), "bench"
    exchanges = [_exchange(template, page, number) for number in visits for page in range(pages)]
    random.Random(visits[0]).shuffle(exchanges)
    lease = take(open_house.bucket, site, run)
    open_house.archive.put_run(site, run, {"v": 1, "site": site, "run": run, "started": iso(started)})
    began = time.perf_counter()
    writer = Writer(open_house.bucket, site, run, open_house.settings.state / "spool", "bench", lease)
    writer.start()
    for exchange in exchanges:
        writer.put(exchange)
    writer.close()
    seconds = time.perf_counter() - began
    open_house.archive.finish_run(
        RunSummary(site=site, run=run, started=started, finished=now(), reason="finished", captures=writer.captures)
    )
    lease.release()
    return seconds


def _exchange(template: news.Template, page: int, number: int) -> Exchange:
    return Exchange(
        url=f"http://bench.example/2026/03/art_{page}.html",
        at=now(),
        role=Role.PAGE,
        status=200,
        reason="OK",
        request_headers=_ASKED,
        response_headers=_HEADERS,
        body=news.capture(template, page, number),
        ip="127.0.0.1",
        flags=("headers-reconstructed",),
    )


def _sealing(open_house: House, template: news.Template) -> str:
    """Records made, hashed, packed and sealed, without network and disk: MB of payload a second, of one thread."""
    held = training.newest(open_house.bucket, "bench")
    exchanges = [_exchange(template, page, 1) for page in range(MAX_CAPTURES)]
    size = sum(len(exchange.body) for exchange in exchanges) / 1e6
    speeds = []
    for _ in range(9):
        start = time.perf_counter()
        builder = Builder("bench", "bench", now(), "bench", held.dictionary if held else None)
        for exchange in exchanges:
            builder.add(exchange)
        builder.seal()
        speeds.append(size / (time.perf_counter() - start))
    return f"sealing {median(speeds):,.0f} MB/s {'with' if held else 'without'} a dictionary"


def _reading(archive: Archive) -> str:
    """Single captures from the bucket, drawn over the whole archive, each with its hash checked."""
    captures: list[Capture] = []
    for entry in archive.ledger("bench").walk():
        captures += archive.index(entry).captures
    times = []
    for capture in random.Random(1).sample(captures, min(200, len(captures))):
        start = time.perf_counter()
        archive.answer(capture)
        times.append((time.perf_counter() - start) * 1000)
    return f"p50 {percentile(times, 0.5):.1f} ms, p95 {percentile(times, 0.95):.1f} ms"


def _replica(rounds: int) -> tuple[dict[str, object], dict[str, object]]:
    with temporary() as state, replica.running(state) as running, house(state) as open_house:
        _capture(state, running.connect_to, rounds)
        kept = weigh(open_house.archive, 0)
        kept.ours.puts = _puts_of(open_house.bucket, len(kept.runs))
        speeds = _speeds(open_house, kept)
    say(f"\n  {rounds} rounds over the replica")
    _show(kept)
    rows = [(speed.what, speed.captures, speed.mb) for speed in speeds]
    table(("that whole archive", "captures/s", "MB/s stored"), rows)
    return asdict(kept, dict_factory=_plain), {"speeds": [asdict(speed) for speed in speeds]}


def _puts_of(bucket: Bucket, runs: int) -> int:
    """One a kept object; the lease is written twice a run."""
    prefixes = ("v1/seg/", "v1/big/", "v1/led/", "v1/run/", "v1/dict/")
    return 2 * runs + sum(not key.endswith("/lease.json") for prefix in prefixes for key, _ in bucket.list(prefix))


def _capture(state: Path, connect_to: str, rounds: int) -> None:
    """The first round reads as well, so that the later ones know which pages there are."""
    chosen = environment(state, TONGJIAN_CONNECT_TO=connect_to, TONGJIAN_PACE=_PACE)
    for number in range(rounds):
        verb = ["capture", "--all", "--recheck"] if number else ["run", "--all"]
        measured([PYTHON, "-m", "pipeline", *verb, "--json"], chosen, codes=(0, 3))


def _speeds(open_house: House, kept: Kept) -> list[Speed]:
    sites = dict(load())
    rebuild(open_house, sites)  # reads what was captured but not read yet

    def again() -> object:
        return rebuild(open_house, sites)

    stored = kept.segments / 1e6
    return [*_verifying(open_house, kept), _speed("rebuild, articles as kept", again, kept.captures, stored)]


def _verifying(open_house: House, kept: Kept) -> list[Speed]:
    archive, stored = open_house.archive, kept.segments / 1e6
    shallow, deep = (
        lambda deep=deep: [list(verify(archive, site, deep=deep)) for site in archive.sites()] for deep in (False, True)
    )
    return [
        _speed("verify: presence, size, hash", shallow, kept.captures, stored),
        _speed("verify --deep: every record", deep, kept.captures, stored),
    ]


def _speed(what: str, work: Callable[[], object], captures: int, megabytes: float) -> Speed:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    return Speed(what, captures / seconds, megabytes / seconds)


def _show(kept: Kept) -> None:
    say(
        f"  {kept.captures:,} captures ({kept.revisits:,} of them 304, {kept.bodies.puts:,} distinct bodies) of "
        f"{kept.payloads / kept.captures / 1000:.1f} KB, {kept.captures / len(kept.runs):.0f} a crawl"
    )
    layouts = {
        "tongjian: all but what is derived": kept.ours,
        "a .warc.gz per crawl, with revisit": kept.deduped,
        "a .warc.gz per crawl, the same records": kept.warcs,
        "a gzip object per fetch, bodies alone": kept.fetches,
        "a zstd object per distinct body, bodies alone": kept.bodies,
    }
    rows = [_line(name, item, kept) for name, item in layouts.items()]
    table(("", "bytes/capture", "× smaller", "× ours", "PUTs/capture"), rows)


def _line(name: str, layout: Layout, kept: Kept) -> tuple[str, int, float, str, str]:
    return (
        name,
        round(layout.size / kept.captures),
        kept.payloads / layout.size,
        f"{layout.size / kept.ours.size:.2f}",
        f"{layout.puts / kept.captures:.3f}",
    )
