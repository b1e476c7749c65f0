"""A real PostgreSQL for the session, a fresh database a test; endpoints on loopback."""

from collections.abc import Iterator
from itertools import count

import pytest
from alert_endpoints import Postbox, Receiver
from servers_of_tests import database as database_server
from sqlalchemy import Engine, text

from alerts.upgrading import upgrade
from catalogue import Catalogue, engine

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def alerts_server() -> Iterator[str]:
    """The address of the server's own database."""
    with database_server() as address:
        yield address


@pytest.fixture(scope="session")
def alerts_template(alerts_server: str) -> str:
    """The name of a database that holds the tables of catalogue and alerts, empty."""
    with Catalogue(_create(alerts_server, "template_alerts", "template1")) as catalogue:
        catalogue.upgrade()
        upgrade(catalogue.engine)
    return "template_alerts"


@pytest.fixture
def bare_database(alerts_server: str) -> str:
    """The address of an empty database."""
    return _create(alerts_server, f"bare_{next(_NUMBERS)}", "template1")


@pytest.fixture
def database(alerts_server: str, alerts_template: str) -> str:
    """The address of a database with all tables, empty."""
    return _create(alerts_server, f"alerts_{next(_NUMBERS)}", alerts_template)


@pytest.fixture
def source(database: str) -> Iterator[Engine]:
    opened = engine(database)
    yield opened
    opened.dispose()


def _create(server: str, name: str, template: str) -> str:
    source = engine(server)
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    source.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def other_receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    made = Postbox()
    yield made
    made.stop()
