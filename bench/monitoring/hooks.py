"""Loaded by urlwatch and by webchanges as their hooks file, in their own environment: a reporter that writes down what
people would have been told. As a program, `hooks.py FILE`, it prints the texts that a store of theirs holds, as JSON.

Nothing of ours is imported here.
"""

import contextlib
import json
import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# The configuration of webchanges knows no other reporters than its own: ours takes the place of one.
_KINDS = {"urlwatch": "paper", "webchanges": "run_command"}
_LOADED_BY = next((name for name in _KINDS if name in sys.modules), None)
ReporterBase: Any = import_module(f"{_LOADED_BY}.reporters").ReporterBase if _LOADED_BY else object


class PaperReporter(ReporterBase):  # type: ignore[misc]
    """Writes [verb, address] of each job that the report would show into the file of PAPER_TOLD."""

    __kind__ = _KINDS.get(_LOADED_BY or "", "")

    def submit(self, **more: Any) -> None:
        shown = self.report.get_filtered_job_states(self.job_states)
        told = [[state.verb, state.job.url] for state in shown]
        Path(os.environ["PAPER_TOLD"]).write_text(json.dumps(told), encoding="utf-8")


def texts(store: str) -> list[str]:
    """Every text in a database of urlwatch (minidb) or of webchanges."""
    with contextlib.closing(sqlite3.connect(store)) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if "webchanges" in names:
            unpacked = import_module("msgpack").unpackb
            rows = opened.execute("SELECT msgpack_data FROM webchanges").fetchall()
            return [_text(unpacked(data)) for (data,) in rows]
        return [data or "" for (data,) in opened.execute("SELECT data FROM CacheEntry")]


def _text(row: dict[str, Any]) -> str:
    found = row.get("data") or row.get("d") or ""
    return found if isinstance(found, str) else bytes(found).decode("utf-8", "replace")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(texts(sys.argv[1])))
