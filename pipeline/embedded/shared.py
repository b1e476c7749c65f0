"""Many commands, one pair of servers: whoever comes first starts them, whoever leaves last stops them.

Users hold a shared lock on `users.lock` for as long as they live; the kernel frees it however they die. Who
leaves tries to make it exclusive: only the last one can, and stops the servers.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.embedded import postgres, s3


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the servers are: S3's address, credentials file and keys, and the two database addresses."""

    s3: str
    credentials: Path
    keys: tuple[str, str]
    database: str
    airflow_database: str


@contextmanager
def embedded(state: Path) -> Iterator[Endpoints]:
    """The embedded servers of a state folder, for as long as the block takes."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "start.lock").open("w") as gate, (state / "users.lock").open("w") as users:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        endpoints = ensure(state)
        fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield endpoints
        finally:
            _leave(state, gate.fileno(), users.fileno())


def ensure(state: Path) -> Endpoints:
    """Starts what does not run, and says where all of it is."""
    server = s3.running(state / "s3") or s3.start(state / "s3")
    if not postgres.running(state / "pg"):
        postgres.start(state / "pg")
    folder = state / "s3"
    return Endpoints(
        server.endpoint,
        s3.credentials_file(folder),
        s3.access_keys(folder),
        postgres.address(state / "pg"),
        postgres.address(state / "pg", postgres.AIRFLOW),
    )


def _leave(state: Path, gate: int, users: int) -> None:
    fcntl.flock(gate, fcntl.LOCK_EX)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if server := s3.running(state / "s3"):
        s3.stop(server)
    postgres.stop(state / "pg")
