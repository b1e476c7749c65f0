"""What a site's runs usually count, by what is counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from domain.clock import SHANGHAI
from domain.health import RunNumbers
from monitor.health.baseline import Baseline, Sample, baseline

# A share is of what; of fewer than so many in a day no share is taken.
SHARES = {
    "titled": "articles",
    "timed": "articles",
    "sourced": "articles",
    "bodied": "articles",
    "characters": "articles",
    "garbled": "articles",
    "drifted": "articles",
    "blocked": "pages",
    "failed": "pages",
}
_LEAST = 3


class Usual:
    """Baselines of one site, each made when first asked for. The order of the runs does not matter."""

    def __init__(self, runs: Iterable[RunNumbers]) -> None:
        self._samples: defaultdict[str, list[Sample]] = defaultdict(list)
        self._known: dict[tuple[str, int], Baseline | None] = {}
        days: defaultdict[str, Counter[str]] = defaultdict(Counter)
        times: dict[str, datetime] = {}
        for run in runs:
            for entry, links in run.lists.items():
                self._samples[_entry(entry)].append((run.started, links))
            day = run.started.astimezone(SHANGHAI).date().isoformat()
            days[day].update(run.counted)
            times[day] = min(run.started, times.get(day, run.started))
        for day, counts in days.items():
            for name, whole in SHARES.items():
                if counts[whole] >= _LEAST:
                    self._samples[name].append((times[day], counts[name] / counts[whole]))

    def of(self, name: str, at: datetime) -> Baseline | None:
        """What is usual of a share of SHARES (`characters`: a mean) at a time."""
        key = name, at.astimezone(SHANGHAI).weekday()
        if key not in self._known:
            self._known[key] = baseline(self._samples[name], at)
        return self._known[key]

    def links(self, entry: str, at: datetime) -> Baseline | None:
        """How many links an entry page usually has at a time."""
        return self.of(_entry(entry), at)


def _entry(url: str) -> str:
    return f"links {url}"
