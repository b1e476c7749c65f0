"""SeaweedFS and PostgreSQL as a house has them, in a state folder that is gone afterwards."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import text

from catalogue import engine
from pipeline.embedded import embedded, postgres, s3
from pipeline.embedded.shared import Endpoints


@contextmanager
def servers() -> Iterator[Endpoints]:
    """The folder's name is short: the path of PostgreSQL's socket may not pass 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="tj-") as folder, embedded(Path(folder)) as running:
        hasten(running.database)
        yield running
        _end(Path(folder))


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL alone; gives the address of its own database, `postgres`. Started as a house starts it: by itself
    the wheel gives up where that takes more than ten seconds."""
    with tempfile.TemporaryDirectory(prefix="tj-") as folder:
        place = Path(folder) / "pg"
        postgres.start(place)
        address = postgres.address(place, "postgres").replace("+psycopg2", "")
        hasten(address)
        yield address
        _end(Path(folder))


def hasten(address: str) -> None:
    """The server no longer waits for the disk: only a machine's own crash could tell, and no test here brings one."""
    source = engine(address)
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    source.dispose()


def _end(state: Path) -> None:
    """At once: nothing of theirs is wanted any more, and a hundred databases take half a minute to leave in order."""
    if server := s3.running(state / "s3"):
        psutil.Process(server.pid).kill()
    if postmaster := postgres.pid(state / "pg"):
        process = psutil.Process(postmaster)
        process.send_signal(signal.SIGQUIT)
        psutil.wait_procs([process], timeout=10)
