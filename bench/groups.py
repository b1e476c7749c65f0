"""Environments of their own for the dependency groups that are no part of ours: `peers`, `fuzz`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.results import FOLDER
from bench.saying import say
from domain.settings import ROOT


def interpreter(group: str) -> Path | None:
    """The Python of var/bench/env-GROUP, which uv makes from uv.lock where it is not there or not as locked.

    None where it cannot be made, and why is said: no uv, or no network and the packages not in uv's cache.
    """
    folder = FOLDER / f"env-{group}"
    uv = _uv()
    if uv is None:
        say(f"  {group}: no uv at .uv/bin/uv (make fetches it) nor on the PATH, so no environment for them")
        return None
    say(f"  {group}: uv makes or checks var/bench/{folder.name} …")
    command = [uv, "sync", "--frozen", "--only-group", group, "--python", sys.executable, "--project", str(ROOT)]
    if subprocess.run(command, env=_environment(folder), stdin=subprocess.DEVNULL, check=False).returncode:
        say(f"  {group}: not made, uv says above why (the first time it needs the network)")
        return None
    return folder / "bin" / "python"


def packages(python: Path) -> Path:
    """The folder of the packages of an environment made here."""
    return next((python.parent.parent / "lib").glob("python*/site-packages"))


def _uv() -> str | None:
    own = ROOT / ".uv" / "bin" / "uv"
    return str(own) if own.exists() else shutil.which("uv")


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return kept | {"UV_PROJECT_ENVIRONMENT": str(folder), "UV_PYTHON_DOWNLOADS": "never"}
