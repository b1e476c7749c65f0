"""sites record, expect, test: pages kept as evidence of how a site is to be read."""

from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.selecting import select

if TYPE_CHECKING:
    from domain.site import Site
    from pipeline.fixtures import Fixture, Verdict

Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    for verb in (record, expect):
        app.command()(verb)
    app.command("test")(compare)


def record(
    url: Annotated[str | None, typer.Argument(help="an article's address, or a list page's")] = None,
    site: Annotated[str | None, typer.Option(help="whose page it is; else found by its host")] = None,
    name: Annotated[str | None, typer.Option(metavar="CASE", help="what to call it; else by the address")] = None,
    again: Annotated[str | None, typer.Option(metavar="CASE", help="fetch a recorded page once more")] = None,
) -> None:
    """Keep one page of a site, with what is to be read in it: the site's test from then on.

    \b
    tongjian sites record http://news.example.cn/1001.html --name butie
    tongjian sites record http://news.example.cn/yaowen/   a list page
    tongjian sites record --again butie                    fetch and compare
    """
    from pipeline import fixtures

    if (url is None) == (again is None):
        raise typer.BadParameter("name a page's address, or --again CASE; tongjian sites record --help")
    if again is not None:
        _tell(fixtures.again(fixtures.find(again, select([site])[0] if site else None)))
        return
    assert url is not None
    made = fixtures.record(url, _owner(site, url), name)
    out.print(str(fixtures.near(made.folder)), markup=False)
    _show(made, url)


def expect(
    site: Annotated[str, typer.Argument(help="a site's name")],
    case: Annotated[str, typer.Argument(help="a recorded page's name")],
    looked_at: Annotated[bool, typer.Option("--looked-at", help="it is right: I compared it with the page")] = False,
    as_read: Annotated[bool, typer.Option("--as-read", help="expect from now on what is read now")] = False,
) -> None:
    """Show how a recorded page reads against what is expected; mark the expectation as looked at.

    Where the expectation is wrong, mend expected.json by the page, or take the reading with --as-read.

    \b
    tongjian sites expect qihe-ribao butie               shows what differs
        … --looked-at              the expectation is right as it stands
        … --as-read --looked-at    the reading is right
    """
    from pipeline import fixtures

    fixture = fixtures.find(case, select([site])[0])
    if as_read:
        for difference in fixtures.accept(fixture):
            out.print("\n".join(difference.lines()), markup=False)
    _tell(fixtures.look_at(fixture) if looked_at else fixtures.judge(fixture))


def compare(
    site: Annotated[list[str] | None, typer.Argument(help="sites' names; all where none is named")] = None,
    json: Json = False,
) -> None:
    """Read every recorded page again and show, field by field, where the reading is not as expected.

    A site passes that has an article and a list page recorded, looked at, and read as expected.
    """
    from pipeline import fixtures

    chosen = select(site or [], every=not site)
    verdicts = [fixtures.judge(fixture) for one in chosen for fixture in fixtures.fixtures_of(one)]
    faults = [fault for one in chosen for fault in fixtures.lacking(one)]
    failed = sum(verdict.problem is not None for verdict in verdicts) + len(faults)
    if json:
        put_json({"fixtures": [_shape(verdict) for verdict in verdicts], "lacking": faults})
    else:
        for verdict in verdicts:
            out.print(_mark(verdict), markup=False)
        for fault in faults:
            out.print(f"✗ {fault}", markup=False)
        err.print(
            f"{len(verdicts)} recorded pages, {len(chosen)} sites: " + (f"{failed} to see to" if failed else "all well")
        )
    raise typer.Exit(1 if failed else 0)


def _owner(name: str | None, url: str) -> "Site":
    from pipeline.articles import site_for

    owner = site_for(name, url)
    if owner is None:
        raise ConfigurationError(
            f"{url}: no site has that host",
            hint="Name the site with --site, or make one: tongjian sites new NAME LIST-PAGE-URL.",
        )
    return owner


def _show(made: "Fixture", asked: str) -> None:
    from pipeline import fixtures

    found = fixtures.answer(made.folder).url
    if found != asked:
        err.print(f"{asked} led to {found}: that is what is recorded", markup=False)
    err.print(f"recorded {made}: {fixtures.told(made)}", markup=False)
    err.print(
        f"next: compare {fixtures.near(made.expected)} with the page, mend it where the reader errs, then: "
        f"tongjian sites expect {made.site.name} {made.case} --looked-at\n"
        f"why it reads so: tongjian article {fixtures.near(made.folder)}",
        markup=False,
    )


def _tell(verdict: "Verdict") -> None:
    out.print(_mark(verdict), markup=False)
    raise typer.Exit(0 if verdict.problem is None else 1)


def _mark(verdict: "Verdict") -> str:
    return f"{'✗' if verdict.problem else '✓'} {verdict}"


def _shape(verdict: "Verdict") -> dict[str, object]:
    return {
        "site": verdict.fixture.site.name,
        "case": verdict.fixture.case,
        "problem": verdict.problem,
        "hint": verdict.hint,
        "differences": [
            {"field": item.field, "expected": item.expected, "read": item.read} for item in verdict.differences
        ],
    }
