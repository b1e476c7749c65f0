"""A real PostgreSQL for the session, a fresh database for each test that asks for one."""

from collections.abc import Iterator
from itertools import count

import pytest
from servers_of_tests import database as database_server
from sqlalchemy import text

from catalogue import Catalogue, engine

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server's own database."""
    with database_server() as address:
        yield address


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a database that holds the tables and nothing else."""
    _create(server, "template_catalogue", "template1")
    with Catalogue(_address(server, "template_catalogue")) as catalogue:
        catalogue.upgrade()
    return "template_catalogue"


@pytest.fixture
def database(server: str) -> str:
    """The address of an empty database."""
    name = f"empty_{next(_NUMBERS)}"
    _create(server, name, "template1")
    return _address(server, name)


@pytest.fixture
def catalogue(server: str, template: str) -> Iterator[Catalogue]:
    """A catalogue with its tables, empty."""
    name = f"catalogue_{next(_NUMBERS)}"
    _create(server, name, template)
    with Catalogue(_address(server, name)) as opened:
        yield opened


def _create(server: str, name: str, template: str) -> None:
    source = engine(server)
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    source.dispose()


def _address(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")
