"""`python -m pipeline WORDS` as a process of its own, without the second of CPU that other people's libraries take to
load: it is forked off a process that holds them (warm_server.py), and loads all of our own modules itself.

Two such processes take turns: strings hash otherwise in each, so that what hangs on the order of a set still shows
between one command and the next.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
_SERVER = Path(__file__).parent / "warm_server.py"
# What an interpreter asks for when it starts: a process that is there already cannot heed it.
_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_")


class Process:
    """What of subprocess.Popen the tests use. Its output goes to files."""

    def __init__(self, words: Sequence[str], env: dict[str, str], out: IO[bytes], err: IO[bytes]) -> None:
        assert _like_ours(env), "such a command needs an interpreter of its own: subprocess.Popen"
        self.returncode: int | None = None
        self._answers, theirs = socket.socketpair()
        message = json.dumps({"words": list(words), "env": env, "folder": str(ROOT)}).encode()
        with theirs, Path(os.devnull).open("rb") as nothing:
            handed = [theirs.fileno(), nothing.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(next(_servers()), [message], handed)
        self.pid = self._number()

    def _number(self) -> int:
        said = b""
        while not said.endswith(b"\n"):
            said += (one := self._answers.recv(1))
            assert one, f"the process that keeps command {getattr(self, 'pid', '?')} is gone"
        return int(said)

    def poll(self) -> int | None:
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Raises TimeoutError."""
        code = self._ended(timeout)
        if code is None:
            raise TimeoutError(f"command {self.pid} still runs after {timeout} s")
        return code

    def _ended(self, patience: float | None) -> int | None:
        if self.returncode is None and select.select([self._answers], [], [], patience)[0]:
            self.returncode = self._number()
            self._answers.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run(*words: str, env: dict[str, str], timeout: float) -> "subprocess.CompletedProcess[bytes]":
    """As subprocess.run(…, capture_output=True). Raises TimeoutError, the command killed."""
    with TemporaryFile() as out, TemporaryFile() as err:
        process = Process(words, env, out, err)
        try:
            code = process.wait(timeout)
        except TimeoutError:
            process.kill()
            raise
        return subprocess.CompletedProcess(words, code, _all(out), _all(err))


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _like_ours(env: dict[str, str]) -> bool:
    names = {name for name in env.keys() | os.environ.keys() if name.startswith(_AT_START)}
    return all(env.get(name) == os.environ.get(name) for name in names)


@cache
def _servers() -> "cycle[socket.socket]":
    return cycle([_server(), _server()])


def _server() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, str(_SERVER), str(theirs.fileno())]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=ROOT)
    atexit.register(_leave, ours, process)
    return ours


def _leave(orders: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    orders.close()
    process.wait(10)
