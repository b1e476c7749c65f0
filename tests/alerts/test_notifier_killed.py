"""`tongjian notify` killed with SIGKILL at moments of chance, and a database that is restarted under it: the command as
it is, a PostgreSQL of its own, a webhook receiver over TLS."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import desks
import pytest
import warm_commands
from alert_endpoints import Authority
from captured_pages import captured
from faulty_endpoints import FaultyReceiver, judge
from making_matters import LATER

from alerts.kinds import Via
from alerts.sealing import Keyring
from alerts.upgrading import upgrade
from catalogue import Catalogue
from domain.clock import iso
from domain.settings import Settings
from pipeline.embedded import postgres

KILLS = 30
_PAGES = 31


@dataclass
class Room:
    """A database of its own with its catalogue, a receiver that listens, and the environment of the command."""

    folder: Path
    catalogue: Catalogue
    receiver: FaultyReceiver
    env: dict[str, str]
    told: int = 0

    def happens(self, count: int) -> None:
        """So many more changes, now and then one of a page that was told of before."""
        for _ in range(count):
            self.told += 1
            url = f"http://commerce.example.cn/{self.told % _PAGES}"
            captured(self.catalogue, self.told / 100, f"第{self.told}稿。", f"事项{self.told}", url)

    def start(self) -> tuple[warm_commands.Process, Path]:
        said = self.folder / "said"
        with said.open("wb") as out:
            return warm_commands.Process(["notify", "--json"], self.env, out, out), said

    def judged(self) -> None:
        expected = {change.id for change in self.catalogue.changes() if not change.cosmetic}
        judge(list(self.receiver.heard.changes()), expected)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    authority = Authority(tmp_path)
    receiver = FaultyReceiver(authority.context("127.0.0.1"))
    with tempfile.TemporaryDirectory(prefix="tj-") as short:
        place = Path(short) / "pg"
        postgres.start(place)
        database = postgres.address(place, postgres.CATALOGUE)
        chosen = Settings(database=database, state=tmp_path / "state")
        monkeypatch.setattr(desks, "KEYRING", Keyring.load(chosen))
        env = os.environ | {
            "TONGJIAN_DATABASE": database,
            "TONGJIAN_S3_ENDPOINT": "http://127.0.0.1:9",  # telling never asks it
            "TONGJIAN_STATE": str(chosen.state),
            "TONGJIAN_WEBHOOK_ALLOW": "127.0.0.0/8",
            "TONGJIAN_NOW": iso(LATER),
            "SSL_CERT_FILE": str(authority.file),
        }
        with Catalogue(database) as catalogue:
            catalogue.upgrade()
            upgrade(catalogue.engine)
            desks.subscribe(catalogue.engine, Via.WEBHOOK, receiver.url)
            yield Room(place, catalogue, receiver, env)
        receiver.stop()
        postgres.stop(place)


class Notifier:
    """The verb in a process of its own, again and again (notifying_server.py)."""

    def __init__(self, env: dict[str, str]) -> None:
        command = [sys.executable, str(Path(__file__).with_name("notifying_server.py"))]
        root = str(Path(__file__).parents[2])
        self._server = subprocess.Popen(
            command, env=env | {"PYTHONPATH": root}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self) -> int:
        assert self._server.stdin
        self._server.stdin.write("notify\n")
        self._server.stdin.flush()
        return self._said()

    def ended(self) -> int:
        return self._said()

    def _said(self) -> int:
        assert self._server.stdout
        return int(self._server.stdout.readline())

    def stop(self) -> None:
        self._server.communicate(timeout=60)


def test_thirty_kills_lose_nothing_and_double_nothing(room: Room) -> None:
    chance, notifier = random.Random(30), Notifier(room.env)
    room.happens(12)
    notifier.start()
    began = time.monotonic()
    assert notifier.ended() == 0
    whole = time.monotonic() - began
    tries = killed = 0
    while tries < KILLS or killed < KILLS // 2:
        tries += 1
        room.happens(4)
        number = notifier.start()
        time.sleep(chance.uniform(0.0, 1.0) * whole)
        with suppress(ProcessLookupError):  # it had ended
            os.kill(number, signal.SIGKILL)
        if notifier.ended() == -signal.SIGKILL:
            killed += 1
        else:
            whole *= 0.8  # the machine is quicker than it was
    notifier.start()
    assert notifier.ended() == 0
    notifier.stop()
    room.judged()


def test_a_database_that_is_restarted_while_messages_leave(room: Room) -> None:
    room.happens(9)
    room.receiver.fault = "hangs"
    process, said = room.start()
    while room.receiver.requests < 1:
        assert process.poll() is None, said.read_text()
        time.sleep(0.01)
    pid = postgres.pid(room.folder)
    assert pid
    os.kill(pid, signal.SIGQUIT)
    assert process.wait(200) == 1
    assert "Traceback" not in said.read_text()
    room.receiver.fault = "well"
    postgres.start(room.folder)
    room.catalogue.engine.dispose()
    process, said = room.start()
    assert process.wait(200) == 0, said.read_text()
    room.judged()
