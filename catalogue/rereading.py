"""What another reader had read, read again: found, put in its place, and what only that brought to light marked."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, Engine, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from catalogue import fingerprinting, rows, schema, tallying
from catalogue.connection import transaction
from catalogue.kinds import Reading, Rereading
from catalogue.values import within
from catalogue.writing import article_row, citation_rows, first_shown
from catalogue.writing import put as put_rows
from domain.article import Article
from domain.capture import Capture
from domain.clock import now

_captures, _articles, _marks = schema.captures.c, schema.articles.c, schema.rereadings.c
_READ = ("kind", "article_digest", "outcome", "reason", "reader")


def stale(source: Engine, site: str, urlkeys: Sequence[str], reader: str) -> dict[str, list[tuple[int, Capture]]]:
    """Of some pages, the captures that any reader but `reader` has read, by urlkey: with the ledger entries they
    came with, in the ledger's order."""
    wanted = (
        select(schema.captures)
        .where(_captures.site == site, within(_captures.urlkey, urlkeys), _captures.outcome.is_not(None))
        .where(_captures.reader != reader)
        .order_by(_captures.seq, _captures.offset)
    )
    found: dict[str, list[tuple[int, Capture]]] = {}
    with transaction(source) as connection:
        for row in connection.execute(wanted).mappings():
            found.setdefault(row["urlkey"], []).append((row["seq"], rows.capture(row)))
    return found


def count(source: Engine, site: str, reader: str) -> int:
    """How many of a site's captures any reader but `reader` has read."""
    wanted = select(func.count()).select_from(schema.captures).where(_captures.site == site, _captures.reader != reader)
    with transaction(source) as connection:
        return connection.execute(wanted).scalar_one()


def articles(anew: Rereading) -> dict[str, Article]:
    """The articles of new readings, by digest."""
    seen = ((reading.observation, reading.article) for reading in anew.values())
    return {told.digest: article for told, article in seen if told and told.digest and article}


def put(connection: Connection, site: str, anew: Rereading) -> set[str]:
    """Puts readings in the place of what is put down of their captures; gives the digests that stood there."""
    if not anew:
        return set()
    before = select(_captures.article_digest).where(within(_captures.id, anew), _captures.article_digest.is_not(None))
    stood = set(connection.scalars(before))
    columns: rows.Row = {name: bindparam(f"new_{name}") for name in _READ}
    changed = update(schema.captures).where(_captures.id == bindparam("capture")).values(columns)
    with tallying.counting(connection, site, anew, first_shown(list(anew.values()))):
        connection.execute(changed, [_columns(reading) for reading in anew.values()])
        _put_articles(connection, site, list(anew.values()))
    return stood


def _columns(reading: Reading) -> rows.Row:
    said = {f"new_{name}": value for name, value in rows.read_columns(reading).items()}
    return said | {"capture": reading.capture.id}


def _put_articles(connection: Connection, site: str, readings: Sequence[Reading]) -> None:
    """Over an article that another reader made, and over one of a later capture: so would a rebuild have it."""
    shown = first_shown(readings)
    held = select(_articles.digest, _articles.reader, _articles.capture).where(_articles.site == site)
    kept = connection.execute(held.where(within(_articles.digest, shown))).all()
    places = _places(connection, {row.capture for row in kept} | {reading.capture.id for reading in shown.values()})
    for row in kept:
        new = shown[row.digest]
        if row.reader == new.reader and places[row.capture] <= places[new.capture.id]:
            del shown[row.digest]
    _upsert(connection, [article_row(site, digest, reading) for digest, reading in shown.items()])
    fingerprinting.put(connection, site, shown)
    _drop_citations(connection, site, shown)
    put_rows(connection, schema.citations, citation_rows(site, shown))


def _places(connection: Connection, ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Where captures come in the ledger."""
    wanted = select(_captures.id, _captures.seq, _captures.offset).where(within(_captures.id, ids))
    return {row.id: (row.seq, row.offset) for row in connection.execute(wanted)}


def _upsert(connection: Connection, values: list[rows.Row]) -> None:
    if values:
        statement = insert(schema.articles)
        changed = {name: statement.excluded[name] for name in values[0] if name not in ("site", "digest")}
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "digest"], set_=changed), values)


def drop_articles(connection: Connection, site: str, digests: Collection[str], compared: int) -> None:
    """Drops those of the articles that no version is of and no capture still to be compared."""
    if not digests:
        return
    versions = schema.versions.c
    of_version = exists().where(versions.site == site, versions.article_digest == _articles.digest)
    to_come = exists().where(
        _captures.site == site, _captures.seq > compared, _captures.article_digest == _articles.digest
    )
    among = delete(schema.articles).where(_articles.site == site, within(_articles.digest, digests))
    with tallying.counting(connection, site, (), digests):
        gone = connection.scalars(among.where(~of_version, ~to_come).returning(_articles.digest)).all()
    fingerprinting.drop_orphans(connection, site, gone)
    _drop_citations(connection, site, gone)


def _drop_citations(connection: Connection, site: str, digests: Iterable[str]) -> None:
    said = schema.citations.c
    connection.execute(delete(schema.citations).where(said.site == site, within(said.digest, digests)))


def mark(connection: Connection, site: str, ids: Iterable[str], old: Collection[str], reader: str) -> set[str]:
    """Marks `old` changes as found by re-reading; gives those of `ids` that are marked, now or before."""
    marked = set(connection.scalars(select(_marks.change_id).where(within(_marks.change_id, ids))))
    fresh = [{"change_id": id, "site": site, "reader": reader, "at": now()} for id in sorted(set(old) - marked)]
    if fresh:
        connection.execute(insert(schema.rereadings).on_conflict_do_nothing(), fresh)
    return marked | set(old)
