"""Migrations of this room's tables: a line of their own beside the catalogue's."""

from pathlib import Path

from sqlalchemy import Engine

from catalogue import upgrading
from catalogue.upgrading import Line

ALERTS = Line(Path(__file__).with_name("migrations"), "alembic_version_alerts", "0004", 0x746A616C)


def upgrade(source: Engine) -> None:
    """Brings the tables to the newest form; does nothing where they are. Raises CatalogueError."""
    upgrading.upgrade(source, ALERTS)
