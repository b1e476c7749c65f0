"""urlwatch and webchanges: one command a round, a job a page, told through a reporter of ours in their hooks."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.monitoring.face import Lap, Post
from bench.monitoring.selectors import TUNED
from bench.paper.press import Leaf
from bench.paper.scoring import Alarm
from bench.processes import measured

_HOOKS = Path(__file__).with_name("hooks.py")
_TYPES = {"changed": "edited"}
_REPORTER = {"urlwatch": "paper", "webchanges": "run_command"}


class Watcher:
    """One of the two. `which` is its command's name."""

    def __init__(self, which: str, python: Path, post: Post) -> None:
        self.name = f"{which}, {'tuned' if post.tuned else 'default'}"
        self._which, self._python, self._post = which, python, post
        self._store = post.folder / "store.db"
        jobs = [self._job(leaf) for leaf in post.leaves]
        self._write("jobs.yaml", "\n---\n".join(json.dumps(job, ensure_ascii=False) for job in jobs))
        reporters = {_REPORTER[which]: {"enabled": True}, "stdout": {"enabled": False}}
        self._write("config.yaml", json.dumps({"report": reporters}))
        self._write("hooks.py", _HOOKS.read_text(encoding="utf-8"))

    def _write(self, name: str, text: str) -> None:
        (self._post.folder / name).write_text(text, encoding="utf-8")

    def _job(self, leaf: Leaf) -> dict[str, Any]:
        job: dict[str, Any] = {"kind": "url", "name": str(leaf.number), "url": leaf.first_url}
        if not self._post.tuned:
            return job
        chosen = TUNED[leaf.template]
        css = {"selector": chosen.watch} | ({"exclude": chosen.leave} if chosen.leave else {})
        method = "re" if self._which == "urlwatch" else "strip_tags"
        return job | {"filter": [{"css": css}, {"html2text": {"method": method}}]}

    def lap(self, round_: int) -> Lap:
        folder = self._post.folder
        told = folder / f"told.{round_}"
        options = {
            "urlwatch": ("--urls", "--config", "--hooks", "--cache"),
            "webchanges": ("--jobs", "--config", "--hooks", "--database"),
        }[self._which]
        files = (folder / "jobs.yaml", folder / "config.yaml", folder / "hooks.py", self._store)
        words = [str(word) for pair in zip(options, files, strict=True) for word in pair]
        command = [str(self._python.with_name(self._which)), *words]
        done = measured(command, self._post.proxied | {"PAPER_TOLD": str(told), "HOME": str(folder)})
        said = json.loads(told.read_text(encoding="utf-8")) if told.exists() else []
        alarms = [Alarm(round_, url, _TYPES.get(verb, verb)) for verb, url in said if verb != "unchanged"]
        return Lap(alarms, done.seconds, done.cpu, done.peak_mb)

    def texts(self) -> list[str]:
        command = [str(self._python), str(_HOOKS), str(self._store)]
        done = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
        held: list[str] = json.loads(done.stdout)
        return held

    def kept(self) -> int:
        return self._store.stat().st_size


@contextmanager
def watcher(which: str, python: Path, post: Post) -> Iterator[Watcher]:
    """A monitor that is no server."""
    yield Watcher(which, python, post)
