"""The derived tables whole, for comparing a rebuild with what was there."""

from typing import Any

from sqlalchemy import Engine, func, select

from catalogue import schema
from catalogue.connection import transaction


def dump(source: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every table's rows, each in the order of its key."""
    with transaction(source) as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in schema.DERIVED
        }


def counts(source: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with transaction(source) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in schema.DERIVED
        }
