"""How results are shown and kept: a small table, and a JSON array in var/bench/NAME.json."""

import json
import os
import platform
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.saying import say
from domain.clock import iso, now
from domain.settings import ROOT

FOLDER = ROOT / "var" / "bench"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where numbers were taken. `load` is the load average of the last minute when asked."""

    cpu: str
    cores: int
    memory_gb: float
    system: str
    python: str
    scrapy: str
    airflow: str
    load: float

    @property
    def line(self) -> str:
        return (
            f"{self.cores} × {self.cpu}, {self.memory_gb:.0f} GB, {self.system}, Python {self.python}, "
            f"Scrapy {self.scrapy}, Airflow {self.airflow}; load {self.load:.1f}; {iso(now())[:16]}Z"
        )


def machine() -> Machine:
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        scrapy=version("scrapy"),
        airflow=version("apache-airflow"),
        load=os.getloadavg()[0],
    )


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def save(name: str, numbers: dict[str, object]) -> None:
    """Adds one run's numbers, with the time (UTC) and the machine."""
    path = FOLDER / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    runs = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    runs.append({"at": iso(now()), "machine": asdict(machine()), **numbers})
    path.write_text(json.dumps(runs, ensure_ascii=False, indent=1), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a table: the first column to the left, the others to the right."""
    lines = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(head))]
    for line in lines:
        cells = [_pad(text, widths[place], left=place == 0) for place, text in enumerate(line)]
        say("  " + "  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad(text: str, width: int, *, left: bool) -> str:
    blanks = " " * (width - _width(text))
    return text + blanks if left else blanks + text


def goal(what: str, value: float, limit: float, *, at_least: bool = False, unit: str = "") -> None:
    """Prints whether a goal is met."""
    met = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    mark = "✓ met   " if met else "✗ missed"
    say(f"  {mark}  {what}: {_cell(value)}{unit} (goal {sign} {_cell(limit)}{unit})")


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0…1) of the values do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
