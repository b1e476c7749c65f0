"""What processes cost, from /proc: CPU, peak memory, and the memory of a whole family.

PSS counts a page shared by n processes as 1/n in each, so that a sum over processes counts it once; USS counts
only what is a process's own (proc(5), smaps_rollup).
"""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage
from typing import IO

import psutil

from domain.errors import TongjianError

_POLL = 0.02


@dataclass(frozen=True, slots=True)
class Measured:
    """A process that has ended: wall and CPU seconds, its largest resident set in MB (10^6), its output."""

    seconds: float
    cpu: float
    peak_mb: float
    code: int
    output: str


def measured(command: Sequence[str], environment: Mapping[str, str], *, codes: Iterable[int] = (0,)) -> Measured:
    """Runs a command to its end. Raises TongjianError with the end of its words where its code is none of `codes`."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=complained
        )
        try:
            ended, usage, peak = _follow(process)
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()
        seconds = time.perf_counter() - start
        output, complaints = (_all(file) for file in (said, complained))
    if ended not in codes:
        raise TongjianError(f"{' '.join(command)[:200]} ended with {ended}: …{(complaints or output)[-1500:]}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak, ended, output)


def _follow(process: "subprocess.Popen[bytes]") -> "tuple[int, struct_rusage, float]":
    """VmHWM is asked for while it runs: ru_maxrss would also count the parent's pages at the fork."""
    peak = 0.0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage, peak
        peak = max(peak, high_water(process.pid))
        time.sleep(_POLL)


def high_water(pid: int) -> float:
    """The largest resident set that a running process has had, in MB (10^6)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", _read(f"/proc/{pid}/status"))
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def _all(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def family(pid: int) -> list[psutil.Process]:
    """A process and all that descend from it."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@dataclass(frozen=True, slots=True)
class Memory:
    """MB (10^6) that are a process's share (PSS) and its own (USS)."""

    pss: float = 0.0
    uss: float = 0.0

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.pss + other.pss, self.uss + other.uss)


def memory(pid: int) -> Memory:
    """Of one process; nothing where it has ended."""
    lines = re.findall(r"(\w+):\s+(\d+) kB", _read(f"/proc/{pid}/smaps_rollup"))
    sizes = {name: int(size) * 1024 / 1e6 for name, size in lines}
    return Memory(sizes.get("Pss", 0.0), sum(size for name, size in sizes.items() if name.startswith("Private_")))


def cpu(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended and been waited for."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def end_all(state: Path) -> int:
    """Kills what still works in a temporary folder, which should be nothing; gives how many."""
    left = [process for process in psutil.process_iter(["cmdline"]) if _works_in(process, str(state))]
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=5)
    return len(left)


def _works_in(process: psutil.Process, folder: str) -> bool:
    return process.pid != os.getpid() and any(folder in part for part in process.info["cmdline"] or ())
