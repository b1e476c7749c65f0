"""The commands. Results go to standard output, progress and logs to standard error."""

import typer

from pipeline.cli import (
    archive,
    articles,
    crawling,
    exporting,
    health,
    looking,
    machine,
    masking,
    numbering,
    planning,
    proving,
    reprinting,
    rereading,
    siting,
    subscribing,
    taking_down,
)

app = typer.Typer(
    help="Tongjian 通鉴 watches Chinese news and commerce-department sites and keeps their history.",
    epilog="Start with: tongjian up    (everything on this machine, with a replica of five sites)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for room in (
    machine,
    crawling,
    planning,
    looking,
    masking,
    reprinting,
    numbering,
    articles,
    archive,
    proving,
    exporting,
    rereading,
    taking_down,
):
    room.register(app)
app.add_typer(siting.app, name="sites")
app.add_typer(subscribing.app, name="subscriptions")
app.add_typer(health.app, name="health")
