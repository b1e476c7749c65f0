"""capture: how fast pages are fetched and kept, beside bare Scrapy that keeps nothing and wget that writes a WARC."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench.fetchers import CONCURRENT
from bench.places import PYTHON, environment, house, temporary
from bench.processes import measured
from bench.results import goal, median, table
from bench.saying import say
from bench.server import serving
from domain.errors import TongjianError

PAGES, ROUNDS = 2000, 3
OURS, BARE = "tongjian, kept in S3", "bare Scrapy, our settings, keeps nothing"
PLAIN, WGET = "bare Scrapy, its own settings, keeps nothing", "wget --warc-file"
READ = "tongjian, kept, and read ahead"
_SHARE_OF_BARE = 0.75


@dataclass(frozen=True, slots=True)
class Lap:
    """One crawl of one kind: pages a second, CPU ms a page (of its process), largest resident set in MB."""

    rate: float
    cpu: float
    peak_mb: float


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """Interleaved rounds, each kind first in turn; medians and ratios."""
    pages = 200 if quick else PAGES
    with temporary() as state, serving(pages) as port, house(state) as open_house:
        del open_house  # only its servers are needed here
        say(f"  {pages} pages of 50 KB, one site, no delay, {CONCURRENT} connections (wget: 1, it has no more)")
        top = _python("alone", port, pages, state)
        say(f"  the server alone, one connection: {top.rate:,.0f} pages/s")
        laps = _rounds(_kinds(port, pages, state), rounds or (1 if quick else ROUNDS))
    _show(laps)
    kept = {name: [asdict(lap) for lap in done] for name, done in laps.items()}
    return {"pages": pages, "server_alone": top.rate, "laps": kept}


def _kinds(port: int, pages: int, state: Path) -> dict[str, Callable[[], Lap]]:
    programs = {OURS: "ours", READ: "read", BARE: "bare", PLAIN: "plain"}
    kinds: dict[str, Callable[[], Lap]] = {
        name: partial(_python, program, port, pages, state) for name, program in programs.items()
    }
    if shutil.which("wget"):
        return kinds | {WGET: partial(_wget, port, pages, state)}
    say("  wget is not installed: left out")
    return kinds


def _rounds(kinds: dict[str, Callable[[], Lap]], rounds: int) -> dict[str, list[Lap]]:
    laps: dict[str, list[Lap]] = {name: [] for name in kinds}
    names = list(kinds)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            laps[name].append(kinds[name]())
    return laps


def _python(which: str, port: int, pages: int, state: Path) -> Lap:
    done = measured([PYTHON, "-m", "bench.fetchers", which, str(port), str(pages)], environment(state))
    said = json.loads(done.output.splitlines()[-1])
    if said["pages"] != pages:
        raise TongjianError(f"{which} fetched {said['pages']} pages of {pages}")
    return Lap(pages / said["seconds"], said["cpu"] / pages * 1000, done.peak_mb)


def _wget(port: int, pages: int, state: Path) -> Lap:
    """Starting wget takes milliseconds, so its whole life is counted."""
    folder = state / "wget"
    folder.mkdir()
    wanted = folder / "list.txt"
    wanted.write_text("".join(f"http://127.0.0.1:{port}/article/{n}.html\n" for n in range(pages)))
    options = ["--no-config", "--quiet", "--tries=1", "-nd", "--delete-after", f"--warc-file={folder / 'kept'}"]
    done = measured(["wget", *options, f"--directory-prefix={folder}", f"--input-file={wanted}"], environment(state))
    shutil.rmtree(folder)
    return Lap(pages / done.seconds, done.cpu / pages * 1000, done.peak_mb)


def _show(laps: dict[str, list[Lap]]) -> None:
    rates = {name: median(lap.rate for lap in done) for name, done in laps.items()}
    rows = [
        (
            name,
            rates[name],
            f"{min(lap.rate for lap in done):,.0f}–{max(lap.rate for lap in done):,.0f}",
            f"{rates[name] / rates[BARE]:.2f}",
            median(lap.cpu for lap in done),
            median(lap.peak_mb for lap in done),
        )
        for name, done in laps.items()
    ]
    table(("", "pages/s", "range", "× bare", "CPU ms/page", "peak MB"), rows)
    # Rounds are compared within themselves: what slows the machine for a while slows all kinds.
    _goal("× bare Scrapy with our settings", laps[OURS], laps[BARE], _SHARE_OF_BARE)
    _goal("× bare Scrapy with its own settings", laps[OURS], laps[PLAIN], _SHARE_OF_BARE)
    if WGET in laps:
        _goal("× wget", laps[OURS], laps[WGET], 1.0)


def _goal(what: str, own: list[Lap], others: list[Lap], limit: float) -> None:
    shares = [mine.rate / theirs.rate for mine, theirs in zip(own, others, strict=True)]
    goal(f"{what}, median of {len(shares)} rounds", median(shares), limit, at_least=True)
