"""Readings of a site's past beside each other: `live` is what everybody sees, `next` is being made by another
reader, `kept` is what was live before.

Each has the tables of its own in a schema of its own; one transaction moves a site's rows from one to another, so
that nobody ever sees half of either.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, MetaData, Table, delete, exists, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from catalogue import schema
from catalogue.connection import transaction
from catalogue.kinds import Generation
from catalogue.writing import locked_progress
from domain.change import ChangeType
from domain.clock import now
from domain.errors import NotFound

Place = Literal["live", "next", "kept"]
SCHEMAS: dict[str, str] = {"next": "tongjian_next", "kept": "tongjian_kept"}
_LOCK = 0x746A6367
_generations = schema.generations


def twin(table: Table, place: str) -> Table:
    """The table as a generation has it."""
    return table if place == "live" else _TWINS[place].tables[f"{SCHEMAS[place]}.{table.name}"]


def _twins(place: str) -> MetaData:
    made = MetaData()
    for table in schema.metadata.sorted_tables:
        table.to_metadata(made, schema=SCHEMAS[place])
    return made


_TWINS = {place: _twins(place) for place in SCHEMAS}


def beside(source: Engine, place: Place) -> Engine:
    """The same database, where every question goes to the generation's tables; they are made where missing."""
    if place == "live":
        return source
    with transaction(source) as connection:
        _make(connection)
    return source.execution_options(schema_translate_map={None: SCHEMAS[place]})


def _make(connection: Connection) -> None:
    there = text("SELECT count(*) FROM pg_namespace WHERE nspname = ANY(:names)")
    if connection.scalar(there, {"names": list(SCHEMAS.values())}) == len(SCHEMAS):
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    for name in SCHEMAS.values():
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {name}"))
        for table in schema.metadata.sorted_tables:
            like = f"CREATE TABLE IF NOT EXISTS {name}.{table.name} (LIKE {table.name} INCLUDING ALL)"
            connection.execute(text(like))


def forget(connection: Connection) -> None:
    """Drops all generations but the live one: what a migration changes, their tables do not follow."""
    for name in SCHEMAS.values():
        connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
    connection.execute(delete(_generations).where(_generations.c.place != "live"))


def generation(source: Engine, site: str, place: Place) -> Generation | None:
    """What is said of a site's generation; None where there is none, or the live one was never switched."""
    with transaction(source) as connection:
        return _said(connection, site, place)


def _said(connection: Connection, site: str, place: str) -> Generation | None:
    columns = _generations.c
    wanted = select(columns.number, columns.reader, columns.started)
    row = connection.execute(wanted.where(columns.site == site, columns.place == place)).one_or_none()
    return Generation(site, *row) if row else None


def begin(source: Engine, site: str, reader: str) -> Generation:
    """The generation of `reader` that is being made: the one begun before, as far as it came, or an empty one."""
    beside(source, "next")
    with transaction(source) as connection:
        _lock(connection, site)
        begun = _said(connection, site, "next")
        if begun and begun.reader == reader:
            return begun
        _empty(connection, site, "next")
        return _say(connection, site, "next", reader, now())


def recall(source: Engine, site: str) -> Generation:
    """Makes a copy of the kept generation the next one. Raises NotFound where none is kept."""
    beside(source, "next")
    with transaction(source) as connection:
        _lock(connection, site)
        kept = _said(connection, site, "kept")
        if kept is None:
            raise NotFound(f"{site}: no other reading of its past is kept", hint="`tongjian replay` makes one.")
        _empty(connection, site, "next")
        _copy(connection, site, "kept", "next")
        return _say(connection, site, "next", kept.reader, kept.started)


def drop(source: Engine, site: str, place: Place) -> None:
    """Takes a site out of a generation that is not live."""
    beside(source, place)
    with transaction(source) as connection:
        _lock(connection, site)
        _empty(connection, site, place)


def switch(source: Engine, site: str, *, rebuilt: bool = False) -> bool:
    """Puts the next generation in the place of the live one and keeps that, in one transaction.

    False, and nothing done, where the two are not at the same ledger entry, or captures wait to be compared; so
    nothing that is news can be taken for a re-reading. One that was `rebuilt` may be further, and what it replaces
    was in doubt: that is not kept.
    """
    beside(source, "next")
    with transaction(source) as connection:
        live = locked_progress(connection, site)
        place = _place(connection, site)
        if not rebuilt and not (place == (live.read_seq, live.read_seq) and live.compared_seq == live.read_seq):
            return False
        _mark(connection, site, live.compared_seq)
        _replace(connection, site, keep=not rebuilt)
        return True


def _place(connection: Connection, site: str) -> tuple[int, int]:
    columns = twin(schema.progress, "next").c
    row = connection.execute(select(columns.read_seq, columns.compared_seq).where(columns.site == site)).one_or_none()
    return (row.read_seq, row.compared_seq) if row else (0, 0)


def _mark(connection: Connection, site: str, compared: int) -> None:
    """Changes that nobody knew, and that no capture after entry `compared` proves, were found by re-reading."""
    changes, marks = twin(schema.changes, "next"), schema.rereadings
    proofs = select(func.jsonb_array_elements_text(changes.c.evidence)).correlate(changes)
    captures = twin(schema.captures, "next").c
    proved = exists().where(captures.id.in_(proofs), captures.seq > compared)
    others = (twin(schema.changes, place).alias(f"changes_{place}") for place in ("live", "kept"))
    known = (exists().where(other.c.id == changes.c.id) for other in others)
    reader = select(_generations.c.reader).where(_generations.c.site == site, _generations.c.place == "next")
    fresh = select(changes.c.id, changes.c.site, reader.scalar_subquery(), literal(now())).where(
        changes.c.site == site, ~proved, *(~item for item in known)
    )
    found = twin(marks, "next")
    for source in (fresh, select(found).where(found.c.site == site)):
        added = insert(marks).from_select([column.name for column in marks.columns], source)
        connection.execute(added.on_conflict_do_nothing())
    marked = select(marks.c.change_id).where(marks.c.site == site)
    connection.execute(update(changes).where(changes.c.site == site).values(reread=changes.c.id.in_(marked)))


def _replace(connection: Connection, site: str, *, keep: bool) -> None:
    live, new = _said(connection, site, "live"), _said(connection, site, "next")
    if keep:
        _empty(connection, site, "kept")
        _copy(connection, site, "live", "kept")
        _say(connection, site, "kept", live.reader if live else "", live.started if live else now())
    for table in schema.READ:
        connection.execute(_emptying(table, site, "live"))
    _copy(connection, site, "next", "live")
    _unsettle(connection, site)
    _empty(connection, site, "next")
    number = (live.number if live else 0) + 1
    _say(connection, site, "live", new.reader if new else "", new.started if new else now(), number)


def _copy(connection: Connection, site: str, here: str, there: str) -> None:
    for table in schema.READ:
        taken, given = twin(table, here), twin(table, there)
        names = [column.name for column in table.columns]
        rows: Any = select(*(taken.c[name] for name in names)).where(taken.c.site == site)
        if table is schema.changes:
            rows = rows.where(taken.c.type != ChangeType.DIVERGED.value)
        connection.execute(insert(given).from_select(names, rows))


def _emptying(table: Table, site: str, place: str) -> Any:
    """What hangs on other sites' pages too is settled in the live generation alone, and stays until it is."""
    emptied = twin(table, place)
    wanted = delete(emptied).where(emptied.c.site == site)
    stays = table is schema.changes and place == "live"
    return wanted.where(emptied.c.type != ChangeType.DIVERGED.value) if stays else wanted


def _unsettle(connection: Connection, site: str) -> None:
    """What the site's pages have to do with others is looked at again (see catalogue.reprinting)."""
    columns, changes, held = ["site", "urlkey"], schema.changes.c, schema.progress.c
    for table in (schema.pages, schema.changes):
        rows = select(table.c.site, table.c.urlkey).where(table.c.site == site).distinct()
        connection.execute(insert(schema.unsettled).from_select(columns, rows).on_conflict_do_nothing())
    number = select(func.count()).select_from(schema.changes).where(changes.site == site).scalar_subquery()
    connection.execute(update(schema.progress).where(held.site == site).values(changes=number))


def _empty(connection: Connection, site: str, place: str) -> None:
    for table in (*schema.READ, schema.rereadings):
        emptied = twin(table, place)
        connection.execute(delete(emptied).where(emptied.c.site == site))
    connection.execute(delete(_generations).where(_generations.c.site == site, _generations.c.place == place))


def _say(connection: Connection, site: str, place: str, reader: str, started: datetime, number: int = 0) -> Generation:
    row = {"site": site, "place": place, "number": number, "reader": reader, "started": started}
    said = insert(_generations).values(row)
    connection.execute(said.on_conflict_do_update(index_elements=["site", "place"], set_=row))
    return Generation(site, number, reader, started)


def _lock(connection: Connection, site: str) -> None:
    """Two replays of one site take turns."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(:number, hashtext(:site))"), {"number": _LOCK & 0x7FFFFFFF, "site": site}
    )
