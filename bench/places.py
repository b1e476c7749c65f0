"""Temporary houses to measure in."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import end_all
from bench.saying import say
from domain.settings import ROOT, settings
from pipeline.house import House
from pipeline.house import house as open_house

PYTHON = sys.executable


@contextmanager
def temporary() -> Iterator[Path]:
    """A state folder of its own; whatever still runs in it is ended, and the folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="tjbench-"))
    try:
        yield folder
    finally:
        if left := end_all(folder):
            say(f"  (ended {left} processes that were left)")
        shutil.rmtree(folder, ignore_errors=True)


def environment(state: Path, **more: str) -> dict[str, str]:
    """What a process of ours needs to work in `state`."""
    return os.environ | {"TONGJIAN_STATE": str(state), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"} | more


@contextmanager
def house(state: Path, **more: str) -> Iterator[House]:
    """The house of `state`, its embedded servers kept up for as long as the block takes. `more` goes into the
    environment."""
    before = dict(os.environ)
    os.environ.update(environment(state, **more))
    settings.cache_clear()
    try:
        with open_house() as opened:
            yield opened
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
