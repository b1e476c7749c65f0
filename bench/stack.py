"""stack: everything on one machine, by `tongjian up` in a new folder: how soon, how large, how busy."""

import re
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import psutil

from bench.places import PYTHON, environment, temporary
from bench.processes import Memory, cpu, family, memory
from bench.results import goal, median, table
from bench.saying import say
from domain.errors import TongjianError
from domain.settings import ROOT

SITES = 5
FIRST_CAPTURE, MEMORY = 60.0, 1300.0
_PATIENCE = 300.0
# `up` runs the replica thirty times faster than real time where the pace is 1, so «slow» is just below it.
_SLOW = "0.5"
_CAPTURED = re.compile(r"captured\s+(?P<site>[\w-]+)\s+(?P<captures>[1-9]\d*) captures")
_PARTS = {
    "weed": "SeaweedFS",
    "postgres": "PostgreSQL",
    "api-server": "Airflow api-server",
    "api_server": "Airflow api-server",
    "dag-processor": "Airflow dag-processor",
    "pipeline web": "reading room",
    "pipeline replica": "replica",
    "pipeline up": "supervisor",
}
_VERB = re.compile(r"-m pipeline (?:capture|read|compare|check|notify|verify)\b")


@dataclass(slots=True)
class Seen:
    """What `up` has said: when each site's first captures were in, in seconds from its start."""

    started: float
    first: dict[str, float] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        self.lines.append(line)
        if found := _CAPTURED.search(line):
            self.first.setdefault(found["site"], time.perf_counter() - self.started)


@dataclass(frozen=True, slots=True)
class Part:
    """CPU in % of one core; memory in MB."""

    cpu: float = 0.0
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: `memory` and `processes` are medians of samples, those of `parts` means."""

    seconds: float
    cpu: float
    memory: Memory
    processes: int
    parts: dict[str, Part]


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """Two starts in new folders: one whose sites then rest, one that watches the replica at its usual pace.

    Only the second's beginning is timed: a slow pace also makes the crawls of the first wait longer.
    """
    del rounds
    idle_seconds, busy_seconds = (5.0, 20.0) if quick else (30.0, 120.0)
    with _up(TONGJIAN_PACE=_SLOW) as (process, slow):
        _wait_for_sites(process, slow)
        _wait_for_rest(process)
        idle = _watch(process.pid, idle_seconds)
    with _up() as (process, usual):
        _wait_for_sites(process, usual)
        busy = _watch(process.pid, busy_seconds)
    first, last = min(usual.first.values()), max(usual.first.values())
    _show(first, last, idle, busy)
    return {"first_capture": first, "all_sites": last, "idle": asdict(idle), "watching": asdict(busy)}


@contextmanager
def _up(**more: str) -> "Iterator[tuple[subprocess.Popen[str], Seen]]":
    with temporary() as state:
        process = subprocess.Popen(
            [PYTHON, "-m", "pipeline", "up", "--seconds", "1800"],
            env=environment(state, COLUMNS="200", PYTHONUNBUFFERED="1", **more),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seen = Seen(time.perf_counter())
        listener = threading.Thread(target=_listen, args=(process, seen), daemon=True)
        listener.start()
        try:
            yield process, seen
        finally:
            _end(process)


def _listen(process: "subprocess.Popen[str]", seen: Seen) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        seen.hear(line.rstrip())


def _end(process: "subprocess.Popen[str]") -> None:
    """One SIGTERM; what is still there after a minute is killed, children first noted."""
    children = family(process.pid)
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        say("  up did not stop within a minute: killed")
        process.kill()
    for child in children:
        if child.is_running():
            child.kill()
    psutil.wait_procs(children, timeout=5)


def _wait_for_sites(process: "subprocess.Popen[str]", seen: Seen) -> None:
    """Until every site's first captures are in. Raises TongjianError with what `up` said last."""
    while len(seen.first) < SITES:
        if process.poll() is not None or time.perf_counter() - seen.started > _PATIENCE:
            said = "\n".join(seen.lines[-12:])
            raise TongjianError(f"up: captures of {len(seen.first)} sites of {SITES}; it said: {said}")
        time.sleep(0.2)


def _wait_for_rest(process: "subprocess.Popen[str]") -> None:
    """Until no verb has run for ten seconds."""
    quiet = start = time.perf_counter()
    while time.perf_counter() - quiet < 10 and time.perf_counter() - start < _PATIENCE:
        if any(_VERB.search(_words(child)) for child in family(process.pid)):
            quiet = time.perf_counter()
        time.sleep(0.5)


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def _watch(pid: int, seconds: float) -> Window:
    """CPU from its counters at both ends; memory every two seconds."""
    start, before = time.perf_counter(), _times(pid)
    samples: list[dict[str, Memory]] = []
    counts: list[int] = []
    while time.perf_counter() - start < seconds:
        processes = family(pid)
        samples.append(_sizes(processes))
        counts.append(len(processes))
        time.sleep(min(2.0, seconds / 3))
    after, lasted = _times(pid), time.perf_counter() - start
    spent = {name: (after.get(name, 0.0) - before.get(name, 0.0)) / lasted * 100 for name in {*after, *before}}
    parts = {name: Part(percent, _mean(samples, name)) for name, percent in spent.items()}
    totals = [sum(sample.values(), Memory()) for sample in samples]
    middle = Memory(median(total.pss for total in totals), median(total.uss for total in totals))
    return Window(lasted, sum(spent.values()), middle, round(median(counts)), parts)


def _times(pid: int) -> dict[str, float]:
    """CPU seconds by part, those of ended and waited-for children with their parents'."""
    spent: dict[str, float] = defaultdict(float)
    for process in family(pid):
        spent[_part(_words(process))] += cpu(process.pid)
    return dict(spent)


def _sizes(processes: list[psutil.Process]) -> dict[str, Memory]:
    sizes: dict[str, Memory] = defaultdict(Memory)
    for process in processes:
        sizes[_part(_words(process))] += memory(process.pid)
    return dict(sizes)


def _mean(samples: list[dict[str, Memory]], name: str) -> Memory:
    total = sum((sample.get(name, Memory()) for sample in samples), Memory())
    return Memory(total.pss / len(samples), total.uss / len(samples))


def _part(words: str) -> str:
    """Whose a process is, by its command line; what is no server is a task, and tasks are the scheduler's."""
    return next((part for word, part in _PARTS.items() if word in words), "Airflow scheduler and tasks")


def _show(first: float, last: float, idle: Window, busy: Window) -> None:
    rows: list[tuple[object, ...]] = [
        ("first capture, s", "", first),
        (f"all {SITES} sites captured once, s", "", last),
        ("memory PSS, MB", idle.memory.pss, busy.memory.pss),
        ("memory USS, MB", idle.memory.uss, busy.memory.uss),
        ("processes", idle.processes, busy.processes),
        (f"CPU, % of one core ({idle.seconds:.0f} s, {busy.seconds:.0f} s)", idle.cpu, busy.cpu),
    ]
    table(("", "at rest", "watching the replica"), rows)
    names = sorted({*idle.parts, *busy.parts}, key=lambda name: -busy.parts.get(name, Part()).memory.pss)
    both = [(name, idle.parts.get(name, Part()), busy.parts.get(name, Part())) for name in names]
    parts = [(name, rest.cpu, work.cpu, rest.memory.pss, work.memory.pss) for name, rest, work in both]
    table(("of that", "CPU % at rest", "watching", "PSS MB at rest", "watching"), parts)
    goal("from the start to the first capture", first, FIRST_CAPTURE, unit=" s")
    goal("memory (PSS) with captures in", max(idle.memory.pss, busy.memory.pss), MEMORY, unit=" MB")
