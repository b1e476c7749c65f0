"""Real servers for the session (SeaweedFS, PostgreSQL); a fresh bucket and an empty catalogue for each test."""

import os
import shutil
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from desk_house import People, Receiver
from desk_house import desk as empty_desk
from fastapi import FastAPI
from publishing import Publisher
from servers_of_tests import servers
from starlette.testclient import TestClient

from alerts.upgrading import upgrade
from catalogue import Catalogue
from domain.settings import Settings
from domain.site import Entry, Site
from monitor.differences import characters
from pipeline.embedded import ports
from pipeline.embedded.shared import Endpoints
from storage import Archive, connect
from web import create

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NUMBERS = count(1)
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TITLES = {"alpha": "阿尔法新闻网", "beta": "贝塔市商务局", "gamma": "伽马在线·区县频道", "delta": "德尔塔日报"}
SITES = {
    name: Site(
        name=name,
        title=title,
        homepage=f"http://{name}.example.cn/",
        entries=(Entry(url=f"http://{name}.example.cn/list.html"),),
        article=r"/2026/",
    )
    for name, title in TITLES.items()
}


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    with servers() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Debian's Chromium. In CI it must be there. What is expected may take as long as a click may: half a minute."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)

    chromium = shutil.which("chromium")
    if chromium is None:
        absent = "Chromium is missing: apt-get install -y chromium fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(absent)
        pytest.skip(absent)
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=_CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def pictures(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Where screenshots go: TONGJIAN_PICTURES where set, else a folder of the test's own."""
    folder = Path(os.environ.get("TONGJIAN_PICTURES") or tmp_path) / request.node.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def archive(endpoints: Endpoints) -> Iterator[Archive]:
    """A bucket of the test's own, gone after it: each takes a volume of SeaweedFS, which has some eighty."""
    settings = Settings(s3_endpoint=endpoints.s3, bucket=f"room-{next(_NUMBERS)}")
    bucket = connect(settings, endpoints.keys)
    bucket.ensure()
    yield Archive(bucket)
    for key, _ in bucket.list(""):
        bucket._client.delete_object(Bucket=bucket.name, Key=key)
    bucket._client.delete_bucket(Bucket=bucket.name)


@pytest.fixture(scope="session")
def opened(endpoints: Endpoints) -> Iterator[Catalogue]:
    with Catalogue(endpoints.database) as opened:
        opened.upgrade()
        yield opened


@pytest.fixture
def catalogue(opened: Catalogue) -> Catalogue:
    """A catalogue with its tables, empty. One database for all: a hundred take PostgreSQL long to leave."""
    opened.clear()
    return opened


@pytest.fixture
def publisher(catalogue: Catalogue, archive: Archive, tmp_path: Path) -> Publisher:
    return Publisher(catalogue, archive, tmp_path / "spool")


@pytest.fixture
def room(catalogue: Catalogue, archive: Archive) -> FastAPI:
    return create(catalogue, archive, characters, sites=SITES)


@pytest.fixture
def client(room: FastAPI) -> Iterator[TestClient]:
    with TestClient(room, base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture
def address(room: FastAPI) -> Iterator[str]:
    """The room over real HTTP, on a loopback port."""
    (port,) = ports.free(1)
    server = uvicorn.Server(uvicorn.Config(room, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def with_alerts(opened: Catalogue) -> Catalogue:
    upgrade(opened.engine)
    return opened


@pytest.fixture
def people(with_alerts: Catalogue, catalogue: Catalogue, archive: Archive) -> People:
    """A room with a desk that nobody sits at yet."""
    desk = empty_desk(catalogue.engine, SITES)
    room = create(catalogue, archive, characters, sites=SITES, desk=desk)
    return People(catalogue.engine, desk, room)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()
