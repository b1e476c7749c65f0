"""Reading back: captures, versions, changes, runs."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, and_, select, text, tuple_

from catalogue import rows, schema, shapes
from catalogue.connection import transaction
from catalogue.values import within
from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.change import Change, ChangeType, Version
from domain.errors import NotFound
from domain.urls import urlkey

_captures, _changes, _versions = schema.captures.c, schema.changes.c, schema.versions.c
_pages, _articles, _runs = schema.pages.c, schema.articles.c, schema.runs.c
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def changes(
    source: Engine,
    *,
    since: datetime | None = None,
    site: str | None = None,
    type: ChangeType | str | None = None,
    url: str | None = None,
    limit: int | None = None,
    after_id: str | None = None,
    newest: bool = True,
) -> tuple[Change, ...]:
    """Changes in time order, the newest first unless told; `since` is included, `after_id` is where the page
    before ended. Raises NotFound for an `after_id` that is not kept."""
    filters = {_changes.site: site, _changes.type: ChangeType(type).value if type else None}
    wanted = select(schema.changes).where(*(column == value for column, value in filters.items() if value))
    if url:
        wanted = wanted.where(_changes.urlkey == urlkey(url))
    if since:
        wanted = wanted.where(_changes.at >= since)
    order = (_changes.at.desc(), _changes.id.desc()) if newest else (_changes.at, _changes.id)
    with transaction(source) as connection:
        if after_id:
            wanted = wanted.where(_beyond(change(connection, after_id), newest))
        found = connection.execute(wanted.order_by(*order).limit(limit)).mappings()
        return tuple(rows.change(row) for row in found)


def change(connection: Connection, id: str) -> Change:
    """One change. Raises NotFound."""
    row = connection.execute(select(schema.changes).where(_changes.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no change {id} is kept")
    return rows.change(row)


def _beyond(last: Change, newest: bool) -> Any:
    place, end = tuple_(_changes.at, _changes.id), tuple_(last.at, last.id)
    return place < end if newest else place > end


def history(source: Engine, url: str, site: str | None = None) -> dict[str, Any]:
    """The history of an address as JSON (see catalogue.shapes). Raises NotFound."""
    with transaction(source) as connection:
        seen = _places(connection, urlkey(url), site)
        if not seen:
            raise nothing_kept(url)
        owner, key = seen[0]["site"], urlkey(url)
        own = [row for row in seen if row["site"] == owner]
        page = _one(connection, select(schema.pages).where(_pages.site == owner, _pages.urlkey == key))
        runs = select(schema.versions).where(_versions.site == owner, _versions.urlkey == key)
        told = select(schema.changes).where(_changes.site == owner, _changes.urlkey == key)
        address = page["url"] if page else connection.scalar(select(_captures.url).where(_captures.id == own[0]["id"]))
        return shapes.history(
            str(address),
            page,
            own,
            [rows.version(row) for row in connection.execute(runs.order_by(_versions.number)).mappings()],
            [rows.change(row) for row in connection.execute(told.order_by(_changes.at, _changes.id)).mappings()],
        )


def _places(connection: Connection, key: str, site: str | None) -> Sequence[RowMapping]:
    """What a history shows of captures, in time order: no more than the index `captures_address` has."""
    shown = (_captures[name] for name in ("at", "id", *schema.SHOWN))
    wanted = select(*shown).where(_captures.urlkey == key).order_by(_captures.at, _captures.id)
    return connection.execute(wanted.where(_captures.site == site) if site else wanted).mappings().all()


def _one(connection: Connection, wanted: Select[Any]) -> RowMapping | None:
    return connection.execute(wanted).mappings().one_or_none()


def _at(url: str, site: str | None) -> Select[Any]:
    wanted = select(schema.captures).where(_captures.urlkey == urlkey(url))
    return wanted.where(_captures.site == site) if site else wanted


def nothing_kept(url: str) -> NotFound:
    return NotFound(
        f"nothing is kept of {url}", hint="`tongjian changes` lists pages that are; `tongjian run` captures."
    )


def capture_at(source: Engine, url: str, at: datetime | None = None) -> Capture:
    """The latest capture of an address at or before a time; where there is none, the first.

    A 304 is a capture too: `payload_of` gives the one whose payload it confirms. Raises NotFound.
    """
    before = _at(url, None) if at is None else _at(url, None).where(_captures.at <= at)
    latest = before.order_by(_captures.at.desc(), _captures.id.desc()).limit(1)
    first = _at(url, None).order_by(_captures.at, _captures.id).limit(1)
    with transaction(source) as connection:
        row = _one(connection, latest) or _one(connection, first)
    if row is None:
        raise nothing_kept(url)
    return rows.capture(row)


def captures(source: Engine, url: str, site: str | None = None) -> tuple[Capture, ...]:
    """Every capture of an address in time order: its TimeMap. Raises NotFound."""
    with transaction(source) as connection:
        found = connection.execute(_at(url, site).order_by(_captures.at, _captures.id)).mappings().all()
    if not found:
        raise nothing_kept(url)
    return tuple(rows.capture(row) for row in found)


def capture(source: Engine, id: str) -> Capture:
    """One capture. Raises NotFound."""
    with transaction(source) as connection:
        row = _one(connection, select(schema.captures).where(_captures.id == id))
    if row is None:
        raise NotFound(f"no capture {id} is kept")
    return rows.capture(row)


def payload_of(source: Engine, confirming: Capture) -> Capture:
    """The capture that holds the payload: the one a 304 refers to, else the same. Raises NotFound."""
    reference = confirming.refers_to
    if confirming.status != 304 or reference is None:
        return confirming
    wanted = select(schema.captures).where(
        _captures.site == confirming.site,
        _captures.urlkey == urlkey(reference.url),
        _captures.at == reference.at,
        _captures.payload_digest == reference.payload_digest,
    )
    with transaction(source) as connection:
        row = connection.execute(wanted.order_by(_captures.id).limit(1)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"{confirming.site}: the capture that the 304 of {confirming.url} confirms is not kept")
    return rows.capture(row)


def version(
    source: Engine, url: str, number: int | None = None, site: str | None = None
) -> tuple[Version, Article, Capture]:
    """One version of a page (the last where no number is given), its article and the first capture of it.

    Raises NotFound.
    """
    wanted = select(schema.versions).where(_versions.urlkey == urlkey(url))
    filters: Sequence[Any] = [
        column == value for column, value in ((_versions.number, number), (_versions.site, site)) if value
    ]
    ordered = wanted.where(*filters).order_by(_versions.site, _versions.number.desc()).limit(1)
    with transaction(source) as connection:
        row = _one(connection, ordered)
        if row is None:
            raise NotFound(f"no version {number or ''} of {url} is kept".replace("  ", " "))
        read = select(schema.articles).where(
            and_(_articles.site == row["site"], _articles.digest == row["article_digest"])
        )
        article = connection.execute(read).mappings().one()
        first = connection.execute(select(schema.captures).where(_captures.id == row["capture"])).mappings().one()
        return rows.version(row), rows.article(article), rows.capture(first)


def titles(source: Engine, changes: Sequence[Change]) -> dict[str, str | None]:
    """The titles of the versions that changes speak of, by the change's id; nothing of those judged anew meanwhile."""
    ids, sites, keys = ([getattr(change, name) for change in changes] for name in ("id", "site", "urlkey"))
    numbers = [change.version for change in changes]
    wanted = {"ids": ids, "sites": sites, "keys": keys, "numbers": numbers}
    with transaction(source) as connection:
        return {row.id: row.title for row in connection.execute(_TITLES, wanted)}


_TITLES = text(
    """
    SELECT wanted.id, articles.title
    FROM unnest(CAST(:ids AS text[]), CAST(:sites AS text[]), CAST(:keys AS text[]), CAST(:numbers AS integer[]))
        AS wanted (id, site, urlkey, number)
    JOIN versions USING (site, urlkey, number)
    JOIN articles ON articles.site = versions.site AND articles.digest = versions.article_digest
    """
)


def runs(source: Engine, site: str | None = None, limit: int | None = None) -> tuple[RunSummary, ...]:
    """Run summaries, the newest first."""
    wanted = select(schema.runs).order_by(_runs.started.desc(), _runs.site, _runs.run.desc()).limit(limit)
    if site:
        wanted = wanted.where(_runs.site == site)
    with transaction(source) as connection:
        return tuple(rows.run(row) for row in connection.execute(wanted).mappings())


def known_runs(source: Engine, site: str, runs: Collection[str]) -> set[str]:
    """Those of a site's runs that are put down."""
    with transaction(source) as connection:
        return set(connection.scalars(select(_runs.run).where(_runs.site == site, within(_runs.run, runs))))
