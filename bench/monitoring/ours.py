"""Ours: `tongjian run SITE… --recheck` a round, with the embedded servers, and site files without a selector."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import text

from bench.monitoring.face import Lap, Post
from bench.monitoring.told import alarms
from bench.paper.houses import HOUSES, site_file
from bench.places import PYTHON, environment, house
from bench.processes import cpu, family, measured, memory
from domain.errors import NotFound
from pipeline.house import House


class Ours:
    """Four sites, watched from a state folder of their own."""

    name = "tongjian"

    def __init__(self, post: Post, opened: House, env: dict[str, str]) -> None:
        self._post, self._house, self._env = post, opened, env
        self._known: set[str] = set()
        self.classes: dict[str, int] = {}

    def lap(self, round_: int) -> Lap:
        servers = _servers(self._post.folder)
        before = sum(map(cpu, servers))
        command = [PYTHON, "-m", "pipeline", "run", *(house.name for house in HOUSES), "--recheck"]
        done = measured(command, self._env, codes=(0, 3))
        spent = sum(map(cpu, servers)) - before
        found = [change for change in self._house.catalogue.changes() if change.id not in self._known]
        self._known |= {change.id for change in found}
        held = sum(memory(pid).pss for pid in _servers(self._post.folder))
        return Lap(alarms(round_, found), done.seconds, done.cpu, done.peak_mb, spent, held)

    def texts(self) -> list[str]:
        found = []
        for leaf in self._post.leaves:
            try:
                article = self._house.catalogue.version(leaf.first_url)[1]
            except NotFound:
                continue
            found.append(f"{article.title}\n{article.text}")
        return found

    def kept(self) -> int:
        """What is in the bucket, and the catalogue, which can be made from it again."""
        objects = sum(length for _, length in self._house.bucket.list(""))
        with self._house.catalogue.engine.connect() as connection:
            return objects + int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _servers(state: Path) -> list[int]:
    """PostgreSQL and SeaweedFS of a state folder, and what descends from them; not this process."""
    heads = [process for process in psutil.process_iter(["cmdline"]) if _of(process, str(state))]
    return sorted({one.pid for head in heads for one in family(head.pid)})


def _of(process: psutil.Process, folder: str) -> bool:
    words = " ".join(process.info["cmdline"] or ())
    return folder in words and ("postgres" in words or "weed" in words)


@contextmanager
def ours(post: Post) -> Iterator[Ours]:
    """The servers are kept up between rounds, as `tongjian up` keeps them."""
    folder = post.folder / "sites"
    folder.mkdir()
    for one in HOUSES:
        (folder / f"{one.name.replace('-', '_')}.py").write_text(site_file(one, len(post.leaves)), encoding="utf-8")
    more = {"TONGJIAN_SITES": str(folder), "TONGJIAN_CONNECT_TO": f"::127.0.0.1:{post.port}", "TONGJIAN_PACE": "1000"}
    with house(post.folder, **more) as opened:
        yield Ours(post, opened, environment(post.folder, **more))
