"""channels: the ways to people and teams."""

from typing import Annotated

import typer
from rich.markup import escape

from domain.clock import shown
from domain.errors import DeliveryError
from domain.subscription import OPERATOR, Channel
from pipeline.cli import asking
from pipeline.cli.asking import Json
from pipeline.cli.desks import Office, add_channels, office, owner
from pipeline.cli.output import err, out, put_json
from pipeline.cli.subscriptions_shown import channel_shape, folding

app = typer.Typer(
    help="The ways to people and teams: webhooks, mail, robots of group chats. 渠道",
    epilog="For example: tongjian channels add --dingtalk @robot-url.txt --secret robot-secret.txt --team 商务组",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(metavar="ID", help="as `tongjian channels list` shows it")]


@app.command("list")
def list_(json: Json = False) -> None:
    """List the channels, those switched off too, and why they were."""
    with office() as room:
        found, names = room.desk.channels(room.person(OPERATOR)), room.names
    if json:
        put_json([channel_shape(one) | {"owner": owner(names, one.person, one.team)} for one in found])
    elif not found:
        err.print("no channels; see: tongjian channels add --help 还没有渠道")
    else:
        _show(found, names)


def _show(found: tuple[Channel, ...], names: dict[str, str]) -> None:
    table = folding("id", "name 名称", "via 方式", "address 地址", "whose 归属", "signed 签名", "state 状态")
    for one in found:
        whose = owner(names, one.person, one.team)["name"]
        cells = (one.id, one.name, one.via.value, one.shown, whose, "yes" if one.signed else "", _state(one))
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)


def _state(one: Channel) -> str:
    if not one.active:
        return f"off 已停用: {one.disabled_why}"
    if one.failing_since:
        return f"failing since {shown(one.failing_since)} 故障 ({one.failures})"
    return "on 启用"


@app.command()
def add(
    name: Annotated[str, typer.Option(help="how it is called; made of its address unless said")] = "",
    webhook: asking.Webhook = None,
    email: asking.Email = None,
    dingtalk: asking.DingTalk = None,
    wecom: asking.WeCom = None,
    feishu: asking.Feishu = None,
    apprise: asking.Apprise = None,
    secret: asking.Secret = None,
    person: asking.For = None,
    team: asking.TeamOf = None,
    json: Json = False,
) -> None:
    """Add a channel. Its address and secret are sealed; lists show only enough to know it again.

    What stands on a command line stays in the shell's history: --webhook @FILE and --webhook - keep it out of there.
    """
    given = asking.addresses(webhook, email, dingtalk, wecom, feishu, apprise)
    if not any(given.values()):
        raise typer.BadParameter("say where it leads: --webhook URL, --email ADDR, --dingtalk URL, … 请给出地址")
    with office() as room:
        made = add_channels(room, room.person(person), room.team(team), given, secret, name)
        if json:
            put_json([channel_shape(one) | {"owner": owner(room.names, one.person, one.team)} for one in made])
            return
    for one in made:
        out.print(f"{one.id}: {one.name} ({one.via.value} {one.shown})", markup=False)
    err.print(f"try it: tongjian channels test {made[0].id} 试发一条", markup=False)


@app.command()
def test(id: Id) -> None:
    """Send a test message now and say what came back. Exit 1 where it was not accepted."""
    with office() as room:
        item = _channel(room, id)
        try:
            answer = room.desk.try_channel(room.person(OPERATOR), id)
        except DeliveryError as error:
            raise DeliveryError(
                f"{item.shown} did not take the test message: {error}",
                hint=error.hint or "See that the address is right and that something listens there.",
            ) from error
    out.print(f"{item.shown} took the test message: {answer}", markup=False)


@app.command()
def enable(id: Id) -> None:
    """Switch a channel on again: its failures are forgotten, and what it missed waits to be sent."""
    with office() as room:
        item = room.desk.enable_channel(room.person(OPERATOR), id)
    err.print(f"{item.id}: {item.name} is on 已启用; what it missed is sent by the next notify", markup=False)


@app.command()
def remove(id: Id) -> None:
    """Remove a channel and its deliveries, those that wait too. Its subscriptions stay, and tell by their others."""
    with office() as room:
        item = _channel(room, id)
        lonely = [one for one in room.desk.subscriptions(room.person(OPERATOR)) if one.channels == (id,)]
        room.desk.remove_channel(room.person(OPERATOR), id)
    err.print(f"removed {id} ({item.shown}) 已删除", markup=False)
    for one in lonely:
        err.print(f"{one.id} ({one.name}) has no channel left 已无渠道", style="yellow", markup=False)


@app.command()
def reseal() -> None:
    """Seal all addresses and secrets with the first key of the key file. After a new key was written above the old one:
    when this is done, the old one may go."""
    from alerts import endpoints
    from alerts.sealing import Keyring

    with office() as room:
        count = endpoints.reseal(room.house.catalogue.engine, Keyring.load(room.house.settings))
    err.print(f"{count} channels are sealed with the first key 已用首行密钥重新加密", markup=False)


def _channel(room: Office, id: str) -> Channel:
    from alerts import endpoints

    return endpoints.get(room.house.catalogue.engine, id)
