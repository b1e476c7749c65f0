"""doctor as a whole: what it finds of an endpoint, what it puts in order, and the lock it falls back to."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from domain.errors import Conflict, StorageError
from pipeline import doctoring
from pipeline.doctoring import applying, examine
from pipeline.house import House

sys.path.append(str(Path(__file__).parent.parent / "storage"))
from faulting_proxy import Proxy


@pytest.fixture
def proxy(house: House) -> Iterator[Proxy]:
    assert house.settings.s3_endpoint
    with Proxy(house.settings.s3_endpoint) as running:
        yield running


@pytest.fixture
def bad(house: House, proxy: Proxy) -> Iterator[House]:
    """The house at a store that ignores conditions; what it kept before is there."""
    house.bucket.put_once("v1/held", b"held")

    def erase(path: str) -> None:
        house.bucket.client.delete_object(Bucket=house.bucket.name, Key=unquote(urlsplit(path).path.split("/", 2)[2]))

    proxy.erase = erase
    state = house.settings.state / "elsewhere"
    chosen = house.settings.model_copy(update={"s3_endpoint": proxy.address, "state": state})
    with ExitStack() as stack:
        yield House(chosen, house.keys, stack)


def entered(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    @contextmanager
    def open_house() -> Iterator[House]:
        yield house

    monkeypatch.setattr(doctoring, "house", open_house)


def test_all_is_well_with_seaweedfs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(monkeypatch, house)
    found = {one.what: one for one in examine(house.settings)}
    assert [one.what for one in found.values() if not one.ok] == []
    assert "If-None-Match is honoured" in found["s3"].message
    assert "--apply" in found["s3 versioning"].message
    assert [path.name for path in (house.settings.state / "endpoints").iterdir()] != []


def test_a_bad_store_is_named_and_refused(bad: House, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(monkeypatch, bad)
    found = {one.what: one for one in examine(bad.settings)}
    assert {what for what, one in found.items() if not one.ok} == {"s3", "s3 if-none-match"}
    assert "TONGJIAN_FENCE=database" in found["s3"].message
    assert bad.bucket.get("v1/held").data == b"held"
    with pytest.raises(StorageError):
        bad.bucket.put_once("v1/new", b"x")


def test_a_lock_in_the_database_makes_it_usable(bad: House, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = bad.settings.model_copy(update={"fence": "database"})
    with ExitStack() as stack:
        fenced = House(chosen, bad.keys, stack)
        entered(monkeypatch, fenced)
        found = {one.what: one for one in examine(chosen)}
        assert [what for what, one in found.items() if not one.ok] == []
        assert "a lock in the database" in found["s3"].message
        fenced.bucket.put_once("v1/new", b"one")
        with pytest.raises(Conflict):
            fenced.bucket.put_once("v1/new", b"two")
        assert fenced.bucket.get("v1/new").data == b"one"


def test_apply_says_its_plan_first_and_then_what_was_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(monkeypatch, house)
    said: list[str] = []
    assert applying(said.append)
    plan, done = said[: len(said) // 2], said[len(said) // 2 :]
    assert all(line.startswith("plan: ") for line in plan)
    assert plan[0] == "plan: versioning: off → enabled, so that what is written over or deleted can be brought back"
    assert done[0].startswith("✓ versioning: done")
    again: list[str] = []
    assert applying(again.append)
    assert not any("→" in line or ": done" in line for line in again)


def test_apply_says_what_the_store_refuses(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = house.settings.model_copy(update={"cold": "STANDARD_IA:90"})
    with ExitStack() as stack:
        entered(monkeypatch, House(chosen, house.keys, stack))
        said: list[str] = []
        assert not applying(said.append)
    assert [line.split(":")[0] for line in said if line.startswith("✗")] == [
        "✗ rule tongjian-cold-segments",
        "✗ rule tongjian-cold-bodies",
    ]
