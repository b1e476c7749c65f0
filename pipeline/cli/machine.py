"""up, replica, web, migrate: the machine's side of things."""

from pathlib import Path
from typing import Annotated

import typer

from domain.settings import ROOT, settings
from pipeline.cli.output import err, out

CONTENT = ROOT / "demo" / "content"
Content = Annotated[Path | None, typer.Option(help="a folder of articles for the replica; ours unless said")]


def register(app: typer.Typer) -> None:
    for verb in (up, replica, web, migrate):
        app.command()(verb)


def up(
    live: Annotated[bool, typer.Option("--live", help="watch the real sites instead of the replica, politely")] = False,
    port: Annotated[int | None, typer.Option(help="the reading room's port; 8400 unless taken")] = None,
    content: Content = None,
    seconds: Annotated[float | None, typer.Option(help="stop by itself after so many seconds")] = None,
) -> None:
    """Everything on this machine: PostgreSQL, S3, Airflow, the reading room, and the replica unless --live."""
    from pipeline.up.running import up as run

    if live and not settings().contact:
        err.print("site owners cannot reach you: set TONGJIAN_CONTACT to an address or URL", style="yellow")
    run(settings(), out, live=live, port=port, content=content, seconds=seconds)


def replica(
    content: Content = None,
    port: Annotated[int, typer.Option(help="0 for any free one")] = 8402,
    freeze: Annotated[bool, typer.Option("--freeze", help="nothing happens by itself")] = False,
) -> None:
    """The replica alone: answers for the five sites' real addresses; prints the setting that leads there."""
    from demo.server import serve
    from pipeline.embedded.ports import claim

    if port:
        claim(port, "the replica", "--port")

    def ready(server: object) -> None:
        out.print(f"TONGJIAN_CONNECT_TO={server.connect_to}", markup=False)  # type: ignore[attr-defined]
        err.print("set that where you run tongjian; Ctrl-C ends the replica", markup=False)

    state = settings().state / "replica.json"
    state.parent.mkdir(parents=True, exist_ok=True)
    serve(content or CONTENT, port, state, timeline=not freeze, on_ready=ready)


def web(
    port: Annotated[int, typer.Option(help="where to listen")] = 8400,
    host: Annotated[
        str, typer.Option(help="the address to bind; keep it 127.0.0.1 unless something guards it")
    ] = "127.0.0.1",
) -> None:
    """The reading room: changes as they come, timelines, differences, captures as served."""
    import uvicorn

    from pipeline.embedded.ports import claim
    from pipeline.house import house
    from pipeline.room import reading_room

    if host == "127.0.0.1":
        claim(port, "the reading room", "--port")
    with house() as open_house:
        err.print(f"reading room: http://{host}:{port}/", markup=False)
        # No access log: the addresses of feeds are keys.
        uvicorn.run(reading_room(open_house), host=host, port=port, log_level="warning", access_log=False)


def migrate() -> None:
    """Make the bucket and bring the catalogue's tables to their newest form; needed once on a cluster."""
    from pipeline.house import house

    with house() as open_house:
        err.print(f"{open_house.bucket.name}: {open_house.catalogue.counts()}", markup=False)
