"""What clustering reads of pages, and its verdict written back: over all sites, in the live generation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Text, column, delete, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from catalogue import crowding, rereading, rows, schema
from catalogue.connection import transaction
from catalogue.fingerprinting import Node
from catalogue.values import within
from domain.article import Article
from domain.change import Change, ChangeType, History, Status
from domain.errors import Overtaken

# A page: the site's name and the page's urlkey.
Page = tuple[str, str]
_pages, _versions, _changes = schema.pages.c, schema.versions.c, schema.changes.c
_articles, _reprints, _unsettled = schema.articles.c, schema.reprints.c, schema.unsettled.c
_ENDS = (ChangeType.REMOVED.value, ChangeType.RESTORED.value)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is found of a page. `row` are the columns of `reprints`, None where it is in no cluster; `reprint_of` goes
    to its `new` change."""

    row: Mapping[str, Any] | None
    reprint_of: str | None
    diverged: tuple[Change, ...] = ()


def unsettled(source: Engine, limit: int) -> list[Page]:
    """Pages compared since their clusters were looked at, at most so many."""
    wanted = select(_unsettled.site, _unsettled.urlkey).order_by(_unsettled.site, _unsettled.urlkey).limit(limit)
    with transaction(source) as connection:
        return [(row.site, row.urlkey) for row in connection.execute(wanted)]


def dependents(source: Engine, pages: Collection[Page]) -> set[Page]:
    """Pages whose verdict names one of these, or stands beside it in a cluster, as it was last settled."""
    mine, theirs = schema.reprints.alias("mine"), schema.reprints.alias("theirs")
    beside = select(theirs.c.site, theirs.c.urlkey).join(mine, mine.c.cluster == theirs.c.cluster)
    with transaction(source) as connection:
        found = list(connection.execute(beside.join(*_among(pages, mine))))
        first = select(_reprints.site, _reprints.urlkey)
        listed, _ = _among(pages, schema.reprints)
        on = (listed.c.site == _reprints.first_site) & (listed.c.urlkey == _reprints.first_urlkey)
        found += connection.execute(first.join(listed, on))
    return {(row[0], row[1]) for row in found}


def showing(source: Engine, nodes: Collection[Node]) -> set[Page]:
    """The pages that have any of these articles as a version."""
    sites, digests = ([node[place] for node in nodes] for place in (0, 1))
    listed = _listed(sites, digests, "digest")
    on = (listed.c.site == _versions.site) & (listed.c.digest == _versions.article_digest)
    with transaction(source) as connection:
        found = connection.execute(select(_versions.site, _versions.urlkey).join(listed, on).distinct())
        return {(row.site, row.urlkey) for row in found}


def crowds(source: Engine) -> dict[str, int]:
    """How many texts of each site are known to be a crowd's."""
    with transaction(source) as connection:
        return crowding.known(connection)


def histories(source: Engine, pages: Collection[Page]) -> dict[Page, History]:
    """What is put down of pages; of their changes only when they went and came back. Pages not kept are left out."""
    with transaction(source) as connection:
        held = connection.execute(select(schema.pages).join(*_among(pages, schema.pages))).mappings().all()
        runs = select(schema.versions).join(*_among(pages, schema.versions)).order_by(_versions.number)
        versions = _grouped(connection, runs, rows.version)
        told = select(schema.changes).join(*_among(pages, schema.changes)).order_by(_changes.at, _changes.id)
        changes = _grouped(connection, told.where(_changes.type.in_(_ENDS)), rows.change)
    return {
        (row["site"], row["urlkey"]): History(
            site=row["site"],
            url=row["url"],
            urlkey=row["urlkey"],
            status=Status(row["status"]),
            versions=tuple(versions.get((row["site"], row["urlkey"]), ())),
            changes=tuple(changes.get((row["site"], row["urlkey"]), ())),
        )
        for row in held
    }


def _grouped(connection: Connection, wanted: Any, made: Any) -> dict[Page, list[Any]]:
    found: dict[Page, list[Any]] = {}
    for row in connection.execute(wanted).mappings():
        found.setdefault((row["site"], row["urlkey"]), []).append(made(row))
    return found


def articles(source: Engine, nodes: Collection[Node]) -> dict[Node, Article]:
    """Articles by site and digest; those that are not kept are left out."""
    sites, digests = ([node[place] for node in nodes] for place in (0, 1))
    listed = _listed(sites, digests, "digest")
    on = (listed.c.site == _articles.site) & (listed.c.digest == _articles.digest)
    with transaction(source) as connection:
        wanted = select(_articles.site, _articles.digest, _articles.body).join(listed, on)
        return {(row["site"], row["digest"]): rows.article(row) for row in connection.execute(wanted).mappings()}


def settle(
    source: Engine,
    done: Collection[Page],
    verdicts: Mapping[Page, Settled],
    seen: Mapping[Page, History],
    *,
    quiet: bool,
    crowds: Mapping[str, int],
) -> tuple[Change, ...]:
    """Puts verdicts down, in one transaction, and takes `done` off the list; gives `diverged` changes not known before.

    `seen` are the histories that the verdicts were made from, `crowds` how many were known then: Overtaken is raised
    where either is no longer what it was.
    With `quiet` fresh changes are marked as found by re-reading.
    """
    sites = sorted({site for site, _ in (*done, *verdicts, *seen)})
    with transaction(source) as connection:
        _hold(connection, sites)
        if crowding.known(connection) != crowds:
            raise Overtaken("more articles were read meanwhile", hint="Run the command again.")
        _refuse_moved(connection, seen)
        fresh = _put_diverged(connection, verdicts, quiet=quiet)
        _put_new(connection, verdicts)
        _put_rows(connection, verdicts)
        connection.execute(_delete(schema.unsettled, done))
    return tuple(sorted(fresh, key=lambda change: (change.at, change.id)))


def _hold(connection: Connection, sites: Sequence[str]) -> None:
    """Nobody compares these sites until the transaction ends; in one order, so that nobody waits crosswise."""
    progress = schema.progress.c
    connection.execute(
        select(progress.site).where(within(progress.site, sites)).order_by(progress.site).with_for_update()
    )


def _refuse_moved(connection: Connection, seen: Mapping[Page, History]) -> None:
    columns = (_pages.site, _pages.urlkey, _pages.status, _pages.versions, _pages.article_digest)
    held = connection.execute(select(*columns).join(*_among(seen, schema.pages))).all()
    stands = {(row.site, row.urlkey): (row.status, row.versions, row.article_digest) for row in held}
    if stands != {page: _stand(history) for page, history in seen.items()}:
        raise Overtaken("a page of a reprint cluster was compared meanwhile", hint="Run the command again.")


def _stand(history: History) -> tuple[str, int, str | None]:
    last = history.versions[-1].article_digest if history.versions else None
    return history.status.value, len(history.versions), last


def _put_diverged(connection: Connection, verdicts: Mapping[Page, Settled], *, quiet: bool) -> list[Change]:
    """Those not known before."""
    kind = _changes.type == ChangeType.DIVERGED.value
    before = select(_changes.id, _changes.site).join(*_among(verdicts, schema.changes)).where(kind)
    known = {row.id: row.site for row in connection.execute(before)}
    said = {change.id: change for settled in verdicts.values() for change in settled.diverged}
    fresh = [change for id, change in said.items() if id not in known]
    marked: set[str] = set()
    for site in {change.site for change in said.values()}:
        ids = {id for id, change in said.items() if change.site == site}
        marked |= rereading.mark(connection, site, ids, (ids - known.keys()) if quiet else (), "")
    connection.execute(delete(schema.changes).where(within(_changes.id, known)))
    if said:
        values = [rows.change_row(change) | {"reread": id in marked} for id, change in said.items()]
        connection.execute(insert(schema.changes), values)
    _count(connection, [change.site for change in said.values()], known.values())
    return [change for change in fresh if change.id not in marked]


def _count(connection: Connection, come: Iterable[str], gone: Iterable[str]) -> None:
    """The number of a site's changes, as its row of `progress` has it."""
    added, taken = list(come), list(gone)
    progress = schema.progress.c
    for site in sorted({*added, *taken}):
        more = added.count(site) - taken.count(site)
        if more:
            moved = update(schema.progress).where(progress.site == site)
            connection.execute(moved.values(changes=progress.changes + more))


def _put_new(connection: Connection, verdicts: Mapping[Page, Settled]) -> None:
    """`reprint_of` of `new` changes."""
    held = select(_changes.id, _changes.site, _changes.urlkey, _changes.reprint_of)
    told = connection.execute(
        held.join(*_among(verdicts, schema.changes)).where(_changes.type == ChangeType.NEW.value)
    ).all()
    for row in told:
        first = verdicts[row.site, row.urlkey].reprint_of
        if first != row.reprint_of:
            connection.execute(update(schema.changes).where(_changes.id == row.id).values(reprint_of=first))


def _put_rows(connection: Connection, verdicts: Mapping[Page, Settled]) -> None:
    connection.execute(_delete(schema.reprints, verdicts))
    values = [
        {"site": site, "urlkey": urlkey, **settled.row} for (site, urlkey), settled in verdicts.items() if settled.row
    ]
    if values:
        connection.execute(insert(schema.reprints), values)


def _delete(table: Any, pages: Collection[Page]) -> Any:
    return delete(table).where(tuple_(table.c.site, table.c.urlkey).in_(select(_listed(*_apart(pages), "urlkey"))))


def _apart(pages: Collection[Page]) -> tuple[list[str], list[str]]:
    return [site for site, _ in pages], [urlkey for _, urlkey in pages]


def _among(pages: Collection[Page], table: Any) -> tuple[Any, Any]:
    """What to join with to have the rows of these pages alone."""
    listed = _listed(*_apart(pages), "urlkey")
    return listed, (listed.c.site == table.c.site) & (listed.c.urlkey == table.c.urlkey)


def _listed(sites: Sequence[str], keys: Sequence[str], name: str) -> Any:
    pairs = func.unnest(literal(list(sites), ARRAY(Text)), literal(list(keys), ARRAY(Text)))
    return pairs.table_valued(column("site", Text), column(name, Text)).render_derived(name="wanted")
