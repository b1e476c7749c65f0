"""The writer and its spool: what was acknowledged is kept, what was not is sent by the next run or said to be lost."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from faulting_proxy import DROP_AFTER, Fault, Proxy
from kept_at import Endpoint
from making import RUN, SITE, acknowledged, body_of, exchange, pour, sealed, spooled, write

from domain.errors import EndpointDown, StorageError
from storage import Archive, Bucket, Writer, keys
from storage import writer as module
from storage.big import LIMIT
from storage.ledger import Ledger
from storage.segment import MAX_CAPTURES, read_index
from storage.spool import Spool
from storage.writer import QUEUE, QUEUE_BYTES

HERE = Path(__file__).parent
Proxied = Callable[..., Bucket]


def urls(count: int, first: int = 0) -> list[str]:
    return [exchange(number).url for number in range(first, first + count)]


def writer(bucket: Bucket, spool: Path, run: str = RUN) -> Writer:
    made = Writer(bucket, SITE, run, spool, "tests", None)
    made.start()
    return made


def until(is_so: Callable[[], bool]) -> None:
    """Waits for what must come; the test's own time limit ends a wait for what does not."""
    while not is_so():
        time.sleep(0.01)


def child(endpoint: Endpoint) -> dict[str, str]:
    access, secret = endpoint.keys
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    return os.environ | {"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "PYTHONPATH": path}


def test_what_a_run_writes_is_named_by_the_ledger_once_and_reads_back(bucket: Bucket, tmp_path: Path) -> None:
    count = 2 * MAX_CAPTURES + 5
    done = write(bucket, tmp_path, map(exchange, range(count)))
    entries = list(Ledger(bucket, SITE).walk())
    assert [entry.commit.captures for entry in entries] == [MAX_CAPTURES, MAX_CAPTURES, 5]
    assert (done.captures, done.segments) == (count, 3)
    held = acknowledged(bucket)
    assert [capture.url for capture in held] == urls(count)
    archive = Archive(bucket)
    assert all(archive.answer(capture).payload == body_of(capture.url) for capture in held[::10])
    assert [key for key, _ in bucket.list(keys.SEGMENTS)] == [entry.commit.segment for entry in entries]
    assert spooled(tmp_path) == []
    assert not (tmp_path / SITE / RUN).exists()


def test_captures_that_belong_together_lie_in_one_segment_behind_one_another(bucket: Bucket, tmp_path: Path) -> None:
    running = writer(bucket, tmp_path)
    for number in range(MAX_CAPTURES - 2):
        running.put(exchange(number))
    running.put_together([exchange(number) for number in range(100, 105)])
    running.put(exchange(200))
    running.close()
    assert [entry.commit.captures for entry in Ledger(bucket, SITE).walk()] == [MAX_CAPTURES - 2, 6]
    assert [capture.url for capture in acknowledged(bucket)][-6:] == [*urls(5, 100), *urls(1, 200)]


def test_more_captures_than_a_segment_holds_are_refused_together(bucket: Bucket, tmp_path: Path) -> None:
    running = writer(bucket, tmp_path)
    with pytest.raises(StorageError, match="do not fit"):
        running.put_together([exchange(number) for number in range(MAX_CAPTURES + 1)])
    running.close()
    assert acknowledged(bucket) == []


def test_a_run_without_captures_writes_nothing(bucket: Bucket, tmp_path: Path) -> None:
    done = write(bucket, tmp_path, [])
    assert (done.captures, done.segments, list(bucket.list(""))) == (0, 0, [])


def test_a_segment_is_sealed_at_two_mebibytes_whatever_is_in_it(bucket: Bucket, tmp_path: Path) -> None:
    noise = [os.urandom(LIMIT) for _ in range(3)]
    write(bucket, tmp_path, [exchange(number, body=body) for number, body in enumerate(noise)])
    assert [entry.commit.captures for entry in Ledger(bucket, SITE).walk()] == [2, 1]
    assert [Archive(bucket).payload(capture) for capture in acknowledged(bucket)] == noise


def test_lost_replies_change_nothing(bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path) -> None:
    proxy.fail(*(Fault("PUT", DROP_AFTER, part) for part in (keys.SEGMENTS, keys.LEDGERS)), Fault("HEAD", DROP_AFTER))
    write(proxied(), tmp_path, map(exchange, range(70)))
    assert [capture.url for capture in acknowledged(bucket)] == urls(70)
    assert len(list(bucket.list(keys.SEGMENTS))) == len(list(bucket.list(keys.LEDGERS))) == 2


def test_an_endpoint_that_goes_down_in_the_middle_loses_nothing_that_was_spooled(
    bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path
) -> None:
    one = writer(proxied(attempts=2), tmp_path)
    for number in range(MAX_CAPTURES):
        one.put(exchange(number))
    until(lambda: one.segments == 1)
    proxy.down = True
    for number in range(MAX_CAPTURES, 2 * MAX_CAPTURES):
        one.put(exchange(number))
    until(lambda: one.error is not None)
    with pytest.raises(EndpointDown, match=proxy.address) as caught:
        one.put(exchange(999))
    assert "spool" in (caught.value.hint or "")
    with pytest.raises(EndpointDown):
        one.close()
    assert one.captures == MAX_CAPTURES
    assert [capture.url for capture in acknowledged(bucket)] == urls(MAX_CAPTURES)
    (left,) = spooled(tmp_path)
    assert [capture.url for capture in read_index(left.read_bytes(), "").captures] == urls(MAX_CAPTURES, MAX_CAPTURES)

    with pytest.raises(EndpointDown):
        writer(proxied(attempts=1), tmp_path, "20260301t090000z-bbbbbb")
    assert spooled(tmp_path) == [left]

    proxy.down = False
    write(proxied(), tmp_path, [exchange(500)], run="20260301t100000z-cccccc")
    assert [capture.url for capture in acknowledged(bucket)] == [*urls(2 * MAX_CAPTURES), exchange(500).url]
    assert [entry.commit.run for entry in Ledger(bucket, SITE).walk()] == [RUN, RUN, "20260301t100000z-cccccc"]
    assert spooled(tmp_path) == []


@pytest.mark.parametrize("part", [keys.SEGMENTS, keys.LEDGERS], ids=["segment", "entry"])
def test_a_segment_that_was_kept_though_its_replies_were_lost_is_not_named_twice(
    bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path, part: str
) -> None:
    """The PUT is done, and neither its reply nor any reading back comes through: the run fails, the next one sends."""
    proxy.fail(Fault("PUT", DROP_AFTER, part), Fault("GET", 503, part))
    with pytest.raises(EndpointDown):
        write(proxied(attempts=1), tmp_path, [exchange(1)])
    assert len(spooled(tmp_path)) == 1
    write(proxied(), tmp_path, [exchange(2)], run="20260301t090000z-bbbbbb")
    assert [capture.url for capture in acknowledged(bucket)] == [exchange(1).url, exchange(2).url]
    assert spooled(tmp_path) == []


def test_a_failed_writer_never_blocks_its_caller(proxied: Proxied, proxy: Proxy, tmp_path: Path) -> None:
    proxy.down = True
    one = writer(proxied(attempts=1), tmp_path)
    with pytest.raises(EndpointDown):
        pour(one)
    with pytest.raises(EndpointDown):
        one.put(exchange(0))
    assert not one.crowded
    with pytest.raises(EndpointDown):
        one.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_ends_on_an_unforeseen_error_says_so(bucket: Bucket, tmp_path: Path) -> None:
    """An address that no spider could have fetched, with a port that does not exist."""
    one = writer(bucket, tmp_path)
    one.put(exchange(1, url="http://alpha.example.cn:99999/"))
    with pytest.raises(StorageError, match=SITE):
        pour(one)
    with pytest.raises(StorageError, match=SITE):
        one.close()
    assert list(bucket.list("")) == []


def test_a_closed_writer_takes_nothing_more(bucket: Bucket, tmp_path: Path) -> None:
    one = write(bucket, tmp_path, [exchange(1)])
    with pytest.raises(StorageError, match=r"a2\.html.*not kept"):
        one.put(exchange(2))
    one.close()


def test_a_slow_endpoint_holds_the_spider_back(bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path) -> None:
    """While a PUT hangs, the writer is crowded at half its queue, and a put beyond the queue waits for room."""
    one = writer(proxied(), tmp_path)
    proxy.open.clear()
    given = 0

    def spider() -> None:
        nonlocal given
        for number in range(MAX_CAPTURES + 2 * QUEUE):
            one.put(exchange(number))
            given += 1

    thread = threading.Thread(target=spider)
    thread.start()
    until(lambda: given >= MAX_CAPTURES + QUEUE)
    assert one.crowded
    assert one._queue.qsize() <= QUEUE
    assert given <= MAX_CAPTURES + QUEUE + 1
    proxy.open.set()
    thread.join()
    one.close()
    assert not one.crowded
    assert [capture.url for capture in acknowledged(bucket)] == urls(MAX_CAPTURES + 2 * QUEUE)


def test_few_large_answers_crowd_as_many_small_ones_do(proxied: Proxied, proxy: Proxy, tmp_path: Path) -> None:
    one = writer(proxied(), tmp_path)
    proxy.open.clear()
    for number in range(MAX_CAPTURES):
        one.put(exchange(number, body=b""))
    until(lambda: proxy.count("PUT") > 0)  # the thread hangs in its first PUT
    large = bytes(QUEUE_BYTES // 4)
    crowded = []
    for number in range(4):
        crowded.append(one.crowded)
        one.put(exchange(number, body=large))
    assert crowded == [False, False, False, False]
    assert one.crowded
    proxy.open.set()
    one.close()
    assert not one.crowded


def test_a_half_written_file_is_removed(bucket: Bucket, tmp_path: Path) -> None:
    folder = tmp_path / SITE / "20260228t080000z-dddddd"
    folder.mkdir(parents=True)
    (folder / "000001_0011223344556677.warc.part").write_bytes(b"half of a segm")
    write(bucket, tmp_path, [exchange(1)])
    assert not folder.exists()
    assert len(acknowledged(bucket)) == 1


def test_a_damaged_file_is_set_aside_and_the_rest_is_sent(
    bucket: Bucket, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path, SITE)
    kept = [spool.keep("20260228t080000z-dddddd", number, sealed(exchange(number))) for number in range(1, 5)]
    kept[0].path.write_bytes(kept[0].sealed.data[:-3])
    flipped = bytearray(kept[1].sealed.data)
    flipped[200] ^= 1  # its index is whole: only its hash tells
    kept[1].path.write_bytes(flipped)
    kept[2].path.write_bytes(b"")
    with caplog.at_level(logging.ERROR):
        write(bucket, tmp_path, [exchange(9)])
    assert [capture.url for capture in acknowledged(bucket)] == [exchange(4).url, exchange(9).url]
    aside = [one.path.with_name(one.path.name + ".damaged") for one in kept[:3]]
    assert spooled(tmp_path) == aside
    assert all(one.path.name in caplog.text for one in kept[:3])
    write(bucket, tmp_path, [], run="20260301t090000z-bbbbbb")
    assert spooled(tmp_path) == aside


def test_the_spool_of_another_site_is_left_alone(bucket: Bucket, tmp_path: Path) -> None:
    other = Spool(tmp_path, "beta").keep(RUN, 1, sealed(exchange(1, site="beta"), site="beta"))
    write(bucket, tmp_path, [exchange(1)])
    assert other.path.exists()
    assert Ledger(bucket, "beta").head() is None


def test_a_disk_that_is_full_is_named_and_nothing_acknowledged_is_lost(
    endpoint: Endpoint, bucket: Bucket, tmp_path: Path
) -> None:
    command = [sys.executable, str(HERE / "full_disk.py"), endpoint.address, bucket.name, str(tmp_path)]
    told = subprocess.run(command, env=child(endpoint), capture_output=True, text=True, timeout=60, check=True).stdout
    assert str(tmp_path) in told
    assert "Make room" in told
    held = acknowledged(bucket)
    assert [capture.url for capture in held] == urls(MAX_CAPTURES)
    assert Archive(bucket).answer(held[-1]).payload == b"small"
    write(bucket, tmp_path, [exchange(500)], run="20260301t090000z-bbbbbb")
    assert len(acknowledged(bucket)) == MAX_CAPTURES + 1
    assert spooled(tmp_path) == []


def test_a_spool_that_may_not_be_written_is_named(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / SITE).write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="spool") as caught:
        write(bucket, tmp_path, [exchange(1)])
    assert str(tmp_path) in str(caught.value)
    assert not isinstance(caught.value, EndpointDown)


def test_a_segment_that_waits_is_sent_before_it_is_full(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten seconds, here a tenth of one: a spider that goes slowly is not far ahead of what is acknowledged."""
    assert module.SEAL_AFTER == 10.0
    monkeypatch.setattr(module, "SEAL_AFTER", 0.1)
    one = writer(bucket, tmp_path)
    for number in range(3):
        one.put(exchange(number))
    until(lambda: one.captures == 3)
    assert [capture.url for capture in acknowledged(bucket)] == urls(3)
    one.close()
    assert one.segments >= 1


def test_what_a_failed_writer_had_in_hand_is_in_the_spool(
    bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path
) -> None:
    """The endpoint fails with a first segment; a second is half built, a third in the queue: all of it was taken."""
    one = writer(proxied(attempts=1), tmp_path)
    proxy.fail(Fault("PUT", 503, keys.SEGMENTS), Fault("GET", 503, keys.SEGMENTS))
    proxy.open.clear()
    for number in range(2 * MAX_CAPTURES + 20):
        one.put(exchange(number))
    proxy.open.set()
    with pytest.raises(EndpointDown):
        one.close()
    assert acknowledged(bucket) == []
    write(bucket, tmp_path, [], run="20260301t090000z-bbbbbb")
    assert [capture.url for capture in acknowledged(bucket)] == urls(2 * MAX_CAPTURES + 20)
    assert spooled(tmp_path) == []
