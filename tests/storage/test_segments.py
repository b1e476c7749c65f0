"""Segments: readable by FastWARC as they are, every byte of a payload kept, damage never taken for content."""

import hashlib
import io
import json
import random
import struct
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import zstandard
from fastwarc import ArchiveIterator, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from making import HTML, RUN, SITE, START, cut, exchange, sealed

from domain.capture import Capture, Exchange, Reference, Role
from domain.errors import IntegrityError
from storage import merkle, warc
from storage.archive import answer_in
from storage.segment import INDEX_MAGIC, MAX_BYTES, MAX_CAPTURES, TAIL, Builder, Sealed, read_index, salvage, unpack

RUNS = settings(max_examples=60, deadline=None)
TOKEN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=20)
# What can stand in a header's line: anything but the line's end; blanks around a value are not part of it.
VALUE = st.binary(max_size=60).map(lambda value: value.replace(b"\r", b"").replace(b"\n", b"").strip())
HEADERS = st.lists(st.tuples(TOKEN.map(str.encode), VALUE), max_size=6).map(tuple)
BODIES = st.one_of(
    st.binary(max_size=3000),
    st.sampled_from([b"", b"\0", b"\r\n\r\n", b"WARC/1.1\r\n\r\n", b"\xff\xfe\x00", "新闻".encode("gb18030"), b"\r\n"]),
)
EXCHANGES = st.builds(
    Exchange,
    url=st.integers(0, 99).map("http://alpha.example.cn/art/{}.html?列=1&b=%E6%96%B0".format),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    role=st.sampled_from(Role),
    status=st.sampled_from([200, 206, 301, 304, 403, 404, 500, 599]),
    reason=st.sampled_from(["OK", "", "Not Found", "Ça va", "未找到"]),
    request_headers=HEADERS,
    response_headers=HEADERS,
    body=BODIES,
    ip=st.sampled_from([None, "192.0.2.7", "2001:db8::7"]),
    flags=st.sampled_from([(), ("headers-reconstructed",), ("truncated:disconnect", "connect-to")]),
)


def records(data: bytes) -> list[Any]:
    """Every record as FastWARC sees it, the trailing index frame skipped: (type, headers, block), digests checked."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), parse_http=False):
        assert record.verify_block_digest()
        headers = dict(record.headers.items())
        found.append((headers["WARC-Type"], headers, record.reader.read()))
    return found


@RUNS
@given(st.lists(EXCHANGES, min_size=1, max_size=4))
def test_fastwarc_reads_every_record_and_every_payload_comes_back(exchanges: list[Exchange]) -> None:
    made = sealed(*exchanges)
    found = records(made.data)
    assert [kind for kind, _, _ in found] == ["warcinfo"] + ["request", "response", "metadata"] * len(exchanges)
    assert [kind for kind, _, _ in found] == [frame.type for frame in made.index.frames]
    for one, capture, (_, headers, block) in zip(exchanges, made.index.captures, found[2::3], strict=True):
        answer = answer_in(cut(made.data, capture), capture)
        assert answer.payload == one.body
        assert answer.headers == tuple((n.decode(), v.decode("latin-1")) for n, v in one.response_headers)
        assert block.endswith(b"\r\n\r\n" + one.body)
        assert headers["WARC-Payload-Digest"] == capture.payload_digest == warc.digest(one.body)
        assert headers["WARC-Target-URI"] == one.url == capture.url


@RUNS
@given(EXCHANGES)
def test_fastwarc_finds_the_payload_digest_right(one: Exchange) -> None:
    responses = ArchiveIterator(io.BytesIO(sealed(one).data), record_types=WarcRecordType.response)
    assert [record.verify_payload_digest() for record in responses] == [True]


@RUNS
@given(st.lists(EXCHANGES, min_size=1, max_size=4))
def test_the_index_says_what_was_captured_and_gives_each_record_alone(exchanges: list[Exchange]) -> None:
    made = sealed(*exchanges)
    end = 0
    for frame in made.index.frames:
        assert frame.offset == end
        end += frame.length
        record = unpack(made.data[frame.offset : end], "k")
        assert record.startswith(b"WARC/1.1\r\nWARC-Type: " + frame.type.encode())
        assert merkle.leaf(record).hex() == frame.leaf == hashlib.sha256(b"\0" + record).hexdigest()
    for one, capture in zip(exchanges, made.index.captures, strict=True):
        assert (capture.url, capture.at, capture.role, capture.status) == (one.url, one.at, one.role, one.status)
        assert (capture.payload_length, capture.flags) == (len(one.body), one.flags)
        assert (capture.site, capture.run) == (SITE, RUN)
        assert capture.id == merkle.leaf(unpack(cut(made.data, capture), "k")).hex()


def test_the_index_is_read_from_the_tail_alone() -> None:
    made = sealed(*map(exchange, range(5)))
    (length,) = struct.unpack("<I", made.data[-8:-4])
    assert struct.unpack("<II", made.data[-length : 8 - length]) == (INDEX_MAGIC, length - 8)
    assert read_index(made.data[-length:], "") == made.index == read_index(made.data, "")


def test_repeated_headers_stay_repeated_and_in_order() -> None:
    headers = ((b"Set-Cookie", b"a=1"), (b"X", b"\xe9t\xe9"), (b"Set-Cookie", b"b=2"), (b"set-cookie", b""))
    made = sealed(exchange(response_headers=headers))
    answer = answer_in(cut(made.data, made.index.captures[0]), made.index.captures[0])
    assert answer.headers == (("Set-Cookie", "a=1"), ("X", "été"), ("Set-Cookie", "b=2"), ("set-cookie", ""))
    assert answer.header("SET-COOKIE") == "a=1"


@pytest.mark.parametrize(
    "header",
    [
        (b"Content-Length", b"3"),
        (b"Content-Encoding", b"gzip"),
        (b"Transfer-Encoding", b"chunked"),
        (b"X-Odd", b"a\rb"),
        (b"X-Long", b"l" * 40_000),
    ],
    ids=["wrong length", "coding that is not there", "transfer coding undone", "bare CR", "40 kB of header"],
)
def test_no_header_changes_what_the_payload_is(header: tuple[bytes, bytes]) -> None:
    body = b"\0\xff as served \r\n\r\n0\r\n\r\n"
    made = sealed(exchange(response_headers=(header,), body=body))
    assert answer_in(cut(made.data, made.index.captures[0]), made.index.captures[0]).payload == body


def test_a_304_is_a_revisit_that_names_what_it_confirms() -> None:
    first = sealed(exchange(1)).index.captures[0]
    reference = Reference(url=first.url, at=first.at, payload_digest=first.payload_digest)
    etag = ((b"ETag", b'"v1"'),)
    made = sealed(exchange(1, status=304, reason="Not Modified", body=b"", response_headers=etag, refers_to=reference))
    kind, headers, block = records(made.data)[2]
    assert kind == "revisit"
    assert headers["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert headers["WARC-Refers-To-Target-URI"] == first.url
    assert headers["WARC-Refers-To-Date"] == "2026-03-01T08:00:01.000000Z"
    assert headers["WARC-Payload-Digest"] == first.payload_digest
    assert block == b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
    capture = made.index.captures[0]
    assert (capture.refers_to, capture.payload_digest, capture.etag) == (reference, first.payload_digest, '"v1"')
    assert answer_in(cut(made.data, capture), capture).payload == b""


def test_a_304_that_confirms_nothing_is_a_response() -> None:
    made = sealed(exchange(status=304, body=b""))
    assert records(made.data)[2][0] == "response"
    assert made.index.captures[0].payload_digest == warc.digest(b"")


def test_a_request_keeps_its_query_and_the_records_name_one_another() -> None:
    made = sealed(exchange(7, ip="192.0.2.7", flags=("headers-reconstructed", "truncated:disconnect")))
    _, request, response, metadata = records(made.data)
    assert request[2].startswith(b"GET /2026/a7.html?p=1 HTTP/1.1\r\nHost: alpha.example.cn\r\nUser-Agent: tests\r\n")
    assert response[1]["WARC-Concurrent-To"] == request[1]["WARC-Record-ID"]
    assert metadata[1]["WARC-Refers-To"] == response[1]["WARC-Record-ID"]
    assert response[1]["WARC-IP-Address"] == "192.0.2.7"
    assert response[1]["WARC-Truncated"] == "disconnect"
    assert metadata[2] == b"role: page\r\nflag: headers-reconstructed\r\nflag: truncated:disconnect\r\n"


def test_headers_that_rechecks_and_readers_need_are_in_the_index() -> None:
    since = b"Sun, 01 Mar 2026 00:00:00 GMT"
    headers = (*HTML, (b"etag", b'W/"\xe9"'), (b"LAST-MODIFIED", since), (b"Location", b"/b"))
    capture = sealed(exchange(response_headers=headers)).index.captures[0]
    assert capture.content_type == "text/html; charset=utf-8"
    assert (capture.etag, capture.location) == ('W/"é"', "/b")
    assert capture.last_modified == since.decode()


def test_a_segment_is_full_at_64_captures() -> None:
    builder = Builder(SITE, RUN, START, "tests")
    for number in range(MAX_CAPTURES):
        assert not builder.full
        builder.add(exchange(number))
    assert builder.full
    assert len(builder) == len(builder.seal().index.captures) == 64


def test_a_segment_is_full_at_two_mebibytes() -> None:
    noise = random.Random(1).randbytes
    builder = Builder(SITE, RUN, START, "tests")
    builder.add(exchange(1, body=noise(MAX_BYTES // 2)))
    assert not builder.full
    noise_two = noise(MAX_BYTES // 2)
    builder.add(exchange(2, body=noise_two))
    assert builder.full
    assert answer_in(*last(builder.seal())).payload == noise_two


def last(made: Sealed) -> tuple[bytes, Capture]:
    """A segment's last capture and its frame."""
    capture = made.index.captures[-1]
    return cut(made.data, capture), capture


@pytest.fixture(scope="module")
def small() -> Sealed:
    return sealed(exchange(1, body=b"short", response_headers=()))


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_no_flipped_bit_in_a_record_is_served(small: Sealed) -> None:
    """Whatever bit is hit, the record reads as recorded or not at all; one in a frame's head can claim petabytes."""
    capture = small.index.captures[0]
    frame = cut(small.data, capture)
    good, refused = answer_in(frame, capture), []
    for bit in range(len(frame) * 8):
        try:
            assert answer_in(flipped(frame, bit), capture) == good
        except IntegrityError as error:
            refused.append(str(error))
    assert len(refused) > len(frame) * 8 * 0.99
    assert all(capture.url in message for message in refused)


def test_no_flipped_bit_in_the_index_is_believed(small: Sealed) -> None:
    base = small.index.frames[-1].offset + small.index.frames[-1].length
    named = tuple(capture.model_copy(update={"segment": "v1/seg/k"}) for capture in small.index.captures)
    good, refused = replace(small.index, captures=named), []
    for bit in range(base * 8, len(small.data) * 8):
        try:
            assert read_index(flipped(small.data, bit), "v1/seg/k") == good
        except IntegrityError as error:
            refused.append(str(error))
    assert len(refused) > (len(small.data) - base) * 8 * 0.99
    assert all("v1/seg/k" in message for message in refused)


def test_a_truncated_segment_has_no_index_wherever_it_is_cut(small: Sealed) -> None:
    for end in range(len(small.data)):
        with pytest.raises(IntegrityError, match="v1/seg/cut"):
            read_index(small.data[:end], "v1/seg/cut")


@pytest.mark.parametrize("document", [[], {}, {"v": 2}, {"v": 1, "site": "a", "run": "r", "captures": [{}]}, "text", 7])
def test_an_index_of_another_shape_is_refused_by_name(document: object) -> None:
    body = zstandard.compress(json.dumps(document).encode())
    size = len(body) + TAIL.size
    data = struct.pack("<II", INDEX_MAGIC, size) + body + TAIL.pack(size + 8, b"TJ01")
    with pytest.raises(IntegrityError, match="v1/seg/odd"):
        read_index(data, "v1/seg/odd")


def test_a_record_of_another_page_is_not_served_for_this_one() -> None:
    made = sealed(exchange(1), exchange(2))
    first, second = made.index.captures
    with pytest.raises(IntegrityError, match=r"a1\.html"):
        answer_in(cut(made.data, second), first)


def test_records_before_a_lost_tail_can_still_be_read() -> None:
    made = sealed(*map(exchange, range(4)))
    third = made.index.captures[2]
    held = list(salvage(made.data[: third.offset + third.length // 2], "k"))
    assert [merkle.leaf(record).hex() for record in held] == [frame.leaf for frame in made.index.frames[: len(held)]]
    assert len(held) == 1 + 3 + 3 + 1
    assert len(list(salvage(made.data, "k"))) == len(made.index.frames)


def test_one_segment_of_any_size_has_the_root_of_rfc_6962() -> None:
    def tree(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = max(2**k for k in range(10) if 2**k < len(leaves))
        return hashlib.sha256(b"\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()

    for count in range(1, 20):
        leaves = [merkle.leaf(bytes([n])) for n in range(count)]
        assert merkle.root(leaves) == tree(leaves)
    assert merkle.root([]) == hashlib.sha256(b"").digest()
