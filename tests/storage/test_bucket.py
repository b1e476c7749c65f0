"""One bucket: a PUT ends well or is known not to have, whatever becomes of the replies."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier

import pytest
from faulting_proxy import DROP_AFTER, DROP_BEFORE, Fault, Proxy
from kept_at import Endpoint

from domain.errors import ConfigurationError, Conflict, EndpointDown, IntegrityError, NotFound, StorageError
from domain.settings import Settings
from pipeline.embedded import ports
from storage import Bucket, connect

KEY = "v1/run/alpha/one.json"
Proxied = Callable[..., Bucket]


def names(bucket: Bucket) -> list[str]:
    return [key for key, _ in bucket.list("v1/")]


def test_the_same_bytes_may_be_put_twice_and_no_others(bucket: Bucket) -> None:
    tag = bucket.put_once(KEY, b"one")
    assert bucket.put_once(KEY, b"one") == tag
    with pytest.raises(Conflict, match=KEY):
        bucket.put_once(KEY, b"two")
    assert bucket.get(KEY).data == b"one"


def test_ranges_sizes_and_folders(bucket: Bucket) -> None:
    bucket.put_once("v1/led/alpha/0000000001.json", bytes(range(10)))
    bucket.put_once("v1/led/beta-2/0000000001.json", b"")
    assert bucket.get("v1/led/alpha/0000000001.json", 3, 4).data == bytes([3, 4, 5, 6])
    assert bucket.get("v1/led/alpha/0000000001.json", -2).data == bytes([8, 9])
    assert bucket.size("v1/led/alpha/0000000001.json") == 10
    assert bucket.size("v1/led/beta-2/0000000001.json") == 0
    assert bucket.folders("v1/led/") == ("alpha", "beta-2")
    assert bucket.size("v1/led/none") is None
    with pytest.raises(NotFound, match="v1/led/none"):
        bucket.get("v1/led/none")
    with pytest.raises(IntegrityError, match="truncated"):
        bucket.get("v1/led/alpha/0000000001.json", 10, 4)


def test_a_list_goes_on_over_many_pages_and_from_where_it_is_told(bucket: Bucket) -> None:
    wanted = [f"v1/led/alpha/{number:010d}.json" for number in range(1, 12)]
    for key in wanted:
        bucket.put_once(key, b"{}")
    assert names(bucket) == wanted
    assert [key for key, _ in bucket.list("v1/led/alpha/", start_after=wanted[7])] == wanted[8:]
    pages = list(bucket._pages("v1/led/alpha/", MaxKeys=3, StartAfter=wanted[0]))
    assert [[item["Key"] for item in page["Contents"]] for page in pages if "Contents" in page] == [
        wanted[1:4],
        wanted[4:7],
        wanted[7:10],
        wanted[10:],
    ]


UNCLEAR = [
    (Fault("PUT", DROP_AFTER), 1),
    (Fault("PUT", 400, stored=True), 1),
    (Fault("PUT", 500, stored=True), 1),
    (Fault("PUT", 503, stored=True), 1),
    (Fault("PUT", DROP_BEFORE), 2),
    (Fault("PUT", 400), 2),
    (Fault("PUT", 500), 2),
    (Fault("PUT", 503, times=2), 3),
]


def test_an_unclear_put_is_read_back_and_never_doubled(bucket: Bucket, proxied: Proxied, proxy: Proxy) -> None:
    through = proxied()
    for number, (fault, puts) in enumerate(UNCLEAR):
        proxy.fail(fault)
        key = f"v1/run/alpha/{number}.json"
        tag = through.put_once(key, b"bytes")
        assert (bucket.get(key).data, bucket.get(key).etag) == (b"bytes", tag), fault
        assert proxy.count("PUT", key) == puts, fault
    assert len(names(bucket)) == len(UNCLEAR)
    assert proxy.count("DELETE") == proxy.count("POST") == 0


def test_when_the_reading_back_is_lost_too_the_same_bytes_are_put_again(
    bucket: Bucket, proxied: Proxied, proxy: Proxy
) -> None:
    proxy.fail(Fault("PUT", DROP_AFTER), Fault("GET", DROP_BEFORE))
    proxied().put_once(KEY, b"bytes")
    assert bucket.get(KEY).data == b"bytes"
    assert [method for method, _ in proxy.seen] == ["PUT", "GET", "PUT", "GET"]


def test_an_unclear_put_over_anothers_bytes_is_a_conflict(bucket: Bucket, proxied: Proxied, proxy: Proxy) -> None:
    bucket.put_once(KEY, b"another's")
    proxy.fail(Fault("PUT", 500))
    with pytest.raises(Conflict, match=KEY):
        proxied().put_once(KEY, b"ours")
    assert bucket.get(KEY).data == b"another's"


QUESTIONS: list[tuple[str, Callable[[Bucket], object]]] = [
    ("GET", lambda bucket: bucket.get(KEY).data),
    ("HEAD", lambda bucket: bucket.size(KEY)),
    ("GET", lambda bucket: list(bucket.list(KEY))),
    ("GET", lambda bucket: bucket.folders("v1/")),
    ("HEAD", lambda bucket: bucket.ensure()),
    ("PUT", lambda bucket: bucket.put_derived("v1/art/a", b"derived", "text/plain")),
]


def test_a_lost_answer_is_asked_for_again(bucket: Bucket, proxied: Proxied, proxy: Proxy) -> None:
    bucket.put_once(KEY, b"bytes")
    through = proxied()
    hows: tuple[str | int, ...] = (DROP_BEFORE, DROP_AFTER, 503)
    for (method, ask), how in product(QUESTIONS, hows):
        expected, before = ask(through), proxy.count(method)
        proxy.fail(Fault(method, how))
        assert ask(through) == expected
        assert proxy.count(method) == before + 2


def test_an_endpoint_that_is_down_is_named_with_what_to_do(endpoint: Endpoint) -> None:
    address = f"http://127.0.0.1:{ports.free(1)[0]}"
    bucket = endpoint.bucket("nobody-there", through=address, attempts=2)
    asks: list[Callable[[Bucket], object]] = [
        *(ask for _, ask in QUESTIONS),
        lambda down: down.put_once(KEY, b"bytes"),
        lambda down: down.replace(KEY, b"bytes", None),
    ]
    for ask in asks:
        with pytest.raises(EndpointDown, match=address) as caught:
            ask(bucket)
        assert "endpoint is up" in (caught.value.hint or "")


def test_wrong_keys_say_so_at_once(endpoint: Endpoint, bucket: Bucket, proxy: Proxy) -> None:
    wrong = connect(Settings(s3_endpoint=proxy.address, bucket=bucket.name), (endpoint.keys[0], "no such secret"))
    for ask in (lambda: wrong.put_once(KEY, b""), lambda: wrong.replace(KEY, b"", None), wrong.ensure):
        with pytest.raises(StorageError, match=bucket.name) as caught:
            ask()
        assert not isinstance(caught.value, EndpointDown)
        assert "AWS_SECRET_ACCESS_KEY" in (caught.value.hint or "")
    assert len(proxy.seen) == 3


def test_missing_keys_say_so(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    keyless = connect(Settings(s3_endpoint=endpoint.address, bucket="any-bucket"))
    with pytest.raises(StorageError, match="credentials") as caught:
        keyless.put_once(KEY, b"")
    assert not isinstance(caught.value, EndpointDown)
    assert "AWS_ACCESS_KEY_ID" in (caught.value.hint or "")


def test_a_bucket_that_is_not_there_says_so_at_once(endpoint: Endpoint, proxy: Proxy) -> None:
    missing = endpoint.bucket("never-made", through=proxy.address)
    for ask in (lambda: missing.put_once(KEY, b""), lambda: missing.get(KEY), lambda: missing.folders("v1/")):
        with pytest.raises(StorageError, match="never-made") as caught:
            ask()
        assert "TONGJIAN_BUCKET" in (caught.value.hint or "")
    assert len(proxy.seen) == 3


@pytest.mark.parametrize("name", ["B", "UPPER CASE", "x"])
def test_a_name_that_no_bucket_can_have_says_so(endpoint: Endpoint, name: str) -> None:
    with pytest.raises(StorageError) as caught:
        endpoint.bucket(name).ensure()
    assert "TONGJIAN_BUCKET" in (caught.value.hint or "")


@pytest.mark.parametrize("address", ["localhost:8333", "nonsense", "http://"])
def test_an_endpoint_that_is_no_address_is_a_matter_of_configuration(endpoint: Endpoint, address: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        endpoint.bucket("any-bucket", through=address)
    assert "TONGJIAN_S3_ENDPOINT" in (caught.value.hint or "")


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    endpoint: Endpoint, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{ports.free(1)[0]}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    endpoint.bucket(bucket.name).put_once(KEY, b"bytes")
    assert bucket.get(KEY).data == b"bytes"


def test_many_may_make_the_bucket_at_once(endpoint: Endpoint) -> None:
    gate = Barrier(6)

    def make(_: int) -> None:
        one = endpoint.bucket("made-by-many")
        gate.wait()
        one.ensure()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(make, range(6)))
    endpoint.bucket("made-by-many").put_once(KEY, b"bytes")


def race(count: int, attempt: Callable[[int], str]) -> list[str]:
    """The tags of those who won; the others met Conflict."""
    gate = Barrier(count)

    def run(number: int) -> str | None:
        gate.wait()
        try:
            return attempt(number)
        except Conflict:
            return None

    with ThreadPoolExecutor(count) as pool:
        return [tag for tag in pool.map(run, range(count)) if tag]


def test_of_eight_who_replace_at_once_one_wins(bucket: Bucket) -> None:
    before = bucket.put_once(KEY, b"before")
    tags = race(8, lambda number: bucket.replace(KEY, str(number).encode(), before))
    assert tags == [bucket.get(KEY).etag]
    assert tags != [before]


def test_of_four_who_put_other_bytes_once_one_wins(bucket: Bucket) -> None:
    tags = race(4, lambda number: bucket.put_once(KEY, str(number).encode()))
    assert tags == [bucket.get(KEY).etag]


def test_an_unclear_replacement_is_read_back(bucket: Bucket, proxied: Proxied, proxy: Proxy) -> None:
    through = proxied()
    tag: str | None = None
    for number, how in enumerate((DROP_BEFORE, DROP_AFTER, 500, DROP_BEFORE, 503)):
        proxy.fail(Fault("PUT", how))
        data = str(number).encode()
        tag = through.replace(KEY, data, tag)
        assert (bucket.get(KEY).data, bucket.get(KEY).etag) == (data, tag)
    proxy.fail(Fault("PUT", DROP_AFTER))
    through.replace("v1/run/alpha/other.json", b"first", None)
    assert bucket.get("v1/run/alpha/other.json").data == b"first"


def test_an_unclear_replacement_that_another_overtook_is_a_conflict(
    bucket: Bucket, proxied: Proxied, proxy: Proxy
) -> None:
    before = bucket.put_once(KEY, b"before")
    bucket.replace(KEY, b"another's", before)
    proxy.fail(Fault("PUT", 500))
    with pytest.raises(Conflict, match=KEY):
        proxied().replace(KEY, b"ours", before)
    assert bucket.get(KEY).data == b"another's"


def test_replacing_what_is_gone_or_there_already_is_a_conflict(bucket: Bucket) -> None:
    with pytest.raises(Conflict):
        bucket.replace(KEY, b"over nothing", '"00000000000000000000000000000000"')
    bucket.put_once(KEY, b"one")
    with pytest.raises(Conflict):
        bucket.replace(KEY, b"two", None)
