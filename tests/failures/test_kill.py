"""kill -9 at any moment: what was acknowledged is there, the next run ends well, and what is found in the end is
what an undisturbed run finds.

A story in two steps: 160 pages appear; then some are edited, some taken away, some added. It is told once in peace,
and once for each thing that can be killed. The moments are random; the seed stands in every failure's message.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from commands import Command, Workplace, workplace
from paper_server import Ask, Fault, PaperServer, Story

from pipeline.embedded import embedded, postgres, s3
from pipeline.embedded.shared import Endpoints, ensure

Found = set[tuple[str, str, int]]
NAMES = ("big", "small")
SEED = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10**6)))


@dataclass
class Servers:
    """A state folder's own pair of servers, for tests that kill them."""

    state: Path
    endpoints: Endpoints

    def kill_s3(self) -> None:
        server = s3.running(self.state / "s3")
        assert server is not None
        _kill(server.pid)

    def kill_postgres(self) -> None:
        postmaster = postgres.pid(self.state / "pg")
        assert postmaster is not None
        _kill(postmaster)

    def start_again(self) -> None:
        again = ensure(self.state)
        assert (again.s3, again.database) == (self.endpoints.s3, self.endpoints.database)


def _kill(pid: int) -> None:
    """Its ports are free after this: a process whose first thread is a zombie holds them as long as another ends."""
    process = psutil.Process(pid)
    process.kill()
    _wait_until(lambda: _is_gone(process))


def _is_gone(process: psutil.Process) -> bool:
    try:
        dead = process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
        return dead or not process.is_running()
    except psutil.NoSuchProcess:
        return True


@dataclass
class Tale:
    """Two papers, the house that watches them, and what the ledger has acknowledged so far."""

    papers: PaperServer
    place: Workplace
    chance: random.Random
    acknowledged: dict[str, list[str]] = field(default_factory=dict)

    def tell(self, step: int) -> None:
        if step == 0:
            self.papers.paper("big.example", 140)
            self.papers.paper("small.example", 20)
            return
        big, small = self.papers.papers["big.example"], self.papers.papers["small.example"]
        for number in (1001, 1070, 1140):
            big.stories[f"/2026/{number}.html"].extra = "更正：补贴金额由50万元改为80万元。"
        small.stories["/2026/1005.html"].title = "关于推迟召开年度表彰大会的通知"
        big.gone |= {"/2026/1002.html", "/2026/1111.html"}
        for number in (1141, 1142):
            big.stories[f"/2026/{number}.html"] = Story(number, f"新增公告第{number}号")

    def start(self, verb: str, *words: str, **env: str) -> Command:
        return self.place.start(verb, *NAMES, "--json", *words, **env)

    def settle(self) -> None:
        done = self.start("run", "--recheck").wait()
        assert done.code == 0, (SEED, done.err[-3000:])
        assert self.place.spooled() == []
        self.check()

    def check(self) -> None:
        """All that the ledger acknowledged before is there still, unchanged, and everything in it is whole."""
        archive = self.place.archive()
        for site in archive.sites():
            now = [entry.hash for entry in archive.ledger(site).walk()]
            before = self.acknowledged.get(site, [])
            assert now[: len(before)] == before, (SEED, site)
            self.acknowledged[site] = now
        assert self.place.damage() == [], SEED

    def wait_for_requests(self, count: int) -> None:
        """Until that many more requests have come."""
        assert self.papers.wait_for(len(self.papers.asked) + count), "no requests come"

    @contextmanager
    def at_request(self, count: int) -> Iterator[None]:
        """Once that many more have come; those after them are answered when the block is left, so that what is done
        in it is done before the capture ends, however slow this process is just then."""
        last, gate = len(self.papers.asked) + count, threading.Event()

        def held(ask: Ask) -> list[bytes]:
            if len(self.papers.asked) > last:
                gate.wait(60)
            return [ask.right()]

        self.papers.faults |= dict.fromkeys(self.papers.papers, held)
        try:
            self.wait_for_requests(count)
            yield
        finally:
            gate.set()
            self.papers.faults.clear()


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="tj-kill-") as folder, embedded(Path(folder)) as running:
        servers = Servers(Path(folder), running)
        yield servers
        servers.kill_s3()  # it is slow to go, and nothing of it is wanted any more


Open = Callable[[], Tale]


def _opened(servers: Servers, folder: Path) -> Iterator[Tale]:
    with PaperServer() as papers:
        place = workplace(
            servers.endpoints, folder, TONGJIAN_CONNECT_TO=f"::127.0.0.1:{papers.port}", TONGJIAN_GONE_AFTER="1"
        )
        for name in NAMES:
            place.site(name, f"http://{name}.example/", concurrent=4)
        yield Tale(papers, place, random.Random(SEED))


@pytest.fixture
def tale(servers: Servers, tmp_path: Path) -> Iterator[Tale]:
    yield from _opened(servers, tmp_path / "house")


@pytest.fixture(scope="module")
def control(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What is found in peace."""
    for peaceful in _opened(servers, tmp_path_factory.mktemp("control") / "house"):
        for step in range(2):
            peaceful.tell(step)
            peaceful.settle()
        found = peaceful.place.changes()
    assert len(found) == 160 + 4 + 2 + 2
    return found


def _wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, (SEED, "it never came to that")
        time.sleep(0.002)


def _moments(tale: Tale) -> list[Callable[[Command], None]]:
    """Moments in a capture's life: while it asks, as a segment reaches the disk, as one reaches the bucket."""

    def asking(command: Command) -> None:
        tale.wait_for_requests(tale.chance.randrange(1, 160))

    def spooled(command: Command) -> None:
        _wait_until(lambda: bool(tale.place.spooled()) or not command.running)

    def shortly_after(command: Command) -> None:
        spooled(command)
        time.sleep(tale.chance.random() * 0.15)

    return [asking, spooled, shortly_after]


def test_a_killed_capture(tale: Tale, control: Found) -> None:
    for step in range(2):
        tale.tell(step)
        for moment in _moments(tale)[step:]:
            capture = tale.start("capture", "--recheck")
            moment(capture)
            capture.kill()
            capture.wait()
            tale.check()
        tale.settle()
    assert tale.place.changes() == control, SEED


def test_killed_readers_and_comparers(tale: Tale, control: Found) -> None:
    for step in range(2):
        tale.tell(step)
        assert tale.start("capture", "--recheck").wait().code == 0
        for verb in ("read", "compare"):
            for _ in range(2 - step):
                _kill_at_work(tale, verb)
            done = tale.start(verb).wait()
            assert done.code == 0, (SEED, done.err[-3000:])
        tale.check()
    assert tale.place.changes() == control, SEED


def _kill_at_work(tale: Tale, verb: str) -> None:
    """A random time after it began to talk to the database."""
    with tale.place.catalogue() as catalogue, catalogue.engine.connect() as connection:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        command = tale.start(verb)
        _wait_until(lambda: not command.running or bool(connection.exec_driver_sql(others).scalar()))
    time.sleep(tale.chance.random() * 0.6)
    command.kill()
    command.wait()


def test_a_killed_bucket(tale: Tale, control: Found, servers: Servers) -> None:
    """Once it comes back while the capture still goes on; once it stays away until after its end."""
    tale.tell(0)
    capture = tale.start("capture", "--recheck")
    tale.chance.choice(_moments(tale))(capture)
    servers.kill_s3()
    time.sleep(tale.chance.random())
    servers.start_again()
    done = capture.wait()
    assert done.code in (0, 1), (SEED, done.err[-3000:])
    tale.check()
    tale.settle()
    tale.tell(1)
    runs = _captured_without_a_bucket(tale, servers)
    _refused_without_a_bucket(tale)
    waiting = len(tale.place.spooled())
    servers.start_again()
    tale.check()
    before = _entries(tale, runs["big"])  # what was acknowledged before the bucket went
    assert tale.start("capture").wait().code == 0
    assert tale.place.spooled() == []
    assert 0 < _entries(tale, runs["big"]) - before <= waiting
    assert not [run for run in tale.place.archive().runs("big") if run.run == runs["big"]]  # incomplete, visibly
    tale.settle()
    assert tale.place.changes() == control, SEED


def _entries(tale: Tale, run: str) -> int:
    return sum(entry.commit.run == run for entry in tale.place.archive().ledger("big").walk())


def _captured_without_a_bucket(tale: Tale, servers: Servers) -> dict[str, str]:
    """Down before the last segment is sealed: exit 1, what to do next, and all that came waits on the disk."""
    capture = tale.start("capture", "--recheck")
    with tale.at_request(150):
        servers.kill_s3()
    done = capture.wait()
    assert done.code == 1
    assert {run["reason"] for run in done.json} == {"storage"}
    for run in done.json:
        [issue] = run["issues"]
        assert issue["kind"] == "storage"
        assert servers.endpoints.s3 in issue["message"]
        assert "the next run sends what is in the spool" in issue["message"]
    assert "Traceback" not in done.err
    assert tale.place.spooled()
    return {run["site"]: run["run"] for run in done.json}


def _refused_without_a_bucket(tale: Tale) -> None:
    """Down from the start: exit 1, no page is asked for, and what waits on the disk goes on waiting."""
    before, waiting = len(tale.papers.asked), tale.place.spooled()
    done = tale.start("capture").wait()
    assert done.code == 1
    assert "Check that the S3 endpoint is up" in done.out + done.err
    assert "Traceback" not in done.err
    assert len(tale.papers.asked) == before
    assert tale.place.spooled() == waiting


def test_a_killed_database(tale: Tale, control: Found, servers: Servers) -> None:
    """In the middle of a capture, which keeps all the same; then of reading and comparing, which are run again."""
    tale.tell(0)
    capture = tale.start("capture", "--recheck")
    with tale.at_request(tale.chance.randrange(1, 100)):
        servers.kill_postgres()
    done = capture.wait()
    assert done.code == 3, (SEED, done.err[-3000:])
    said = {run["site"]: run for run in done.json}
    assert all([issue["kind"] for issue in said[name]["issues"]] == ["catalogue"] for name in NAMES)
    assert sorted(set(tale.place.kept("small"))) == sorted(set(_asked(tale, "small.example")))
    servers.start_again()
    tale.settle()
    with tale.place.catalogue() as catalogue:
        assert {run.run for run in catalogue.runs("small")} >= {said["small"]["run"]}
    tale.tell(1)
    assert tale.start("capture", "--recheck").wait().code == 0
    for verb in ("read", "compare"):
        command = tale.start(verb)
        time.sleep(1.0 + tale.chance.random())
        servers.kill_postgres()
        done = command.wait()
        assert done.code in (0, 1), (SEED, done.err[-3000:])
        assert done.code == 0 or ("next:" in done.err and "Traceback" not in done.err), (SEED, done.err)
        servers.start_again()
    tale.settle()
    assert tale.place.changes() == control, SEED


def _asked(tale: Tale, host: str) -> list[str]:
    with tale.papers.lock:
        return [f"http://{ask.place}" for ask in tale.papers.asked if ask.host == host]


def test_a_dead_servers_number_is_not_taken_for_the_server(tmp_path: Path) -> None:
    """Its file outlives a kill -9 and a restart of the machine; the number may be anyone's by then."""
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert not postgres.running(tmp_path)
    postgres.stop(tmp_path)  # else we would be interrupted ourselves
    (tmp_path / "postmaster.pid").write_text("")
    assert not postgres.running(tmp_path)


def test_a_terminated_capture_ends_cleanly(tale: Tale) -> None:
    tale.tell(0)
    capture = tale.start("capture")
    with tale.at_request(100):
        capture.process.send_signal(signal.SIGTERM)
    done = capture.wait()
    assert done.code in (0, 3), done.err[-3000:]
    assert {run["reason"] for run in done.json} <= {"shutdown", "finished"}
    _ended_by_shutdown(tale)


def _ended_by_shutdown(tale: Tale) -> None:
    """Every answer that came is acknowledged, the run says why it ended, and the next one goes on."""
    [run] = tale.place.archive().runs("big")
    assert run.reason == "shutdown"
    assert tale.place.spooled() == []
    kept = tale.place.kept("big")
    assert run.captures == len(kept)
    assert set(kept) == set(_asked(tale, "big.example"))
    assert len(kept) < 140
    tale.settle()
    assert len(tale.place.changes()) == 160


def test_a_capture_terminated_twice_keeps_what_came(tale: Tale) -> None:
    """As when a scheduler ends its task and then itself: the second signal makes Scrapy drop what is under way."""
    tale.tell(0)
    slow: Fault = lambda ask: (time.sleep(0.2), [ask.right()])[1]  # noqa: E731
    tale.papers.faults |= {"big.example": slow, "small.example": slow}
    capture = tale.start("capture")
    tale.wait_for_requests(60)
    for _ in range(2):
        capture.process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
    done = capture.wait()
    assert done.code in (0, 3), done.err[-3000:]
    tale.papers.faults.clear()
    runs = {run["site"]: run for run in done.json}
    assert runs["big"]["reason"] == "shutdown"
    kept = tale.place.kept("big")
    asked = _asked(tale, "big.example")
    assert len(kept) == runs["big"]["captures"] >= len(asked) - 4  # so many were under way
    assert set(kept) <= set(asked)
    assert tale.place.spooled() == []
    tale.check()


def test_a_capture_whose_parent_dies_ends_itself(tale: Tale) -> None:
    tale.tell(0)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *("capture", *NAMES, "--json")],
        env=tale.place.env,
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    for paper in ("big.example", "small.example"):  # slow enough not to be done before the parent is missed
        tale.papers.faults[paper] = lambda ask: (time.sleep(0.3), [ask.right()])[1]
    tale.wait_for_requests(20)
    parent.kill()
    parent.wait()
    _wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    tale.papers.faults.clear()
    _ended_by_shutdown(tale)


PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "pipeline", *sys.argv[1:]],
    env=os.environ | {"TONGJIAN_PARENT": str(os.getpid())}, stdout=subprocess.DEVNULL, start_new_session=True)
print(child.pid, flush=True)
child.wait()
"""
