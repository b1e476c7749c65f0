"""subscriptions: who is told of what, by which channel, and what waits to be told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from alerts.kinds import Delivery, State, Subscription, Via
from domain.clock import iso, shown
from domain.errors import ConfigurationError, DeliveryError
from pipeline.cli.output import err, out, put_json
from pipeline.house import House, house

app = typer.Typer(
    help="Who is told of which changes, by webhook or e-mail; and what waits to be told.",
    epilog="For example: tongjian subscriptions add --name desk --email desk@example.com --word 招商引资 --type edited",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="as `tongjian subscriptions list` shows it")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


@contextmanager
def _room() -> Iterator[House]:
    """The house, with this room's tables in their newest form."""
    from alerts import upgrade

    with house() as open_house:
        upgrade(open_house.catalogue.engine)
        yield open_house


@app.command()
def add(
    name: Annotated[str, typer.Option(help="whose it is; stands in every message")],
    webhook: Annotated[str | None, typer.Option(metavar="URL", help="POST JSON there (Standard Webhooks)")] = None,
    email: Annotated[str | None, typer.Option(metavar="ADDR", help="send plain text there")] = None,
    word: Annotated[list[str] | None, typer.Option(help="each must occur in the page or the change")] = None,
    type: Annotated[list[str] | None, typer.Option(help="new, edited, removed, …; any unless said")] = None,
    site: Annotated[list[str] | None, typer.Option(help="any unless said")] = None,
    secret: Annotated[Path | None, typer.Option(metavar="FILE", help="holds the whsec_… to sign with")] = None,
    json: Json = False,
) -> None:
    """Add a subscription: it is told of what happens from now on, but never of cosmetic changes."""
    from alerts import subscriptions
    from pipeline.selecting import select

    channel, address = _target(webhook, email)
    signing = _secret(secret)
    sites = [found.name for found in select(site)] if site else []
    with _room() as open_house:
        made = subscriptions.add(
            open_house.catalogue.engine,
            name,
            channel,
            address,
            words=word or (),
            types=type or (),
            sites=sites,
            secret=signing,
        )
        if channel is Via.EMAIL and not open_house.settings.smtp:
            err.print("TONGJIAN_SMTP is not set: mail waits until it names a mail server as HOST:PORT", style="yellow")
    if json:
        put_json(_shape(made))
    else:
        out.print(f"{made.id}: {made.name} is told by {made.channel} of {_narrowed(made)}", markup=False)


def _target(webhook: str | None, email: str | None) -> tuple[Via, str]:
    match webhook, email:
        case str(url), None:
            return Via.WEBHOOK, url
        case None, str(address):
            return Via.EMAIL, address
    raise typer.BadParameter("say either --webhook URL or --email ADDR: one subscription, one channel")


def _secret(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the secret in {file} cannot be read: {type(error).__name__}",
            hint="Name a text file that holds whsec_ and base64 and may be read.",
        ) from error


@app.command("list")
def list_(json: Json = False) -> None:
    """List the subscriptions, those switched off by their endpoint (410) too."""
    from alerts import subscriptions

    with _room() as open_house:
        found = subscriptions.every(open_house.catalogue.engine)
    if json:
        put_json([_shape(item) for item in found])
    elif not found:
        err.print("no subscriptions; see: tongjian subscriptions add --help")
    else:
        _subscriptions_table(found)


@app.command()
def remove(id: Id) -> None:
    """Remove a subscription and its deliveries, those that wait too."""
    from alerts import subscriptions

    with _room() as open_house:
        subscriptions.remove(open_house.catalogue.engine, id)
    err.print(f"removed {id}", markup=False)


@app.command()
def test(id: Id) -> None:
    """Send a test message now and say what came back. Exit 1 where it was not accepted."""
    from alerts import channels, subscriptions
    from alerts.addresses import shown as address_shown
    from alerts.payload import delivery_id, trial

    with _room() as open_house:
        item = subscriptions.get(open_house.catalogue.engine, id)
        message, where = trial(item, open_house.settings.web), address_shown(item.address)
        try:
            answer = channels(open_house.settings)[item.channel].send(item, delivery_id(id, message["at"]), message)
        except DeliveryError as error:
            raise DeliveryError(
                f"{where} did not take the test message: {error}",
                hint=error.hint or "See that the address is right and that something listens there.",
            ) from error
    out.print(f"{where} took the test message: {answer}", markup=False)


@app.command()
def deliveries(
    state: Annotated[State | None, typer.Option(help="only these")] = None,
    limit: Annotated[int, typer.Option(min=1, help="the most to show; the newest changes first")] = 100,
    json: Json = False,
) -> None:
    """Show deliveries: what waits and why, what was delivered, what was given up."""
    from alerts import outbox

    with _room() as open_house:
        found = outbox.listed(open_house.catalogue.engine, state, limit)
    if json:
        put_json([_delivery_shape(item) for item in found])
    elif not found:
        err.print(f"no {state.value} deliveries" if state else "no deliveries")
    else:
        _deliveries_table(found)


def _shape(item: Subscription) -> dict[str, Any]:
    """A subscription for programs: `at` UTC, the secret left out."""
    from alerts.addresses import shown as address_shown

    return {
        "id": item.id,
        "name": item.name,
        "channel": item.channel.value,
        "address": address_shown(item.address),
        "words": list(item.words),
        "types": list(item.types),
        "sites": list(item.sites),
        "created_at": iso(item.created_at),
        "active": item.active,
        "signed": item.secret is not None,
    }


def _delivery_shape(item: Delivery) -> dict[str, Any]:
    return {
        "id": item.id,
        "subscription": item.subscription,
        "change": item.change_id,
        "site": item.site,
        "url": item.payload["url"],
        "type": item.payload["type"],
        "title": item.payload["title"],
        "at": iso(item.at),
        "state": item.state.value,
        "attempts": item.attempts,
        "next_try_at": iso(item.next_try_at),
        "last_error": item.last_error,
        "delivered_at": iso(item.delivered_at) if item.delivered_at else None,
    }


def _narrowed(item: Subscription) -> str:
    """What it is told of, in words."""
    parts = [
        ", ".join(item.types) or "every change",
        f"on {', '.join(item.sites)}" if item.sites else "",
        f"with {' and '.join(f'«{word}»' for word in item.words)}" if item.words else "",
    ]
    return " ".join(part for part in parts if part)


def _table(*heads: str) -> Table:
    """A table that folds what is too wide: an address or a reason cut short is of no use."""
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _subscriptions_table(found: tuple[Subscription, ...]) -> None:
    from alerts.addresses import shown as address_shown

    table = _table("id", "name 名称", "channel 渠道", "address 地址", "of 内容", "since 起", "")
    for item in found:
        cells = (
            item.id,
            item.name,
            item.channel.value,
            address_shown(item.address),
            _narrowed(item),
            shown(item.created_at),
            "" if item.active else "off",
        )
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)


def _deliveries_table(found: tuple[Delivery, ...]) -> None:
    table = _table("change 时间", "subscription", "state 状态", "tries", "next 下次", "title 标题", "why 原因")
    for item in found:
        again = shown(item.next_try_at) if item.state is State.WAITING else ""
        cells = (
            shown(item.at),
            item.subscription,
            item.state.value,
            str(item.attempts),
            again,
            item.payload["title"] or item.payload["url"],
            item.last_error or "",
        )
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)
