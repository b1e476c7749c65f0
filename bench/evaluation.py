"""The labelled real pages beside the repository and their scorer, used where they lie: neither is ours to ship."""

import importlib.util
import json
import logging
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.processes import measured
from domain.errors import TongjianError
from domain.settings import ROOT

FOLDER = ROOT.parent / "shared" / "eval"
QUICK = 10
"""--quick takes every tenth page: 20 of 199."""
PAGES, SCORER = FOLDER / "pages.tar.gz", FOLDER / "score.py"
Row = dict[str, Any]
"""What score.py says of one page: id, category, f1, title, date, source, noise, ms, err, …"""


def missing() -> str | None:
    """Why nothing can be scored here, or None."""
    absent = [path.name for path in (PAGES, SCORER) if not path.exists()]
    return f"no {' and '.join(absent)} in ../shared/eval beside the repository" if absent else None


def payloads(*, every: int = 1) -> list[bytes]:
    """The pages' bytes as found, every so-many-th."""
    with tarfile.open(PAGES) as archive:
        found = [archive.extractfile(item) for item in archive if item.name.endswith(".html")]
        return [file.read() for file in found if file][::every]


def unpacked(folder: Path, *, every: int = 1) -> Path:
    """A root as score.py wants it: `pages/ID/{page.html,gold.json}`, every so-many-th page."""
    with tarfile.open(PAGES) as archive:
        names = sorted({Path(item.name).parent.as_posix() for item in archive if item.isfile()})[::every]
        chosen = [item for item in archive if Path(item.name).parent.as_posix() in names]
        archive.extractall(folder, chosen, filter="data")
    return folder


def scorer() -> ModuleType:
    """score.py as a module, for its subsets and its summary."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    if spec is None or spec.loader is None:
        raise TongjianError(f"{SCORER} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    logging.disable(logging.NOTSET)  # score.py silences the extractors' logs, and with them ours
    return module


@dataclass(frozen=True, slots=True)
class Scoring:
    """Runs score.py, a process at a time. `root` holds the pages, `out` what it writes: the rows of each extractor."""

    root: Path
    out: Path

    def rows(self, python: Path, name: str) -> list[Row]:
        """The pages' rows of one extractor of bench.timed. Raises TongjianError where score.py fails with it."""
        command = [str(python), str(SCORER), "--root", str(self.root), "--out", str(self.out)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        measured([*command, "--adaptor", f"bench.timed:{name}", "--name", name], environment)
        rows: list[Row] = json.loads((self.out / f"pages-{name}.json").read_text(encoding="utf-8"))
        if rows and all(row["err"] for row in rows):
            raise TongjianError(f"{name} failed on every page: {rows[0]['err']}")
        return rows
