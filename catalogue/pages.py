"""Pages as lists: for the recheck plan, for discovery, for people."""

from typing import Any

from sqlalchemy import Engine, bindparam, func, select, text, union

from catalogue import schema, shapes
from catalogue.connection import transaction
from catalogue.kinds import PageState
from domain.capture import Role, Validators
from domain.change import Status
from domain.tempo import Tempo

_captures, _pages = schema.captures.c, schema.pages.c


def page_states(source: Engine, site: str) -> tuple[PageState, ...]:
    """Every compared page of a site, by urlkey."""
    wanted = select(schema.pages).where(_pages.site == site).order_by(_pages.urlkey)
    with transaction(source) as connection:
        return tuple(state(row) for row in connection.execute(wanted))


def gone(source: Engine, site: str) -> set[str]:
    """The urlkeys of pages that are gone."""
    wanted = select(_pages.urlkey).where(_pages.site == site, _pages.status == Status.GONE.value)
    with transaction(source) as connection:
        return set(connection.scalars(wanted))


def state(row: Any) -> PageState:
    """A row of `pages` as the recheck plan sees it."""
    return PageState(
        site=row.site,
        urlkey=row.urlkey,
        url=row.url,
        status=Status(row.status),
        first_seen=row.first_seen,
        last_checked=row.last_checked,
        changed_at=row.changed_at,
        validators=Validators.model_validate(row.validators),
        published_at=row.published_at,
        tempo=Tempo(row.checks, row.changes, tuple(row.watched), tuple(row.found)),
        numbered=row.numbered,
    )


def known(source: Engine, site: str) -> set[str]:
    """The urlkeys that were ever fetched as a page, or as a further page of one.

    Of pages that were compared `pages` has one row each, which is much less to read than their captures.
    """
    asked = {"site": site}
    with transaction(source) as connection:
        return set(connection.scalars(_KNOWN, asked))


_FETCHED = (Role.PAGE.value, Role.PART.value)
_OF_SITE = _captures.site == bindparam("site")
_COMPARED = select(schema.progress.c.compared_seq).where(schema.progress.c.site == bindparam("site"))
_KNOWN = union(
    select(_pages.urlkey).where(_pages.site == bindparam("site")),
    select(_captures.urlkey).where(_OF_SITE, text(f"({schema.APART})"), _captures.role.in_(_FETCHED)),
    select(_captures.urlkey).where(
        _OF_SITE, _captures.seq > func.coalesce(_COMPARED.scalar_subquery(), 0), _captures.role.in_(_FETCHED)
    ),
)


def pages(
    source: Engine,
    site: str | None = None,
    limit: int = 50,
    offset: int = 0,
    status: Status | str | None = None,
) -> list[dict[str, Any]]:
    """Pages, the latest changed first, in the shape of `search`."""
    wanted = select(schema.pages).order_by(_pages.changed_at.desc().nulls_last(), _pages.site, _pages.urlkey)
    if site:
        wanted = wanted.where(_pages.site == site)
    if status:
        wanted = wanted.where(_pages.status == Status(status).value)
    with transaction(source) as connection:
        return [shapes.page(row) for row in connection.execute(wanted.limit(limit).offset(offset)).mappings()]
