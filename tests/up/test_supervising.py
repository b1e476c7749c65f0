"""The supervisor and its ports, with real processes."""

import os
import socket
import sys
import time
from pathlib import Path

import psutil
import pytest

from domain.errors import ConfigurationError, TongjianError
from pipeline.embedded import ports
from pipeline.up.plan import choose_ports
from pipeline.up.supervisor import Child, Supervisor, become_reaper

# A child with a grandchild in a session of its own, as Airflow's tasks have; both ignore SIGTERM.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import signal,time; signal.signal(15, 1); time.sleep(600)"],
                 start_new_session=True)
time.sleep(600)
"""

_EARLIER: set[int] = set()


def supervising() -> Supervisor:
    """One that leaves alone what this test process started before: other tests' servers, for the session."""
    supervisor = Supervisor()
    supervisor.spare(_EARLIER)
    return supervisor


@pytest.fixture(autouse=True)
def earlier() -> None:
    _EARLIER.clear()
    _EARLIER.update(process.pid for process in psutil.Process().children())


def child(tmp_path: Path, code: str, name: str = "child") -> Child:
    return Child(name, [sys.executable, "-c", code], {}, tmp_path / f"{name}.log")


def descendants() -> list[psutil.Process]:
    """This test's own: those of servers that were there before are not."""
    old = {pid for earlier in _EARLIER if psutil.pid_exists(earlier) for pid in _all_of(earlier)}
    return [process for process in psutil.Process().children(recursive=True) if process.pid not in old]


def _all_of(pid: int) -> set[int]:
    return {pid, *(process.pid for process in psutil.Process(pid).children(recursive=True))}


def wait_for(count: int) -> list[psutil.Process]:
    for _ in range(600):
        family = descendants()
        if len(family) >= count:
            return family
        time.sleep(0.1)
    raise AssertionError(f"{count} processes never came")


def test_nothing_is_left_behind_however_stubborn(tmp_path: Path) -> None:
    become_reaper()
    supervisor = supervising()
    supervisor.start(child(tmp_path, STUBBORN))
    before = wait_for(2)
    supervisor.stop()
    assert not [process for process in before if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def test_orphans_of_a_killed_child_are_found(tmp_path: Path) -> None:
    become_reaper()
    supervisor = supervising()
    stubborn = child(tmp_path, STUBBORN)
    supervisor.start(stubborn)
    family = wait_for(2)
    assert stubborn.process is not None
    stubborn.process.kill()
    stubborn.process.wait()
    supervisor.stop()
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


# A child as Airflow's scheduler is: its worker is a fork in the same session, which holds its open files.
FORKING = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
time.sleep(600)
"""


def test_what_a_killed_child_left_is_gone_before_its_successor_runs(tmp_path: Path) -> None:
    become_reaper()
    supervisor = supervising()
    scheduler = child(tmp_path, FORKING, "scheduler")
    supervisor.start(scheduler)
    left = next(process for process in wait_for(2) if scheduler.process and process.pid != scheduler.process.pid)
    assert scheduler.process is not None
    scheduler.process.kill()
    scheduler.process.wait()
    assert left.is_running()
    assert supervisor.tend() == ["scheduler"]
    assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE
    assert scheduler.process.poll() is None
    supervisor.stop()


def test_what_dies_is_started_again_and_too_often_is_an_error(tmp_path: Path) -> None:
    supervisor = supervising()
    supervisor.start(child(tmp_path, "raise SystemExit(3)", "brittle"))
    with pytest.raises(TongjianError, match="brittle died 5 times"):
        tend_for_long(supervisor)
    supervisor.stop()


def tend_for_long(supervisor: Supervisor) -> None:
    for _ in range(1200):
        time.sleep(0.05)
        supervisor.tend()


def test_spared_servers_live_on(tmp_path: Path) -> None:
    become_reaper()
    supervisor = supervising()
    server = child(tmp_path, "import time; time.sleep(600)", "server")
    other = supervising()
    other.start(server)
    assert server.process is not None
    supervisor.start(child(tmp_path, "import time; time.sleep(600)"))
    supervisor.spare([server.process.pid, *_EARLIER])
    supervisor.stop()
    assert server.process.poll() is None
    other.stop()
    assert server.process.poll() is not None


def test_a_taken_port_that_was_asked_for_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(
            ConfigurationError, match=rf"port {number} for the reading room is taken.*{os.getpid()}"
        ) as e:
            ports.claim(number, "the reading room", "--port")
        assert "--port" in (e.value.hint or "")


def test_a_taken_usual_port_gives_way_and_says_so(tmp_path: Path) -> None:
    first = choose_ports(tmp_path, None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first.web))
        taken.listen()
        moved = choose_ports(tmp_path, None)
    assert moved.web != first.web
    assert (moved.airflow, moved.replica) == (first.airflow, first.replica)
    assert any(str(first.web) in line and str(moved.web) in line for line in moved.moved)


def test_free_ports_come_in_pairs() -> None:
    found = ports.free(5)
    assert len(set(found)) == 5
    assert all(ports.is_free(port) and ports.is_free(port + ports.GRPC) for port in found)
