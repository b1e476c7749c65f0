"""doctor: whether what Tongjian needs is there, and the backup put back where it is not."""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from domain.clock import iso, now, shown
from domain.settings import settings
from pipeline.cli.output import err, out, put_json

if TYPE_CHECKING:
    from pipeline.restoring import Restored

app = typer.Typer(invoke_without_command=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


@app.callback()
def doctor(
    context: typer.Context,
    json: Json = False,
    make_key: Annotated[bool, typer.Option("--make-key", help="make the key that signs checkpoints, and end")] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="put the bucket's versioning, lock and life-cycle in order, and end")
    ] = False,
) -> None:
    """Look whether what Tongjian needs is there: settings, S3, the database, site files, keys, backups, deliveries.

    `tongjian doctor restore` puts a backup back.
    """
    from pipeline.doctoring import applying, examine

    if context.invoked_subcommand:
        return
    if make_key:
        from pipeline.checkpointing import key_made

        for line in key_made(settings()):
            out.print(line, markup=False)
        return
    if apply:
        raise typer.Exit(0 if applying(lambda line: out.print(line, markup=False)) else 3)
    findings = examine(settings())
    if json:
        put_json([{"what": item.what, "ok": item.ok, "message": item.message} for item in findings])
    for item in findings if not json else ():
        out.print(f"{'✓' if item.ok else '✗'} {item.what}: {item.message}", markup=False)
    raise typer.Exit(0 if all(item.ok for item in findings) else 1)


@app.command()
def restore(
    at: Annotated[
        str | None, typer.Option(metavar="TIME|KEY", help="the newest backup of that time, or one; the newest")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="the backups there are, and end")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="in the place of what is there")] = False,
    json: Json = False,
) -> None:
    """Put people, channels, subscriptions and what was told back from a backup in the bucket: all of it, or nothing.

    Exit 3 where a channel's address cannot be opened with the sealing key that is here.
    """
    from pipeline.house import house
    from pipeline.restoring import described, restore
    from storage import backups

    with house() as open_house:
        if show:
            _list(described(backups.listed(open_house.bucket)), json=json)
            return
        done = restore(open_house, at, overwrite=yes)
    _tell(done, json=json)
    raise typer.Exit(3 if done.unopened else 0)


def _list(found: list[dict[str, object]], *, json: bool) -> None:
    if json:
        put_json(found)
    for one in found if not json else ():
        out.print(f"{one['taken']}  {one['size']:>12,} bytes  {one['key']}", markup=False)
    if not found:
        err.print("there is no backup: `tongjian backup` makes one")


def _tell(done: "Restored", *, json: bool) -> None:
    if json:
        channels = [one.model_dump(mode="json") for one in done.unopened]
        put_json(asdict(done) | {"taken": iso(done.taken), "unopened": channels})
        return
    if done.replaced:
        err.print(f"replaced: {_counted(done.replaced)}", markup=False)
    out.print(f"put back: {_counted(done.rows)}", markup=False)
    out.print(f"as of {shown(done.taken)} Asia/Shanghai, from {done.key} (form {done.revision})", markup=False)
    since = timedelta(seconds=int((now() - done.taken).total_seconds()))
    out.print(
        f"lost: what people changed in the {since} since then; what was told in that time is told again "
        f"under the ids it had: {done.again} changes so far",
        markup=False,
    )
    if done.withdrawn:
        out.print(f"{done.withdrawn} changes were blanked: what they told was taken down since")
    for one in done.unopened:
        err.print(
            f"channel {one.id} ({one.name}, {one.shown}): its address was sealed with another key: put that key back "
            "(TONGJIAN_SECRETS_KEY), or give the address anew",
            style="yellow",
            markup=False,
        )


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in rows.items())
