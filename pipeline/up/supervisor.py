"""A small supervisor: starts processes, restarts those that die, and leaves none behind.

Each child has its own session, so a Ctrl-C reaches only us and we decide the order of ending. On Linux this
process becomes the reaper of its descendants' orphans (prctl(2), PR_SET_CHILD_SUBREAPER), so that even a
grandchild whose parent was killed is found and ended.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from domain.errors import TongjianError

log = logging.getLogger(__name__)

_PR_SET_CHILD_SUBREAPER = 36
_TOO_OFTEN = 5


@dataclass(slots=True)
class Child:
    """A process to keep running: its command, what it adds to the environment, and its log file."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)


def become_reaper() -> None:
    """Orphans of our children become ours. Does nothing where the system has no such thing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Supervisor:
    """Keeps children running. Not thread-safe: the loop that owns it calls `tend` every second or so."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._spare: set[int] = set()

    def start(self, child: Child) -> None:
        """Starts a child; its output is appended to its log file."""
        child.log_file.parent.mkdir(parents=True, exist_ok=True)
        with child.log_file.open("ab") as output:
            child.process = subprocess.Popen(
                child.command,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                env=os.environ | child.environment,
                start_new_session=True,
            )
        child.starts.append(time.monotonic())
        if child not in self._children:
            self._children.append(child)

    def tend(self) -> list[str]:
        """Restarts what has died; gives the names. Raises TongjianError where one dies again and again."""
        dead = [child for child in self._children if child.process and child.process.poll() is not None]
        for child in dead:
            recent = [moment for moment in child.starts if time.monotonic() - moment < 60]
            if len(recent) >= _TOO_OFTEN:
                raise TongjianError(
                    f"{child.name} died {len(recent)} times within a minute", hint=f"See the end of {child.log_file}."
                )
            log.warning("%s ended with %s; starting it again", child.name, child.process and child.process.returncode)
            _end_leftovers(child)
            self.start(child)
        return [child.name for child in dead]

    def reap(self) -> None:
        """Takes note of adopted orphans that have ended, so that they do not stay as zombies."""
        ours = {child.process.pid for child in self._children if child.process}
        for process in psutil.Process().children():
            if process.pid not in ours and process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, os.WNOHANG)

    def spare(self, pids: Iterable[int]) -> None:
        """These processes, and theirs, are not ours to end."""
        self._spare = set(pids)

    def stop(self) -> None:
        """Ends all children and their descendants; SIGKILL for what is still there after two SIGTERMs.

        The scheduler goes first, while the api-server still takes its tasks' last words. Descendants in
        `spare` (servers that other commands share) are left alone.
        """
        for names in ({"scheduler"}, {child.name for child in self._children}):
            self._end([child.process for child in self._children if child.process and child.name in names])
        family = self._family()
        for process in family:
            _signal(process, signal.SIGTERM)
        psutil.wait_procs(family, timeout=5)
        for process in self._family():
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(self._family(), timeout=3)
        for child in self._children:
            if child.process:
                child.process.wait()

    def _end(self, processes: list[subprocess.Popen[bytes]]) -> None:
        for patience in (6.0, 3.0):  # Airflow's scheduler takes the second SIGTERM for «do not wait for tasks»
            end = time.monotonic() + patience
            alive = [process for process in processes if process.poll() is None]
            for process in alive:
                process.terminate()
            while time.monotonic() < end and any(process.poll() is None for process in alive):
                time.sleep(0.05)

    def _family(self) -> list[psutil.Process]:
        """Our descendants but the spared, and but theirs (a database has children of its own)."""
        spared = {pid for keeper in self._spare for pid in _descendants(keeper)} | self._spare
        return [process for process in psutil.Process().children(recursive=True) if process.pid not in spared]


def _end_leftovers(child: Child) -> None:
    """Ends what a dead child left in its session. A killed scheduler's workers would live on as copies of it, and
    hold its connection to the database open: whatever rows it had locked, its successor would wait for for ever."""
    left = [process for process in psutil.process_iter() if child.process and _session(process) == child.process.pid]
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)


def _session(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except (ProcessLookupError, PermissionError):
        return None


def _descendants(pid: int) -> set[int]:
    try:
        return {child.pid for child in psutil.Process(pid).children(recursive=True)}
    except psutil.NoSuchProcess:
        return set()


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        log.debug("process %s had ended", process.pid)
