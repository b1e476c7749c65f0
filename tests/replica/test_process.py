"""The replica as a process of its own."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from demo.content import SHIPPED
from demo.replica import Replica
from domain.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_tells_where_it_is_and_ends_cleanly(tmp_path: Path, end: signal.Signals) -> None:
    command = [sys.executable, "-m", "demo", "--state", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().removeprefix("TONGJIAN_CONNECT_TO=::127.0.0.1:"))
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            process.send_signal(end)
            _, said = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, said) == (0, "")
    assert (tmp_path / "replica.json").exists()
    assert (tmp_path / "replica-tls.pem").stat().st_mode & 0o077 == 0


def test_a_port_in_use_is_named() -> None:
    with Replica(SHIPPED) as one, pytest.raises(ConfigurationError, match=str(one.port)):
        Replica(SHIPPED, port=one.port).start()


def test_a_stopped_replica_starts_again_on_its_port() -> None:
    replica = Replica(SHIPPED)
    with replica:
        port = replica.port
    with replica:
        assert replica.port == port


def test_wrong_use_ends_with_one_and_a_reason(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "demo", "--content", str(tmp_path / "none"), "--state", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "no such content folder" in ended.stderr
