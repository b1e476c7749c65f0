"""people: who is told and may sign in."""

from typing import Annotated

import typer
from rich.markup import escape

from domain.clock import iso, shown
from domain.subscription import Language, Person
from pipeline.cli.asking import Json
from pipeline.cli.desks import Office, office
from pipeline.cli.output import err, out, put_json
from pipeline.cli.subscriptions_shown import folding

app = typer.Typer(
    help="People who are told, and who sign in to the reading room by a token. 人员",
    epilog="For example: tongjian people add 王芳 --timezone Asia/Urumqi   "
    "The first one, operator, is who the command line acts as.",
    no_args_is_help=True,
)
Wanted = Annotated[str, typer.Argument(metavar="PERSON", help="an id, or a name that nobody else has")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="as colleagues know them")],
    language: Annotated[Language, typer.Option(help="of their messages")] = "both",
    timezone: Annotated[str, typer.Option(help="an IANA name: of their digests and quiet hours")] = "Asia/Shanghai",
    operator: Annotated[bool, typer.Option("--operator", help="may do everything")] = False,
    json: Json = False,
) -> None:
    """Add somebody. Their token is shown this once: it signs them in, and is their bearer token over HTTP."""
    from alerts import people

    with office() as room:
        person, token = people.add(
            room.house.catalogue.engine, name, language=language, timezone=timezone, operator=operator
        )
    if json:
        put_json(_shape(person) | {"token": token})
    else:
        out.print(f"{person.id}: {person.name}", markup=False)
        _hand_over(room, token)


def _hand_over(room: Office, token: str) -> None:
    out.print(f"  {token}", markup=False)
    where = f"{room.house.settings.web.rstrip('/')}/sign-in"
    err.print(f"令牌只显示这一次，用于登录 {where}", markup=False)
    err.print(f"The token is shown this once; it signs in at {where}", markup=False)


@app.command("list")
def list_(json: Json = False) -> None:
    """List people, those who may not come in any more too."""
    from alerts import people

    with office() as room:
        found = people.every(room.house.catalogue.engine)
    if json:
        put_json([_shape(one) for one in found])
        return
    table = folding("id", "name 姓名", "language", "time zone 时区", "since 起", "")
    for one in found:
        state = "operator 管理" if one.operator else ""
        cells = (
            one.id,
            one.name,
            one.language,
            one.timezone,
            shown(one.created_at),
            state if one.active else "off 停用",
        )
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)


@app.command()
def token(wanted: Wanted, json: Json = False) -> None:
    """A new token, shown this once; the old one ends, and whoever is signed in by it is signed out."""
    from alerts import people

    with office() as room:
        person = people.get(room.house.catalogue.engine, wanted)
        made = people.renew_token(room.house.catalogue.engine, person.id)
    if json:
        put_json(_shape(person) | {"token": made})
    else:
        _hand_over(room, made)


@app.command()
def remove(
    wanted: Wanted,
    whole: Annotated[bool, typer.Option("--whole", help="their own subscriptions and channels, too")] = False,
    deactivate: Annotated[
        bool, typer.Option("--deactivate", help="only let them in no more; what is theirs is paused and off")
    ] = False,
) -> None:
    """Remove somebody, out of every team too. Who owns something is removed as a --whole, or deactivated."""
    from alerts import people

    if whole and deactivate:
        raise typer.BadParameter("say --whole or --deactivate, not both 二者择一")
    with office() as room:
        person = people.get(room.house.catalogue.engine, wanted)
        if deactivate:
            people.switch(room.house.catalogue.engine, person.id, active=False)
        else:
            people.remove(room.house.catalogue.engine, person.id, whole=whole)
    done = "may not come in any more 已停用" if deactivate else "is removed 已删除"
    err.print(f"{person.id}: {person.name} {done}", markup=False)


@app.command()
def restore(wanted: Wanted) -> None:
    """Let somebody in again by the token they had. Their subscriptions stay paused until they are resumed."""
    from alerts import people

    with office() as room:
        person = people.switch(
            room.house.catalogue.engine, people.get(room.house.catalogue.engine, wanted).id, active=True
        )
    err.print(f"{person.id}: {person.name} may come in again 已恢复", markup=False)


def _shape(one: Person) -> dict[str, object]:
    return one.model_dump(mode="json") | {"created_at": iso(one.created_at)}
