"""Which pages of a comparison stand otherwise than before: only their clusters have to be looked at again."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from catalogue import schema
from catalogue.values import within
from domain.change import ChangeType, History

_pages, _versions, _changes = schema.pages.c, schema.versions.c, schema.changes.c


def unsettle(connection: Connection, site: str, histories: Sequence[History]) -> None:
    """Notes pages whose verdicts are not those that are put down: what they have to do with others is looked at later
    (see catalogue.reprinting). To be called before they are put down."""
    keys = [history.urlkey for history in histories]
    moved = {str(fact[0]) for fact in set(_held(connection, site, keys)) ^ set(_said(histories))}
    if moved:
        rows = [{"site": site, "urlkey": key} for key in sorted(moved)]
        connection.execute(insert(schema.unsettled).on_conflict_do_nothing(), rows)


def _said(histories: Sequence[History]) -> Iterator[tuple[object, ...]]:
    for history in histories:
        yield history.urlkey, history.status.value
        yield from ((history.urlkey, item.number, item.article_digest, item.capture) for item in history.versions)
        yield from ((history.urlkey, change.id, change.at) for change in history.changes)


def _held(connection: Connection, site: str, keys: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """The same of what is put down."""
    stand = select(_pages.urlkey, _pages.status).where(_pages.site == site, within(_pages.urlkey, keys))
    runs = select(_versions.urlkey, _versions.number, _versions.article_digest, _versions.capture)
    told = select(_changes.urlkey, _changes.id, _changes.at).where(_changes.type != ChangeType.DIVERGED.value)
    for wanted in (
        stand,
        runs.where(_versions.site == site, within(_versions.urlkey, keys)),
        told.where(_changes.site == site, within(_changes.urlkey, keys)),
    ):
        yield from (tuple(row) for row in connection.execute(wanted))
