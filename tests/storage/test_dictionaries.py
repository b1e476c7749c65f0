"""Dictionaries: trained from what was captured, carried by the segment itself, used only where they pay."""

import io
import json
import logging
import struct
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import zstandard
from fastwarc import ArchiveIterator
from making import RUN, SITE, START, acknowledged, committed, cut, exchange, overwrite, remove, sealed, write

from domain.capture import Exchange, Role
from domain.errors import IntegrityError
from storage import Archive, Bucket, dictionaries, keys, training
from storage.archive import answer_in
from storage.dictionaries import MAX_SIZE, Dictionary, dictionary_in, numbered
from storage.segment import Builder, Sealed, Segment, read_index, salvage

LATER = "20260302t080000z-0a1b2c"
_SIGNS = "山东省商务厅关于促进外贸稳定增长的若干措施各市人民政府有关部门认真贯彻落实推动经济高质量发展服务企业"


def page(number: int, layout: int = 1) -> bytes:
    """A page of 10 KB, of which all pages of a layout share most."""
    said, own = Random(layout), Random(f"page {number}")
    menu = "".join(f"<li><a href='/c/{said.getrandbits(40)}'>{_said(said, 12)}</a></li>\n" for _ in range(150))
    return f"<html><title>{number}</title><ul>{menu}</ul><p>{_said(own, 200)}</p></html>".encode()


def _said(chance: Random, length: int) -> str:
    return "".join(chance.choices(_SIGNS, k=length))


def pages(count: int, first: int = 0, layout: int = 1) -> list[Exchange]:
    return [exchange(number, body=page(number, layout)) for number in range(first, first + count)]


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    samples: Any = [page(number) for number in range(100)]
    return numbered(zstandard.train_dictionary(MAX_SIZE, samples, dict_id=1).as_bytes())


def with_it(dictionary: Dictionary, exchanges: Iterable[Exchange]) -> Sealed:
    builder = Builder(SITE, RUN, START, "tests", dictionary)
    for one in exchanges:
        builder.add(one)
    return builder.seal()


@pytest.fixture(scope="module")
def made(dictionary: Dictionary) -> Sealed:
    return with_it(dictionary, pages(30, 200))


def test_a_segment_of_pages_that_share_much_begins_with_what_they_share(dictionary: Dictionary, made: Sealed) -> None:
    """As the IIPC's proposal for Zstandard in WARC files has it."""
    magic, size = struct.unpack("<II", made.data[:8])
    assert magic == 0x184D2A5D
    assert made.data[8:12] == b"\x28\xb5\x2f\xfd"
    assert zstandard.ZstdDecompressor().decompress(made.data[8 : 8 + size]) == dictionary.data
    assert zstandard.get_frame_parameters(made.data[8:]).has_checksum
    assert made.index.frames[0].offset == 8 + size
    for frame in made.index.frames:
        said = zstandard.get_frame_parameters(made.data[frame.offset :])
        assert (said.dict_id, said.has_checksum) == (dictionary.id, True)
        assert said.content_size > 0
    assert len(made.data) * 2 < len(sealed(*pages(30, 200)).data)


def test_fastwarc_reads_it_as_it_is(made: Sealed) -> None:
    found = []
    for record in ArchiveIterator(io.BytesIO(made.data), parse_http=False):
        assert record.verify_block_digest()
        found.append((record.headers["WARC-Type"], record.reader.read()))
    assert [kind for kind, _ in found] == ["warcinfo", *["request", "response", "metadata"] * 30]
    bodies = [block.partition(b"\r\n\r\n")[2] for kind, block in found if kind == "response"]
    assert bodies == [page(number) for number in range(200, 230)]


def test_every_record_comes_back_alone(dictionary: Dictionary, made: Sealed) -> None:
    segment = Segment(made.data, "k")
    for number, capture in enumerate(made.index.captures, 200):
        assert answer_in(cut(made.data, capture), capture, segment.dictionary).payload == page(number)
    with pytest.raises(IntegrityError, match=r"a200\.html"):
        answer_in(cut(made.data, made.index.captures[0]), made.index.captures[0])


def test_a_few_captures_are_smaller_without(dictionary: Dictionary) -> None:
    few = with_it(dictionary, pages(1, 200))
    assert dictionary_in(few.data, "k") is None
    assert few.index.frames[0].offset == 0
    assert len(few.data) < len(dictionary.frame) + len(page(200))
    odd = with_it(dictionary, [exchange(n, body=Random(n).randbytes(5000)) for n in range(30)])
    assert dictionary_in(odd.data, "k") is None


def test_whatever_is_smaller_is_written(dictionary: Dictionary) -> None:
    for count in (1, 2, 3, 5, 9, 17, 40):
        exchanges = pages(count, 200)
        plain, shared = sealed(*exchanges), with_it(dictionary, exchanges)
        assert len(shared.data) <= len(plain.data) + 64  # record ids are random


def test_training_gives_the_same_each_time_and_a_number_that_may_be_chosen() -> None:
    samples: Any = [page(number) for number in range(60)]
    one, two = (numbered(zstandard.train_dictionary(MAX_SIZE, samples, dict_id=n).as_bytes()) for n in (1, 77))
    assert one.data == two.data
    assert one.frame == two.frame
    assert 0x8000 <= one.id < 2**31
    assert len(one.data) <= 112 * 1024
    assert one.id == zstandard.ZstdCompressionDict(one.data).dict_id()


def test_no_flipped_bit_in_the_dictionary_is_served(made: Sealed) -> None:
    capture = made.index.captures[3]
    length = dictionaries.length_in(made.data)
    good = answer_in(cut(made.data, capture), capture, dictionary_in(made.data, "k"))
    refused = []
    for bit in Random(1).sample(range(length * 8), 400):
        changed = bytearray(made.data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            found = dictionary_in(bytes(changed), "v1/seg/k")
            assert answer_in(cut(made.data, capture), capture, found) == good
        except IntegrityError as error:
            refused.append(str(error))
    assert len(refused) > 390
    assert all("v1/seg/k" in message or capture.url in message for message in refused)


@pytest.mark.parametrize("end", [0, 7, 8, 9, 30, 5000])
def test_a_truncated_dictionary_is_said_to_be_so(made: Sealed, end: int) -> None:
    if end < 8:
        assert dictionary_in(made.data[:end], "k") is None
        return
    with pytest.raises(IntegrityError, match=r"v1/seg/cut.*not whole"):
        dictionary_in(made.data[:end], "v1/seg/cut")


def test_records_before_a_lost_tail_are_read_with_it(made: Sealed) -> None:
    third = made.index.captures[2]
    assert len(list(salvage(made.data[: third.offset + third.length], "k"))) == 1 + 3 + 3 + 2
    with pytest.raises(IntegrityError):
        list(salvage(made.data[:20] + b"\0" + made.data[21:], "k"))


def kept(bucket: Bucket) -> list[str]:
    return sorted(key for key, _ in bucket.list(f"{keys.DICTIONARIES}{SITE}/"))


def carried(bucket: Bucket) -> list[Dictionary | None]:
    """The dictionary of each segment that the ledger names."""
    archive = Archive(bucket)
    return [archive.opened(entry.commit.segment).dictionary for entry in archive.ledger(SITE).walk()]


def test_a_site_teaches_its_own_writer(bucket: Bucket, tmp_path: Path) -> None:
    """The first segment is written without, and taught from; the next run begins with what was learnt."""
    write(bucket, tmp_path, pages(64))
    note, key = kept(bucket)
    data = bucket.get(key).data
    held = training.newest(bucket, SITE)
    assert held is not None
    assert (held.number, held.taught, held.dictionary.data) == (1, 48, data)
    assert key == keys.dictionary(SITE, 1, held.dictionary.sha256)
    assert json.loads(bucket.get(note).data)["smaller"] == held.promised > 10
    write(bucket, tmp_path, pages(64, 64), run=LATER)
    first, second = carried(bucket)
    assert first is None
    assert second is not None
    assert second.data == data
    archive = Archive(bucket)
    assert [archive.payload(one) for one in acknowledged(bucket)] == [page(number) for number in range(128)]


def test_reading_needs_the_segment_alone(bucket: Bucket, tmp_path: Path) -> None:
    write(bucket, tmp_path, pages(64))
    write(bucket, tmp_path, pages(64, 64), run=LATER)
    remove(bucket, *kept(bucket))
    assert Archive(bucket).payload(acknowledged(bucket)[100]) == page(100)


def test_what_does_not_pay_is_not_kept(bucket: Bucket, tmp_path: Path) -> None:
    write(bucket, tmp_path, [exchange(number, body=Random(number).randbytes(9000)) for number in range(64)])
    few = [exchange(number, body=page(number % 20)) for number in range(64)]  # 20 bodies, again and again
    write(bucket, tmp_path, few, run=LATER)
    assert kept(bucket) == []


def test_a_new_layout_is_learnt_in_its_time(bucket: Bucket) -> None:
    """Where records have grown again by a fifth, and another dictionary makes a segment smaller by a tenth."""
    archive = Archive(bucket)
    committed(bucket, [sealed(*pages(64, 64 * n)) for n in range(4)])
    first = training.improve(archive, SITE, None)
    assert first is not None
    assert first.taught == 192
    assert training.improve(archive, SITE, first) is None
    committed(bucket, [sealed(*pages(64, 64 * n, layout=2), run=LATER) for n in range(4, 8)], run=LATER)
    second = training.improve(archive, SITE, first)
    assert second is not None
    assert second.number == 2
    assert second.dictionary.id != first.dictionary.id
    found = training.newest(bucket, SITE)
    assert found is not None
    assert found.dictionary.data == second.dictionary.data


def test_more_to_learn_from_is_made_use_of_where_that_pays(bucket: Bucket) -> None:
    archive = Archive(bucket)
    committed(bucket, [sealed(*pages(64))])
    first = training.improve(archive, SITE, None)
    assert first is not None
    second = [*pages(24, 100), *pages(40, 200, layout=2)]
    committed(bucket, [sealed(*second, *pages(32, 300, layout=2), run=LATER)], run=LATER)
    better = training.improve(archive, SITE, first)
    assert better is not None
    assert better.taught == 120
    assert training.improve(archive, SITE, better) is None


def test_no_article_goes_into_a_dictionary(bucket: Bucket) -> None:
    """What one does goes into every segment made with it, beyond the reach of any takedown: only what stood on three
    addresses may; a page captured again and again is one."""
    again = [exchange(1, body=page(1, layout=1) + str(n).encode() * 50) for n in range(20)]
    committed(bucket, [sealed(*pages(64)), sealed(*again, run=LATER)])
    made = training.improve(Archive(bucket), SITE, None)
    assert made is not None
    shared = page(0).partition(b"<ul>")[2].partition(b"</ul>")[0].split(b"\n")
    assert sum(line in made.dictionary.data for line in shared) > len(shared) * 0.9
    for number in range(64):
        text = page(number).partition(b"<p>")[2].partition(b"</p>")[0].decode()
        pieces = [text[at : at + 6].encode() for at in range(0, len(text) - 6, 6)]
        assert not [piece for piece in pieces if piece in made.dictionary.data]


def test_what_is_shared_is_found_piece_by_piece_though_lines_are_looked_at_first() -> None:
    """The same as by counting every piece on every address."""
    chance, words = Random(5), ["<a ", "b=", '"c">', "共 有", "d/e", "x:\r\n", "y\n", "\r", "z"]
    taught = [
        training.Taken(f"u{number % 9}", tuple("".join(chance.choices(words, k=12)).encode() for _ in range(3)))
        for number in range(12)
    ]
    pieces = {one: [training._PIECE.findall(record) for record in one.records] for one in taught}
    on: dict[bytes, set[str]] = {}
    for one, records in pieces.items():
        for piece in (piece for record in records for piece in record):
            on.setdefault(piece, set()).add(one.source)
    assert all(
        b"".join(found) == one.records[at] for one, records in pieces.items() for at, found in enumerate(records)
    )
    kept = [b"".join(piece for piece in found if len(on[piece]) >= 3) for one in taught for found in pieces[one]]
    assert training._shared(taught) == [record for record in kept if record]
    assert any(len(record) < len(b"".join(taught[0].records)) for record in kept)


def test_a_list_that_is_captured_often_is_learnt_from(bucket: Bucket) -> None:
    lists = [exchange(1, role=Role.ENTRY, body=page(1) + str(number).encode()) for number in range(60)]
    committed(bucket, [sealed(*lists)])
    made = training.improve(Archive(bucket), SITE, None)
    assert made is not None
    assert made.promised > 10


def test_nothing_is_learnt_from_what_cannot_be_read(bucket: Bucket) -> None:
    made = sealed(*pages(64))
    capture = made.index.captures[5]
    blank = made.data[: capture.offset] + bytes(capture.length) + made.data[capture.offset + capture.length :]
    (entry,) = committed(bucket, [made])
    overwrite(bucket, entry.commit.segment, blank)
    learnt = training.improve(Archive(bucket), SITE, None)
    assert learnt is not None
    assert learnt.taught == 47


@pytest.mark.parametrize("damage", ["bytes", "note", "gone"])
def test_a_damaged_dictionary_is_done_without(
    bucket: Bucket, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    write(bucket, tmp_path, pages(64))
    note, key = kept(bucket)
    if damage == "bytes":
        overwrite(bucket, key, bucket.get(key).data[:-1] + b"!")
    elif damage == "note":
        overwrite(bucket, note, b"{}")
    else:
        remove(bucket, note)
    with caplog.at_level(logging.WARNING):
        write(bucket, tmp_path, pages(30, 64), run=LATER)
    assert "without a dictionary" in caplog.text
    assert SITE in caplog.text
    assert carried(bucket) == [None, None]
    assert Archive(bucket).payload(acknowledged(bucket)[-1]) == page(93)


def test_which_entries_call_for_a_look(dictionary: Dictionary) -> None:
    """Training costs: a site that has a dictionary is looked at again once soon, and then rarely."""
    held = training.Held(1, dictionary, 5.0, 48)
    assert [seq for seq in range(1, 200) if training.is_due(seq, None)] == [1, 2, 4, 8, 16, 32, 64, 128, 192]
    assert [seq for seq in range(1, 200) if training.is_due(seq, held)] == [8, 64, 128, 192]


def test_a_segment_that_the_spool_kept_is_sent_with_its_dictionary(made: Sealed, bucket: Bucket) -> None:
    (entry,) = committed(bucket, [made])
    assert read_index(bucket.get(entry.commit.segment).data, "").root == entry.commit.root
    assert Archive(bucket).payload(acknowledged(bucket)[7]) == page(207)
