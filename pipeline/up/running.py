"""The verb up: starts everything, shows what happens, and ends everything on Ctrl-C."""

import fcntl
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import httpx
from rich.console import Console

from catalogue import Catalogue
from domain.errors import CatalogueError, ConfigurationError
from domain.settings import Settings
from pipeline.embedded import embedded, postgres, s3
from pipeline.embedded.shared import Endpoints, ensure
from pipeline.up import airflow, plan
from pipeline.up.screen import Screen, addresses
from pipeline.up.supervisor import Supervisor, become_reaper
from storage import connect


class Stopped(Exception):
    """A person or the system asked us to end."""


def up(
    settings: Settings, console: Console, *, live: bool, port: int | None, content: Path | None, seconds: float | None
) -> None:
    """Runs until SIGINT or SIGTERM, or for `seconds`. Raises ConfigurationError, EndpointDown, TongjianError."""
    become_reaper()
    with _only_one(settings.state), _signals(), _quiet_stop(console):
        console.print("starting PostgreSQL and S3 …")
        with embedded(settings.state) as local:
            _house(settings, local, console, live=live, port=port, content=content, seconds=seconds)


@contextmanager
def _quiet_stop(console: Console) -> Iterator[None]:
    try:
        yield
    except Stopped:
        console.print("stopped; the next start goes on from here")


def _house(
    settings: Settings,
    local: Endpoints,
    console: Console,
    *,
    live: bool,
    port: int | None,
    content: Path | None,
    seconds: float | None,
) -> None:
    chosen = plan.choose_ports(settings.state, port)
    for line in chosen.moved:
        console.print(f"[yellow]{line}[/]")
    supervisor = Supervisor()
    here = settings.model_copy(
        update={"s3_endpoint": settings.s3_endpoint or local.s3, "database": settings.database or local.database}
    )
    connect(here, None if settings.s3_endpoint else local.keys).ensure()
    with Catalogue(here.database or "") as catalogue:
        catalogue.upgrade()
        screen = Screen(console, catalogue)
        try:
            _start(supervisor, settings, local, chosen, content, screen, live=live)
            _addresses(settings, chosen, console, live=live)
            _loop(supervisor, settings, chosen, screen, seconds)
        finally:
            screen.close()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            console.print("stopping …")
            _spare(supervisor, settings.state)
            supervisor.stop()


def _start(
    supervisor: Supervisor,
    settings: Settings,
    local: Endpoints,
    chosen: plan.Ports,
    content: Path | None,
    screen: Screen,
    *,
    live: bool,
) -> None:
    children = plan.children(settings, local, chosen, content, live=live)
    screen.say("preparing Airflow's database …")
    scheduler = next(child for child in children if child.name == "scheduler")
    airflow.migrate(scheduler.environment, settings.state / "logs" / "migrate.log")
    for child in children:
        supervisor.start(child)
    screen.say("started " + ", ".join(child.name for child in children))


def _addresses(settings: Settings, chosen: plan.Ports, console: Console, *, live: bool) -> None:
    lines = [
        ("reading room 阅览室", f"http://127.0.0.1:{chosen.web}/"),
        ("Airflow", f"http://127.0.0.1:{chosen.airflow}/ (login in {airflow.passwords(settings.state / 'airflow')})"),
    ]
    if not live:
        lines.append(("replica 仿站", f"http://127.0.0.1:{chosen.replica}/ (answers for the sites' real addresses)"))
    addresses(lines, console)
    console.print("Ctrl-C stops everything; logs are in " + str(settings.state / "logs"))


def _loop(
    supervisor: Supervisor, settings: Settings, chosen: plan.Ports, screen: Screen, seconds: float | None
) -> None:
    end = time.monotonic() + seconds if seconds else None
    while end is None or time.monotonic() < end:
        for name in supervisor.tend():
            screen.say(f"[yellow]{name} had died; started again[/]")
        supervisor.reap()
        if not settings.s3_endpoint or not settings.database:
            _revive(settings.state, screen)
        try:
            screen.poll()
        except CatalogueError as error:
            screen.say(f"[yellow]the catalogue is away: {error}[/]")
        screen.wait_for(_awaited(chosen, screen))
        time.sleep(1)


def _revive(state: Path, screen: Screen) -> None:
    """Starts the embedded servers again where one was killed; what was acknowledged is still there."""
    if not (s3.running(state / "s3") and postgres.running(state / "pg")):
        screen.say("[yellow]S3 or PostgreSQL had died; starting it again[/]")
        ensure(state)


def _awaited(chosen: plan.Ports, screen: Screen) -> str:
    if screen.captures:
        return "watching 监测中"
    try:
        health = httpx.get(
            f"http://127.0.0.1:{chosen.airflow}/api/v2/monitor/health", timeout=2, trust_env=False
        ).json()
    except (httpx.HTTPError, ValueError):
        return "waiting for Airflow's api-server"
    waiting = [name for name in ("scheduler", "dag_processor") if (health.get(name) or {}).get("status") != "healthy"]
    return f"waiting for Airflow's {' and '.join(waiting)}" if waiting else "waiting for the first captures"


def _spare(supervisor: Supervisor, state: Path) -> None:
    server, database = s3.running(state / "s3"), postgres.pid(state / "pg")
    supervisor.spare([pid for pid in (server.pid if server else None, database) if pid])


@contextmanager
def _signals() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    state.mkdir(parents=True, exist_ok=True)
    with (state / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(
                f"tongjian up is running already in {state}",
                hint="Stop it first, or set TONGJIAN_STATE to another folder.",
            ) from error
        yield
