"""A house for each test on the session's real servers: a bucket and a database of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from backup_houses import Desk, Receiver, cleared, opened
from newspaper import Newspaper, database
from servers_of_tests import servers

from domain.settings import Settings
from pipeline.embedded.shared import Endpoints
from pipeline.house import House

_NUMBERS = count(1)
Another = Callable[[], House]


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


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def desk(endpoints: Endpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    number = next(_NUMBERS)
    with opened(endpoints, f"desk{number}", f"desk{number}", tmp_path / "first") as house:
        yield Desk(house, Newspaper(house, monkeypatch))
        cleared(house)


@pytest.fixture
def another(endpoints: Endpoints, desk: Desk, tmp_path: Path) -> Iterator[Another]:
    """Houses of the same bucket with an empty database and an empty folder each."""
    with ExitStack() as stack:

        def make() -> House:
            number = next(_NUMBERS)
            place = opened(endpoints, desk.house.settings.bucket, f"again{number}", tmp_path / f"again{number}")
            return stack.enter_context(place)

        yield make
