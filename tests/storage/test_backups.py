"""A backup's way into the bucket and out again, through an endpoint that answers badly."""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import zstandard
from faulting_proxy import DROP_AFTER, DROP_BEFORE, RESET_REPLY, RESET_SENDING, Fault, Proxy

from domain.errors import Conflict, EndpointDown, IntegrityError, NotFound, StorageError
from storage import Bucket, backups, keys
from storage.backup_form import Backup, Maker

AT = datetime(2026, 11, 22, 2, 50, tzinfo=UTC)
# Longer than what is asked for at once, and than what a socket holds.
DATA = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(600_000))
SHA256 = hashlib.sha256(DATA).hexdigest()


def put(bucket: Bucket, data: bytes = DATA) -> backups.Kept:
    return backups.put(bucket, io.BytesIO(data), hashlib.sha256(data).hexdigest(), AT)


def fetched(bucket: Bucket, kept: backups.Kept) -> bytes:
    file = io.BytesIO()
    backups.fetch(bucket, kept, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("fault", "puts"),
    [
        (Fault("PUT", DROP_AFTER), 1),
        (Fault("PUT", 500, stored=True), 1),
        (Fault("PUT", 400, stored=True), 1),
        (Fault("PUT", DROP_BEFORE), 2),
        (Fault("PUT", RESET_SENDING, at=5_000_000), 2),
        (Fault("PUT", 503, times=2), 3),
    ],
)
def test_an_answer_that_says_nothing_is_read_back(
    bucket: Bucket, proxied: Callable[..., Bucket], proxy: Proxy, fault: Fault, puts: int
) -> None:
    proxy.fail(fault)
    kept = put(proxied())
    assert proxy.count("PUT") == puts
    assert (kept.key, kept.size) == (keys.backup(AT, SHA256), len(DATA))
    assert backups.listed(bucket) == (kept,)
    assert fetched(bucket, kept) == DATA


def test_the_same_bytes_are_there_once_and_others_are_never_written_over(bucket: Bucket) -> None:
    assert put(bucket) == put(bucket)
    key = keys.backup(AT, hashlib.sha256(b"ours").hexdigest())
    bucket.put_once(key, b"theirs")
    with pytest.raises(Conflict):
        put(bucket, b"ours")
    assert bucket.get(key).data == b"theirs"


def test_an_endpoint_that_is_down_keeps_nothing(
    bucket: Bucket, proxied: Callable[..., Bucket], proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_TRIES", 2)
    proxy.down = True
    with pytest.raises(EndpointDown):
        put(proxied())
    assert backups.listed(bucket) == ()


def test_a_reply_cut_in_the_middle_is_asked_for_again(
    bucket: Bucket, proxied: Callable[..., Bucket], proxy: Proxy
) -> None:
    kept = put(bucket)
    proxy.fail(Fault("GET", RESET_REPLY, at=3_000_000), Fault("GET", 503))
    assert fetched(proxied(), kept) == DATA


def test_what_comes_back_is_held_against_the_name(bucket: Bucket, proxied: Callable[..., Bucket], proxy: Proxy) -> None:
    kept = put(bucket)
    proxy.change = lambda path, body: body[:-1] + b"?" if path.startswith(f"/{bucket.name}/v1") else body
    with pytest.raises(IntegrityError, match="not those of its name"):
        fetched(proxied(), kept)
    with pytest.raises(NotFound):
        fetched(bucket, backups.Kept(keys.backup(AT, "0" * 64), AT, "0" * 16, 1))


def test_a_store_without_conditions_is_used_under_a_lock_or_not_at_all(bucket: Bucket) -> None:
    inside = threading.Lock()
    names: list[str] = []

    @contextmanager
    def lock(name: str) -> Iterator[None]:
        names.append(name)
        with inside:
            yield

    bucket.lock = lock
    assert put(bucket) == put(bucket)
    assert names == [f"{bucket.name}/{keys.backup(AT, SHA256)}"] * 2
    bucket.lock, bucket.refusal = None, "keeps no conditions"
    with pytest.raises(StorageError, match="keeps no conditions"):
        put(bucket, b"other")


def test_one_that_cannot_be_deleted_is_named(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = put(bucket)

    def refused(*_: object) -> None:
        raise StorageError("AccessDenied")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "erase", refused)
        assert backups.delete(bucket, [kept]) == ([], [f"{kept.key}: AccessDenied"])
    assert backups.delete(bucket, [kept]) == ([kept.key], [])
    assert backups.listed(bucket) == ()


def test_the_form_by_hand() -> None:
    """What docs/archive-format.md says of it, without our reader."""
    file, maker = io.BytesIO(), Maker(io.BytesIO())
    maker.table("people", ("id", "name"), ['{"id":"1","name":"齐"}', '{"id":"2","name":"a\\nb"}'])
    maker.table("teams", ("id",), [])
    header, sha256 = maker.finish(file, AT, "0003")
    assert sha256 == hashlib.sha256(file.getvalue()).hexdigest()
    plain = zstandard.ZstdDecompressor().stream_reader(file.getvalue(), read_across_frames=True).read()
    first, *rows, last = plain.splitlines(keepends=True)
    said = json.loads(first)
    assert (said["backup"], said["v"], said["revision"]) == ("tongjian alerts", 1, "0003")
    assert said["taken"] == "2026-11-22T02:50:00.000000Z"
    people = said["tables"][0]
    assert people["sha256"] == hashlib.sha256(b"".join(rows)).hexdigest()
    assert json.loads(last) == {"end": True, "rows": 2, "header": hashlib.sha256(first).hexdigest()}
    assert [json.loads(row)["row"]["name"] for row in rows] == ["齐", "a\nb"]
    read = Backup(file, "by hand")
    found = [(table.name, row) for table, row in read.rows()]
    assert found == [("people", '{"id":"1","name":"齐"}'), ("people", '{"id":"2","name":"a\\nb"}')]
    assert read.header == header
