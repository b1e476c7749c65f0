"""capture, read, compare, check, notify, and run, which is all of them once; deliver, a part of notify."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.capture import Issue, RunSummary
from domain.change import Change
from domain.site import Site
from pipeline.cli.output import err, out, progress, put_json
from pipeline.cli.words import changes_table
from pipeline.house import House, house
from pipeline.selecting import select

if TYPE_CHECKING:
    from pipeline.reading import Read
    from pipeline.telling import Told

Names = Annotated[list[str] | None, typer.Argument(help="site names; see: tongjian sites list")]
Every = Annotated[bool, typer.Option("--all", help="every site")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]
Recheck = Annotated[bool, typer.Option("--recheck", help="every known page, whatever the plan says")]
Limit = Annotated[float, typer.Option(help="the most seconds the crawl may take; 0 for no limit")]


def register(app: typer.Typer) -> None:
    for verb in (run, capture, read, compare, check, notify, deliver):
        app.command()(verb)


def capture(
    names: Names = None, every: Every = False, recheck: Recheck = False, limit: Limit = 0.0, json: Json = False
) -> None:
    """Crawl sites once and keep every answer."""
    from pipeline.warming import warm
    from pipeline.watching import stop_with_parent

    stop_with_parent()
    warm()
    from pipeline.capturing import capture as crawl

    with house() as open_house:
        summaries = crawl(open_house, select(names or [], every=every), recheck=recheck, limit=limit)
    _tell_runs(summaries, json=json)
    raise typer.Exit(_capture_code(summaries))


def _capture_code(summaries: tuple[RunSummary, ...]) -> int:
    """1 where something was not kept, 3 where there are issues, else 0."""
    if any(summary.reason in {"storage", "leased", "failed to start"} for summary in summaries):
        return 1
    return 3 if any(summary.issues for summary in summaries) else 0


def _tell_runs(summaries: tuple[RunSummary, ...], *, json: bool) -> None:
    if json:
        put_json([summary.model_dump(mode="json") for summary in summaries])
        return
    for summary in summaries:
        out.print(
            f"{summary.site}: {summary.captures} captures in {summary.segments} segments, "
            f"{summary.links} links, {summary.reason}"
        )
        _tell_issues(summary.issues)


def _tell_issues(issues: Iterable[Issue]) -> None:
    for issue in issues:
        err.print(f"  {issue.kind}: {issue.url or issue.site} {issue.message}", style="yellow", markup=False)


def read(names: Names = None, every: Every = False, json: Json = False) -> None:
    """Read what was captured into articles."""
    with house() as open_house:
        done = [_read(open_house, site) for site in select(names or [], every=every)]
    if json:
        put_json([asdict(item) | {"issues": _issues(item.issues)} for item in done])
    else:
        for item in done:
            out.print(f"{item.site}: {item.captures} captures read from {item.entries} ledger entries")
            _tell_issues(item.issues)
    raise typer.Exit(3 if any(item.issues for item in done) else 0)


def _issues(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    return [issue.model_dump(mode="json") for issue in issues]


def _read(open_house: House, site: Site) -> "Read":
    from pipeline.reading import read_site

    with progress(f"reading {site.name}") as step:
        return read_site(open_house, site, step)


def compare(names: Names = None, every: Every = False, json: Json = False) -> None:
    """Compare articles: versions, changes, page status."""
    from pipeline.comparing import compare_site

    with house() as open_house:
        found = [change for site in select(names or [], every=every) for change in compare_site(open_house, site)]
    _tell_changes(found, json=json)


def _tell_changes(found: list[Change], *, json: bool) -> None:
    from catalogue import shapes

    if json:
        put_json([shapes.change(change) for change in found])
    else:
        changes_table(found)


def check(names: Names = None, every: Every = False, json: Json = False) -> None:
    """Hold the last run against what the site's file expects. Exit 1 where an expectation is not met."""
    from pipeline.checking import check_site

    with house() as open_house:
        issues = [issue for site in select(names or [], every=every) for issue in check_site(open_house, site)]
    if json:
        put_json(_issues(issues))
    for issue in issues if not json else ():
        out.print(f"{issue.level}: {issue.site}: {issue.kind}: {issue.url or ''} {issue.message}", markup=False)
    if any(issue.level == "error" for issue in issues):
        raise typer.Exit(1)
    raise typer.Exit(3 if issues else 0)


def notify(json: Json = False) -> None:
    """Tell subscribers: match new changes, make messages of what is due, deliver what waits. Exit 3 where some wait."""
    from pipeline.telling import tell

    with house() as open_house:
        _tell_told(tell(open_house), json=json)


def deliver(json: Json = False) -> None:
    """Make messages of what is due and deliver what waits, without looking for changes. Exit 3 where some wait."""
    from pipeline.telling import deliver_due

    with house() as open_house:
        _tell_told(deliver_due(open_house), json=json)


def _tell_told(told: "Told", *, json: bool) -> None:
    if json:
        put_json(asdict(told))
    else:
        out.print(f"{told.matched} changes for channels, {told.made} messages made, {told.delivered} delivered")
        out.print(f"{told.waiting} messages waiting, {told.held} changes held for a later message")
    raise typer.Exit(3 if told.waiting else 0)


def run(names: Names = None, every: Every = False, recheck: Recheck = False, json: Json = False) -> None:
    """Capture, read, compare and notify once, without the scheduler."""
    from pipeline.warming import warm

    warm()
    from pipeline.once import run_once

    with house() as open_house:
        summaries, done, found = run_once(open_house, select(names or [], every=every), recheck=recheck)
    odd = [issue for item in done for issue in item.issues]
    if json:
        from catalogue import shapes

        put_json(
            {
                "runs": [summary.model_dump(mode="json") for summary in summaries],
                "issues": _issues(odd),
                "changes": [shapes.change(change) for change in found],
            }
        )
    else:
        _tell_runs(summaries, json=False)
        _tell_issues(odd)
        changes_table(found)
    raise typer.Exit(_capture_code(summaries) or (3 if odd else 0))
