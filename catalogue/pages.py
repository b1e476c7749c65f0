"""Pages as lists: for the recheck plan, for discovery, for people."""

from typing import Any

from sqlalchemy import Engine, bindparam, case, func, literal, select, text, union

from catalogue import schema, shapes
from catalogue.connection import transaction
from catalogue.kinds import Ladder, PageState, Rest
from domain.capture import Role, Validators
from domain.change import Status

_captures, _pages = schema.captures.c, schema.pages.c


def page_states(source: Engine, site: str, rest: Rest | None = None) -> tuple[PageState, ...]:
    """Every compared page of a site, by urlkey; where `rest` is given, only those that have not been left alone for
    so long yet, and suspects. Of a million pages few are due at any time."""
    wanted = select(schema.pages).where(_pages.site == site).order_by(_pages.urlkey)
    if rest:
        wanted = wanted.where((_pages.status == Status.SUSPECT.value) | _rested(rest))
    with transaction(source) as connection:
        return tuple(_state(row) for row in connection.execute(wanted))


def _rested(rest: Rest) -> Any:
    gone = _pages.status == Status.GONE.value
    since = func.coalesce(case((gone, _pages.changed_at)), _pages.first_seen)
    age = (rest.now - since) * rest.pace
    wait = case((gone, _wait(age, rest.gone)), else_=_wait(age, rest.ladder))
    return (rest.now - _pages.last_checked) * rest.pace >= wait


def _wait(age: Any, ladder: Ladder) -> Any:
    """The rest of the first rung that is not above the age; of the last one where all are."""
    *rungs, (_, last) = ladder
    return case(*((age <= limit, rest) for limit, rest in rungs), else_=last) if rungs else literal(last)


def gone(source: Engine, site: str) -> set[str]:
    """The urlkeys of pages that are gone."""
    wanted = select(_pages.urlkey).where(_pages.site == site, _pages.status == Status.GONE.value)
    with transaction(source) as connection:
        return set(connection.scalars(wanted))


def _state(row: Any) -> PageState:
    return PageState(
        site=row.site,
        urlkey=row.urlkey,
        url=row.url,
        status=Status(row.status),
        first_seen=row.first_seen,
        last_checked=row.last_checked,
        changed_at=row.changed_at,
        validators=Validators.model_validate(row.validators),
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
