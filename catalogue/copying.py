"""Many rows at once by COPY, which takes them several times faster than INSERT."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from catalogue.rows import Row

_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Puts rows down that are not there yet; one that is ends the transaction. A column that no row has gets its
    default."""
    if not rows:
        return
    columns = [column for column in table.columns if column.name in rows[0]]
    names = ", ".join(f'"{column.name}"' for column in columns)
    lines = io.StringIO("".join(_line(row, columns) for row in rows))
    driver: Any = connection.connection
    with driver.cursor() as cursor:
        cursor.copy_expert(f"COPY {_named(connection, table)} ({names}) FROM STDIN", lines)


def _named(connection: Connection, table: Table) -> str:
    """The table where this connection's twins of the tables are (see catalogue.generations)."""
    places: dict[str | None, str] = connection.get_execution_options().get("schema_translate_map") or {}
    schema = places.get(None)
    return f'"{schema}"."{table.name}"' if schema else f'"{table.name}"'


def _line(row: Row, columns: Iterable[Any]) -> str:
    return "\t".join(_cell(row[column.name], column.type) for column in columns) + "\n"


def _cell(value: Any, type: Any) -> str:
    """As COPY's text format has it: PostgreSQL's manual, «COPY», file formats."""
    if value is None:
        return "\\N"
    if isinstance(type, JSONB):
        return _escaped(json.dumps(value, ensure_ascii=False))
    if isinstance(type, ARRAY):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, datetime):
        return value.isoformat()
    return _escaped(str(value))


def _escaped(text: str) -> str:
    """One replacement after the other: many times faster than str.translate."""
    for sign, escape in _ESCAPES:
        text = text.replace(sign, escape)
    return text
