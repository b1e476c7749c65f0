"""changes, search: what happened, where a word occurs."""

from typing import Annotated

import typer

from domain.change import ChangeType
from domain.clock import parse
from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.cli.words import changes_table
from pipeline.house import House, house

Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def register(app: typer.Typer) -> None:
    for verb in (changes, search):
        app.command()(verb)


def changes(
    since: Annotated[str | None, typer.Option(help="an ISO time; without a zone, Asia/Shanghai")] = None,
    site: Annotated[str | None, typer.Option(help="one site's only")] = None,
    type: Annotated[ChangeType | None, typer.Option("--type", help="one type only")] = None,
    json: Json = False,
) -> None:
    """What is new, edited, removed or restored; oldest first."""
    from catalogue import shapes

    try:
        moment = parse(since) if since else None
    except ValueError as error:
        raise ConfigurationError(f"--since {since}: {error}", hint="Write for example 2026-11-22T10:00.") from error
    with house() as open_house:
        found = open_house.catalogue.changes(since=moment, site=site, type=type, newest=False)
        lines = [] if json else _foot(open_house, site)
    if json:
        put_json([shapes.change(change) for change in found])
    else:
        changes_table(found)
    for line in lines:
        err.print(line, style="yellow", markup=False)


def _foot(open_house: House, site: str | None) -> list[str]:
    """Of which sites the absence of changes says nothing."""
    from alerts.unwell import foot, shape
    from pipeline.health import shown

    return foot([shape(one) for one in shown(open_house).values() if one.unwell and site in (None, one.site)])


def search(
    query: Annotated[str, typer.Argument(help="words; each must occur in the title or the text")],
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    json: Json = False,
) -> None:
    """Articles that hold all the words."""
    with house() as open_house:
        found = open_house.catalogue.search(query, limit)
    if json:
        put_json(found)
        return
    for row in found:
        out.print(
            f"{str(row['published_at'])[:10]}  {row['site']}  {row['title']}\n            {row['url']}", markup=False
        )
    if not found:
        err.print("nothing found")
