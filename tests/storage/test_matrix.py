"""The failure matrix: whatever goes wrong, what was acknowledged is there, unchanged, once, and the next run sends the
rest. The store is a real SeaweedFS behind a proxy of ours that fails as it is told.

The moments of the kills are random; the seed stands in every failure's message (KILL_SEED=… tells it again).
"""

import errno
import hashlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import pytest
import racing_at
import servers_of_tests
from faulting_proxy import DROP_AFTER, DROP_BEFORE, RESET_REPLY, RESET_SENDING, Fault, Proxy
from kept_at import Endpoint
from killed_at import MOMENTS
from making import SITE, START, exchange, large_or_not, payload_of, remove, spooled, write

from domain.capture import Capture, Exchange, Role
from domain.errors import EndpointDown, StorageError
from storage import Archive, Bucket, Writer, keys, writer
from storage.archive import answer_from
from storage.ledger import Ledger
from storage.segment import read_index
from storage.verify import verify

HERE = Path(__file__).parent
SEED = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10**6)))
ROUNDS = 30
PARTS = (keys.SEGMENTS, keys.LEDGERS, keys.BIG)
AGAIN = "20260301t090000z-bbbbbb"
_SITES = (f"site-{number}" for number in count(1))
Proxied = Callable[..., Bucket]


@pytest.fixture(scope="module")
def shared(endpoint: Endpoint) -> Iterator[Bucket]:
    """One bucket for all: each case has a site of its own in it."""
    made = endpoint.bucket("matrix")
    made.ensure()
    yield made
    remove(made, *(key for key, _ in made.list("")))
    made._client.delete_bucket(Bucket=made.name)


@pytest.fixture
def site() -> str:
    return next(_SITES)


@pytest.fixture
def through(endpoint: Endpoint, shared: Bucket, proxy: Proxy) -> Proxied:
    return lambda attempts=3: endpoint.bucket(shared.name, through=proxy.address, attempts=attempts)


def answers(site: str, count: int = 70, first: int = 0) -> list[Exchange]:
    """Two segments, and in each a body that lies outside."""
    return [large_or_not(number, site=site) for number in range(first, first + count)]


def acknowledged(bucket: Bucket, site: str) -> list[Capture]:
    """What the ledger vouches for, each payload read back and found to be what was served at that address; and
    nothing that `verify` finds wrong."""
    wrong = [finding for checked in verify(Archive(bucket), site, deep=True) for finding in checked.findings]
    assert wrong == []
    return [capture for _, capture in beyond(bucket, site, 0)]


def beyond(bucket: Bucket, site: str, seq: int) -> Iterator[tuple[int, Capture]]:
    """The captures of entries beyond one, each read back, with its entry's number."""
    archive = Archive(bucket)
    for entry in archive.ledger(site).walk(seq):
        segment = archive.opened(entry.commit.segment, tuple(Role))
        for capture in segment.index.captures:
            assert answer_from(segment, capture).payload == payload_of(capture.url), capture.url
            yield entry.seq, capture


def hold(bucket: Bucket, site: str, *given: list[Exchange]) -> None:
    """All that was handed over is acknowledged, once and in order, and no object is there that nobody names."""
    found = acknowledged(bucket, site)
    wanted = [one for group in given for one in group]
    assert [(capture.url, capture.at) for capture in found] == [(one.url, one.at) for one in wanted]
    assert len({capture.id for capture in found}) == len(found)
    named = {entry.commit.segment for entry in Ledger(bucket, site).walk()}
    assert {key for key, _ in bucket.list(f"{keys.SEGMENTS}{site}/")} == named


FAULTS = {
    "the reply is lost": {"how": DROP_AFTER},
    "the connection is closed before": {"how": DROP_BEFORE},
    "reset before the body's first byte": {"how": RESET_SENDING, "at": 0},
    "reset at byte 1 of the body": {"how": RESET_SENDING, "at": 1},
    "reset at byte 300 of the body": {"how": RESET_SENDING, "at": 300},
    "reset before the reply's first byte": {"how": RESET_REPLY, "at": 0},
    "reset in the reply's first line": {"how": RESET_REPLY, "at": 9},
    "reset in the reply's headers": {"how": RESET_REPLY, "at": 60},
    "500": {"how": 500},
    "500, but stored": {"how": 500, "stored": True},
    "503 SlowDown": {"how": 503},
    "503, but stored": {"how": 503, "stored": True},
    "400": {"how": 400},
    "400, but stored": {"how": 400, "stored": True},
    "409": {"how": 409},
    "409, but stored": {"how": 409, "stored": True},
    "412, but it is our own": {"how": 412, "stored": True},
}
faults = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@faults
def test_a_fault_at_each_kind_of_object_is_got_over(
    shared: Bucket, through: Proxied, proxy: Proxy, tmp_path: Path, site: str, fault: dict[str, Any]
) -> None:
    given = answers(site)
    proxy.fail(*(Fault("PUT", part=f"/{part}", **fault) for part in PARTS))
    done = write(through(), tmp_path, given, site=site)
    assert (done.captures, done.segments) == (70, 2)
    hold(shared, site, given)
    assert spooled(tmp_path, site) == []


@faults
def test_where_it_is_not_got_over_the_next_run_sends(
    shared: Bucket, through: Proxied, proxy: Proxy, tmp_path: Path, site: str, fault: dict[str, Any]
) -> None:
    """The PUT fails, and whatever it may have done cannot be read back either. Nothing handed over is lost."""
    part = PARTS[list(FAULTS.values()).index(fault) % len(PARTS)]
    proxy.fail(Fault("PUT", part=f"/{part}", **fault), Fault("GET", 503, f"/{part}", times=99))
    run = Writer(through(attempts=1), site, AGAIN, tmp_path, "tests", None)
    run.start()
    given = answers(site)
    handed = list(takewhile(lambda one: took(run, one), given))
    with pytest.raises(StorageError, match=part):
        run.close()
    held = [capture.url for capture in acknowledged(shared, site)]
    assert held == [one.url for one in given[: len(held)]]
    assert spooled(tmp_path, site)
    later = answers(site, 3, first=200)
    write(shared, tmp_path, later, site=site, run=AGAIN.replace("t09", "t10"))
    hold(shared, site, handed, later)
    assert spooled(tmp_path, site) == []


def took(run: Writer, one: Exchange) -> bool:
    try:
        run.put(one)
    except StorageError:
        return False
    return True


def test_an_endpoint_that_is_down_when_the_spider_closes(
    shared: Bucket, through: Proxied, proxy: Proxy, tmp_path: Path, site: str
) -> None:
    """What the verb makes of it (exit 1, no done.json) is in tests/failures."""
    given = answers(site, 30)
    run = Writer(through(attempts=2), site, AGAIN, tmp_path, "tests", None)
    run.start()
    for one in given:
        run.put(one)
    proxy.down = True
    with pytest.raises(EndpointDown, match=proxy.address):
        run.close()
    assert acknowledged(shared, site) == []
    proxy.down = False
    write(shared, tmp_path, [], site=site, run=AGAIN.replace("t09", "t10"))
    hold(shared, site, given)


def test_thirty_kills(endpoint: Endpoint, bucket: Bucket, tmp_path: Path) -> None:
    """kill -9 in the middle of a record, of a file, of a PUT, after each; each run begins by sending what was left."""
    chance, there, left, seq = random.Random(SEED), Counter[str](), set[str](), 0
    moments = list(MOMENTS)
    with _forker(endpoint, bucket, tmp_path) as ask:
        for number in range(ROUNDS):
            moment = moments[number % len(moments)]
            nth = chance.randint(1, MOMENTS[moment][3])
            run = f"{START:%Y%m%d}t08{number:02d}00z-0000{number:02d}"
            told = {"run": run, "first": number * 1000, "moment": moment, "nth": nth}
            assert ask(told) == -9, (SEED, told)
            new = list(beyond(bucket, SITE, seq))
            seq = new[-1][0] if new else seq
            there.update(capture.id for _, capture in new)
            assert set(there.values()) <= {1}, (SEED, told)
            assert left <= there.keys() | _spooled(tmp_path), (SEED, told)
            left = _spooled(tmp_path)
    write(bucket, tmp_path, [exchange(90_000)], run="20260302t000000z-eeeeee")
    after = Counter(capture.id for capture in acknowledged(bucket, SITE))
    assert set(after.values()) == {1}, SEED
    assert there.keys() | left <= after.keys(), SEED
    assert len(after) == len(there.keys() | left) + 1 > ROUNDS * 20, SEED
    assert spooled(tmp_path) == [], SEED


def _spooled(folder: Path) -> set[str]:
    """The captures that the spool holds whole."""
    whole = [path for path in spooled(folder) if path.name.endswith(".warc.zst")]
    return {capture.id for path in whole for capture in read_index(path.read_bytes(), "").captures}


@contextmanager
def _forker(endpoint: Endpoint, bucket: Bucket, spool: Path) -> Iterator[Callable[[dict[str, Any]], int]]:
    access, secret = endpoint.keys
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    env = os.environ | {"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "PYTHONPATH": path}
    command = [sys.executable, str(HERE / "killed_at.py"), endpoint.address, bucket.name, str(spool)]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(told: dict[str, Any]) -> int:
            process.stdin.write(json.dumps(told) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield ask
        process.stdin.close()


def test_two_workers_on_one_site(shared: Bucket, tmp_path: Path, site: str) -> None:
    """Both believe to hold the lease; each with a spool of its own, as on two machines."""
    groups = [answers(site, 200, first) for first in (0, 1000)]

    def work(number: int) -> None:
        write(shared, tmp_path / str(number), groups[number], site=site, run=f"20260301t08000{number}z-00000{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = acknowledged(shared, site)
    assert Counter(capture.url for capture in found) == Counter(one.url for group in groups for one in group)
    for run, group in zip(("20260301t080000z-000000", "20260301t080001z-000001"), groups, strict=True):
        assert [capture.url for capture in found if capture.run == run] == [one.url for one in group]


def test_a_worker_that_sends_what_another_is_about_to_name(
    shared: Bucket, through: Proxied, proxy: Proxy, tmp_path: Path, site: str
) -> None:
    """One spool for both: the first has put its segment and hangs before its entry; the second sends that segment."""
    given = answers(site, 5)
    slow = Writer(through(), site, AGAIN, tmp_path, "tests", None)
    slow.start()
    proxy.hold("PUT", f"/{keys.LEDGERS}")
    for one in given:
        slow.put(one)
    closing = threading.Thread(target=slow.close)
    closing.start()
    proxy.held.wait()
    write(shared, tmp_path, answers(site, 2, first=100), site=site, run=AGAIN.replace("t09", "t10"))
    proxy.release()
    closing.join()
    assert slow.error is None
    hold(shared, site, given, answers(site, 2, first=100))
    assert spooled(tmp_path, site) == []


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_an_hour_off_and_then_set_right(
    shared: Bucket,
    through: Proxied,
    proxy: Proxy,
    tmp_path: Path,
    site: str,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
) -> None:
    """The entry is written and its reply lost while the clock is wrong; the run that sends again has the right time."""
    right = writer.now
    started = right() + timedelta(hours=hours)
    given = answers(site, 5)
    with monkeypatch.context() as wrong:
        wrong.setattr(writer, "now", lambda: right() + timedelta(hours=hours))
        proxy.fail(Fault("PUT", DROP_AFTER, f"/{keys.LEDGERS}"), Fault("GET", 503, f"/{keys.LEDGERS}", times=9))
        with pytest.raises(EndpointDown):
            write(through(attempts=1), tmp_path, given, site=site, run=keys.run_id(started))
    later = answers(site, 3, first=100)
    write(shared, tmp_path, later, site=site, run=keys.run_id(right()))
    hold(shared, site, given, later)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_set_by_an_hour_in_the_middle_of_a_run(
    shared: Bucket, tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = writer.now
    given = answers(site)
    run = Writer(shared, site, keys.run_id(right()), tmp_path, "tests", None)
    run.start()
    for one in given[:64]:
        run.put(one)
    monkeypatch.setattr(writer, "now", lambda: right() + timedelta(hours=hours))
    for one in given[64:]:
        run.put(one)
    run.close()
    hold(shared, site, given)
    write(shared, tmp_path, [], site=site, run=keys.run_id(right() + timedelta(hours=hours)))
    hold(shared, site, given)


def test_captures_in_one_second_stay_apart(shared: Bucket, tmp_path: Path, site: str) -> None:
    """The same address in the same second, and in the same microsecond, with other bytes and with the same."""
    at = datetime(2026, 3, 1, 8, 0, 0, 5, tzinfo=UTC)
    first = exchange(1, site=site, at=at)
    given = [first, first, replace(first, at=at + timedelta(microseconds=1)), replace(first, at=at, status=404)]
    write(shared, tmp_path, given, site=site)
    found = acknowledged(shared, site)
    assert len({capture.id for capture in found}) == 4
    assert len({(capture.segment, capture.offset) for capture in found}) == 4
    assert [capture.at for capture in found] == [one.at for one in given]
    assert [Archive(shared).answer(capture).status_line[9:12] for capture in found] == ["200", "200", "200", "404"]


def test_a_store_that_ignores_conditions(
    shared: Bucket, through: Proxied, proxy: Proxy, tmp_path: Path, site: str
) -> None:
    """Lost replies are put again over their own bytes; the next run goes on behind them."""
    proxy.erase = lambda path: remove(shared, path.removeprefix(f"/{shared.name}/"))
    proxy.fail(*(Fault("PUT", how, f"/{part}") for part in PARTS for how in (DROP_AFTER, 500)))
    given, later = answers(site), answers(site, first=200)
    write(through(), tmp_path, given, site=site)
    write(through(), tmp_path, later, site=site, run=AGAIN)
    hold(shared, site, given, later)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with servers_of_tests.database() as address:
        yield address


@contextmanager
def _workers(endpoint: Endpoint, *told: tuple[str, ...]) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that are ready, and wait for a line."""
    access, secret = endpoint.keys
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    env = os.environ | {"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "PYTHONPATH": path}
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(HERE / "racing_at.py"), *words],
                    env=env,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for words in told
        ]
        for one in started:
            stack.callback(one.kill)
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield started


def _go(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdin is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()


def _said(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


RACERS = ("20260301t080000z-000000", "20260301t080001z-000001")


def _raced(shared: Bucket, site: str) -> None:
    """All that both handed over is there once, each worker's in its order."""
    groups = [answers(site, racing_at.COUNT, first) for first in (0, 1000)]
    found = acknowledged(shared, site)
    assert Counter(capture.url for capture in found) == Counter(one.url for group in groups for one in group)
    for run, group in zip(RACERS, groups, strict=True):
        assert [capture.url for capture in found if capture.run == run] == [one.url for one in group]


@pytest.mark.parametrize("fault", [None, DROP_AFTER, 503])
def test_two_processes_race_on_a_store_that_ignores_conditions(
    endpoint: Endpoint,
    shared: Bucket,
    proxy: Proxy,
    tmp_path: Path,
    site: str,
    database: str,
    fault: str | int | None,
) -> None:
    """Both believe to hold the lease; a lock in the database is all that keeps one from writing over the other."""
    proxy.erase = lambda path: remove(shared, path.removeprefix(f"/{shared.name}/"))
    if fault:
        proxy.fail(*(Fault("PUT", fault, f"/{part}", times=2) for part in PARTS))
    told = [
        (proxy.address, shared.name, str(tmp_path / run), site, run, first, database)
        for run, first in zip(RACERS, ("0", "1000"), strict=True)
    ]
    with _workers(endpoint, *told) as workers:
        for worker in workers:
            _go(worker)
        assert [_said(worker) for worker in workers] == [str(racing_at.COUNT)] * 2
        assert [worker.wait() for worker in workers] == [0, 0]
    _raced(shared, site)
    assert [spooled(tmp_path / run, site) for run in RACERS] == [[], []]


@pytest.mark.parametrize("locked", [True, False])
def test_a_worker_that_hangs_between_looking_and_putting(
    endpoint: Endpoint, shared: Bucket, proxy: Proxy, tmp_path: Path, site: str, database: str, locked: bool
) -> None:
    """Its entry is on its way while another appends. Without the lock it goes over the other's, which was acknowledged,
    and nothing in the bucket tells: so such a store is written to with the lock or not at all."""
    proxy.erase = lambda path: remove(shared, path.removeprefix(f"/{shared.name}/"))
    told = [
        (proxy.address, shared.name, str(tmp_path / run), site, run, first, database if locked else "")
        for run, first in zip(RACERS, ("0", "1000"), strict=True)
    ]
    with _workers(endpoint, *told) as (slow, other):
        proxy.hold("PUT", f"/{keys.LEDGERS}")
        _go(slow)
        proxy.held.wait()
        _go(other)
        if locked:
            while proxy.count("PUT", f"/{keys.SEGMENTS}") < 2:
                time.sleep(0.02)
        else:
            assert _said(other) == str(racing_at.COUNT)
        proxy.release()
        assert [worker.wait() for worker in (slow, other)] == [0, 0]
    if locked:
        _raced(shared, site)
    else:
        assert {capture.run for capture in acknowledged(shared, site)} == {RACERS[0]}


def test_what_goes_over_the_wire_is_the_object_and_nothing_else(
    shared: Bucket, through: Proxied, proxy: Proxy, tmp_path: Path, site: str
) -> None:
    """Some stores keep the framing of a chunked upload (aws-chunked, trailing checksums) as if it were content."""
    given = answers(site)
    write(through(), tmp_path, given, site=site)
    hold(shared, site, given)
    assert proxy.framed == []
    assert len(proxy.bodies) >= 6
    for path, sha256 in proxy.bodies.items():
        data = shared.get(path.removeprefix(f"/{shared.name}/")).data
        assert hashlib.sha256(data).hexdigest() == sha256, path


def test_lists_of_one_key_a_page(endpoint: Endpoint, shared: Bucket, tmp_path: Path, site: str) -> None:
    """Some stores give shorter pages than asked for."""

    def one_only(params: dict[str, Any], **_: Any) -> None:
        params["MaxKeys"] = 1

    meagre = endpoint.bucket(shared.name)
    meagre._client.meta.events.register("before-parameter-build.s3.ListObjectsV2", one_only)
    given = answers(site, 200)
    write(meagre, tmp_path, given, site=site)
    write(meagre, tmp_path, answers(site, 5, first=500), site=site, run=AGAIN)
    hold(meagre, site, given, answers(site, 5, first=500))
    assert len(list(meagre.list(f"{keys.LEDGERS}{site}/"))) == 5
    assert site in Archive(meagre).sites()


def test_a_disk_that_fills_up_between_a_body_and_its_segment(
    shared: Bucket, tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file finds room, the second does not; the whole of it is tests/storage/test_writer.py's."""
    real, left = os.fsync, [3]

    def full(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    given = answers(site)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="No space left") as caught:
            write(shared, tmp_path, given, site=site)
    assert "Make room" in (caught.value.hint or "")
    assert acknowledged(shared, site) == []
    write(shared, tmp_path, given, site=site, run=AGAIN)
    found = acknowledged(shared, site)
    assert [capture.url for capture in found if capture.run == AGAIN] == [one.url for one in given]
    assert spooled(tmp_path, site) == []


def test_the_disk_has_it_before_the_endpoint_hears_of_it(
    through: Proxied, proxy: Proxy, tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file, its folder and the site's folder, in that order, and only then a PUT."""
    real, order = os.fsync, []

    def noted(handle: int) -> None:
        order.append(Path(f"/proc/self/fd/{handle}").resolve().name.partition("_")[0])
        assert proxy.count("PUT") == 0
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write(through(), tmp_path, [large_or_not(7, site=site)], site=site, run=AGAIN)
    assert order == ["000001", "000001", AGAIN, site]
    assert proxy.count("PUT") == 3
