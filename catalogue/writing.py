"""Captures, articles and runs into the catalogue: one ledger entry, one transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from catalogue import rows, schema
from catalogue.connection import transaction
from catalogue.kinds import Progress, Reading
from domain.capture import RunSummary
from domain.errors import CatalogueError


def locked_progress(connection: Connection, site: str) -> Progress:
    """The site's progress, its row held until the transaction ends: one writer a site."""
    fresh = insert(schema.progress).values(site=site, read_seq=0, compared_seq=0)
    connection.execute(fresh.on_conflict_do_nothing())
    columns = schema.progress.c
    wanted = select(columns.read_seq, columns.compared_seq).where(columns.site == site).with_for_update()
    return Progress(*connection.execute(wanted).one())


def record(source: Engine, site: str, seq: int, readings: Sequence[Reading]) -> None:
    """Puts ledger entry `seq` of a site down, once; an entry already read is left as it is.

    Raises CatalogueError where an entry before it was not read yet, or a capture is another site's.
    """
    strangers = {reading.capture.site for reading in readings} - {site}
    if strangers:
        raise CatalogueError(f"{site}: entry {seq} brings captures of {', '.join(sorted(strangers))}")
    with transaction(source) as connection:
        read = locked_progress(connection, site).read_seq
        if seq <= read:
            return
        if seq > read + 1:
            raise CatalogueError(
                f"{site}: entry {seq} cannot follow entry {read}",
                hint=f"Read the ledger from entry {read + 1} on; `tongjian read {site}` does.",
            )
        _put_articles(connection, site, readings)
        _put(connection, schema.captures, [rows.capture_row(reading, seq) for reading in readings])
        connection.execute(update(schema.progress).where(schema.progress.c.site == site).values(read_seq=seq))


def _put_articles(connection: Connection, site: str, readings: Sequence[Reading]) -> None:
    first: dict[str, rows.Row] = {}
    for reading in readings:
        article = reading.article
        seen = reading.observation
        if article and seen and seen.digest == article.digest and article.digest not in first:
            first[article.digest] = rows.article_row(site, article, reading.capture.id, reading.reader)
    _put(connection, schema.articles, list(first.values()))


def _put(connection: Connection, table: Table, values: list[rows.Row]) -> None:
    if values:
        connection.execute(insert(table).on_conflict_do_nothing(), values)


def put_run(source: Engine, run: RunSummary) -> None:
    """Puts a run's summary down, or over the one already there."""
    row = rows.run_row(run)
    statement = insert(schema.runs).values(row)
    with transaction(source) as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "run"], set_=row))


def clear(source: Engine, site: str | None = None) -> None:
    """Empties every table, or takes one site out of them: the start of a rebuild or a replay."""
    with transaction(source) as connection:
        for table in schema.metadata.sorted_tables:
            wanted = delete(table)
            connection.execute(wanted if site is None else wanted.where(table.c.site == site))
