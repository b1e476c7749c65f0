"""A backup's rows put back into this room's tables: all of them, or none."""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, inspect, text

from alerts import schema
from alerts.dumping import LEFT_OUT, TABLES, columns
from alerts.upgrading import ALERTS
from catalogue.connection import transaction
from catalogue.upgrading import migrate
from domain.errors import IntegrityError
from domain.subscription import OPERATOR
from storage.backup_form import Backup

_ROWS, _CHARACTERS = 500, 1 << 20
# Whoever is telling holds rows for as long as an endpoint takes to answer.
_PATIENCE = "60s"


def held(source: Engine) -> dict[str, int]:
    """How many rows each table has that has some. The operator, whom every house has, counts from the day on which
    there is a token for them."""
    with transaction(source) as connection:
        counted = {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES}
        bare = text("SELECT count(*) FROM people WHERE id = :id AND token_hash IS NULL")
        counted["people"] -= connection.execute(bare, {"id": OPERATOR}).scalar_one()
    return {name: count for name, count in counted.items() if count}


def load(source: Engine, backup: Backup) -> None:
    """Replaces what is in the tables by what is in the backup, in one transaction; the tables are of the newest form.

    Tables of an older form are made as they were then, filled, and migrated: so whatever a migration does to rows, it
    does to these. Raises CatalogueError (also where somebody uses the tables for a minute), IntegrityError where the
    backup is damaged or of other tables, ConfigurationError where a newer Tongjian made it.
    """
    with transaction(source) as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
        made = _cleared(connection, backup.header.revision)
        known = {name: columns(connection, name) for name in made - LEFT_OUT}
        _compare(backup, known)
        for table, rows in _batches(backup):
            _insert(connection, table, known[table], rows)
        if backup.header.revision != ALERTS.head:
            migrate(connection, ALERTS)


def _cleared(connection: Connection, revision: str) -> set[str]:
    """The names of the tables as they are of that revision; they are empty."""
    every = set(schema.metadata.tables)
    if revision != ALERTS.head:
        connection.execute(text(f"DROP TABLE {', '.join(sorted(every | {ALERTS.table}))}"))
        others = set(inspect(connection).get_table_names())
        migrate(connection, ALERTS, revision)
        every = set(inspect(connection).get_table_names()) - others - {ALERTS.table}
    connection.execute(text(f"TRUNCATE {', '.join(sorted(every))}"))
    return every


def _compare(backup: Backup, known: dict[str, tuple[str, ...]]) -> None:
    """The names in a backup come from outside: those it has must be those of the tables, and no other is used."""
    said = {table.name: table.columns for table in backup.header.tables}
    for name in sorted(said.keys() | known.keys()):
        if sorted(said.get(name, ())) != sorted(known.get(name, ())):
            raise IntegrityError(
                f"{backup.name}: its table {name} is not that of form {backup.header.revision}",
                hint="Take another one: `tongjian doctor restore --list`.",
            )


def _insert(connection: Connection, table: str, names: tuple[str, ...], rows: list[str]) -> None:
    listed = ", ".join(names)
    wanted = text(
        f"INSERT INTO {table} ({listed}) SELECT {listed}"
        f" FROM json_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS json))"
    )
    connection.execute(wanted, {"rows": f"[{','.join(rows)}]"})


def _batches(backup: Backup) -> Iterator[tuple[str, list[str]]]:
    """Rows of one table at a time: some hundred, or about a megabyte."""
    name, rows, size = "", list[str](), 0
    for table, row in backup.rows():
        if rows and (table.name != name or len(rows) >= _ROWS or size >= _CHARACTERS):
            yield name, rows
            rows, size = [], 0
        name, size = table.name, size + len(row)
        rows.append(row)
    if rows:
        yield name, rows
