"""A whole house for each test: the real S3 server and PostgreSQL, a bucket and a database of its own."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, make_database
from servers_of_tests import servers

from pipeline.embedded.shared import Endpoints


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    with servers() as running:
        yield running


@pytest.fixture
def desk(endpoints: Endpoints, tmp_path: Path) -> Desk:
    name = f"t{uuid.uuid4().hex[:12]}"
    database = make_database(endpoints, name)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TONGJIAN_")}
    return Desk(
        environment
        | {
            "TONGJIAN_STATE": str(tmp_path),
            "TONGJIAN_S3_ENDPOINT": endpoints.s3,
            "TONGJIAN_DATABASE": database,
            "AWS_SHARED_CREDENTIALS_FILE": str(endpoints.credentials),
            "TONGJIAN_BUCKET": name,
            "TONGJIAN_PACE": "1000",
        },
        database,
    )
