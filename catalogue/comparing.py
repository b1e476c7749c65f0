"""What comparison reads of a page, and its verdict written back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, Text, any_, delete, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from catalogue import rows, schema
from catalogue.connection import transaction
from catalogue.pagerows import page_rows
from catalogue.writing import locked_progress
from domain.article import Article
from domain.change import Change, History, Observation, Outcome
from domain.errors import NotFound

_captures, _changes = schema.captures.c, schema.changes.c


def within(column: Any, values: Iterable[str]) -> Any:
    """`column` is one of `values`, as one array: no limit to how many."""
    return column == any_(literal(list(values), ARRAY(Text)))


def pages_to_compare(source: Engine, site: str) -> tuple[int, tuple[str, ...]]:
    """The ledger entry reached, and the urlkeys of pages with captures since the last comparison."""
    with transaction(source) as connection:
        progress = connection.execute(
            select(schema.progress.c.read_seq, schema.progress.c.compared_seq).where(schema.progress.c.site == site)
        ).one_or_none()
        if progress is None:
            return 0, ()
        touched = (
            select(_captures.urlkey)
            .where(_captures.site == site, _captures.outcome.is_not(None))
            .where(_captures.seq > progress.compared_seq, _captures.seq <= progress.read_seq)
            .distinct()
            .order_by(_captures.urlkey)
        )
        return progress.read_seq, tuple(connection.scalars(touched))


def observations(source: Engine, site: str, urlkey: str) -> tuple[str, tuple[Observation, ...], dict[str, Article]]:
    """A page's address, its observations in time order, and the articles they name by digest.

    Raises NotFound where no capture of the site says anything of the page.
    """
    with transaction(source) as connection:
        found = connection.execute(_of_page(site, urlkey)).mappings().all()
        if not found:
            raise NotFound(f"{site}: no capture of the page {urlkey}")
        seen = _observed(found)
        digests = {item.digest for item in seen if item.digest}
        return address(found), seen, _articles(connection, site, digests)


def _of_page(site: str, urlkey: str) -> Select[Any]:
    return (
        select(schema.captures)
        .where(_captures.site == site, _captures.urlkey == urlkey, _captures.outcome.is_not(None))
        .order_by(_captures.at, _captures.id)
    )


def address(found: Sequence[RowMapping]) -> str:
    """The address a page goes by: that of the first capture that showed an article, else of the first."""
    shown = (row["url"] for row in found if row["outcome"] == Outcome.ARTICLE.value)
    return str(next(shown, found[0]["url"]))


def _observed(found: Sequence[RowMapping]) -> tuple[Observation, ...]:
    """Observations, each 304 carrying what its referenced payload said (RFC 9110, 15.4.5): a 304 that
    confirms a page of «not found» says missing, one that confirms an older article says that article."""
    said = {row["payload_digest"]: rows.observation(row) for row in found if row["status"] == 200}
    return tuple(_resolved(row, said) for row in found)


def _resolved(row: RowMapping, said: Mapping[str, Observation]) -> Observation:
    seen = rows.observation(row)
    reference = row["refers_to"]
    confirmed = said.get(reference["payload_digest"]) if reference else None
    if seen.outcome is not Outcome.SAME or confirmed is None:
        return seen
    outcome = Outcome.SAME if confirmed.outcome is Outcome.ARTICLE else confirmed.outcome
    return seen.model_copy(update={"outcome": outcome, "digest": confirmed.digest, "reason": confirmed.reason})


def _articles(connection: Connection, site: str, digests: Iterable[str]) -> dict[str, Article]:
    table = schema.articles.c
    wanted = select(table.digest, table.body).where(table.site == site, within(table.digest, digests))
    return {row["digest"]: rows.article(row) for row in connection.execute(wanted).mappings()}


def put_histories(source: Engine, site: str, upto_seq: int, histories: Sequence[History]) -> tuple[Change, ...]:
    """Puts the pages' verdicts in the place of older ones, and the comparison's progress to `upto_seq`.

    Changes that a new verdict no longer finds are deleted. Gives those not known before, in time order.
    """
    keys = [history.urlkey for history in histories]
    changes = {change.id: change for history in histories for change in history.changes}
    with transaction(source) as connection:
        reached = max(upto_seq, locked_progress(connection, site).compared_seq)
        known = _replace_changes(connection, site, keys, changes)
        _replace(connection, schema.versions, site, keys, [row for h in histories for row in rows.version_rows(h)])
        _replace(connection, schema.pages, site, keys, page_rows(connection, site, histories))
        moved = update(schema.progress).where(schema.progress.c.site == site).values(compared_seq=reached)
        connection.execute(moved)
    fresh = (change for key, change in changes.items() if key not in known)
    return tuple(sorted(fresh, key=lambda change: (change.at, change.id)))


def _replace_changes(connection: Connection, site: str, keys: Sequence[str], changes: Mapping[str, Change]) -> set[str]:
    """The ids known before."""
    known = set(connection.scalars(select(_changes.id).where(_changes.site == site, within(_changes.urlkey, keys))))
    _replace(connection, schema.changes, site, keys, [rows.change_row(change) for change in changes.values()])
    return known


def _replace(connection: Connection, table: Any, site: str, keys: Sequence[str], values: list[rows.Row]) -> None:
    connection.execute(delete(table).where(table.c.site == site, within(table.c.urlkey, keys)))
    if values:
        connection.execute(insert(table), values)
