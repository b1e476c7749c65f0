"""storage: what a capture costs in bytes and PUTs beside other layouts, and how fast the archive is read back."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import replica
from bench.layouts import Kept, Layout, weigh
from bench.places import PYTHON, environment, house, temporary
from bench.processes import measured
from bench.results import table
from pipeline.house import House
from pipeline.rebuilding import rebuild
from sites import load
from storage.verify import verify

ROUNDS = 20
_PACE = "100000"  # the replica is ours: no need to wait between requests


@dataclass(frozen=True, slots=True)
class Speed:
    """Something done to the whole archive: captures and stored MB (10^6) a second."""

    what: str
    captures: float
    mb: float


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """The replica captured again and again, its counters moving, by the real verbs; then weighed and read back."""
    rounds = rounds or (2 if quick else ROUNDS)
    with temporary() as state, replica.running(state) as running, house(state) as open_house:
        _capture(state, running.connect_to, rounds)
        kept = weigh(open_house.archive)
        speeds = _speeds(open_house, kept)
    _show(kept, rounds)
    table(("the whole archive", "captures/s", "MB/s stored"), [(speed.what, speed.captures, speed.mb) for speed in speeds])
    sizes = {name: asdict(getattr(kept, name)) for name in ("ours", "objects", "warcs")}
    numbers = {"captures": kept.captures, "revisits": kept.revisits, "payload_bytes": kept.payloads, "layouts": sizes}
    return {"rounds": rounds, **numbers, "speeds": [asdict(speed) for speed in speeds]}


def _capture(state: Path, connect_to: str, rounds: int) -> None:
    """The first round reads as well, so that the later ones know which pages there are."""
    chosen = environment(state, TONGJIAN_CONNECT_TO=connect_to, TONGJIAN_PACE=_PACE)
    for number in range(rounds):
        verb = ["capture", "--all", "--recheck"] if number else ["run", "--all"]
        measured([PYTHON, "-m", "pipeline", *verb, "--json"], chosen, codes=(0, 3))


def _speeds(open_house: House, kept: Kept) -> list[Speed]:
    def all_of(*, deep: bool) -> Callable[[], int]:
        return lambda: sum(
            item.size for site in open_house.archive.sites() for item in verify(open_house.archive, site, deep=deep)
        )

    stored = all_of(deep=False)()
    sites = dict(load())
    works: dict[str, Callable[[], object]] = {
        "verify: presence, size, hash": all_of(deep=False),
        "verify --deep: every record": all_of(deep=True),
        "rebuild the catalogue, articles as kept": lambda: rebuild(open_house, sites, lambda entry: None),
    }
    if kept.captures:
        rebuild(open_house, sites, lambda entry: None)  # reads what was captured but not read yet
    return [_speed(what, work, kept.captures, stored) for what, work in works.items()]


def _speed(what: str, work: Callable[[], object], captures: int, stored: int) -> Speed:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    return Speed(what, captures / seconds, stored / seconds / 1e6)


def _show(kept: Kept, rounds: int) -> None:
    print(
        f"  {rounds} rounds over the replica's {len(load())} sites: {kept.captures:,} captures ({kept.revisits:,} of them 304), "
        f"{kept.payloads / 1e6:.1f} MB of payload, {kept.captures / max(1, len(kept.runs)):.1f} captures a crawl"
    )
    layouts = {
        "tongjian: all but what is derived": kept.ours,
        "a gzip object per fetch, bodies alone": kept.objects,
        "a .warc.gz per crawl, the same records": kept.warcs,
    }
    table(("", "bytes/capture", "× smaller", "× ours", "PUTs/capture"), [_line(name, item, kept) for name, item in layouts.items()])


def _line(name: str, layout: Layout, kept: Kept) -> tuple[str, int, float, str, float]:
    return (
        name,
        round(layout.size / kept.captures),
        kept.payloads / layout.size,
        f"{layout.size / kept.ours.size:.2f}",
        layout.puts / kept.captures,
    )
