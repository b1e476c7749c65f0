"""shard: one hundred sites in one process, each asked politely, as `python -m pipeline capture` does it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.places import PYTHON, environment, house, temporary
from bench.processes import Measured, measured
from bench.results import table
from bench.saying import say
from bench.server import serving
from domain.errors import TongjianError

SITES, PAGES, DELAY = 100, 20, 0.5
_FILE = '''"""One site of the shard."""

from domain.site import Entry, Manners, Site

SITE = Site(
    name="shard-{number:03}",
    title="基准 {number}",
    homepage="http://s{number:03}.bench.example/",
    entries=(Entry(url="http://s{number:03}.bench.example/list/{first}-{pages}.html", pages=1),),
    article=r"/article/\\\\d+\\\\.html$",
    manners=Manners(delay={delay}, concurrent=2),
)
'''


@dataclass(frozen=True, slots=True)
class Shard:
    """One process over some sites. `seconds` is its whole life, `peak_mb` its largest resident set."""

    sites: int
    captures: int
    segments: int
    seconds: float
    cpu: float
    peak_mb: float


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """One site alone, then all of them together. `rounds` is not used: a site waits more than it works."""
    del rounds
    many = 10 if quick else SITES
    with temporary() as state, serving(many * PAGES) as port, house(state):
        names = _write(state / "sites", many)
        say(f"  {PAGES} pages of 50 KB a site, {DELAY} s between requests: {(PAGES + 2) * DELAY:.0f} s at the least")
        shards = [_shard(state, port, chosen) for chosen in (names[:1], names)]
    _show(*shards)
    return {"pages": PAGES, "delay": DELAY, "shards": [asdict(shard) for shard in shards]}


def _write(folder: Path, many: int) -> list[str]:
    folder.mkdir()
    for number in range(many):
        text = _FILE.format(number=number, first=number * PAGES, pages=PAGES, delay=DELAY).replace("\\\\", "\\")
        (folder / f"shard_{number:03}.py").write_text(text, encoding="utf-8")
    return [f"shard-{number:03}" for number in range(many)]


def _shard(state: Path, port: int, names: list[str]) -> Shard:
    more = {"TONGJIAN_SITES": str(state / "sites"), "TONGJIAN_CONNECT_TO": f"::127.0.0.1:{port}"}
    done = measured([PYTHON, "-m", "pipeline", "capture", *names, "--json"], environment(state, **more))
    return _judged(done, len(names))


def _judged(done: Measured, sites: int) -> Shard:
    runs = json.loads(done.output)
    captures, wanted = sum(run["captures"] for run in runs), sites * (PAGES + 2)
    if captures != wanted:
        raise TongjianError(f"{captures} captures of {wanted}")
    return Shard(sites, captures, sum(run["segments"] for run in runs), done.seconds, done.cpu, done.peak_mb)


def _show(alone: Shard, together: Shard) -> None:
    rows = [
        (
            f"{shard.sites} sites in one process" if shard.sites > 1 else "one site alone",
            shard.captures,
            shard.segments,
            shard.seconds,
            shard.captures / shard.seconds,
            shard.cpu,
            shard.peak_mb,
        )
        for shard in (alone, together)
    ]
    table(("", "captures", "segments", "seconds", "captures/s", "CPU s", "peak MB"), rows)
    say(
        f"  a site more: {(together.peak_mb - alone.peak_mb) / (together.sites - 1):.1f} MB; "
        f"as a process each: {alone.peak_mb:.0f} MB and {alone.cpu:.1f} s of CPU, "
        f"{alone.peak_mb * together.sites / together.peak_mb:.0f} × the memory and "
        f"{alone.cpu * together.sites / together.cpu:.0f} × the CPU"
    )
