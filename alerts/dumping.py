"""This room's tables as rows of JSON: all that follows from nothing else, as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, inspect, text

from alerts import schema
from alerts.upgrading import ALERTS
from catalogue.connection import transaction
from domain.clock import now

# Who is signed in is nobody's loss.
LEFT_OUT = frozenset({schema.sessions.name})
# In an order in which each can be filled: what a row refers to is there before it.
TABLES = tuple(table.name for table in schema.metadata.sorted_tables if table.name not in LEFT_OUT)
_AT_ONCE = 500


@dataclass(frozen=True)
class Snapshot:
    """The tables as they stood at one moment, `taken` (UTC); `revision` is their last migration."""

    connection: Connection
    taken: datetime
    revision: str

    def columns(self, table: str) -> tuple[str, ...]:
        return columns(self.connection, table)

    def rows(self, table: str) -> Iterator[str]:
        """Each row as a JSON object, as PostgreSQL writes it (times in UTC), in the order of the primary key."""
        key = ", ".join(inspect(self.connection).get_pk_constraint(table)["constrained_columns"])
        wanted = text(f"SELECT row_to_json(one)\\:\\:text FROM (SELECT * FROM {table} ORDER BY {key}) one")
        yield from self.connection.execute(wanted, execution_options={"yield_per": _AT_ONCE}).scalars()


def columns(connection: Connection, table: str) -> tuple[str, ...]:
    """The names of a table's columns, in their order."""
    return tuple(column["name"] for column in inspect(connection).get_columns(table))


@contextmanager
def snapshot(source: Engine) -> Iterator[Snapshot]:
    """The tables as they are now, whoever goes on writing to them. Raises CatalogueError.

    A transaction's snapshot is taken by its first question, so locking comes before it: no migration may change a
    table between the two (PostgreSQL, «LOCK»).
    """
    frozen = source.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with transaction(frozen) as connection:
        connection.execute(text(f"LOCK TABLE {ALERTS.table}, {', '.join(TABLES)} IN ACCESS SHARE MODE"))
        revision = connection.execute(text(f"SELECT version_num FROM {ALERTS.table}")).scalar_one()
        yield Snapshot(connection, now(), str(revision))
