"""Migrations of this room's tables: a line of their own beside the catalogue's, run from the program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from catalogue.connection import transaction

_MIGRATIONS = Path(__file__).with_name("migrations")
VERSION_TABLE = "alembic_version_alerts"
# Any number will do, so long as nobody else in the database takes the same.
_LOCK = 0x746A616C


def upgrade(source: Engine) -> None:
    """Brings the tables to the newest form; two processes at once take turns. Raises CatalogueError."""
    with transaction(source) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
