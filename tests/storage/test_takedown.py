"""Takedown: the bytes go, everything else is read and proved as before, and verify says which is which."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from faulting_proxy import DROP_BEFORE, Fault, Proxy
from kept_at import Endpoint
from making import (
    RUN,
    SITE,
    START,
    acknowledged,
    body_of,
    committed,
    exchange,
    large_body_of,
    overwrite,
    remove,
    sealed,
    write,
)

from domain.article import Article
from domain.capture import Capture, Exchange, RunSummary
from domain.clock import now
from domain.errors import EndpointDown, TakenDown
from domain.settings import Settings
from storage import Archive, Bucket, connect, keys
from storage.archive import answer_from
from storage.ledger import Entry
from storage.proofs import making, prove, signing, verify_proof
from storage.segment import salvage
from storage.takedown import Done, Order, erase_bodies, take_down
from storage.tombstones import Tombstone, is_blank
from storage.verify import Finding, verify

ORDER = Order("法院命令 court order 1/2026", "某法院 a court")
_NUMBERS = count(1)


@pytest.fixture
def entries(bucket: Bucket) -> list[Entry]:
    made = committed(bucket, [sealed(*(exchange(10 * number + one) for one in range(3))) for number in range(3)])
    archive = Archive(bucket)
    archive.put_run(SITE, RUN, {"v": 1})
    archive.finish_run(RunSummary(site=SITE, run=RUN, started=START, finished=START, reason="finished", segments=3))
    return made


def down(bucket: Bucket, *captures: Capture, order: Order = ORDER, key: Ed25519PrivateKey | None = None) -> list[Done]:
    return list(take_down(Archive(bucket), SITE, captures, order, key))


def wrong(bucket: Bucket, *, deep: bool = True, quick: bool = False) -> list[Finding]:
    return [one for looked in verify(Archive(bucket), SITE, deep=deep, quick=quick) for one in looked.findings]


def notes(bucket: Bucket) -> list[Finding]:
    return [one for looked in verify(Archive(bucket), SITE) for one in looked.notes]


def body(capture: Capture) -> bytes:
    return body_of(capture.url)


def everywhere(bucket: Bucket) -> Iterator[bytes]:
    """All that any version of any object holds, unpacked."""
    for page in bucket.client.get_paginator("list_object_versions").paginate(Bucket=bucket.name):
        for item in page.get("Versions", ()):
            held = bucket.client.get_object(Bucket=bucket.name, Key=item["Key"], VersionId=item["VersionId"])
            data = held["Body"].read()
            yield data
            if item["Key"].endswith(".warc.zst"):
                yield from salvage(data, item["Key"])


def test_the_bytes_are_gone_and_all_others_are_there(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    ledger = [bucket.get(keys.ledger(SITE, entry.seq)).data for entry in entries]
    assert sum(body(captures[4]) in data for data in everywhere(bucket)) == 1
    done = down(bucket, captures[4])
    assert [(one.segment, one.left) for one in done] == [(entries[1].commit.segment, ())]
    assert sum(body(captures[4]) in data for data in everywhere(bucket)) == 0
    archive = Archive(bucket)
    with pytest.raises(TakenDown, match=r"某法院 a court.*法院命令"):
        archive.answer(captures[4])
    others = [one for one in captures if one != captures[4]]
    assert [archive.payload(one) for one in others] == [body(one) for one in others]
    assert acknowledged(bucket) == captures
    assert [bucket.get(keys.ledger(SITE, entry.seq)).data for entry in entries] == ledger


def test_a_segment_opened_whole_has_all_but_it(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)[3:6]
    down(bucket, captures[1])
    opened = Archive(bucket).opened(entries[1].commit.segment)
    assert is_blank(opened.data[captures[1].offset :][: captures[1].length])
    assert answer_from(opened, captures[2]).payload == body(captures[2])
    with pytest.raises(TakenDown):
        answer_from(opened, captures[1])
    records = list(salvage(opened.data, opened.key))
    assert len(records) == entries[1].commit.records - 1
    frames = zstandard.ZstdDecompressor().stream_reader(opened.data, read_across_frames=True)
    assert frames.read().count(b"WARC/1.1") == len(records)


def test_a_process_that_had_looked_before_sees_it_too(bucket: Bucket, entries: list[Entry]) -> None:
    captures, early = acknowledged(bucket), Archive(bucket)
    assert early.payload(captures[0]) == body(captures[0])
    down(bucket, captures[0])
    with pytest.raises(TakenDown):
        early.payload(captures[0])
    assert early.payload(captures[1]) == body(captures[1])


def test_verify_says_redacted_and_not_wrong(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    down(bucket, captures[4])
    assert [wrong(bucket, deep=False, quick=True), wrong(bucket, deep=False), wrong(bucket)] == [[], [], []]
    [note] = notes(bucket)
    assert note.key == keys.tombstone(SITE, captures[4].id)
    assert captures[4].url in note.message
    assert "not signed" in note.message


def test_taking_down_more_of_a_segment_leaves_one_redaction(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    down(bucket, captures[3])
    down(bucket, captures[5], captures[8])
    down(bucket, captures[3])
    names = [key for key, _ in bucket.list(keys.SEGMENTS)]
    assert [sum("_redacted_" in name for name in names), len(names)] == [2, 3]
    assert wrong(bucket) == []
    assert len(notes(bucket)) == 3
    assert Archive(bucket).payload(captures[4]) == body(captures[4])
    for one in (captures[3], captures[5], captures[8]):
        with pytest.raises(TakenDown):
            Archive(bucket).payload(one)


@pytest.mark.parametrize("part", ["_redacted_", keys.GONE, "DELETE"])
def test_ended_anywhere_it_goes_on_when_called_again(
    bucket: Bucket, entries: list[Entry], endpoint: Endpoint, proxy: Proxy, part: str
) -> None:
    captures = acknowledged(bucket)
    method, path = ("DELETE", "") if part == "DELETE" else ("PUT", part)
    proxy.fail(Fault(method, DROP_BEFORE, path, times=99))
    through = endpoint.bucket(bucket.name, through=proxy.address, attempts=1)
    if part == "DELETE":
        assert [one.left for one in down(through, captures[4])] != [()]
    else:
        with pytest.raises(EndpointDown):
            down(through, captures[4])
    assert wrong(bucket) == []
    assert [one.left for one in down(bucket, captures[4])] == [()]
    assert wrong(bucket) == []
    assert sum(body(captures[4]) in data for data in everywhere(bucket)) == 0


def test_a_redaction_without_tombstone_is_damage(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    down(bucket, captures[4])
    remove(bucket, keys.tombstone(SITE, captures[4].id))
    assert [(one.key, one.message.split(":")[0]) for one in wrong(bucket)] == [(entries[1].commit.segment, "removed")]


def test_bytes_put_over_the_segment_itself_are_damage(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    down(bucket, captures[4])
    stone = keys.tombstone(SITE, captures[4].id)
    blanked = Archive(bucket).segment(entries[1].commit.segment)
    remove(bucket, stone)
    overwrite(bucket, entries[1].commit.segment, blanked)
    found = " ".join(one.message for one in wrong(bucket))
    assert "damaged" in found
    assert "was removed, and no tombstone says why" in found


def test_a_redaction_that_changes_more_than_it_says_is_found(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    down(bucket, captures[4])
    place = Archive(bucket).taken_down(SITE).place(entries[1].commit.segment)
    data = bytearray(bucket.get(place).data)
    data[captures[5].offset + captures[5].length // 2] ^= 1
    overwrite(bucket, place, bytes(data))
    found = " ".join(one.message for one in wrong(bucket, deep=False))
    assert "its tombstone says" in found
    assert captures[5].url in found


def test_a_tombstone_that_names_other_bytes_does_not_hide_them(bucket: Bucket, entries: list[Entry]) -> None:
    """Whoever writes both a tombstone and a redaction still cannot change a record that is left."""
    captures = acknowledged(bucket)
    down(bucket, captures[4])
    archive = Archive(bucket)
    stone = archive.taken_down(SITE).tombstones[captures[4].id]
    assert stone.redaction
    other = sealed(*(exchange(10 + one, body=b"forged") for one in range(3)))
    forged = stone.redaction.model_copy(update={"sha256": other.sha256, "size": len(other.data)})
    overwrite(bucket, stone.redaction.key, other.data)
    changed = stone.model_copy(update={"redaction": forged})
    overwrite(bucket, keys.tombstone(SITE, captures[4].id), changed.model_dump_json().encode())
    assert wrong(bucket, deep=False) != []


def test_a_signed_tombstone_that_was_changed_is_found(bucket: Bucket, entries: list[Entry], tmp_path: Path) -> None:
    signer = signing.make(tmp_path / "k" / "checkpoint.key")
    bucket.put_once(keys.public_key(signing.key_id(signer.public)), signing.public_pem(signer.public))
    captures = acknowledged(bucket)
    down(bucket, captures[4], key=signer.private)
    assert signing.key_id(signer.public) in notes(bucket)[0].message
    assert wrong(bucket) == []
    key = keys.tombstone(SITE, captures[4].id)
    said = json.loads(bucket.get(key).data) | {"by": "somebody else"}
    overwrite(bucket, key, json.dumps(said).encode())
    assert any("its signature is not valid" in one.message for one in wrong(bucket))


def test_proofs_of_the_others_hold(bucket: Bucket, entries: list[Entry], tmp_path: Path) -> None:
    signer = signing.make(tmp_path / "k" / "checkpoint.key")
    making.make(Archive(bucket), signer)
    captures = acknowledged(bucket)
    before = prove(Archive(bucket), captures[5])
    down(bucket, captures[4])
    after = prove(Archive(bucket), captures[5])
    assert after == before
    verify_proof(Archive(bucket).record(captures[5]), after, signing.public_pem(signer.public))


def test_withheld_until_a_day_keeps_every_byte(bucket: Bucket, entries: list[Entry]) -> None:
    captures = acknowledged(bucket)
    soon = now() + timedelta(days=1)
    [done] = down(bucket, captures[4], order=Order("injunction", "a court", soon))
    assert [key for key, _ in bucket.list(keys.SEGMENTS)] == [entry.commit.segment for entry in entries]
    assert (done.deleted, wrong(bucket)) == (0, [])
    archive = Archive(bucket)
    with pytest.raises(TakenDown, match="until"):
        archive.answer(captures[4])
    with pytest.raises(TakenDown):
        answer_from(archive.opened(captures[4].segment), captures[4])
    stone, etag = archive.tombstones.get(SITE, captures[4].id) or pytest.fail("no tombstone")
    archive.tombstones.put(stone.model_copy(update={"until": now() - timedelta(seconds=1)}), etag)
    assert Archive(bucket).payload(captures[4]) == body(captures[4])
    down(bucket, captures[4])
    with pytest.raises(TakenDown):
        Archive(bucket).payload(captures[4])
    assert sum(body(captures[4]) in data for data in everywhere(bucket)) == 0


def test_articles_read_from_it_are_gone_whichever_reader_made_them(bucket: Bucket, entries: list[Entry]) -> None:
    captures, archive = acknowledged(bucket), Archive(bucket)
    for reader in ("one", "two"):
        for seq in (1, 2):
            archive.put_articles(SITE, reader, seq, {captures[3 * seq - 2].id: Article.unreadable("text")})
    down(bucket, captures[4])
    assert [bool(archive.articles(SITE, reader, seq)) for reader in ("one", "two") for seq in (1, 2)] == [
        True,
        False,
        True,
        False,
    ]


def test_a_body_outside_goes_where_nobody_else_has_it(bucket: Bucket, tmp_path: Path) -> None:
    shared, alone = large_body_of("shared"), large_body_of("alone")
    bodies = {1: shared, 2: shared, 3: alone}
    files: list[Exchange] = [exchange(number, body=data) for number, data in bodies.items()]
    write(bucket, tmp_path, files)
    captures = acknowledged(bucket)
    archive = Archive(bucket)
    gone = (captures[0], captures[2])
    list(take_down(archive, SITE, gone, ORDER))
    deleted, left = erase_bodies(archive, gone)
    assert (deleted, [captures[1].url in one for one in left]) == (1, [True])
    assert len(list(bucket.list(keys.BIG))) == 1
    assert Archive(bucket).payload(captures[1]) == shared
    assert wrong(bucket) == []
    list(take_down(archive, SITE, captures[1:2], ORDER))
    assert erase_bodies(archive, captures[1:2]) == (1, ())
    assert wrong(bucket) == []


def locked(endpoint: Endpoint, retention: str) -> Bucket:
    settings = Settings(s3_endpoint=endpoint.address, bucket=f"locked-{next(_NUMBERS)}", retention=retention)
    made = connect(settings, endpoint.keys, attempts=3)
    made.ensure()
    return made


def test_what_compliance_holds_is_said_plainly(endpoint: Endpoint) -> None:
    bucket = locked(endpoint, "COMPLIANCE:1d")
    committed(bucket, [sealed(exchange(1), exchange(2))])
    capture, other = acknowledged(bucket)
    [done] = down(bucket, capture, order=Order("why", "who", bypass=True))
    assert len(done.left) == 1
    assert "locked in COMPLIANCE mode until" in done.left[0]
    with pytest.raises(TakenDown):
        Archive(bucket).answer(capture)
    assert Archive(bucket).payload(other) == body(other)
    assert wrong(bucket) == []


def test_governance_gives_way_to_who_may_pass_by_it(endpoint: Endpoint) -> None:
    bucket = locked(endpoint, "1d")
    committed(bucket, [sealed(exchange(1), exchange(2))])
    capture, _ = acknowledged(bucket)
    [done] = down(bucket, capture)
    assert "locked in GOVERNANCE mode until" in done.left[0]
    assert any(body(capture) in data for data in everywhere(bucket))
    [done] = down(bucket, capture, order=Order("why", "who", bypass=True))
    assert done.left == ()
    assert not any(body(capture) in data for data in everywhere(bucket))
    assert wrong(bucket) == []


def test_a_tombstone_tells_what_it_is_by_hand(bucket: Bucket, entries: list[Entry]) -> None:
    capture = acknowledged(bucket)[4]
    down(bucket, capture)
    said = json.loads(bucket.get(keys.tombstone(SITE, capture.id)).data)
    assert (said["capture"], said["seq"], said["offset"], said["length"]) == (
        capture.id,
        2,
        capture.offset,
        capture.length,
    )
    assert said["redaction"]["removed"] == [capture.id]
    assert Tombstone.model_validate(said).is_in_force
