"""kill -9 in the middle of a backup or of a restore: what is in the bucket is whole, the tables are one or the other,
and the same command again does all of it."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest
from backup_houses import Desk, Receiver, opened, tables
from backup_killed_at import MOMENTS
from newspaper import Newspaper

from domain.settings import ROOT
from pipeline.backing_up import BackedUp, backup
from pipeline.embedded.shared import Endpoints
from pipeline.house import House
from pipeline.restoring import restore
from storage import backups, keys
from storage.backup_form import Backup

_HERE = Path(__file__).parent
BACKUPS = [moment for moment, (verb, *_) in MOMENTS.items() if verb == "backup"]
RESTORES = [moment for moment, (verb, *_) in MOMENTS.items() if verb == "restore"]


@pytest.fixture(scope="module")
def children() -> Iterator[subprocess.Popen[str]]:
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{_HERE}"}
    with subprocess.Popen(
        [sys.executable, str(_HERE / "backup_killed_at.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env,
        text=True,
    ) as process:
        yield process
        _end(process.stdin)


def _end(pipe: IO[str] | None) -> None:
    assert pipe is not None
    pipe.close()


def killed(children: subprocess.Popen[str], house: House, moment: str) -> None:
    settings = house.settings.model_dump(mode="json")
    assert children.stdin is not None
    assert children.stdout is not None
    children.stdin.write(json.dumps({"moment": moment, "settings": settings, "keys": house.keys}) + "\n")
    children.stdin.flush()
    assert int(children.stdout.readline()) == -signal.SIGKILL, moment


@pytest.fixture(scope="module")
def desk(endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    receiver = Receiver()
    place = opened(endpoints, "killed", "killed", tmp_path_factory.mktemp("killed"))
    with pytest.MonkeyPatch.context() as patch, place as house:
        made = Desk(house, Newspaper(house, patch))
        made.fill(receiver)
        yield made
    receiver.stop()


@pytest.fixture(scope="module")
def first(desk: Desk) -> BackedUp:
    return backup(desk.house)


def whole(house: House) -> list[str]:
    """The keys of all backups that ours made, each of which is whole."""
    found = [one for one in backups.listed(house.bucket) if one.taken.year > 2020]
    for one in found:
        Backup(io.BytesIO(house.bucket.get(one.key).data), one.key).check()
    return [one.key for one in found]


@pytest.mark.parametrize("moment", BACKUPS)
def test_a_backup_that_was_killed(desk: Desk, first: BackedUp, children: subprocess.Popen[str], moment: str) -> None:
    house, rows = desk.house, desk.rows()
    for hour in range(5):  # of one day, of which one is enough
        house.bucket.put_derived(keys.backup(datetime(2010, 1, 1, hour, tzinfo=UTC), "0" * 64), b"", "x")
    killed(children, house, moment)
    assert first.key in whole(house)
    assert desk.rows() == rows
    assert not [path for path in house.settings.state.iterdir() if path.is_file()]
    done = backup(house)
    assert done.key in whole(house)
    assert done.left == []
    assert backups.spare(backups.listed(house.bucket)) == ()


@pytest.mark.parametrize("moment", RESTORES)
def test_a_restore_that_was_killed(desk: Desk, children: subprocess.Popen[str], moment: str) -> None:
    backup(desk.house)
    kept = desk.rows()
    desk.subscribe(Receiver(), f"since, {moment}")
    since = desk.rows()
    killed(children, desk.house, moment)
    assert desk.rows() == (kept if RESTORES.index(moment) >= 4 else since)
    restore(desk.house, overwrite=True)
    assert tables(desk.house) == kept
