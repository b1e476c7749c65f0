"""Real servers for the session: SeaweedFS and PostgreSQL of a state folder of their own."""

from collections.abc import Iterator

import pytest
from servers_of_tests import servers

from pipeline.embedded.shared import Endpoints


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    with servers() as running:
        yield running
