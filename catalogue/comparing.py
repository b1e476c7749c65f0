"""What comparison reads of a page, and its verdict written back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, select, update

from catalogue import crowding, rereading, rows, schema
from catalogue.connection import transaction
from catalogue.kinds import Progress, Rereading
from catalogue.pagerows import page_rows
from catalogue.summaries import standing
from catalogue.unsettling import unsettle
from catalogue.values import within
from catalogue.writing import locked_progress, put
from domain.article import Article
from domain.change import Change, ChangeType, History, Observation, Outcome
from domain.errors import NotFound, Overtaken

_captures, _changes = schema.captures.c, schema.changes.c
_SAID = (
    "id",
    "urlkey",
    "url",
    "at",
    "status",
    "payload_digest",
    "refers_to",
    "seq",
    "outcome",
    "article_digest",
    "reason",
    "run",
    "location",
    "payload_length",
)
_AWAY = (Outcome.MISSING, Outcome.MOVED, Outcome.EMPTY)
Observed = tuple[str, tuple[Observation, ...], dict[str, Article]]


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


def observations(source: Engine, site: str, urlkey: str) -> Observed:
    """A page's address, its observations in time order, and the articles they name by digest.

    Raises NotFound where no capture of the site says anything of the page.
    """
    seen = observed(source, site, [urlkey])
    if not seen:
        raise NotFound(f"{site}: no capture of the page {urlkey}")
    address, told, _ = seen[urlkey]
    with transaction(source) as connection:
        return address, told, _articles(connection, site, {item.digest for item in told if item.digest})


def observed(
    source: Engine, site: str, urlkeys: Sequence[str], *, anew: Rereading | None = None, upto: int | None = None
) -> dict[str, Observed]:
    """As `observations`, of many pages by urlkey, with those articles only that a verdict hangs on: of pages that
    showed more than one, or were missing. Pages of which no capture says anything are left out.

    `anew` is what today's reader makes of captures that another reader had read: it counts in the place of what
    is put down of them. Up to ledger entry `upto` only, where one is given.
    """
    anew = anew or {}
    with transaction(source) as connection:
        kept: dict[str, list[rows.Row]] = {}
        for row in connection.execute(_of_pages(site, urlkeys)).mappings():
            said = _patched(row, anew)
            if said["outcome"] is not None and (upto is None or row["seq"] <= upto):
                kept.setdefault(row["urlkey"], []).append(said)
        told = {urlkey: (address(found), _observed(found)) for urlkey, found in kept.items()}
        wanted = {digest for _, seen in told.values() for digest in _telling(seen)}
        articles = _articles(connection, site, wanted) | rereading.articles(anew)
    return {urlkey: (url, seen, articles) for urlkey, (url, seen) in told.items()}


def _telling(seen: Sequence[Observation]) -> set[str]:
    """The digests whose articles a verdict hangs on."""
    digests = {item.digest for item in seen if item.digest}
    missing = any(item.outcome in _AWAY for item in seen)
    return digests if missing or len(digests) > 1 else set()


def _patched(row: RowMapping, anew: Rereading) -> rows.Row:
    reading = anew.get(row["id"])
    return {**row, **rows.read_columns(reading)} if reading else dict(row)


def _of_pages(site: str, urlkeys: Sequence[str]) -> Select[Any]:
    columns = (_captures[name] for name in _SAID)
    return (
        select(*columns)
        .where(_captures.site == site, within(_captures.urlkey, urlkeys), _captures.outcome.is_not(None))
        .order_by(_captures.urlkey, _captures.at, _captures.id)
    )


def address(found: Sequence[rows.Row]) -> str:
    """The address a page goes by: that of the first capture that showed an article, else of the first."""
    shown = (row["url"] for row in found if row["outcome"] == Outcome.ARTICLE.value)
    return str(next(shown, found[0]["url"]))


def _observed(found: Sequence[rows.Row]) -> tuple[Observation, ...]:
    """Observations, each 304 carrying what its referenced payload said (RFC 9110, 15.4.5): a 304 that
    confirms a page of «not found» says missing, one that confirms an older article says that article."""
    said = {row["payload_digest"]: rows.observation(row) for row in found if row["status"] == 200}
    return tuple(_resolved(row, said) for row in found)


def _resolved(row: rows.Row, said: Mapping[str, Observation]) -> Observation:
    seen = rows.observation(row)
    reference = row["refers_to"]
    confirmed = said.get(reference["payload_digest"]) if reference else None
    if seen.outcome is not Outcome.SAME or confirmed is None:
        return seen
    outcome = Outcome.SAME if confirmed.outcome is Outcome.ARTICLE else confirmed.outcome
    return seen.model_copy(
        update={
            "outcome": outcome,
            "digest": confirmed.digest,
            "reason": confirmed.reason,
            "target": confirmed.target,
            "length": confirmed.length,
        }
    )


def _articles(connection: Connection, site: str, digests: Iterable[str]) -> dict[str, Article]:
    table = schema.articles.c
    wanted = select(table.digest, table.body).where(table.site == site, within(table.digest, digests))
    return {row["digest"]: rows.article(row) for row in connection.execute(wanted).mappings()}


def put_histories(
    source: Engine,
    site: str,
    upto_seq: int,
    histories: Sequence[History],
    *,
    since: Progress | None = None,
    anew: Rereading | None = None,
    old: frozenset[str] = frozenset(),
    pace: float = 1.0,
) -> tuple[Change, ...]:
    """Puts the pages' verdicts in the place of older ones, and the comparison's progress to `upto_seq`.

    Changes that a new verdict no longer finds are deleted. Gives those not known before, in time order.
    `since` is the progress that the verdicts were made from: Overtaken is raised where it moved on meanwhile.
    `anew` are readings that the verdicts were made from and that are not put down yet; `old` are ids of changes
    that follow from what was compared before already: those not known are marked as re-readings.
    """
    anew = anew or {}
    keys = [history.urlkey for history in histories]
    changes = {change.id: change for history in histories for change in history.changes}
    with transaction(source) as connection:
        reached = _not_overtaken(connection, site, since)
        unsettle(connection, site, histories)
        gone = rereading.put(connection, site, anew)
        known = _replace_changes(connection, site, keys, changes, old, next((r.reader for r in anew.values()), ""))
        statuses = standing(connection, site, keys, [history.status for history in histories])
        _replace(connection, schema.versions, site, keys, [row for h in histories for row in rows.version_rows(h)])
        crowding.note_articles(connection, site, histories)
        _replace(connection, schema.pages, site, keys, page_rows(connection, site, histories, pace))
        rereading.drop_articles(connection, site, gone, reached)
        moved = {"compared_seq": max(upto_seq, reached), "statuses": statuses}
        number = schema.progress.c.changes + len(changes) - len(known)
        connection.execute(
            update(schema.progress).where(schema.progress.c.site == site).values(moved | {"changes": number})
        )
    fresh = (change for key, change in changes.items() if key not in known and key not in old)
    return tuple(sorted(fresh, key=lambda change: (change.at, change.id)))


def _not_overtaken(connection: Connection, site: str, since: Progress | None) -> int:
    """The ledger entry up to which the site is compared."""
    now = locked_progress(connection, site)
    if since and (now.compared_seq, now.generation) != (since.compared_seq, since.generation):
        raise Overtaken(f"{site}: another process compared it meanwhile", hint="Run the command again.")
    return now.compared_seq


def _replace_changes(
    connection: Connection,
    site: str,
    keys: Sequence[str],
    changes: Mapping[str, Change],
    old: frozenset[str],
    reader: str,
) -> set[str]:
    """The ids known before. What hangs on other pages too stays as it is until it is settled (see unsettle)."""
    among = (_changes.site == site) & within(_changes.urlkey, keys) & (_changes.type != ChangeType.DIVERGED.value)
    held = select(_changes.id, _changes.reprint_of).where(among)
    known = {row.id: row.reprint_of for row in connection.execute(held)}
    marked = rereading.mark(connection, site, changes.keys(), (old & changes.keys()) - known.keys(), reader)
    values = [
        rows.change_row(change) | {"reread": change.id in marked, "reprint_of": known.get(change.id)}
        for change in changes.values()
    ]
    connection.execute(delete(schema.changes).where(among))
    put(connection, schema.changes, values)
    return set(known)


def _replace(connection: Connection, table: Any, site: str, keys: Sequence[str], values: list[rows.Row]) -> None:
    connection.execute(delete(table).where(table.c.site == site, within(table.c.urlkey, keys)))
    put(connection, table, values)
