"""Temporary houses to measure in."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.processes import end_all
from domain.settings import ROOT, Settings
from pipeline.embedded import embedded
from pipeline.house import House

PYTHON = sys.executable


@contextmanager
def temporary() -> Iterator[Path]:
    """A state folder of its own; whatever still runs in it is ended, and the folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="tjbench-"))
    try:
        yield folder
    finally:
        if left := end_all(folder):
            print(f"  (ended {left} processes that were left)")
        shutil.rmtree(folder, ignore_errors=True)


def environment(state: Path, **more: str) -> dict[str, str]:
    """What a process of ours needs to work in `state`."""
    return os.environ | {"TONGJIAN_STATE": str(state), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"} | more


@contextmanager
def house(state: Path) -> Iterator[House]:
    """The embedded servers of `state`, kept up for all rounds, and a house over them."""
    with embedded(state) as local, ExitStack() as stack:
        chosen = Settings(state=state, s3_endpoint=local.s3, database=local.database)
        yield House(chosen, local.keys, stack)
