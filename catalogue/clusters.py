"""A page's reprint cluster, as JSON: its pages, who had the article first, how sure that is and why."""

from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from catalogue import rows, schema, shapes
from catalogue.connection import transaction
from catalogue.reading import nothing_kept
from domain.change import ChangeType
from domain.urls import urlkey

_reprints, _pages, _changes = schema.reprints.c, schema.pages.c, schema.changes.c
# Pages of a cluster that are listed: a text that everybody prints stands at thousands of addresses.
_MOST = 200


def reprints(source: Engine, url: str, site: str | None = None) -> dict[str, Any]:
    """`url`, `site`, `first` (the first publisher's page; None where the page is in no cluster), `reprint_of`,
    `confidence` (0..1), `reasons` (each `zh`, `en`), `pages` (the cluster, the first publisher first, then by when
    they were published) and `diverged` (its changes of that type). Raises NotFound where nothing is kept of it."""
    key = urlkey(url)
    with transaction(source) as connection:
        wanted = select(_pages.site, _pages.url).where(_pages.urlkey == key).order_by(_pages.site)
        row = connection.execute(wanted.where(_pages.site == site) if site else wanted).first()
        if row is None:
            raise nothing_kept(url)
        mine = select(schema.reprints).where(_reprints.site == row.site, _reprints.urlkey == key)
        found = connection.execute(mine).mappings().one_or_none()
        shape: dict[str, Any] = {"url": row.url, "site": row.site, "first": None, "reprint_of": None}
        shape |= {"confidence": 0.0, "reasons": [], "pages": [], "diverged": _diverged(connection, row.site, key)}
        return shape if found is None else shape | _cluster(connection, found)


def _diverged(connection: Connection, site: str, key: str) -> list[dict[str, Any]]:
    page = (_changes.site == site) & (_changes.urlkey == key) & (_changes.type == ChangeType.DIVERGED.value)
    told = connection.execute(select(schema.changes).where(page).order_by(_changes.at, _changes.id)).mappings()
    return [shapes.change(rows.change(row)) for row in told]


def _cluster(connection: Connection, found: RowMapping) -> dict[str, Any]:
    joined = (_pages.site == _reprints.site) & (_pages.urlkey == _reprints.urlkey)
    wanted = (
        select(schema.pages, _reprints.similarity, _reprints.contained, _reprints.official, _source())
        .join(schema.reprints, joined)
        .where(_reprints.cluster == found["cluster"])
        .order_by(
            _is_first(found).desc(), _pages.published_at.nulls_last(), _pages.first_seen, _pages.site, _pages.urlkey
        )
        .limit(_MOST)
    )
    pages = [_page(row, found) for row in connection.execute(wanted).mappings()]
    is_first = (found["first_site"], found["first_urlkey"]) == (found["site"], found["urlkey"])
    return {
        "first": next((page for page in pages if page["first"]), None),
        "reprint_of": None if is_first else found["first_url"],
        "confidence": found["confidence"],
        "reasons": found["reasons"],
        "pages": pages,
    }


def _is_first(found: RowMapping) -> Any:
    return (_reprints.site == found["first_site"]) & (_reprints.urlkey == found["first_urlkey"])


def _source() -> Any:
    """What a page states as its source now."""
    articles = schema.articles.c
    own = (articles.site == _pages.site) & (articles.digest == _pages.article_digest)
    return select(articles.source).where(own).scalar_subquery().label("source")


def _page(row: RowMapping, found: RowMapping) -> dict[str, Any]:
    """As a search finds it, and how it stands in the cluster."""
    return shapes.page(row) | {
        "source": row["source"],
        "official": row["official"],
        "similarity": row["similarity"],
        "contained": row["contained"],
        "first": (row["site"], row["urlkey"]) == (found["first_site"], found["first_urlkey"]),
    }
