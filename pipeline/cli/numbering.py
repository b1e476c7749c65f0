"""number: a document by its number (发文字号), through time; and the gaps in an issuer's sequence."""

from typing import Annotated

import typer
from rich.markup import escape

from catalogue.kinds import Gap, Named, Policy
from domain.citation import DocumentNumber, Relation
from domain.citation import issuer as issuer_of
from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.house import house

Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]
_DATED = {"written": "成文", "published": "发布", "first_seen": "首见"}


def register(app: typer.Typer) -> None:
    app.command()(number)


def number(
    number: Annotated[str | None, typer.Argument(help="in any form: 鲁政办发〔2017〕7号, 国务院令第588号")] = None,
    gaps: Annotated[str | None, typer.Option(metavar="ISSUER", help="鲁政办发, 财政部公告: what is missing")] = None,
    year: Annotated[int | None, typer.Option(help="with --gaps: that year only")] = None,
    json: Json = False,
) -> None:
    """A policy through time: drafted, issued, interpreted, amended, repealed, and who cites it."""
    if (number is None) == (gaps is None):
        raise typer.BadParameter("say either a NUMBER or --gaps ISSUER")
    if gaps is not None:
        _gaps(gaps, year, json)
    else:
        _policy(_parsed(number or ""), json)


def _parsed(text: str) -> DocumentNumber:
    from parsers.citing import parse

    found = parse(text)
    if found is None:
        raise ConfigurationError(
            f"«{text}» is no document number", hint="Write for example 鲁政办发〔2017〕7号 or 财政部公告2024年第3号."
        )
    return found


def _policy(wanted: DocumentNumber, json: bool) -> None:
    from catalogue import citing_shapes

    with house() as open_house:
        found = open_house.catalogue.policy(wanted)
    if json:
        put_json(citing_shapes.policy(found))
    else:
        _print(found)


def _print(found: Policy) -> None:
    out.print(found.number.text, style="bold", markup=False)
    for page in found.pages:
        _print_page(page)
    if not found.pages:
        err.print("nothing kept names it", markup=False)
    if found.links:
        out.print("它提到 it names:")
    for link in found.links:
        said = " ".join(part for part in (link.number, f"《{link.title}》" if link.title else "") if part)
        out.print(f"  {_word(link.relation)}  {said}", markup=False)


def _print_page(page: Named) -> None:
    by = f" ({'、'.join(page.own)})" if page.own and page.relation is not Relation.IS else ""
    past = "" if page.current else f" 旧版 version {page.version}"
    said = escape(f"{page.heading or '—'}{by}")
    out.print(f"{page.day} {_DATED[page.dated]}  [bold]{_word(page.relation)}[/]  {said}")
    out.print(f"            {page.site}  {page.url}{past}", markup=False)
    if page.relation is not Relation.IS:
        out.print(f"            {page.sentence}", markup=False, style="dim")


def _word(relation: Relation) -> str:
    return f"{relation.chinese} {relation.value}"


def _gaps(name: str, year: int | None, json: bool) -> None:
    from catalogue import citing_shapes

    with house() as open_house:
        found = open_house.catalogue.gaps(issuer_of(name), year)
    if json:
        put_json([citing_shapes.gap(item) for item in found])
        return
    for item in found:
        out.print(f"{item.issuer} {item.year}: {_leads(item)}", markup=False)
    if not found:
        err.print(f"nothing kept names a number of {name}", markup=False)


def _leads(item: Gap) -> str:
    if not item.dense:
        return f"{len(item.held)} held, too few to tell what is missing 已见过少"
    missing = ", ".join(f"{one}{'*' if one in item.cited else ''}" for one in item.missing) or "—"
    held = f"{len(item.held)} held ({item.held[0]}–{item.held[-1]})"
    return f"{held}, missing 缺号: {missing}  (* cited elsewhere 他处引用)"
