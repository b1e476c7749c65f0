"""teams: people who share subscriptions and channels."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from domain.clock import iso
from domain.subscription import OPERATOR, Role, Team
from pipeline.cli.asking import Json
from pipeline.cli.desks import office
from pipeline.cli.output import err, out, put_json
from pipeline.cli.subscriptions_shown import folding

app = typer.Typer(
    help="Teams share subscriptions and channels; a role says who may change them. 团队",
    epilog="For example: tongjian teams add 商务组 --owner 王芳; tongjian teams member 商务组 李娜 --role editor",
    no_args_is_help=True,
)
Wanted = Annotated[str, typer.Argument(metavar="TEAM", help="an id, or a name that no other has")]
Who = Annotated[str, typer.Argument(metavar="PERSON", help="an id, or a name that nobody else has")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="as everybody knows it")],
    owner: Annotated[str, typer.Option(metavar="PERSON", help="who says who is a member")] = OPERATOR,
    json: Json = False,
) -> None:
    """Add a team with its first owner."""
    with office() as room:
        made = room.desk.add_team(room.person(owner), name)
    _told(made, json=json)


@app.command("list")
def list_(json: Json = False) -> None:
    """List teams and their members."""
    with office() as room:
        found = room.desk.teams(room.person(OPERATOR))
    if json:
        put_json([_shape(one) for one in found])
    elif not found:
        err.print("no teams; see: tongjian teams add --help 还没有团队")
    else:
        table = folding("id", "name 名称", "members 成员")
        for one in found:
            table.add_row(one.id, escape(one.name), escape(_members(one)))
        out.print(table)


@app.command()
def member(
    wanted: Wanted,
    person: Who,
    role: Annotated[Role, typer.Option(help="reader sees, editor changes, owner says who is a member")] = Role.READER,
    remove: Annotated[
        bool, typer.Option("--remove", help="out of the team; their own channels are told no more")
    ] = False,
    json: Json = False,
) -> None:
    """Make somebody a member, give a member another role, or take one out. The last owner stays."""
    with office() as room:
        team, who = room.team(wanted) or "", room.person(person)
        if remove:
            made = room.desk.remove_member(room.person(OPERATOR), team, who.id)
        else:
            made = room.desk.put_member(room.person(OPERATOR), team, who.id, role)
    _told(made, json=json)


@app.command()
def remove(wanted: Wanted, yes: Annotated[bool, typer.Option("--yes", help="without asking")] = False) -> None:
    """Remove a team, its subscriptions, its channels and their deliveries."""
    from alerts import teams

    with office() as room:
        team = teams.get(room.house.catalogue.engine, wanted)
        theirs = [one for one in room.desk.subscriptions(room.person(OPERATOR)) if one.team == team.id]
        if theirs and not yes:
            asked = f"{team.name}: {len(theirs)} subscriptions go with it 其订阅一并删除. Go on?"
            typer.confirm(asked, abort=True, err=True)
        teams.remove(room.house.catalogue.engine, team.id)
    err.print(f"removed {team.id} ({team.name}) 已删除", markup=False)


def _told(team: Team, *, json: bool) -> None:
    if json:
        put_json(_shape(team))
    else:
        out.print(f"{team.id}: {team.name}: {_members(team)}", markup=False)


def _members(team: Team) -> str:
    return ", ".join(f"{one.name} {one.role.chinese} {one.role.value}" for one in team.members)


def _shape(team: Team) -> dict[str, Any]:
    return team.model_dump(mode="json") | {"created_at": iso(team.created_at)}
