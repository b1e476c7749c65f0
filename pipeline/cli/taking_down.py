"""takedown: what must not be shown any longer."""

from typing import TYPE_CHECKING, Annotated

import typer

from domain.clock import parse, shown
from domain.errors import ConfigurationError
from pipeline.cli.output import err, out, put_json
from pipeline.house import house

if TYPE_CHECKING:
    from pipeline.takedown import Taken


def register(app: typer.Typer) -> None:
    app.command()(takedown)


def takedown(
    what: Annotated[str, typer.Argument(metavar="URL|CAPTURE", help="an address, all of it; or one capture's id")],
    reason: Annotated[str, typer.Option(help="why, as everybody who asks for it will read it")],
    by: Annotated[str, typer.Option(help="who wants it, as everybody will read it")],
    until: Annotated[str | None, typer.Option(help="withhold it until then, and delete nothing")] = None,
    bypass: Annotated[
        bool, typer.Option("--bypass-governance", help="delete what is locked in GOVERNANCE mode too")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False,
) -> None:
    """Take a page, or one capture, down for a legal reason: a tombstone stays, and every other proof holds.

    Exit 3 where something could not be deleted.
    """
    from pipeline.takedown import order, takedown

    try:
        ends = parse(until) if until else None
    except ValueError as error:
        raise ConfigurationError(f"--until {until}: no time", hint="Write 2027-01-01, or with a time.") from error
    wanted = order(reason, by, ends, bypass=bypass)
    with house() as open_house:
        done = takedown(open_house, what, wanted)
    _tell(done, json=json)
    raise typer.Exit(3 if done.left else 0)


def _tell(done: "Taken", *, json: bool) -> None:
    if json:
        captures = [{"id": one.id, "url": one.url, "at": one.at.isoformat()} for one in done.captures]
        said = {"captures": captures, "deleted": done.deleted, "left": done.left, "notices": done.notices}
        put_json(said | {"messages": done.messages, "signed": done.is_signed})
        return
    for one in done.captures:
        out.print(f"taken down: {one.url} {shown(one.at)} {one.id}", markup=False)
    for line in done.left:
        out.print(f"still there: {line}", markup=False)
    for line in done.notices:
        err.print(f"note: {line}", markup=False, style="yellow")
    signed = "signed" if done.is_signed else "not signed: there is no key (tongjian doctor --make-key)"
    err.print(f"{done.deleted} objects deleted, {len(done.left)} could not be; tombstones {signed}")
    err.print(f"{done.messages} messages of the outbox blanked")
