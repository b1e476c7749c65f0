"""Pages as lists: for the recheck plan, for discovery, for people."""

from typing import Any

from sqlalchemy import Engine, select

from catalogue import schema, shapes
from catalogue.connection import transaction
from catalogue.kinds import PageState
from domain.capture import Role, Validators
from domain.change import Status

_captures, _pages = schema.captures.c, schema.pages.c


def page_states(source: Engine, site: str) -> tuple[PageState, ...]:
    """Every compared page of a site, by urlkey."""
    wanted = select(schema.pages).where(_pages.site == site).order_by(_pages.urlkey)
    with transaction(source) as connection:
        return tuple(_state(row) for row in connection.execute(wanted))


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
    """The urlkeys that were ever fetched as a page, or as a further page of one."""
    roles = (Role.PAGE.value, Role.PART.value)
    wanted = select(_captures.urlkey).where(_captures.site == site, _captures.role.in_(roles)).distinct()
    with transaction(source) as connection:
        return set(connection.scalars(wanted))


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
