"""backup: what follows from nothing else, in the bucket."""

from dataclasses import asdict
from typing import Annotated

import typer

from domain.clock import iso, shown
from pipeline.cli.output import err, out, put_json


def register(app: typer.Typer) -> None:
    app.command()(backup)


def backup(json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output")] = False) -> None:
    """Keep people, channels, subscriptions and what was told in the bucket; `doctor restore` puts them back.

    The sealing key is not in it: keep its file elsewhere. Exit 3 where an old backup could not be deleted.
    """
    from pipeline.backing_up import backup
    from pipeline.house import house

    with house() as open_house:
        done = backup(open_house)
        key = open_house.settings.sealing_file
    if json:
        put_json(asdict(done) | {"taken": iso(done.taken)})
    else:
        rows = ", ".join(f"{name} {count:,}" for name, count in done.rows.items())
        out.print(f"{done.key}\n{done.size:,} bytes, as of {shown(done.taken)} Asia/Shanghai: {rows}", markup=False)
        out.print(f"{len(done.removed)} old ones deleted")
    for line in done.left:
        err.print(f"still there: {line}", markup=False, style="yellow")
    err.print(f"addresses are sealed in it; the key is not: keep a copy of {key} elsewhere", markup=False)
    raise typer.Exit(3 if done.left else 0)
