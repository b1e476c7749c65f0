"""The paper server and the workplace are those of tests/failures."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers_of_tests import servers

from pipeline.embedded.shared import Endpoints

sys.path.append(str(Path(__file__).resolve().parents[1] / "failures"))


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    with servers() as running:
        yield running
