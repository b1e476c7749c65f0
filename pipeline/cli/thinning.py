"""thin: what was delivered long ago keeps its headings alone."""

from dataclasses import asdict
from typing import Annotated

import typer

from domain.clock import iso, shown
from pipeline.cli.asking import Json
from pipeline.cli.output import out, put_json


def register(app: typer.Typer) -> None:
    app.command()(thin)


def thin(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="count, and leave all as it is")] = False,
    days: Annotated[
        int | None, typer.Option(min=0, help="instead of TONGJIAN_KEEP_MESSAGES; 0 thins nothing", show_default="90")
    ] = None,
    json: Json = False,
) -> None:
    """Take the text out of messages that were delivered long ago.

    Who was told of what, when, under which id and with which outcome stays; so does all that was not delivered.
    """
    from pipeline.house import house
    from pipeline.thinning import thin

    with house() as open_house:
        done = thin(open_house, days, dry=dry_run)
    if json:
        put_json(asdict(done) | {"before": iso(done.before) if done.before else None, "dry_run": dry_run})
    elif done.before is None:
        out.print("messages are kept whole, always 消息正文长期保留")
    else:
        said = "would be thinned 将精简" if dry_run else "thinned 已精简"
        out.print(f"{done.messages:,} messages {said}, {done.bytes:,} bytes; delivered before {shown(done.before)}")
