"""One site in one process: a lease that the living keep and the dead cannot."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import psutil
import pytest
from faulting_proxy import DROP_AFTER, DROP_BEFORE, Fault, Proxy
from making import RUN, SITE, exchange, overwrite, pour

from domain.clock import iso, now, parse
from domain.errors import Conflict
from storage import Bucket, Writer, keys, writer
from storage.bucket import Stored
from storage.lease import TTL, Lease, take

LATER = "20260301t090000z-bbbbbb"


def document(bucket: Bucket) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(bucket.get(keys.lease(SITE)).data)
    return held


def held_by(bucket: Bucket, *, until: datetime | None = None, **holder: Any) -> None:
    """A lease that another process wrote."""
    me = psutil.Process()
    said = {"v": 1, "run": RUN, "host": socket.gethostname(), "pid": me.pid, "started": me.create_time()}
    data = json.dumps(said | {"until": iso(until or now() + TTL)} | holder).encode()
    bucket.put_derived(keys.lease(SITE), data, "application/json")


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def living(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    return {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}


def test_a_lease_is_taken_renewed_and_let_go(bucket: Bucket) -> None:
    lease = take(bucket, SITE, RUN)
    first = document(bucket)
    assert (first["run"], first["pid"], first["host"]) == (RUN, os.getpid(), socket.gethostname())
    lease.renew()
    assert now() < parse(first["until"]) < parse(document(bucket)["until"]) <= now() + TTL
    lease.release()
    assert parse(document(bucket)["until"]) <= now()
    assert take(bucket, SITE, LATER).run == LATER == document(bucket)["run"]


def test_a_living_process_keeps_its_lease_and_is_named(bucket: Bucket) -> None:
    with sleeper() as process:
        held_by(bucket, **living(process))
        with pytest.raises(Conflict, match=f"{SITE}.*{RUN}.*{process.pid}") as caught:
            take(bucket, SITE, LATER)
        assert document(bucket)["until"] in (caught.value.hint or "")
        assert document(bucket)["run"] == RUN
        process.kill()


def test_a_corrected_clock_does_not_make_a_living_process_dead(bucket: Bucket) -> None:
    """A process's start time is counted from the machine's, which moves by a second now and then."""
    with sleeper() as process:
        started = living(process)["started"]
        held_by(bucket, pid=process.pid, started=started - 1.0)
        with pytest.raises(Conflict):
            take(bucket, SITE, LATER)
        process.kill()


def test_a_dead_process_loses_its_lease_at_once(bucket: Bucket) -> None:
    process = sleeper()
    holder = living(process)
    process.kill()
    process.wait()
    held_by(bucket, **holder)
    take(bucket, SITE, LATER)
    assert document(bucket)["run"] == LATER


def test_a_killed_process_that_nobody_has_buried_is_dead(bucket: Bucket) -> None:
    """In a container without an init, a killed process stays as a zombie."""
    process = sleeper()
    holder = living(process)
    process.kill()
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        os.sched_yield()
    held_by(bucket, **holder)
    take(bucket, SITE, LATER)
    process.wait()


def test_a_process_that_got_the_dead_ones_number_does_not_hold_its_lease(bucket: Bucket) -> None:
    with sleeper() as process:
        held_by(bucket, pid=process.pid, started=living(process)["started"] - 3600)
        take(bucket, SITE, LATER)
        process.kill()


def test_another_machines_lease_holds_until_it_runs_out(bucket: Bucket) -> None:
    held_by(bucket, host="another-machine", pid=1)
    with pytest.raises(Conflict, match="another-machine"):
        take(bucket, SITE, LATER)
    held_by(bucket, host="another-machine", pid=1, until=now() - timedelta(seconds=1))
    assert take(bucket, SITE, LATER).run == LATER


def test_a_lease_that_cannot_be_read_is_nobodys(bucket: Bucket) -> None:
    for data in (b"", b"{}", b"[]", b"7", b'{"until": 5}', b'{"until": "soon"}', b"\xff"):
        overwrite(bucket, keys.lease(SITE), data)
        assert take(bucket, SITE, RUN).run == document(bucket)["run"] == RUN


def test_of_many_who_take_at_once_one_has_it(bucket: Bucket) -> None:
    """Each has seen that nobody has it before the first writes: the store's condition alone tells them apart."""
    seen = Barrier(4)

    class Racing(Bucket):
        def get(self, key: str, start: int | None = None, length: int | None = None) -> Stored:
            try:
                return super().get(key, start, length)
            finally:
                seen.wait()

    def attempt(number: int) -> Lease | None:
        try:
            return take(Racing(bucket.client, bucket.name), SITE, f"20260301t0900{number:02d}z-bbbbbb")
        except Conflict:
            return None

    with ThreadPoolExecutor(4) as pool:
        (won,) = [lease for lease in pool.map(attempt, range(4)) if lease]
    assert document(bucket)["run"] == won.run
    won.renew()


def test_who_lost_the_lease_learns_it_when_renewing(bucket: Bucket) -> None:
    lost = take(bucket, SITE, RUN)
    held_by(bucket, host="another-machine", run=LATER)
    for ask in (lost.renew, lost.release):
        with pytest.raises(Conflict):
            ask()
    assert document(bucket)["run"] == LATER


@pytest.mark.parametrize("how", [DROP_AFTER, DROP_BEFORE, 503], ids=["answer dropped", "dropped", "503"])
def test_a_lost_reply_loses_no_lease(
    bucket: Bucket, proxied: Callable[..., Bucket], proxy: Proxy, how: str | int
) -> None:
    """Without reading back, the holder would fail by the tag of its own renewal."""
    proxy.fail(Fault("PUT", how))
    lease = take(proxied(), SITE, RUN)
    for _ in range(2):
        proxy.fail(Fault("PUT", how))
        lease.renew()
    assert document(bucket)["run"] == RUN
    lease.release()


def test_a_writer_whose_lease_is_lost_stops_and_keeps_what_was_acknowledged(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Conflict is a StorageError: the run ends with the reason `storage`, as with any other failure to write."""
    monkeypatch.setattr(writer, "RENEW_AFTER", -1.0)
    one = Writer(bucket, SITE, RUN, tmp_path, "tests", take(bucket, SITE, RUN))
    one.start()
    held_by(bucket, host="another-machine", run=LATER)
    with pytest.raises(Conflict, match=r"lease\.json"):
        pour(one, 100_000)
    with pytest.raises(Conflict):
        one.close()
    assert document(bucket)["run"] == LATER


def test_a_writer_renews_while_it_works(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "RENEW_AFTER", -1.0)
    lease = take(bucket, SITE, RUN)
    until, tag = document(bucket)["until"], lease.etag
    one = Writer(bucket, SITE, RUN, tmp_path, "tests", lease)
    one.start()
    one.put(exchange(1))
    one.close()
    assert document(bucket)["until"] > until
    assert lease.etag != tag
