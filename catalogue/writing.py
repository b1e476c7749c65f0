"""Captures, articles and runs into the catalogue: one ledger entry, one transaction; or many of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from catalogue import fingerprinting, rows, schema, tallying
from catalogue.connection import transaction
from catalogue.copying import copy
from catalogue.kinds import Progress, Reading
from catalogue.values import within
from domain.capture import RunSummary
from domain.errors import CatalogueError

Entries = Sequence[tuple[int, Sequence[Reading]]]
# From so many rows on, COPY is faster.
_MANY = 256
_captures, _articles, _progress = schema.captures.c, schema.articles.c, schema.progress.c


def progress(connection: Connection, site: str, *, lock: bool = False) -> Progress:
    """How far the site is; zeros for one not seen yet."""
    wanted = select(_progress.read_seq, _progress.compared_seq).where(_progress.site == site)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    kinds = schema.generations.c
    number = select(kinds.number).where(kinds.site == site, kinds.place == "live")
    return Progress(*row, connection.scalar(number) or 0) if row else Progress()


def locked_progress(connection: Connection, site: str) -> Progress:
    """The site's progress, its row held until the transaction ends: one writer a site."""
    fresh = insert(schema.progress).values(site=site, read_seq=0, compared_seq=0)
    connection.execute(fresh.on_conflict_do_nothing())
    return progress(connection, site, lock=True)


def record(source: Engine, site: str, entries: Entries) -> None:
    """Puts ledger entries of a site down, in order, each once; one already read is left as it is.

    Raises CatalogueError where an entry before them was not read yet, or a capture is another site's.
    """
    for seq, readings in entries:
        _refuse_strangers(site, seq, readings)
    with transaction(source) as connection:
        read = locked_progress(connection, site).read_seq
        fresh = [(seq, readings) for seq, readings in entries if seq > read]
        _refuse_gap(site, read, [seq for seq, _ in fresh])
        if fresh:
            _put(connection, site, fresh)


def _put(connection: Connection, site: str, entries: Entries) -> None:
    articles = _put_articles(connection, site, entries)
    tallying.add(connection, site, _put_captures(connection, site, entries), articles)


def _refuse_strangers(site: str, seq: int, readings: Sequence[Reading]) -> None:
    strangers = {reading.capture.site for reading in readings} - {site}
    if strangers:
        raise CatalogueError(f"{site}: entry {seq} brings captures of {', '.join(sorted(strangers))}")


def _refuse_gap(site: str, read: int, fresh: Sequence[int]) -> None:
    for before, seq in zip([read, *fresh], fresh, strict=False):
        if seq != before + 1:
            raise CatalogueError(
                f"{site}: entry {seq} cannot follow entry {before}",
                hint=f"Read the ledger from entry {read + 1} on; `tongjian read {site}` does.",
            )


def _put_articles(connection: Connection, site: str, entries: Entries) -> list[str]:
    """Those that are there already are not even made into rows; gives the digests of the others."""
    first = first_shown([reading for _, readings in entries for reading in readings])
    wanted = select(_articles.digest).where(_articles.site == site, within(_articles.digest, first))
    for digest in connection.scalars(wanted):
        del first[digest]
    put(connection, schema.articles, [article_row(site, digest, shown) for digest, shown in first.items()])
    fingerprinting.put(connection, site, first)
    put(connection, schema.citations, citation_rows(site, first))
    return list(first)


def first_shown(readings: Sequence[Reading]) -> dict[str, Reading]:
    """By digest of the article, the first reading of each."""
    first: dict[str, Reading] = {}
    for reading in readings:
        if reading.article and reading.observation and reading.observation.digest:
            first.setdefault(reading.observation.digest, reading)
    return first


def article_row(site: str, digest: str, shown: Reading) -> rows.Row:
    """The row of an article, from the first reading of it."""
    assert shown.article is not None
    return rows.article_row(site, shown.article, digest, shown.capture.id, shown.reader)


def citation_rows(site: str, shown: Mapping[str, Reading]) -> list[rows.Row]:
    """The rows of what articles, by digest, say of documents."""
    return [row for digest, reading in shown.items() for row in rows.citation_rows(site, digest, reading.citations())]


def _put_captures(connection: Connection, site: str, entries: Entries) -> list[str]:
    """Gives the ids of those put down."""
    captures = {row["id"]: row for row in _capture_rows(entries)}
    wanted = select(_captures.id).where(within(_captures.id, captures))
    for id in connection.scalars(wanted):  # a segment that two entries name
        del captures[id]
    values = list(captures.values())
    put(connection, schema.captures, values)
    moved: dict[str, Any] = {"read_seq": entries[-1][0], "captures": _progress.captures + len(values)}
    if values:
        moved["last_capture"] = func.greatest(_progress.last_capture, max(row["at"] for row in values))
    connection.execute(update(schema.progress).where(_progress.site == site).values(moved))
    return list(captures)


def _capture_rows(entries: Entries) -> Iterator[rows.Row]:
    return (rows.capture_row(reading, seq) for seq, readings in entries for reading in readings)


def put(connection: Connection, table: Table, values: list[rows.Row]) -> None:
    """Puts rows down that are not there yet."""
    if len(values) >= _MANY:
        copy(connection, table, values)
    elif values:
        connection.execute(insert(table), values)


def put_run(source: Engine, run: RunSummary) -> None:
    """Puts a run's summary down, or over the one already there."""
    row = rows.run_row(run)
    statement = insert(schema.runs).values(row)
    with transaction(source) as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "run"], set_=row))


def put_runs(source: Engine, site: str, runs: Sequence[RunSummary]) -> None:
    """Puts a site's run summaries in the place of those that are there."""
    with transaction(source) as connection:
        connection.execute(delete(schema.runs).where(schema.runs.c.site == site))
        if runs:
            connection.execute(insert(schema.runs), [rows.run_row(run) for run in runs])


def clear(source: Engine, site: str | None = None) -> None:
    """Empties the derived tables, or takes one site out of them."""
    with transaction(source) as connection:
        for table in schema.DERIVED:
            wanted = delete(table)
            connection.execute(wanted if site is None else wanted.where(table.c.site == site))
