"""plan: what a site's next run asks for, and why."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.clock import iso, shown
from pipeline.cli.output import out, put_json
from pipeline.house import house
from pipeline.selecting import select

if TYPE_CHECKING:
    from pipeline.explaining_plan import Explained, ExplainedPage

Name = Annotated[str, typer.Argument(help="a site's name; see: tongjian sites list")]
Limit = Annotated[int, typer.Option(min=1, help="how many pages are listed")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    app.command()(plan)


def plan(name: Name, limit: Limit = 20, json: Json = False) -> None:
    """What a site's next run asks for: pages by urgency, their rates, the budget and what it leaves out."""
    from pipeline.explaining_plan import explain

    (site,) = select([name])
    with house() as open_house:
        found = explain(open_house, site, limit)
    if json:
        put_json(_document(found))
    else:
        _tell(found)


def _document(found: "Explained") -> dict[str, Any]:
    return {
        "site": found.site,
        "at": iso(found.now),
        "rechecks_per_day": found.rechecks,
        "budget": found.budget,
        "due": found.due,
        "left_out": found.left_out,
        "rates_per_day": dict(zip(found.ages, found.rates, strict=True)),
        "usual_per_day": dict(zip(found.ages, found.usual, strict=True)),
        "site_value": found.restless,
        "hours": {"working": found.working, "weekend": found.weekend},
        "entries": [
            {"url": entry.url, "due": entry.due, "last_asked": entry.asked and iso(entry.asked)}
            | {"interval_seconds": entry.interval.total_seconds()}
            for entry in found.entries
        ],
        "pages": [
            {
                "url": page.url,
                "status": page.status,
                "next_check": iso(page.next_check),
                "in_this_run": page.chosen,
                "rate_per_day": page.rate,
                "value": page.value,
                "urgency": page.urgency,
                "checks": page.checks,
                "changes": page.changes,
                "last_checked": iso(page.last_checked),
            }
            for page in found.pages
        ],
    }


def _tell(found: "Explained") -> None:
    out.print(
        f"[bold]{found.site}[/]: {found.due} pages due, {found.budget} may be fetched in a run now "
        f"({found.rechecks} a day), {found.left_out} left out"
    )
    out.print("changes a day by age, learned (usual):")
    for age, rate, usual in zip(found.ages, found.rates, found.usual, strict=True):
        out.print(f"  {age:>10}  {rate:.4f} ({usual:g})")
    _tell_entries(found)
    out.print("next check           a day   value  changes/checks  status    page")
    for page in found.pages:
        counts = f"{page.changes}/{page.checks}"
        line = f"{_when(page):<19}  {page.rate:.4f}  {page.value:5.2f}  {counts:>14}  {page.status:<8}  {page.url}"
        out.print(line, markup=False)


def _when(page: "ExplainedPage") -> str:
    if page.chosen:
        return "this run"
    return "left out" if page.urgency is None or page.urgency >= 1 else shown(page.next_check)


def _tell_entries(found: "Explained") -> None:
    known = "by the hours it publishes in" if found.working else "in every run: its hours are not known yet"
    out.print(f"entries are asked {known}")
    for entry in found.entries:
        asked = f"last asked {shown(entry.asked)}" if entry.asked else "never asked"
        when = "due" if entry.due else f"not due: every {entry.interval} at this hour"
        out.print(f"  {entry.url}  {when}, {asked}", markup=False)
