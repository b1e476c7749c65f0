"""Bodies over 1 MiB: an object each, there before the segment that names it, whole and checked when read back."""

import hashlib
import io
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from fastwarc import ArchiveIterator
from faulting_proxy import DROP_AFTER, DROP_BEFORE, Fault, Proxy
from making import RUN, SITE, acknowledged, exchange, overwrite, remove, sealed, spooled, write

from domain.capture import Exchange, Role
from domain.errors import EndpointDown, IntegrityError, NotFound
from domain.wire import Wire
from storage import Archive, Bucket, big, keys, warc
from storage.archive import answer_from
from storage.big import LIMIT
from storage.segment import Segment, read_index
from storage.spool import Spool

LATER = "20260301t090000z-bbbbbb"
PDF = ((b"Content-Type", b"application/pdf"),)
Proxied = Callable[..., Bucket]


def file(number: int, size: int = LIMIT + 1, **more: object) -> Exchange:
    return exchange(number, body=Random(number).randbytes(size), response_headers=PDF, **more)


def objects(bucket: Bucket) -> list[str]:
    return [key for key, _ in bucket.list(keys.BIG)]


def test_a_large_body_is_an_object_named_by_its_hash_and_comes_back_whole(bucket: Bucket, tmp_path: Path) -> None:
    one = file(1)
    write(bucket, tmp_path, [exchange(0), one, exchange(2)])
    sha256 = hashlib.sha256(one.body).hexdigest()
    assert objects(bucket) == [f"v1/big/{sha256[:2]}/{sha256}"]
    assert bucket.get(objects(bucket)[0]).data == one.body
    archive = Archive(bucket)
    _, held, _ = acknowledged(bucket)
    assert (held.payload_length, held.payload_digest) == (LIMIT + 1, f"sha256:{sha256}")
    answer = archive.answer(held)
    assert (answer.payload, answer.outside) == (one.body, objects(bucket)[0])
    assert answer.header("Content-Type") == "application/pdf"
    assert archive.payload(held) == one.body
    assert archive.index(next(archive.ledger(SITE).walk())).outside == {held.id: objects(bucket)[0]}
    assert spooled(tmp_path) == []


def test_up_to_one_mebibyte_lies_in_the_segment(bucket: Bucket, tmp_path: Path) -> None:
    write(bucket, tmp_path, [file(1, LIMIT)])
    assert objects(bucket) == []
    assert Archive(bucket).payload(acknowledged(bucket)[0]) == Random(1).randbytes(LIMIT)


def test_the_body_is_there_before_the_segment_and_that_before_the_entry(
    proxied: Proxied, proxy: Proxy, tmp_path: Path
) -> None:
    write(proxied(), tmp_path, [file(1)])
    kinds = ("/v1/big/", "/v1/seg/", "/v1/led/")
    puts = [kind for method, path in proxy.seen if method == "PUT" for kind in kinds if kind in path]
    assert puts == list(kinds)


def test_the_same_body_is_put_once(bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path) -> None:
    again = exchange(9, body=file(1).body)
    write(proxied(), tmp_path, [file(1), again, replace(file(1), at=again.at)])
    write(proxied(), tmp_path, [file(1)], run=LATER)
    assert proxy.count("PUT", "/v1/big/") == 1
    archive = Archive(bucket)
    assert {archive.payload(capture) for capture in acknowledged(bucket)} == {file(1).body}


def test_what_lies_there_damaged_is_never_given_out_and_is_healed_by_the_next_capture(
    bucket: Bucket, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(bucket, tmp_path, [file(1)])
    (key,) = objects(bucket)
    (held,) = acknowledged(bucket)
    for bad in (file(1).body[:-1] + b"!", file(1).body[:1000], b""):
        overwrite(bucket, key, bad)
        with pytest.raises(IntegrityError, match=key):
            Archive(bucket).payload(held)
        with caplog.at_level(logging.ERROR):
            write(bucket, tmp_path, [file(1)], run=LATER)
        assert key in caplog.text
        assert Archive(bucket).payload(held) == file(1).body
    remove(bucket, key)
    with pytest.raises(NotFound, match=key):
        Archive(bucket).payload(held)


@pytest.mark.parametrize("how", [DROP_AFTER, DROP_BEFORE, 500, 503])
def test_a_fault_while_it_is_put_changes_nothing(
    bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path, how: str | int
) -> None:
    proxy.fail(Fault("PUT", how, "/v1/big/"), Fault("PUT", 400, "/v1/big/", stored=True))
    write(proxied(), tmp_path, [file(1)])
    assert Archive(bucket).payload(acknowledged(bucket)[0]) == file(1).body


def test_the_spool_keeps_it_beside_its_segment(bucket: Bucket, proxied: Proxied, proxy: Proxy, tmp_path: Path) -> None:
    proxy.fail(Fault("PUT", 503, "/v1/big/", times=9))
    with pytest.raises(EndpointDown):
        write(proxied(attempts=1), tmp_path, [file(1), exchange(2), file(3)])
    assert acknowledged(bucket) == []
    assert sorted(path.suffix for path in spooled(tmp_path)) == [".big", ".big", ".zst"]
    write(bucket, tmp_path, [exchange(5)], run=LATER)
    archive = Archive(bucket)
    assert [archive.payload(one) for one in acknowledged(bucket)][:3] == [file(1).body, exchange(2).body, file(3).body]
    assert spooled(tmp_path) == []


def test_a_body_whose_segment_never_came_to_be_is_forgotten(bucket: Bucket, tmp_path: Path) -> None:
    spool = Spool(tmp_path, SITE)
    kept = spool.keep(RUN, 1, sealed(file(1)))
    kept.path.unlink()
    assert len(spooled(tmp_path)) == 1
    write(bucket, tmp_path, [exchange(2)], run=LATER)
    assert spooled(tmp_path) == []
    assert objects(bucket) == []


@pytest.mark.parametrize("damage", [b"other bytes", None])
def test_a_segment_whose_body_is_damaged_is_set_aside_with_it(
    bucket: Bucket, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes | None
) -> None:
    spool = Spool(tmp_path, SITE)
    for number in (1, 2):
        spool.keep(RUN, number, sealed(file(number)))
    first = next(path for path in spooled(tmp_path) if path.name.startswith("000001") and path.suffix == ".big")
    if damage:
        first.write_bytes(damage)
    else:
        first.unlink()
    write(bucket, tmp_path, [exchange(5)], run=LATER)
    assert [Archive(bucket).payload(one) for one in acknowledged(bucket)] == [file(2).body, exchange(5).body]
    left = [path.name for path in spooled(tmp_path)]
    assert all(name.startswith("000001") for name in left)
    assert any(name.endswith(".damaged") for name in left)
    assert first.name in caplog.text or keys.big(hashlib.sha256(file(1).body).hexdigest()) in caplog.text
    write(bucket, tmp_path, [], run="20260301t100000z-cccccc")
    assert [path.name for path in spooled(tmp_path)] == left


def test_its_record_says_where_it_is_and_is_right_in_itself() -> None:
    """WARC/1.1 knows no payload elsewhere: the record is cut at the end of its headers, and says so."""
    made = sealed(file(1))
    record = next(one for one in ArchiveIterator(io.BytesIO(made.data)) if one.headers["WARC-Type"] == "response")
    assert record.headers["WARC-Truncated"] == "length"
    assert record.headers["TJ-Payload-Object"] == keys.big(hashlib.sha256(file(1).body).hexdigest())
    assert "WARC-Payload-Digest" not in dict(record.headers.items())
    blocks = ArchiveIterator(io.BytesIO(made.data), parse_http=False)
    assert all(one.verify_block_digest() for one in blocks)
    assert len(made.data) < 10_000
    assert made.bodies == {hashlib.sha256(file(1).body).hexdigest(): file(1).body}


WIRES = {
    "as recorded": None,
    "with a length": Wire(b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 1048577\r\n\r\n"),
    "chunked": Wire(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body=b"100001\r\n...\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
@pytest.mark.parametrize("flags", [(), ("truncated:disconnect",)])
def test_made_whole_it_is_a_record_like_any_other(wire: Wire | None, flags: tuple[str, ...]) -> None:
    one = file(1, wire=wire, flags=flags)
    made = sealed(one)
    (capture,) = made.index.captures
    record = Segment(made.data, "k").record(capture.offset, capture.length)
    whole = big.whole(record, one.body, capture.flags)
    assert whole == big.whole(record, one.body, capture.flags)
    assert [one.verify_block_digest() for one in ArchiveIterator(io.BytesIO(whole), parse_http=False)] == [True]
    found = ArchiveIterator(io.BytesIO(whole), auto_decode="transfer")
    read = next(found)
    assert read.reader.read() == one.body
    headers = dict(read.headers.items())
    assert headers.get("WARC-Truncated") == ("disconnect" if flags else None)
    assert "TJ-Payload-Object" not in headers
    assert headers["WARC-Payload-Digest"] == warc.digest(one.body)
    assert headers["WARC-Target-URI"] == one.url
    assert warc.payload(warc.block(whole)) == one.body
    assert big.whole(whole, b"anything") == whole
    assert ("chunking-undone" in capture.flags) == bool(wire and wire.body)


def test_an_opened_segment_brings_the_payloads_that_are_asked_for(bucket: Bucket, tmp_path: Path) -> None:
    write(bucket, tmp_path, [file(1), file(2, role=Role.FILE)])
    archive = Archive(bucket)
    page, attachment = acknowledged(bucket)
    segment = archive.opened(page.segment, (Role.PAGE,))
    assert answer_from(segment, page).payload == file(1).body
    with pytest.raises(IntegrityError, match="not fetched"):
        answer_from(segment, attachment)
    assert list(archive.opened(page.segment).bodies) == []
    assert read_index(segment.data, "").outside.keys() == {page.id, attachment.id}
