"""A site's numbers beside what is usual of them, for whoever looks, whether anything is odd or not."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.health import Arrivals, Measure, RunNumbers
from monitor.health.arriving import usual_day
from monitor.health.baseline import Baseline
from monitor.health.signs import pooled, share_of
from monitor.health.usual import SHARES, Usual

_NAMES = {
    "titled": ("有标题", "with a title"),
    "timed": ("有发布时间", "with a time"),
    "sourced": ("有来源", "with a source"),
    "bodied": ("有正文", "with a body"),
    "characters": ("正文平均字数", "characters a body"),
    "garbled": ("解码有损", "decoded with losses"),
    "drifted": ("与通用读法不合", "read otherwise by the generic reader"),
    "blocked": ("拦截页", "block pages"),
    "failed": ("出错或没有回应", "failed or got no answer"),
}


def measures(runs: Sequence[RunNumbers], usual: Usual, arrivals: Arrivals, now: datetime) -> Iterator[Measure]:
    """`runs` are the site's, the newest first."""
    day = usual_day(arrivals, now)
    yield _measure("new", "24 小时新文章", "new articles in 24 hours", arrivals.days[0] if arrivals.days else None, day)
    if not runs:
        return
    last = next((run for run in runs if run.lists), runs[0])
    for entry, links in sorted(last.lists.items()):
        base = usual.links(entry, last.started)
        yield _measure("links", "列表页链接", "links on the entry page", links, base, entry)
    for name, (zh, en) in _NAMES.items():
        whole = SHARES[name]
        value = share_of(pooled(runs[0], runs[1:], whole), name, whole)
        yield _measure(name, zh, en, value, usual.of(name, runs[0].started))


def _measure(
    name: str, zh: str, en: str, value: float | None, base: Baseline | None, entry: str | None = None
) -> Measure:
    known = {} if base is None else {"usual": base.median, "spread": base.spread, "samples": base.samples}
    weekday = base is not None and base.weekday
    return Measure.model_validate(
        {"name": name, "zh": zh, "en": en, "value": value, "entry": entry, "weekday": weekday, **known}
    )
