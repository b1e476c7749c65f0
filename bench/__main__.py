"""`python -m bench [NAME …]`: runs all benchmarks, or those named."""

import argparse
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

from bench.results import machine, save
from bench.saying import say
from domain.errors import TongjianError

BENCHMARKS = {
    "capture": "pages a second, kept: ours, bare Scrapy that keeps nothing, wget --warc-file",
    "reading": "how well pages are read and for how much CPU, beside the readers of others",
    "fuzz": "a minute of coverage-guided fuzzing of what reads bytes from outside",
    "mentions": "amounts, dates, posts, agencies, places: precision and recall, time",
    "storage": "bytes and PUTs a capture beside other layouts; rebuild and verify",
    "proofs": "verify at each level, a checkpoint over a long ledger, proving a capture",
    "export": "taking away: .warc.gz, WACZ, WACZ with proofs, beside warcio and py-wacz",
    "memento": "how long one memento takes to show; TimeGate and TimeMap",
    "reprints": "copies found among 10,000 articles (--rounds 100: 100,000), beside simhash: recall, precision, time",
    "matching": "all subscriptions held against each change, 10,000 and 100,000 of them, beside the loop over them",
    "plan": "pages checked by the recheck plan and by fixed ladders: what is missed at equal requests",
    "rebuild": "the catalogue made again from the bucket: captures a second",
    "alerts": "messages a burst makes, what an endpoint that is down for a round loses, deliveries a second",
    "backup": "a million rows of subscribers and deliveries into the bucket and back: seconds, memory",
    "monitor": "what is noticed and what is cried over: ours, urlwatch, webchanges, changedetection.io",
    "scale": "a catalogue of 1 M pages and 10 M captures: what its questions take",
    "shard": "one hundred sites in one process: memory, seconds",
    "stack": "everything on one machine: seconds to the first capture, memory, idle CPU",
}
_LARGE = ("monitor",)
_EPILOG = (
    "benchmarks:\n"
    + "\n".join(f"  {name:8} {what}" for name, what in BENCHMARKS.items())
    + """

examples:
  python -m bench                       all of them, about a quarter of an hour
  python -m bench capture --rounds 5    one, with five interleaved rounds
  python -m bench --list                their names
  python -m bench --quick               all, made small: whether they run, not how fast

Each prints a table and, unless --quick, adds its numbers to var/bench/NAME.json (a JSON array, one object a run).
All work is done in temporary folders; your var/ is not touched otherwise, and TONGJIAN_* of your
environment is left out. Exit codes: 0 done, 1 a benchmark failed, 2 wrong usage."""
)


def main() -> int:
    """Runs what is asked for, each in a process of its own, so that none inherits what another loaded or broke."""
    given = _arguments()
    if given.list:
        say("\n".join(f"{name:8} {what}" for name, what in BENCHMARKS.items()))
        return 0
    signal.signal(signal.SIGTERM, _stop)
    if len(given.names) == 1:
        return _run(given.names[0], given.rounds, quick=given.quick, large=given.large)
    say(f"{len(given.names or BENCHMARKS)} benchmarks: {', '.join(given.names or BENCHMARKS)}")
    return max([_apart(name, given) for name in given.names or BENCHMARKS])


def _apart(name: str, given: argparse.Namespace) -> int:
    rounds = ["--rounds", str(given.rounds)] if given.rounds else []
    options = ["--quick"] * given.quick + ["--large"] * given.large + rounds
    with subprocess.Popen([sys.executable, "-m", "bench", name, *options]) as process:
        try:
            return 1 if process.wait() else 0
        finally:
            if process.poll() is None:
                process.terminate()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; all unless said")
    parser.add_argument("--rounds", type=int, help="interleaved rounds; each benchmark has its own number unless said")
    parser.add_argument("--quick", action="store_true", help="small sizes: only to see that it runs")
    parser.add_argument("--large", action="store_true", help="monitor: 2,000 pages too")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and end")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    return given


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _run(name: str, rounds: int | None, *, quick: bool, large: bool) -> int:
    for setting in [setting for setting in os.environ if setting.startswith("TONGJIAN_")]:
        del os.environ[setting]
    say(f"\n== {name}: {BENCHMARKS[name]}\n  {machine().line}")
    run: Callable[..., dict[str, object]] = importlib.import_module(f"bench.{name}").run
    try:
        numbers = run(rounds=rounds, quick=quick, **({"large": True} if large and name in _LARGE else {}))
    except TongjianError as error:
        say(f"failed: {error} {error.hint or ''}")
        return 1
    if not quick:
        save(name, numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
