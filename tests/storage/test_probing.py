"""Probing: what a store does not do is found before anything is kept in it, on a real SeaweedFS made worse."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from faulting_proxy import DROP_BEFORE, Fault, Proxy
from kept_at import Endpoint
from making import acknowledged, exchange, remove, write

from domain.clock import now
from domain.errors import Conflict, EndpointDown, StorageError
from domain.settings import Settings
from pipeline.endpoints import admit, try_anew
from storage import Bucket, connect, keys
from storage.probing import probe

_ALONE = threading.RLock()


@contextmanager
def lock(name: str) -> Iterator[None]:
    with _ALONE:
        yield


@pytest.fixture
def settings(bucket: Bucket, tmp_path: Path) -> Settings:
    return Settings(bucket=bucket.name, state=tmp_path)


def ignoring(bucket: Bucket, proxy: Proxy) -> None:
    """A store that takes every PUT, whatever its conditions."""
    proxy.erase = lambda path: remove(bucket, unquote(urlsplit(path).path.split("/", 2)[2]))


def framed(path: str, body: bytes) -> bytes:
    """As a store that keeps aws-chunked uploads as they came (boto3#4435)."""
    if "/whole" not in path:
        return body
    return b"%x;chunk-signature=%b\r\n%b\r\n0;chunk-signature=%b\r\n\r\n" % (len(body), b"a" * 64, body, b"b" * 64)


def found(bucket: Bucket) -> dict[str, bool]:
    return {one.name: one.ok for one in probe(bucket).traits}


def test_seaweedfs_does_all_that_is_needed(bucket: Bucket) -> None:
    said = found(bucket)
    assert said.pop("versioning") is False
    assert set(said.values()) == {True}
    assert len(said) == 9
    assert list(bucket.list(keys.PROBES)) == []


def test_a_store_that_ignores_conditions(bucket: Bucket, proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    ignoring(bucket, proxy)
    said = found(proxied())
    assert (said["if-none-match"], said["read-back"], said["listing"]) == (False, True, True)


def test_a_store_that_answers_conditions_with_400(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.fail(Fault("PUT", 400, "/once", times=9), Fault("PUT", 501, "/swap", times=9))
    found_by = {one.name: one for one in probe(proxied()).traits}
    assert [found_by[name].ok for name in ("if-none-match", "if-match")] == [False, False]
    assert "refuses PUTs with If-None-Match (400" in found_by["if-none-match"].message


def test_a_store_that_keeps_the_framing(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.change = framed
    [fault] = probe(proxied()).faults
    assert (fault.name, "framing" in fault.message) == ("read-back", True)


def test_a_store_that_takes_wrong_checksums(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.fail(Fault("PUT", 200, "/sum"))
    assert found(proxied())["checksum"] is False


def test_a_store_that_does_not_list_what_was_put(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.change = lambda path, body: body.replace(b"a_b", b"a_c") if "list-type" in path else body
    assert [one.name for one in probe(proxied()).faults] == ["listing"]


def test_a_store_whose_pages_do_not_go_on(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    def ends(path: str, body: bytes) -> bytes:
        is_page = parse_qs(urlsplit(path).query).get("max-keys") == ["1"]
        return body.replace(b"<IsTruncated>true", b"<IsTruncated>false") if is_page else body

    proxy.change = ends
    assert [one.name for one in probe(proxied()).faults] == ["pages"]


def test_a_store_that_ignores_ranges(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.change = lambda path, body: bytes(range(256)) if path.endswith("/range") else body
    assert [one.name for one in probe(proxied()).faults] == ["ranges"]


def test_an_endpoint_that_is_away_is_no_bad_store(proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.fail(Fault("PUT", DROP_BEFORE, times=9))
    with pytest.raises(EndpointDown):
        probe(proxied())


def test_it_is_tried_once_and_remembered(
    settings: Settings, proxy: Proxy, proxied: Callable[..., Bucket], tmp_path: Path
) -> None:
    admit(proxied(), settings, lock, embedded=False)
    tried = len(proxy.seen)
    assert tried > 20
    admit(proxied(), settings, lock, embedded=False)
    assert len(proxy.seen) == tried
    [path] = (tmp_path / "endpoints").iterdir()
    path.write_text("{")
    admit(proxied(), settings, lock, embedded=False)
    assert len(proxy.seen) > tried


def test_a_store_without_conditions_is_read_and_not_written(
    settings: Settings, bucket: Bucket, proxy: Proxy, proxied: Callable[..., Bucket]
) -> None:
    bucket.put_once("v1/held", b"held")
    ignoring(bucket, proxy)
    through = proxied()
    admit(through, settings, lock, embedded=False)
    assert through.get("v1/held").data == b"held"
    for put in (
        lambda: through.put_once("v1/new", b"x"),
        lambda: through.replace("v1/new", b"x", None),
        lambda: through.put_derived("v1/new", b"x", "text/plain"),
    ):
        with pytest.raises(StorageError, match="TONGJIAN_FENCE=database"):
            put()
    assert bucket.size("v1/new") is None


def test_a_lock_stands_in_for_conditions(
    settings: Settings, bucket: Bucket, proxy: Proxy, proxied: Callable[..., Bucket], tmp_path: Path
) -> None:
    """Twenty writers race for each of five keys, at a store that would let every one of them win."""
    ignoring(bucket, proxy)
    through = proxied()
    admit(through, settings.model_copy(update={"fence": "database"}), lock, embedded=False)
    assert through.lock is lock
    won: list[tuple[str, bytes]] = []

    def race(number: int) -> None:
        key, data = f"v1/race/{number % 5}", str(number).encode()
        try:
            through.put_once(key, data)
        except Conflict:
            return
        won.append((key, data))

    threads = [threading.Thread(target=race, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [(key, bucket.get(key).data) for key, _ in sorted(bucket.list("v1/race/"))]
    assert len(won) == 5
    tag = through.replace("v1/swap", b"one", None)
    after = through.replace("v1/swap", b"two", tag)
    with pytest.raises(Conflict):
        through.replace("v1/swap", b"three", tag)
    assert through.get("v1/swap").etag == after
    write(through, tmp_path, [exchange(number) for number in range(3)])
    assert len(acknowledged(bucket)) == 3


def test_a_lost_reply_under_the_lock_is_read_back(
    settings: Settings, bucket: Bucket, proxy: Proxy, proxied: Callable[..., Bucket]
) -> None:
    ignoring(bucket, proxy)
    through = proxied()
    admit(through, settings.model_copy(update={"fence": "database"}), lock, embedded=False)
    proxy.fail(Fault("PUT", 500, "v1/lost", stored=True))
    through.put_once("v1/lost", b"mine")
    assert bucket.get("v1/lost").data == b"mine"
    assert sum(path.split("?")[0].endswith("/v1/lost") for method, path in proxy.seen if method == "PUT") == 1


def test_a_fault_that_was_mended_is_forgotten(settings: Settings, proxy: Proxy, proxied: Callable[..., Bucket]) -> None:
    proxy.change = framed
    through = proxied()
    admit(through, settings, lock, embedded=False)
    with pytest.raises(StorageError, match="framing"):
        through.put_once("v1/new", b"x")
    proxy.change = None
    admit(through, settings, lock, embedded=False)
    through.put_once("v1/new", b"x")


def test_keys_that_only_read_are_not_asked_for_more(
    settings: Settings, proxy: Proxy, proxied: Callable[..., Bucket], tmp_path: Path
) -> None:
    proxy.fail(Fault("PUT", 403, times=9))
    admit(proxied(), settings, lock, embedded=False)
    assert not (tmp_path / "endpoints").exists()
    with pytest.raises(StorageError):
        try_anew(proxied(), settings, lock, embedded=False)


def test_retention_needs_a_bucket_that_locks(endpoint: Endpoint, bucket: Bucket, settings: Settings) -> None:
    """The bucket was made without; a PUT that asks for a lock would be refused with words of no help."""
    chosen = Settings(s3_endpoint=endpoint.address, bucket=bucket.name, retention="10y", state=settings.state)
    admit(bucket, settings, lock, embedded=False)
    retaining = connect(chosen, endpoint.keys, attempts=1)
    admit(retaining, chosen, lock, embedded=False)
    with pytest.raises(StorageError, match="cannot lock objects"):
        retaining.put_once("v1/led/alpha/0000000001.json", b"{}")


def test_a_clock_that_is_off_is_said(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.probing.now", lambda: now() + timedelta(hours=1))
    [clock] = [one for one in probe(bucket).traits if one.name == "clock"]
    assert not clock.ok
    assert "s behind" in clock.message
