"""Fixity: every kind of damage is found, with the object, the record and the page it hit."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from making import (
    HTML,
    RUN,
    SITE,
    START,
    acknowledged,
    commit,
    committed,
    exchange,
    overwrite,
    remove,
    sealed,
    write,
)

from domain.capture import RunSummary
from domain.errors import IntegrityError
from storage import Archive, Bucket, keys
from storage.ledger import Entry, Ledger
from storage.segment import Sealed
from storage.verify import Finding, verify

SEGMENTS = 5


@pytest.fixture
def segments() -> list[Sealed]:
    """Five segments of three captures."""
    return [sealed(*(exchange(10 * number + one) for one in range(3))) for number in range(SEGMENTS)]


@pytest.fixture
def entries(bucket: Bucket, segments: list[Sealed]) -> list[Entry]:
    made = committed(bucket, segments)
    archive = Archive(bucket)
    archive.put_run(SITE, RUN, {"v": 1})
    summary = RunSummary(site=SITE, run=RUN, started=START, finished=START, reason="finished", segments=SEGMENTS)
    archive.finish_run(summary)
    return made


def findings(bucket: Bucket, *, deep: bool = False) -> list[Finding]:
    return [found for one in verify(Archive(bucket), SITE, deep=deep) for found in one.findings]


def url(number: int) -> str:
    return exchange(number).url


def test_a_clean_archive_finds_nothing_and_counts_everything(bucket: Bucket, entries: list[Entry]) -> None:
    for deep in (False, True):
        checked = [one for one in verify(Archive(bucket), SITE, deep=deep) if one.seq]
        assert [one.seq for one in checked] == [1, 2, 3, 4, 5]
        assert sum(one.captures for one in checked) == 15
        assert sum(one.size for one in checked) == sum(size for _, size in bucket.list(keys.SEGMENTS))
        assert findings(bucket, deep=deep) == []


def test_what_the_writer_wrote_is_clean(bucket: Bucket, tmp_path: Path) -> None:
    odd = exchange(3, status=304, body=b"", response_headers=())
    write(bucket, tmp_path, [exchange(1), exchange(2, body=b""), odd, exchange(4, response_headers=HTML * 9)])
    assert findings(bucket, deep=True) == []
    assert [one.seq for one in verify(Archive(bucket), "no-such-site")] == [0]


@pytest.mark.parametrize("deep", [False, True], ids=["quick", "deep"])
def test_a_flipped_bit_is_traced_to_its_record_and_page(
    bucket: Bucket, entries: list[Entry], segments: list[Sealed], deep: bool
) -> None:
    """In turn in the warcinfo, then in the request, the answer and the metadata of the second capture."""
    index, key = segments[2].index, entries[2].commit.segment
    for number in (0, 4, 5, 6):
        frame = index.frames[number]
        data = bytearray(segments[2].data)
        data[frame.offset + frame.length // 2] ^= 4
        overwrite(bucket, key, bytes(data))
        found = findings(bucket, deep=deep)
        assert {one.key for one in found} == {key}
        assert "entry 3" in found[0].message
        (record,) = [one.message for one in found if "record at" in one.message]
        assert record.startswith(f"{frame.type} record at {frame.offset}")
        assert (url(21) in record) == (number != 0)


def test_a_truncated_tail_names_the_last_page_that_can_be_read(
    bucket: Bucket, entries: list[Entry], segments: list[Sealed]
) -> None:
    key, data = entries[1].commit.segment, segments[1].data
    last = segments[1].index.captures[2]
    for end, readable, page in (
        (len(data) - 1, 10, url(12)),
        (last.offset + 5, 8, url(12)),
        (last.offset - segments[1].index.frames[7].length - 1, 6, url(11)),
        (10, 0, None),
        (0, 0, None),
    ):
        overwrite(bucket, key, data[:end])
        found = findings(bucket)
        assert {one.key for one in found} == {key}
        assert f"{end} bytes, entry 2 says {len(data)}" in found[0].message
        assert f"{readable} of its 10 records can be read" in found[1].message
        assert page is None or found[1].message.endswith(f"the last of {page}")


def test_a_segment_rewritten_without_a_record_is_found(
    bucket: Bucket, entries: list[Entry], segments: list[Sealed]
) -> None:
    """Whole in itself, index and all: only the ledger knows better."""
    key = entries[3].commit.segment
    overwrite(bucket, key, sealed(exchange(30), exchange(32)).data)
    found = findings(bucket)
    assert {one.key for one in found} == {key}
    assert "holds 2 captures in 7 records, not the 3 in 10 that entry 4 committed" in found[1].message
    assert url(30) in found[1].message
    assert url(31) not in found[1].message
    with pytest.raises(IntegrityError, match=key):
        Archive(bucket).index(entries[3])


def test_a_record_cut_out_under_its_index_is_found(
    bucket: Bucket, entries: list[Entry], segments: list[Sealed]
) -> None:
    gone = segments[0].index.captures[1]
    data = segments[0].data[: gone.offset] + segments[0].data[gone.offset + gone.length :]
    overwrite(bucket, entries[0].commit.segment, data)
    found = findings(bucket)
    assert {one.key for one in found} == {entries[0].commit.segment}
    assert any(f"response record at {gone.offset} of {gone.url}" in one.message for one in found)


def test_two_segments_in_one_anothers_place_are_both_found(
    bucket: Bucket, entries: list[Entry], segments: list[Sealed]
) -> None:
    one, two = entries[0].commit.segment, entries[4].commit.segment
    overwrite(bucket, one, segments[4].data)
    overwrite(bucket, two, segments[0].data)
    found = findings(bucket)
    assert {finding.key for finding in found} == {one, two}
    assert any(finding.key == one and url(40) in finding.message for finding in found)
    with pytest.raises(IntegrityError):
        Archive(bucket).index(entries[0])


def test_a_segment_that_is_gone_is_found(bucket: Bucket, entries: list[Entry]) -> None:
    key = entries[2].commit.segment
    remove(bucket, key)
    (found,) = findings(bucket)
    assert (found.key, found.site) == (key, SITE)
    assert "removed" in found.message
    assert "entry 3" in found.message


@pytest.mark.parametrize("gone", [1, 3])
def test_an_entry_that_is_gone_with_others_above_is_found(bucket: Bucket, entries: list[Entry], gone: int) -> None:
    remove(bucket, keys.ledger(SITE, gone))
    found = findings(bucket)
    assert any(one.key == keys.ledger(SITE, gone) and "removed" in one.message for one in found)
    assert any(one.key == keys.ledger(SITE, gone + 1) and "chain is broken" in one.message for one in found)
    checked = [one.seq for one in verify(Archive(bucket), SITE) if one.captures]
    assert checked == [seq for seq in range(1, 6) if seq != gone]


def test_several_entries_that_are_gone_are_one_finding(bucket: Bucket, entries: list[Entry]) -> None:
    remove(bucket, *(keys.ledger(SITE, seq) for seq in (2, 3, 4)))
    assert any("entries 2 to 4" in one.message for one in findings(bucket))


@pytest.mark.parametrize("left", [4, 0])
def test_an_end_that_was_cut_off_is_found_by_what_the_run_said(bucket: Bucket, entries: list[Entry], left: int) -> None:
    """The entries that are left are a valid chain: nothing in the ledger itself shows the loss."""
    remove(bucket, *(keys.ledger(SITE, seq) for seq in range(left + 1, 6)))
    (found,) = findings(bucket)
    assert found.key == keys.manifest(SITE, RUN, "done")
    assert f"made 5 segments, the ledger names {left}" in found.message


def test_an_entry_written_over_is_found(bucket: Bucket, entries: list[Entry]) -> None:
    key = keys.ledger(SITE, 2)
    document = json.loads(bucket.get(key).data)
    overwrite(bucket, key, json.dumps(document | {"captures": 4}).encode())
    found = findings(bucket, deep=True)
    assert any(one.key == keys.ledger(SITE, 3) and "chain is broken" in one.message for one in found)
    assert any(one.key == entries[1].commit.segment and "not the 4 in 10" in one.message for one in found)
    overwrite(bucket, key, b"{")
    assert any(one.key == key for one in findings(bucket))


def test_the_last_entry_written_over_is_found_by_what_it_names(bucket: Bucket, entries: list[Entry]) -> None:
    """No entry above carries its hash."""
    key = keys.ledger(SITE, 5)
    document = json.loads(bucket.get(key).data)
    overwrite(bucket, key, json.dumps(document | {"sha256": "00" * 32}).encode())
    assert [one.key for one in findings(bucket)] == [entries[4].commit.segment]
    overwrite(bucket, key, json.dumps(document | {"captures": 4}).encode())
    assert [one.key for one in findings(bucket, deep=True)] == [entries[4].commit.segment]


def test_objects_among_the_entries_that_are_none_are_found(bucket: Bucket, entries: list[Entry]) -> None:
    for name in ("notes.txt", "12.json", "0000000099.json.bak"):
        bucket.put_once(f"v1/led/{SITE}/{name}", b"odd")
    assert sorted(one.key for one in findings(bucket)) == [
        f"v1/led/{SITE}/{name}" for name in ("0000000099.json.bak", "12.json", "notes.txt")
    ]


def test_an_entry_far_above_is_one_finding_and_no_endless_one(bucket: Bucket, entries: list[Entry]) -> None:
    data = json.dumps({"v": 1, "site": SITE, "seq": 9_999_999_999, "prev": "", **commit_document(7)}).encode()
    bucket.put_once(keys.ledger(SITE, 9_999_999_999), data)
    found = findings(bucket)
    assert any("entries 6 to 9999999998" in one.message for one in found)
    assert len(found) == 3


def commit_document(number: int) -> dict[str, object]:
    made = commit(number)
    return {name: getattr(made, name) for name in made.__slots__}


def test_a_run_that_another_one_finished_for_it_is_clean(bucket: Bucket, segments: list[Sealed]) -> None:
    """A run that failed said what it had committed; the next one sent the rest in its name."""
    committed(bucket, segments[:2])
    summary = RunSummary(site=SITE, run=RUN, started=START, finished=START, reason="storage", segments=1)
    Archive(bucket).finish_run(summary)
    assert findings(bucket, deep=True) == []


def test_a_forged_root_is_found(bucket: Bucket, segments: list[Sealed]) -> None:
    """An entry whose hash fits the bytes and whose root does not fit the records."""
    ledger = Ledger(bucket, SITE)
    one = committed(bucket, segments[:1])[0]
    bucket.put_once("v1/seg/alpha/forged", segments[0].data)
    ledger.append(replace(one.commit, segment="v1/seg/alpha/forged", root="ab" * 32))
    assert findings(bucket) == []
    assert [found.key for found in findings(bucket, deep=True)] == ["v1/seg/alpha/forged"]


def test_reading_refuses_what_verify_finds(bucket: Bucket, entries: list[Entry], segments: list[Sealed]) -> None:
    """The same damage, met by a reader before anyone verified."""
    archive = Archive(bucket)
    capture = acknowledged(bucket)[0]
    key, data = entries[0].commit.segment, bytearray(segments[0].data)
    data[capture.offset + capture.length // 2] ^= 1
    overwrite(bucket, key, bytes(data))
    with pytest.raises(IntegrityError, match=capture.url.replace("?", r"\?")):
        archive.answer(capture)
    for end in (0, 5, len(data) // 2, len(data) - 1):
        overwrite(bucket, key, bytes(data[:end]))
        with pytest.raises(IntegrityError, match=key):
            archive.index(entries[0])


def test_sizes_alone_show_what_is_gone_or_cut(bucket: Bucket, entries: list[Entry], segments: list[Sealed]) -> None:
    """Nothing is read: a flipped bit is not seen, a missing byte is."""

    def quick() -> list[str]:
        checked = verify(Archive(bucket), SITE, quick=True)
        return [found.key for one in checked for found in one.findings]

    assert quick() == []
    one, two, three = (entry.commit.segment for entry in entries[1:4])
    overwrite(bucket, one, bytes([segments[1].data[0] ^ 1]) + segments[1].data[1:])
    overwrite(bucket, two, segments[2].data[:-1])
    remove(bucket, three)
    assert quick() == [two, three]
    remove(bucket, keys.ledger(SITE, 5))
    assert quick() == [two, three, keys.manifest(SITE, RUN, "done")]


def test_a_body_outside_its_segment_is_held_to_its_name(bucket: Bucket, tmp_path: Path) -> None:
    """Of two captures of one body both are named, and so is the page."""
    body = b"attachment " * 120_000
    write(bucket, tmp_path, [exchange(1, body=body), exchange(2), exchange(3, body=body)])
    (key,) = [key for key, _ in bucket.list(keys.BIG)]
    for deep in (False, True):
        assert findings(bucket, deep=deep) == []
    overwrite(bucket, key, body[:-1] + b"!")
    for deep in (False, True):
        found = findings(bucket, deep=deep)
        assert {one.key for one in found} == {key}
        assert [url(number) in one.message for number, one in zip((1, 3), found, strict=True)] == [True, True]
        assert "damaged" in found[0].message
    remove(bucket, key)
    assert ["removed" in one.message for one in findings(bucket)] == [True, True]


def test_a_record_that_lies_of_its_own_digests_is_found_by_looking_deep(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a faulty writer would make it: leaf, root and ledger agree, the WARC headers do not."""
    with monkeypatch.context() as patched:
        patched.setattr("storage.warc.digest", lambda data: "sha256:" + "0" * 64)
        wrong = sealed(exchange(1))
    committed(bucket, [wrong])
    assert findings(bucket) == []
    told = [one.message for one in findings(bucket, deep=True)]
    assert any("response record" in one and url(1) in one and "block digest" in one for one in told)
