"""Locks by name, for those who write elsewhere: PostgreSQL's advisory locks, let go when the transaction ends."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from catalogue.connection import transaction


@contextmanager
def locked(source: Engine, name: str) -> Iterator[None]:
    """Waits for the lock and holds it while the block lasts; a process that dies lets go. Raises CatalogueError."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with transaction(source) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        yield
