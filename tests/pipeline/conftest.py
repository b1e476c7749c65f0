"""A house for each test on the session's real servers: a bucket and a database of its own."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from newspaper import Newspaper, database
from servers_of_tests import servers

from domain.settings import Settings
from pipeline.embedded.shared import Endpoints
from pipeline.house import House

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    with servers() as running:
        yield running


@pytest.fixture
def house(endpoints: Endpoints, tmp_path: Path) -> Iterator[House]:
    name = f"house{next(_NUMBERS)}"
    chosen = Settings(bucket=name, s3_endpoint=endpoints.s3, database=database(endpoints, name), state=tmp_path)
    with ExitStack() as stack:
        yield House(chosen, endpoints.keys, stack)


@pytest.fixture
def paper(house: House, monkeypatch: pytest.MonkeyPatch) -> Newspaper:
    return Newspaper(house, monkeypatch)
