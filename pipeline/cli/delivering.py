"""subscriptions deliveries, resend: what waits and why, what was delivered, what was given up."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from domain.clock import iso, shown
from domain.errors import ConfigurationError
from domain.subscription import OPERATOR, Delivery, State
from pipeline.cli.asking import Json
from pipeline.cli.desks import office
from pipeline.cli.output import err, out, put_json
from pipeline.cli.subscriptions_shown import folding


def register(app: typer.Typer) -> None:
    for verb in (deliveries, resend):
        app.command()(verb)


def deliveries(
    state: Annotated[State | None, typer.Option(help="only these")] = None,
    subscription: Annotated[str | None, typer.Option(metavar="ID", help="only those that it is told in")] = None,
    channel: Annotated[str | None, typer.Option(metavar="ID", help="only those to this channel")] = None,
    limit: Annotated[int, typer.Option(min=1, help="the most to show; the newest changes first")] = 100,
    json: Json = False,
) -> None:
    """Show deliveries: what waits and why, what was delivered, what was given up. One is one message to one channel."""
    from alerts import ledger

    with office() as room:
        who = room.person(OPERATOR)
        ways = [one.id for one in room.desk.channels(who) if channel in (None, one.id)]
        if subscription is not None:
            room.desk.subscription(who, subscription)
        found = ledger.listed(room.house.catalogue.engine, state, limit, ways if channel else None, subscription)
        names = {one.id: f"{one.via.value} {one.shown}" for one in room.desk.channels(who)}
    if json:
        put_json([_shape(item) for item in found])
    elif not found:
        err.print(f"no {state.value} deliveries 没有{state.chinese}的消息" if state else "no deliveries 没有消息")
    else:
        _show(found, names)


def _shape(item: Delivery) -> dict[str, Any]:
    said = item.payload
    about = [one.get("id") for one in said.get("subscriptions", ())]
    return {
        "id": item.id,
        "channel": item.channel,
        "subscription": about[0] if about else None,
        "subscriptions": about,
        "change": said.get("id"),
        "changes": item.changes,
        "site": said.get("site"),
        "url": said.get("url"),
        "type": said.get("type"),
        "title": said.get("title"),
        "at": iso(item.at),
        "state": item.state.value,
        "attempts": item.attempts,
        "next_try_at": iso(item.next_try_at),
        "last_error": item.last_error,
        "delivered_at": iso(item.delivered_at) if item.delivered_at else None,
    }


def _show(found: tuple[Delivery, ...], names: dict[str, str]) -> None:
    table = folding("id", "change 时间", "by 渠道", "state 状态", "tries", "next 下次", "title 标题", "why 原因")
    for item in found:
        again = shown(item.next_try_at) if item.state is State.WAITING else ""
        more = f" (+{item.changes - 1})" if item.changes > 1 else ""
        cells = (
            item.id[:12],
            shown(item.at),
            names.get(item.channel, item.channel),
            f"{item.state.chinese} {item.state.value}",
            str(item.attempts),
            again,
            f"{item.payload.get('title') or item.payload.get('url') or ''}{more}",
            item.last_error or "",
        )
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)


def resend(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="as `deliveries --state dead` shows")] = None,
    channel: Annotated[str | None, typer.Option(metavar="ID", help="all that this channel was not told")] = None,
    all_: Annotated[bool, typer.Option("--all", help="everything that was given up")] = False,
) -> None:
    """Send anew what was given up: under its old id, so that a receiver who had it after all knows it again.

    tongjian subscriptions resend 1a2b3c4d5e6f
    tongjian subscriptions resend --channel ID
    """
    from alerts import endpoints, ledger

    if sum(map(bool, (ids, channel, all_))) != 1:
        raise typer.BadParameter("say what: ID…, --channel ID or --all 请指明要重发什么")
    with office() as room:
        if ids:
            count = room.desk.resend(room.person(OPERATOR), tuple(ids))
        elif channel and not endpoints.get(room.house.catalogue.engine, channel).active:
            raise ConfigurationError(
                f"channel {channel} is switched off 渠道已停用",
                hint=f"Switch it on: tongjian channels enable {channel}; what it missed then waits by itself.",
            )
        else:
            count = ledger.resend(room.house.catalogue.engine, channels=[channel] if channel else None)
    err.print(f"{count} wait to be sent by the next notify 待重发 {count} 条")
