"""Connections to PostgreSQL: one address form, UTC, and errors in this house's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from domain.errors import CatalogueError, ConfigurationError

_DIALECT = "postgresql"


def engine(url: str) -> Engine:
    """An engine for a PostgreSQL address, whatever driver it names; sessions are in UTC.

    Raises ConfigurationError where the address is none of PostgreSQL's.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise _no_address(url) from error
    if address.get_backend_name() not in (_DIALECT, "postgres"):
        raise _no_address(address.render_as_string(hide_password=True))
    return create_engine(
        address.set(drivername=f"{_DIALECT}+psycopg2"),
        pool_pre_ping=True,
        executemany_mode="values_plus_batch",
        # Its compiler takes longer than any question of ours.
        connect_args={"options": "-c timezone=UTC -c jit=off", "connect_timeout": 10},
    )


def _no_address(shown: str) -> ConfigurationError:
    return ConfigurationError(
        f"«{shown}» is no PostgreSQL address",
        hint="Write TONGJIAN_DATABASE as postgresql://user:password@host/database, or leave it unset.",
    )


@contextmanager
def transaction(source: Engine) -> Iterator[Connection]:
    """One transaction, committed on leaving. Raises CatalogueError where the database refuses or is away."""
    try:
        with source.begin() as connection:
            yield connection
    except DBAPIError as error:
        where = source.url.render_as_string(hide_password=True)
        raise CatalogueError(f"the database at {where}: {_first_line(error)}", hint=_hint(error)) from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0]


def _hint(error: DBAPIError) -> str:
    if getattr(error.orig, "pgcode", None) in ("42P01", "42703"):
        return "The tables are missing or old: call Catalogue.upgrade(), or run `tongjian rebuild`."
    if getattr(error.orig, "pgcode", None) == "55P03":
        return "Somebody else is using these tables: stop the scheduler, or wait, and run the same command again."
    return "See that PostgreSQL runs and that TONGJIAN_DATABASE leads to it; then run the same command again."
