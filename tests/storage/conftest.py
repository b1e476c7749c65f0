"""A real SeaweedFS for the session, a fresh bucket for each test, and a proxy that fails on demand."""

from collections.abc import Callable, Iterator
from itertools import count

import psutil
import pytest
from faulting_proxy import Proxy
from kept_at import Endpoint
from making import remove

from pipeline.embedded import s3
from storage import Bucket

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("seaweedfs")
    try:
        yield Endpoint(s3.start(folder).endpoint, s3.access_keys(folder))
    finally:
        if server := s3.running(folder):
            psutil.Process(server.pid).kill()  # it is slow to go, and nothing of it is wanted any more


@pytest.fixture
def bucket(endpoint: Endpoint) -> Iterator[Bucket]:
    """Taken away again: SeaweedFS reserves volumes for each bucket, and a small disk has room for some 70."""
    made = endpoint.bucket(f"test-{next(_NUMBERS)}")
    made.ensure()
    yield made
    remove(made, *(key for key, _ in made.list("")))
    made._client.delete_bucket(Bucket=made.name)


@pytest.fixture
def proxy(endpoint: Endpoint) -> Iterator[Proxy]:
    with Proxy(endpoint.address) as running:
        yield running


@pytest.fixture
def proxied(endpoint: Endpoint, bucket: Bucket, proxy: Proxy) -> Callable[..., Bucket]:
    """The test's bucket, seen through the proxy."""

    def through(attempts: int = 3) -> Bucket:
        return endpoint.bucket(bucket.name, through=proxy.address, attempts=attempts)

    return through
