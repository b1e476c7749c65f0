"""The paper server and the workplace are those of tests/failures."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.embedded import embedded, s3
from pipeline.embedded.shared import Endpoints

sys.path.append(str(Path(__file__).resolve().parents[1] / "failures"))


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    """The folder's name is short: the path of PostgreSQL's socket may not pass 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="tj-spid-") as folder, embedded(Path(folder)) as running:
        yield running
        if server := s3.running(Path(folder) / "s3"):
            psutil.Process(server.pid).kill()  # it is slow to go, and nothing of it is wanted any more
