"""Real servers for the session (SeaweedFS, PostgreSQL); a fresh bucket and a fresh database for each test."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI
from publishing import Publisher
from sqlalchemy import text
from starlette.testclient import TestClient

from catalogue import Catalogue, engine
from domain.settings import Settings
from domain.site import Entry, Site
from monitor.differences import characters
from pipeline.embedded import embedded
from pipeline.embedded.shared import Endpoints
from storage import Archive, connect
from web import create

_NUMBERS = count(1)
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
    """The folder's name is short: the path of PostgreSQL's socket may not pass 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="tj-web-") as folder, embedded(Path(folder)) as running:
        yield running


@pytest.fixture
def archive(endpoints: Endpoints) -> Archive:
    settings = Settings(s3_endpoint=endpoints.s3, bucket=f"room-{next(_NUMBERS)}")
    bucket = connect(settings, endpoints.keys)
    bucket.ensure()
    return Archive(bucket)


@pytest.fixture
def catalogue(endpoints: Endpoints) -> Iterator[Catalogue]:
    name = f"room_{next(_NUMBERS)}"
    source = engine(endpoints.database)
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    source.dispose()
    with Catalogue(endpoints.database.replace("/tongjian?", f"/{name}?")) as opened:
        opened.upgrade()
        yield opened


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
