"""backup, doctor and doctor restore as commands; what doctor finds of subscribers."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from backup_houses import Desk, Receiver, cleared, opened
from newspaper import START, Newspaper
from sqlalchemy import text

sys.path.append(str(Path(__file__).parent.parent / "failures"))
from commands import Workplace, workplace

from alerts.standing import LATE
from catalogue.connection import transaction
from domain.clock import now
from pipeline.backing_up import backup
from pipeline.embedded.shared import Endpoints
from pipeline.findings import Finding
from pipeline.looking_after_alerts import OLDEST, of_alerts
from storage import keys


@pytest.fixture(scope="module")
def place(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return workplace(endpoints, tmp_path_factory.mktemp("commands"))


def test_backup_and_back(place: Workplace) -> None:
    told = place.run("deliver", "--json").json
    assert told == {"matched": 0, "made": 0, "delivered": 0, "waiting": 0, "held": 0}
    made = place.run("backup", "--json")
    assert made.code == 0
    assert "secrets.key" in made.err  # that the key is not in it is said every time
    assert made.json["key"].startswith(keys.BACKUPS)
    assert made.json["rows"]["people"] == 1
    listed = place.run("doctor", "restore", "--list", "--json").json
    assert [one["key"] for one in listed] == [made.json["key"]]
    with place.catalogue() as catalogue, transaction(catalogue.engine) as connection:
        connection.execute(text("INSERT INTO teams VALUES ('t', '新来的', now())"))
    refused = place.run("doctor", "restore")
    assert refused.code == 1
    assert "teams 1" in refused.err
    assert "--yes" in refused.err
    back = place.run("doctor", "restore", "--yes", "--at", made.json["key"], "--json")
    assert back.code == 0
    assert back.json["replaced"] == {"teams": 1}
    said = place.run("doctor", "restore").out
    assert "put back: people 1" in said
    assert "told again" in said


def test_doctor_is_still_doctor(place: Workplace) -> None:
    found = {one["what"]: one for one in place.run("doctor", "--json").json}
    assert {"s3", "catalogue", "sealing key", "channels", "deliveries", "backup"} <= set(found)
    made = place.run("doctor", "--make-key")
    assert (made.code, "checkpoint.key" in made.out) == (0, True)
    applied = place.run("doctor", "--apply")
    assert (applied.code, "versioning" in applied.out) == (0, True)
    assert place.run("doctor", "restoer").code == 2


@pytest.fixture
def desk(endpoints: Endpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    name = f"looked{abs(hash(tmp_path)) % 10**9}"
    with opened(endpoints, name, name, tmp_path / "state") as house:
        yield Desk(house, Newspaper(house, monkeypatch))
        cleared(house)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


def found(desk: Desk) -> dict[str, Finding]:
    return {one.what: one for one in of_alerts(desk.house)}


def put(desk: Desk, statement: str, **values: object) -> None:
    with transaction(desk.engine) as connection:
        connection.execute(text(statement), values)


def test_an_empty_house_is_well_and_nothing_is_made_in_it(desk: Desk) -> None:
    assert all(one.ok for one in found(desk).values())
    assert not desk.house.settings.sealing_file.exists()


def test_the_sealing_key(desk: Desk, receiver: Receiver) -> None:
    channel, place = desk.channel(receiver.url), desk.house.settings.sealing_file
    assert found(desk)["sealing key"].ok
    assert "keep a copy" in found(desk)["sealing key"].message
    place.chmod(0o644)
    assert "chmod 600" in found(desk)["sealing key"].message
    assert not found(desk)["sealing key"].ok
    place.rename(place.with_suffix(".away"))
    for lost in ("there is none at", "does not open"):
        said = found(desk)["sealing key"]
        assert not said.ok
        assert lost in said.message
        assert channel.id in said.message
        place.touch(0o600)
        place.write_text("A" * 43 + "=\n")


def test_what_does_not_leave(desk: Desk, receiver: Receiver) -> None:
    desk.fill(receiver)
    put(desk, "UPDATE channels SET failing_since = NULL, paused_until = NULL")
    put(desk, "UPDATE notices SET due_at = now() + interval '1 hour' WHERE delivery IS NULL")
    assert found(desk)["deliveries"].ok
    put(desk, "UPDATE deliveries SET next_try_at = :then", then=now() - LATE - timedelta(minutes=1))
    said = found(desk)["deliveries"]
    assert (said.ok, said.message.startswith("1 should have left")) == (False, True)
    put(desk, "UPDATE channels SET failing_since = now()")  # it is known why
    assert found(desk)["deliveries"].ok
    put(desk, "UPDATE deliveries SET state = 'dead' WHERE state = 'waiting'")
    assert "1 given up" in found(desk)["deliveries"].message
    put(desk, "UPDATE channels SET active = false, disabled_why = 'it answered 410'")
    said = found(desk)["channels"]
    assert not said.ok
    assert "it answered 410" in said.message


def test_the_age_of_the_last_backup(desk: Desk, receiver: Receiver) -> None:
    assert found(desk)["backup"].ok  # nothing would be lost
    desk.subscribe(receiver)
    assert not found(desk)["backup"].ok  # the oldest one listens since March
    put(desk, "UPDATE subscriptions SET created_at = now()")
    assert found(desk)["backup"].ok
    put(desk, "UPDATE subscriptions SET created_at = :then", then=START)
    old: datetime = now() - OLDEST - timedelta(hours=1)
    desk.house.bucket.put_once(keys.backup(old, "0" * 64), b"x")
    said = found(desk)["backup"]
    assert not said.ok
    assert "tongjian backup" in said.message
    backup(desk.house)
    assert found(desk)["backup"].ok
