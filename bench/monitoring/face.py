"""The face that every monitor shows to the benchmark."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.paper.press import Leaf
from bench.paper.scoring import Alarm


@dataclass(frozen=True, slots=True)
class Lap:
    """One round of one monitor. CPU seconds of its own processes; `servers` those of servers it needs (PostgreSQL,
    S3); `peak_mb` the largest resident set of its process, `servers_mb` the servers' share (PSS), 10^6 bytes."""

    alarms: list[Alarm]
    seconds: float
    cpu: float
    peak_mb: float
    servers: float = 0.0
    servers_mb: float = 0.0


class Monitor(Protocol):
    """A monitor that watches a paper."""

    name: str

    def lap(self, round_: int) -> Lap:
        """Asks for every page once."""

    def texts(self) -> list[str]:
        """Every text it holds, as it shows it."""

    def kept(self) -> int:
        """Bytes it holds."""


Opened = AbstractContextManager[Monitor]


@dataclass(frozen=True, slots=True)
class Post:
    """Where a monitor works: the paper's port, the pages to watch, a folder of its own, whether it is tuned by hand."""

    port: int
    leaves: Sequence[Leaf]
    folder: Path
    tuned: bool

    @property
    def proxied(self) -> dict[str, str]:
        """An environment in which every address leads to the paper."""
        proxy = f"http://127.0.0.1:{self.port}"
        named = dict.fromkeys(("http_proxy", "HTTP_PROXY"), proxy)
        return {key: value for key, value in os.environ.items() if "proxy" not in key.lower()} | named


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
