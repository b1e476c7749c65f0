"""Everything under the real scheduler: `tongjian up`, its ending, its going on, and a killed scheduler.

The replica has a content folder without a timeline, so that what happens to it is what this test does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
import warm_commands
from desk import ROOT
from sqlalchemy import make_url

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


class Up:
    """A running `tongjian up` and the means to look at it and at its replica."""

    def __init__(self, state: Path, content: Path) -> None:
        self.state, self.content = state, content
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("TONGJIAN_", "AIRFLOW"))}
        self.environment |= {"TONGJIAN_STATE": str(state), "TONGJIAN_PACE": "120"}
        self.log = state.parent / "up.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.seen: set[int] = set()

    def start(self) -> None:
        command = [sys.executable, "-m", "pipeline", "up", "--content", str(self.content)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    def stop(self) -> None:
        """What Ctrl-C does."""
        assert self.process is not None
        self.seen |= {child.pid for child in self.family()}
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(90) == 0, self.log.read_text()[-3000:]

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def cli(self, *words: str) -> Any:
        done = warm_commands.run(*words, "--json", env=self.environment, timeout=120)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        return json.loads(done.stdout)

    def changes(self) -> set[tuple[str, str, int]]:
        return {(change["type"], change["url"], change["version"]) for change in self.cli("changes")}

    def replica(self, verb: str, **words: str) -> Any:
        port = json.loads((self.state / "ports.json").read_text())["replica"]
        answer = httpx.post(f"http://127.0.0.1:{port}/_replica/{verb}", json=words, trust_env=False, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def articles(self) -> list[dict[str, Any]]:
        port = json.loads((self.state / "ports.json").read_text())["replica"]
        found = httpx.get(f"http://127.0.0.1:{port}/_replica/state", trust_env=False, timeout=30).json()["articles"]
        return [item for item in found if item["live"]]

    def until(self, what: str, holds: Callable[[], bool], patience: float = 400.0) -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, f"up ended: {self.log.read_text()[-3000:]}"
            if holds():
                return
            time.sleep(3)
        raise AssertionError(f"{what}: not within {patience} s\n{self.log.read_text()[-4000:]}")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "demo" / "content", content, ignore=shutil.ignore_patterns("timeline.json"))
    running = Up(tmp_path / "var", content)
    try:
        yield running
    finally:
        if running.process and running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
            running.process.wait(90)


def test_the_main_job_under_the_real_scheduler(up: Up) -> None:
    up.start()
    up.until("the replica answers", lambda: (up.state / "ports.json").exists() and _answers(up))
    base = {("new", item["url"], 1) for item in up.articles()}
    up.until("every article is new once", lambda: up.changes() == base)
    expected = _edit_publish_remove(up)
    up.until("the edit, the new one and the removals", lambda: up.changes() >= base | expected)
    assert up.changes() == base | expected
    _kill_the_scheduler(up)
    gone = next(url for kind, url, _ in expected if kind == "removed")
    up.replica("restore", url=gone)
    expected |= {("restored", gone, 1)}
    up.until("the restored page", lambda: up.changes() >= base | expected)
    assert up.changes() == base | expected
    _goes_on_where_it_stopped(up, base | expected)


def _answers(up: Up) -> bool:
    try:
        return bool(up.articles())
    except (httpx.HTTPError, ValueError):
        return False


def _edit_publish_remove(up: Up) -> set[tuple[str, str, int]]:
    """One character edited, one article published, one removed: what must be found, and nothing else. None of them is
    on two sites: the copy of one that is removed would be `diverged`."""
    titles = Counter(item["title"] for item in up.articles())
    by_site = {item["site"]: item for item in up.articles() if titles[item["title"]] == 1}
    edited, removed = by_site["shandong-commerce"], by_site["toudeng"]
    up.replica("edit", url=edited["url"], before=edited["title"], after=edited["title"] + "〇")
    up.replica("remove", url=removed["url"], mode="soft404")
    text = (up.content / "qidian-zibo" / f"{by_site['qidian-zibo']['slug']}.txt").read_text("utf-8")
    title = by_site["qidian-zibo"]["title"]
    fresh = up.replica("add", url="qidian-zibo/fresh", text=text.replace(title, "新近发布的一篇"))
    return {("edited", edited["url"], 2), ("removed", removed["url"], 1), ("new", fresh["url"], 1)}


def _kill_the_scheduler(up: Up) -> None:
    """kill -9 at the worst moment, between locking rows and letting them go: it is started again, nothing waits for
    those rows for ever, and no version is false."""
    scheduler = next(p for p in up.family() if "scheduler" in p.cmdline() and "airflow" in " ".join(p.cmdline()))
    up.seen |= {child.pid for child in up.family()}
    _stop_while_it_holds_rows(scheduler)
    scheduler.kill()
    up.until("the scheduler is started again", lambda: "scheduler had died" in up.log.read_text())


def _stop_while_it_holds_rows(scheduler: psutil.Process) -> None:
    address = make_url(scheduler.environ()["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
    with psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False)) as database:
        database.autocommit = True
        for _ in range(5000):
            scheduler.suspend()
            if _holds_rows(database):
                return
            scheduler.resume()
            time.sleep(0.02)
    raise AssertionError("the scheduler was never seen to hold rows")


def _holds_rows(database: psycopg.Connection[Any]) -> bool:
    """Twice the same, so that what is asked about stands still."""
    asked = """select a.pid, a.xact_start from pg_stat_activity a join pg_locks l using (pid)
        where a.datname = current_database() and a.state = 'idle in transaction' and l.mode = 'RowShareLock'"""
    first = database.execute(asked).fetchall()
    time.sleep(0.05)
    return bool(set(first) & set(database.execute(asked).fetchall()))


def _goes_on_where_it_stopped(up: Up, changes: set[tuple[str, str, int]]) -> None:
    up.stop()
    alive = [pid for pid in up.seen if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
    assert not alive, [psutil.Process(pid).cmdline() for pid in alive]
    assert up.changes() == changes
    findings = up.cli("verify", "--deep")["findings"]
    assert findings == []
    captures = up.cli("verify")["captures"]
    up.start()
    up.until("it captures again", lambda: up.log.read_text().count("抓 captured") > 0 and _more(up, captures))
    assert up.changes() == changes
    up.stop()


def _more(up: Up, captures: int) -> bool:
    return bool(up.cli("verify")["captures"] > captures)
