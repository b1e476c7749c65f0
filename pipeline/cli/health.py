"""health: quiet or broken? How each site stands, since when and why; and what people have to say of it."""

import getpass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from domain.clock import now, parse, shown
from domain.errors import ConfigurationError
from domain.health import HealthOrder, Measure, Standing, State
from pipeline.cli.output import err, out, put_json
from pipeline.house import house
from pipeline.selecting import select

_COLOURS = {State.HEALTHY: "green", State.QUIET: "cyan", State.DEGRADED: "yellow", State.BROKEN: "red"}
_SHARES = frozenset({"titled", "timed", "sourced", "bodied", "garbled", "drifted", "blocked", "failed"})
Site = Annotated[str, typer.Argument(metavar="SITE", help="a site's name; see: tongjian sites list")]
Reason = Annotated[str, typer.Option(help="why; shown wherever the site's state is")]
By = Annotated[str, typer.Option(help="who says so; you, unless said")]


class _Sites(TyperGroup):
    """`tongjian health` and `tongjian health SITE…` show; what is no command is a site's name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Sites,
    help="Quiet or broken? tongjian health [SITE…] [--json] says how sites stand, since when and why.",
    epilog="Exit codes: 0; 3 where a site is degraded; 1 where one is broken (silenced ones do not count).",
)


@app.command(hidden=True)
def show(
    names: Annotated[list[str] | None, typer.Argument(help="site names; every site unless said")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False,
) -> None:
    """How sites stand, with numbers beside what is usual. What is news goes into the outbox; `notify` sends it."""
    from pipeline.health import watch

    with house() as open_house:
        found, _ = watch(open_house, select(names or [], every=not names))
    if json:
        put_json([one.model_dump(mode="json") | {"stale": one.stale, "reason": one.reason} for one in found])
    for one in found if not json else ():
        _tell(one, whole=bool(names))
    states = {one.state for one in found}
    raise typer.Exit(1 if State.BROKEN in states else 3 if State.DEGRADED in states else 0)


def _tell(one: Standing, *, whole: bool) -> None:
    colour = _COLOURS.get(one.beneath, "white")
    out.print(f"[{colour}]{one.state.chinese} {one.state:9}[/] {one.site:20} 自 since {shown(one.since)}")
    for sign in one.why:
        about = f"  {sign.entry}" if sign.entry else ""
        out.print(f"    {sign.level}: {sign.zh} — {sign.en}{about}", markup=False)
    if one.silence:
        until = f"，至 until {shown(one.silence.until)}" if one.silence.until else ""
        beneath = f"{one.beneath.chinese} {one.beneath}"
        out.print(f"    静默 silenced by {one.silence.by}{until}: {one.silence.reason} ({beneath})", markup=False)
    if one.acknowledged:
        said = one.acknowledged
        out.print(f"    已知 acknowledged by {said.by}, {shown(said.at)}: {said.reason}", markup=False)
    for measure in one.numbers if whole else ():
        out.print(f"    {_line(measure)}", style="dim", markup=False)


def _line(one: Measure) -> str:
    where = f" {one.entry}" if one.entry else ""
    when = "同星期 same weekday, " if one.weekday else ""
    spread = _value(one.name, one.spread)
    usual = f" （平常 usual {_value(one.name, one.usual)} ± {spread}, {when}n={one.samples}）" if one.samples else ""
    return f"{one.zh} {one.en}{where}: {_value(one.name, one.value)}{usual}"


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.0%}" if name in _SHARES else f"{value:.0f}"


@app.command()
def acknowledge(
    site: Site,
    reason: Reason,
    by: By = "",
    usual: Annotated[bool, typer.Option(help="what is found from now on is the usual for this site")] = False,
) -> None:
    """Say that somebody knows of a site's trouble. Its state stays what it is."""
    _say(HealthOrder(site=_known(site), action="acknowledge", at=now(), by=_who(by), reason=_why(reason), usual=usual))


@app.command()
def silence(
    site: Site,
    until: Annotated[str, typer.Option(help="an ISO time; without a zone, Asia/Shanghai")],
    reason: Reason,
    by: By = "",
) -> None:
    """Tell nobody of a site's trouble until a time; its state is shown as silenced, with the reason."""
    end = _until(until)
    _say(HealthOrder(site=_known(site), action="silence", at=now(), by=_who(by), reason=_why(reason), until=end))


@app.command()
def unsilence(site: Site, reason: Annotated[str, typer.Option(help="why")] = "", by: By = "") -> None:
    """End a silence before its time."""
    _say(HealthOrder(site=_known(site), action="unsilence", at=now(), by=_who(by), reason=reason))


def _say(said: HealthOrder) -> None:
    from pipeline.health import order

    with house() as open_house:
        order(open_house, said)
    until = f" until {shown(said.until)}" if said.until else ""
    err.print(f"{said.site}: {said.action}{until}, by {escape(said.by)}: {escape(said.reason)}")


def _known(site: str) -> str:
    return select([site])[0].name


def _who(by: str) -> str:
    try:
        return by or getpass.getuser()
    except OSError:  # a user id without a name, as in containers
        raise ConfigurationError("nobody knows who you are here", hint="Say it: --by NAME.") from None


def _why(reason: str) -> str:
    if not reason.strip():
        raise ConfigurationError("the reason is empty", hint="Say in a few words why: --reason '…'.")
    return " ".join(reason.split())


def _until(text: str) -> datetime:
    try:
        end = parse(text)
    except ValueError as error:
        raise ConfigurationError(f"--until {text}: {error}", hint="Write for example 2026-11-22T10:00.") from error
    if end <= now():
        raise ConfigurationError(f"--until {text} is past", hint="A silence ends by itself: name a time to come.")
    return end
