"""replay and rebuild: the past read again, and the catalogue made again from the bucket."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from pipeline.cli.output import err, out, put_json
from pipeline.house import house

if TYPE_CHECKING:
    from pipeline.differing import Count, Report
    from pipeline.replaying import Replayed
    from pipeline.steps import Steps
    from storage.ledger import Entry

Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    for verb in (replay, rebuild):
        app.command()(verb)


def replay(
    names: Annotated[list[str] | None, typer.Argument(help="sites; all that have a ledger unless said")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="only say what would change")] = False,
    back: Annotated[bool, typer.Option("--back", help="switch to the reading that is kept")] = False,
    jobs: Annotated[int, typer.Option(help="processes that read; one a core unless said", min=0)] = 0,
    json: Json = False,
) -> None:
    """Read the past again with today's readers, say what changes, and switch to it; the old reading is kept."""
    from pipeline.replaying import processes
    from pipeline.replaying import replay as again
    from pipeline.selecting import site_of

    with house() as open_house, _steps() as steps:
        sites = [site_of(name) for name in names or open_house.archive.sites()]
        done = [again(open_house, site, back=back, dry=dry, steps=steps, jobs=jobs or processes()) for site in sites]
    if json:
        put_json([asdict(item) for item in done])
    for item in done if not json else ():
        _tell(item)


def rebuild(json: Json = False) -> None:
    """Make the catalogue again from the bucket alone."""
    from pipeline.rebuilding import rebuild as again
    from sites import load

    with house() as open_house, _steps() as steps:
        done = again(open_house, load(), steps)
        counts = open_house.catalogue.counts()
    if json:
        put_json(counts)
        return
    for item in done:
        err.print(f"{item.site}: {item.captures} captures from {item.entries} ledger entries", markup=False)
    out.print(", ".join(f"{number} {name}" for name, number in counts.items()))


@contextmanager
def _steps() -> Iterator["Steps"]:
    """A line on standard error: ledger entries of how many, captures a second, how long still."""
    from pipeline.steps import Steps

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        line = _Line(bar)
        yield Steps(line.begin, line.entry, line.pages)


class _Line:
    """What the progress line says now."""

    def __init__(self, bar: Progress) -> None:
        self._bar, self._task = bar, bar.add_task("", total=None, rate="")
        self._captures, self._pages, self._since = 0, 0, time.monotonic()

    def begin(self, site: str, done: int, last: int) -> None:
        self._captures, self._pages, self._since = 0, 0, time.monotonic()
        self._bar.reset(self._task, total=last - done, description=f"reading {site}", rate="")

    def entry(self, entry: "Entry") -> None:
        self._captures += entry.commit.captures
        self._bar.update(self._task, advance=1, rate=self._rate(self._captures, "captures"))

    def pages(self, pages: int) -> None:
        if not self._pages:
            self._since = time.monotonic()
        self._pages += pages
        self._bar.update(self._task, description="comparing", rate=self._rate(self._pages, "pages"))

    def _rate(self, number: int, what: str) -> str:
        return f"{number / max(time.monotonic() - self._since, 0.001):,.0f} {what}/s"


def _tell(done: "Replayed") -> None:
    said = done.report
    if said is None:
        out.print(f"{done.site}: nothing to read again", markup=False)
        return
    what = "switched to" if done.switched else "would switch to"
    out.print(f"{done.site}: {what} {said.reader}: {_summary(said)}", markup=False)
    told: Mapping[str, Mapping[str, Count]] = {
        "field": said.fields,
        "article": {name: count for name, count in (("lost", said.lost), ("gained", said.gained)) if count.number},
        "kind": said.kinds,
        "new issue": said.issues_new,
        "no issue any more": said.issues_gone,
        "change appears": said.appearing,
        "change disappears": said.disappearing,
    }
    for group, counts in told.items():
        for name, count in sorted(counts.items(), key=lambda pair: -pair[1].number):
            _tell_count(f"{group} {name}", count)


def _summary(said: "Report") -> str:
    if said.empty:
        return "nothing reads otherwise"
    return f"{said.captures} captures read otherwise ({said.readings} readings, {said.versions} versions)"


def _tell_count(what: str, count: "Count") -> None:
    out.print(f"  {what}: {count.number}", markup=False)
    for example in count.examples:
        out.print(f"    {example.url}", markup=False)
        for sign, value in (("-", example.before), ("+", example.after)):
            _tell_value(sign, value)


def _tell_value(sign: str, value: Any) -> None:
    if value is not None:
        out.print(f"      {sign} {value}", markup=False, style="red" if sign == "-" else "green")
