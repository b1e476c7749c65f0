"""storage: what a capture costs in bytes and PUTs beside other layouts, and how fast the archive is read back."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import pages, replica
from bench.layouts import Kept, Layout, weigh
from bench.places import PYTHON, environment, house, temporary
from bench.processes import measured
from bench.results import table
from bench.saying import say
from domain.capture import Exchange, Role, RunSummary
from domain.clock import iso, now
from pipeline.house import House
from pipeline.rebuilding import rebuild
from sites import load
from storage import Writer, keys
from storage.lease import take
from storage.verify import verify

ROUNDS, _PAGES = 20, 64
_PACE = "100000"  # the replica is ours: no need to wait between requests


@dataclass(frozen=True, slots=True)
class Speed:
    """Something done to the whole archive: captures and stored MB (10^6) a second."""

    what: str
    captures: float
    mb: float


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """Two archives of their own: the replica by the real verbs, and pages of 50 KB by the writer alone."""
    rounds = rounds or (2 if quick else ROUNDS)
    small, numbers = _replica(rounds)
    return {"rounds": rounds, "replica": small, **numbers, "large": _large(rounds)}


def _replica(rounds: int) -> tuple[dict[str, object], dict[str, object]]:
    with temporary() as state, replica.running(state) as running, house(state) as open_house:
        _capture(state, running.connect_to, rounds)
        kept = weigh(open_house.archive)
        speeds = _speeds(open_house, kept)
    _show(f"{rounds} rounds over the replica", kept)
    rows = [(speed.what, speed.captures, speed.mb) for speed in speeds]
    table(("that whole archive", "captures/s", "MB/s stored"), rows)
    return asdict(kept, dict_factory=_plain), {"speeds": [asdict(speed) for speed in speeds]}


def _plain(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: len(value) if isinstance(value, set) else value for name, value in pairs}


def _large(rounds: int) -> dict[str, object]:
    """One site of 64 pages of 50 KB, captured anew in every round with its counters moved on."""
    with temporary() as state, house(state) as open_house:
        for number in range(rounds):
            _write(open_house, number)
        kept = weigh(open_house.archive)
        speeds = _verifying(open_house, kept)
    _show(f"{rounds} rounds over {_PAGES} pages", kept)
    table(("that whole archive", "captures/s", "MB/s stored"), [(item.what, item.captures, item.mb) for item in speeds])
    return asdict(kept, dict_factory=_plain) | {"speeds": [asdict(speed) for speed in speeds]}


def _write(open_house: House, number: int) -> None:
    """One run by the writer, its manifests as `capture` writes them."""
    started = now()
    run, site = keys.run_id(started), "bench"
    lease = take(open_house.bucket, site, run)
    open_house.archive.put_run(site, run, {"v": 1, "site": site, "run": run, "started": iso(started)})
    writer = Writer(open_house.bucket, site, run, open_house.settings.state / "spool", "bench", lease)
    writer.start()
    for page in range(_PAGES):
        writer.put(_exchange(page, number))
    writer.close()
    open_house.archive.finish_run(
        RunSummary(site=site, run=run, started=started, finished=now(), reason="finished", captures=writer.captures)
    )
    lease.release()


def _exchange(page: int, number: int) -> Exchange:
    return Exchange(
        url=f"http://bench.example/article/{page}.html",
        at=now(),
        role=Role.PAGE,
        status=200,
        reason="OK",
        request_headers=(
            (b"User-Agent", b"Tongjian"),
            (b"Accept-Encoding", b"identity"),
            (b"Accept-Language", b"zh-CN"),
        ),
        response_headers=((b"Server", b"nginx"), (b"Content-Type", b"text/html; charset=utf-8")),
        body=pages.article(page, hits=number * 13),
        ip="127.0.0.1",
        flags=("headers-reconstructed",),
    )


def _capture(state: Path, connect_to: str, rounds: int) -> None:
    """The first round reads as well, so that the later ones know which pages there are."""
    chosen = environment(state, TONGJIAN_CONNECT_TO=connect_to, TONGJIAN_PACE=_PACE)
    for number in range(rounds):
        verb = ["capture", "--all", "--recheck"] if number else ["run", "--all"]
        measured([PYTHON, "-m", "pipeline", *verb, "--json"], chosen, codes=(0, 3))


def _speeds(open_house: House, kept: Kept) -> list[Speed]:
    sites = dict(load())
    rebuild(open_house, sites, lambda entry: None)  # reads what was captured but not read yet

    def again() -> object:
        return rebuild(open_house, sites, lambda entry: None)

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


def _show(what: str, kept: Kept) -> None:
    say(
        f"  {what}: {kept.captures:,} captures ({kept.revisits:,} of them 304) of "
        f"{kept.payloads / kept.captures / 1000:.1f} KB, {kept.captures / len(kept.runs):.0f} a crawl"
    )
    layouts = {
        "tongjian: all but what is derived": kept.ours,
        "a gzip object per fetch, bodies alone": kept.objects,
        "a .warc.gz per crawl, the same records": kept.warcs,
    }
    rows = [_line(name, item, kept) for name, item in layouts.items()]
    table(("", "bytes/capture", "× smaller", "× ours", "PUTs/capture"), rows)


def _line(name: str, layout: Layout, kept: Kept) -> tuple[str, int, float, str, float]:
    return (
        name,
        round(layout.size / kept.captures),
        kept.payloads / layout.size,
        f"{layout.size / kept.ours.size:.2f}",
        layout.puts / kept.captures,
    )
