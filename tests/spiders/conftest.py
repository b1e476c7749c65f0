"""The paper server and the workplace are those of tests/failures."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.embedded import embedded
from pipeline.embedded.shared import Endpoints

sys.path.append(str(Path(__file__).resolve().parents[1] / "failures"))


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    """The folder's name is short: the path of PostgreSQL's socket may not pass 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="tj-spid-") as folder, embedded(Path(folder)) as running:
        yield running
