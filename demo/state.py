"""What a replica remembers over a restart: its zero, how far its timeline went, what was done to it."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from demo.model import Source


@dataclass(slots=True)
class State:
    """`zero` is the replica's first visit, its first start until then (aware, UTC); `done` counts the timeline's
    events that have happened; `journal` holds every action with its time."""

    content: str
    zero: datetime
    done: int = 0
    journal: list[dict[str, str]] = field(default_factory=list)
    visited: bool = False


class StateFile:
    """The state in a file, or in memory where none is named.

    `state` names the file where it ends in .json (and is no folder), else the folder that it lies in.
    """

    def __init__(self, state: Path | None) -> None:
        self._path = _file(state) if state else None
        self.folder = self._path.parent if self._path else None

    def load(self, content: str, now: datetime) -> State:
        """The kept state, or a new one where there is none or the content is another."""
        if self._path is None or not self._path.exists():
            return State(content, now)
        kept = json.loads(self._path.read_text(encoding="utf-8"))
        if kept["content"] != content:
            return State(content, now)
        return State(content, datetime.fromisoformat(kept["zero"]), kept["done"], kept["journal"], kept["visited"])

    def save(self, state: State) -> None:
        """Written whole under another name, then renamed: a crash leaves the old or the new, never half."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**asdict(state), "zero": state.zero.isoformat()}, ensure_ascii=False, indent=1)
        aside = self._path.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, self._path)  # noqa: PTH105


def _file(state: Path) -> Path:
    return state if state.suffix == ".json" and not state.is_dir() else state / "replica.json"


def fingerprint(sources: Iterable[Source], events: object) -> str:
    """One hash over texts and timeline: another content starts from a new zero."""
    digest = hashlib.sha256(json.dumps(events, ensure_ascii=False, sort_keys=True).encode())
    for source in sorted(sources, key=lambda item: (item.site, item.slug)):
        digest.update(f"{source.site}/{source.slug}\n{source.text}\n".encode())
    return digest.hexdigest()
