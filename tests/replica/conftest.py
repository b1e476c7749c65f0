"""A replica on a free port, by a clock that stands still; the seeds where they are at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from replica_pages import Browser, Clock, Open

from demo.content import SHIPPED
from demo.replica import Replica


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def replica(clock: Clock) -> Iterator[Replica]:
    with Replica(SHIPPED, clock=clock) as running:
        yield running


@pytest.fixture
def moving(clock: Clock) -> Iterator[Replica]:
    """A replica whose timeline goes by `clock`."""
    with Replica(SHIPPED, timeline=True, clock=clock) as running:
        yield running


@pytest.fixture
def browser() -> Open:
    return Browser


@pytest.fixture
def shared() -> Path:
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the seeds stand in the repository's sibling folder shared/, which is not here")
    return folder
