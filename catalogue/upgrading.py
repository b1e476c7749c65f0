"""Migrations, run from the program: no ini file, no working directory, no secrets on disk."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from catalogue.connection import transaction
from catalogue.generations import forget
from domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Line:
    """A line of migrations: its folder, the table that holds its version, the newest revision's name, and the
    number of its advisory lock (any will do that nobody else in the database takes)."""

    folder: Path
    table: str
    head: str
    lock: int


CATALOGUE = Line(Path(__file__).with_name("migrations"), "catalogue_version", "0009", 0x746A6361)


def upgrade(source: Engine, line: Line = CATALOGUE) -> None:
    """Brings the tables to the newest form; two processes at once take turns. Raises CatalogueError.

    A database that is there already costs one question: Alembic is not even loaded.
    """
    if _current(source, line):
        return
    with transaction(source) as connection:
        migrate(connection, line)
        if line is CATALOGUE:
            forget(connection)


def migrate(connection: Connection, line: Line, revision: str = "head") -> None:
    """Brings the tables to that form, within the connection's transaction. Raises ConfigurationError where it is not
    one of the line's: a newer Tongjian knows it."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": line.lock})
    config = Config()
    config.set_main_option("script_location", str(line.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise ConfigurationError(
            f"tables of form {revision}, this Tongjian knows up to {line.head}", hint="A newer Tongjian is needed."
        ) from error


def _current(source: Engine, line: Line) -> bool:
    with transaction(source) as connection:
        if not inspect(connection).has_table(line.table):
            return False
        return connection.execute(text(f"SELECT version_num FROM {line.table}")).scalar() == line.head
