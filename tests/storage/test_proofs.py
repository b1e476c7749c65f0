"""Checkpoints, time stamps and proofs, on a real SeaweedFS and a real time-stamping authority."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from authority import Authority
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from making import SITE, acknowledged, commit, committed, exchange, overwrite, remove, sealed, spooled, write

from domain.errors import ConfigurationError, EndpointDown, IntegrityError, NotFound
from domain.settings import ROOT
from storage import Archive, Bucket, keys, merkle
from storage.ledger import GENESIS, Ledger
from storage.proofs import Proof, Prover, note, prove, signing, timestamps, verify_proof, verify_token
from storage.proofs.checkpoint import Checkpoint, Head, parse
from storage.proofs.log import Log
from storage.proofs.making import Made, leaves, make, stamp
from storage.proofs.signing import Signer
from storage.proofs.tiles import WIDTH, Growing, Tiles

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here to be an authority")


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signing.make(tmp_path / "keys" / "checkpoint.key")


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with Authority(tmp_path / "authority") as running:
        yield running


def pem(signer: Signer) -> bytes:
    return signing.public_pem(signer.public)


# Signed notes


def test_a_note_that_others_signed_is_read() -> None:
    """The example of golang.org/x/mod/sumdb/note, whose format C2SP wrote down."""
    text = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    raw = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    key = signing.Ed25519PublicKey.from_public_bytes(raw)
    assert note.key_hash("PeterNeumann", key).hex() == "c74f20a3"
    whole = text + f"\n— {line}\n".encode()
    assert note.open_note(whole, "PeterNeumann", [key], "note") is key
    with pytest.raises(IntegrityError, match="changed"):
        note.open_note(whole.replace(b"answer", b"Answer"), "PeterNeumann", [key], "note")


def test_a_note_is_signed_under_its_name_by_a_key_that_is_known() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signed = note.sign(b"text\n", "log", key)
    witnessed = signed + note.sign(b"text\n", "witness", other).split(b"\n\n")[1]
    for data in (signed, witnessed):
        assert note.open_note(data, "log", [other.public_key(), key.public_key()], "x").public_bytes_raw()
    for data, name, public in ((signed, "log", other), (signed, "gol", key)):
        with pytest.raises(IntegrityError, match="not signed by a key that is trusted"):
            note.open_note(data, name, [public.public_key()], "x")


NO_NOTES = [b"", b"text\n", b"text\n\n", b"text\n\n- a b\n", b"t\n\n\xff\n", b"t\n\n\xe2\x80\x94 a !\n"]


@pytest.mark.parametrize("data", NO_NOTES)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="where: no signed note"):
        note.parts(data, "where")


# Keys


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "checkpoint.key"
    made = signing.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert signing.load(path).public == made.public == signing.trusted(path)[0]
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="is not replaced"):
        signing.make(path)
    assert path.read_bytes() == before
    assert not made.is_readable_by_others
    path.chmod(0o644)
    assert signing.load(path).is_readable_by_others


def test_keys_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no key"):
        signing.load(tmp_path / "none.key")
    for name, data in (("a.key", b"x"), ("b.key", Ed25519PrivateKey.generate().public_key().public_bytes_raw())):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ConfigurationError, match="no private key"):
            signing.load(tmp_path / name)
    with pytest.raises(ConfigurationError):
        signing.read_public(tmp_path / "a.key")


# Checkpoints as text

A_HEAD = Head(2, "ab" * 32)


def checkpoint(**more: object) -> Checkpoint:
    said = {
        "origin": "tongjian/test",
        "size": 5,
        "root": b"\1" * 32,
        "number": 3,
        "previous": "cd" * 32,
        "at": "2026-11-22T04:32:00.000000Z",
        "token": (2, "ef" * 32),
        "heads": {"alpha": A_HEAD, "beta": Head(3, "0a" * 32)},
    }
    return Checkpoint(**(said | more))  # type: ignore[arg-type]


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    key = Ed25519PrivateKey.generate()
    for made in (checkpoint(), checkpoint(token=None), checkpoint(size=0, heads={}), checkpoint(number=1)):
        data = note.sign(made.text, made.origin, key)
        assert parse(data, "x").checkpoint == made
        first = made.text.decode().split("\n")[:3]
        assert first == [made.origin, str(made.size), base64.b64encode(made.root).decode()]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"\n5\n", b"\n6\n"),
        (b"\n5\n", b"\n05\n"),
        (b"number 3", b"number 0"),
        (b"site alpha", b"site gamma"),
        (b"site alpha 2", b"site alpha 02"),
        (b"previous cd", b"previous CD"),
        (b"number 3\n", b""),
        (b"time 2026", b"times 2026"),
        (b"beta 3", b"beta 3 "),
        (b"site beta", b"\nsite beta"),
        (b"tongjian/test\n", b"tongjian/test \n"),
    ],
)
def test_a_text_that_is_not_exactly_one_is_refused(was: bytes, becomes: bytes) -> None:
    text = checkpoint().text.replace(was, becomes)
    assert text != checkpoint().text
    data = text + b"\n\xe2\x80\x94 tongjian/test aGVsbG8=\n"
    with pytest.raises(IntegrityError, match="where"):
        parse(data, "where")


def test_what_was_added_has_its_place_in_the_tree() -> None:
    before = checkpoint(size=2, heads={"beta": Head(2, "0b" * 32)})
    after = checkpoint(size=9, heads={"alpha": A_HEAD, "beta": Head(4, "0c" * 32), "gamma": Head(3, "0d" * 32)})
    spans = [(span.site, span.first, span.last, span.start) for span in after.since(before)]
    assert spans == [("alpha", 1, 2, 2), ("beta", 3, 4, 4), ("gamma", 1, 3, 6)]
    assert [span.start for span in after.since(None)] == [0, 2, 6]


# Tiles


def hashes(first: int, last: int) -> list[bytes]:
    return [merkle.leaf(str(number).encode()) for number in range(first, last)]


def test_a_tree_that_grew_in_steps_is_the_tree(bucket: Bucket) -> None:
    """Over the edges of tiles, and of tiles of tiles."""
    size = 0
    for step in (0, 1, 1, 253, 1, 1, 255, 1, 700, 256, 64 * WIDTH + 3):
        tree = Growing(bucket, size)
        tree.extend(hashes(size, size + step))
        tree.close()
        size += step
        assert tree.root == merkle.root(hashes(0, size)) == Tiles(bucket, size).root()
    kept, whole = Tiles(bucket, size), hashes(0, size)
    assert kept.leaf(0) == whole[0]
    assert kept.leaf(size - 1) == whole[-1]
    for old in (1, 255, 256, 257, 1000, 16384, size):
        assert kept.root(old) == merkle.root(whole[:old])
        proof = merkle.consistency(kept.subtree, old, size)
        assert merkle.extends(old, size, proof, merkle.root(whole[:old]), merkle.root(whole))
        path = merkle.inclusion(kept.subtree, old - 1, size)
        assert merkle.includes(whole[old - 1], old - 1, size, path, merkle.root(whole))


def test_leaves_that_were_written_and_never_signed_do_no_harm(bucket: Bucket) -> None:
    """A process that was killed before its checkpoint left longer tiles behind."""
    tree = Growing(bucket)
    tree.extend(hashes(0, 10))
    tree.close()
    killed = Growing(bucket, 10)
    killed.extend(hashes(500, 520))
    killed.close()
    again = Growing(bucket, 10)
    assert again.root == Tiles(bucket, 10).root() == merkle.root(hashes(0, 10))
    again.extend(hashes(10, 12))
    again.close()
    assert Tiles(bucket, 12).root() == merkle.root(hashes(0, 12))


def test_a_tile_that_is_missing_or_short_is_named(bucket: Bucket) -> None:
    tree = Growing(bucket)
    tree.extend(hashes(0, 300))
    tree.close()
    overwrite(bucket, keys.tile(0, 1), b"\0" * 31)
    with pytest.raises(IntegrityError, match=keys.tile(0, 1)):
        Growing(bucket, 300)
    remove(bucket, keys.tile(0, 1))
    with pytest.raises(IntegrityError, match=f"{keys.tile(0, 1)} is missing"):
        Tiles(bucket, 300).root()


class Shelf:
    """A bucket in memory, for what only puts and gets: the tree's arithmetic is what is tested."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put_derived(self, key: str, data: bytes, content_type: str) -> None:
        self.kept[key] = data

    def get(self, key: str) -> object:
        if key not in self.kept:
            raise NotFound(key)
        return type("Stored", (), {"data": self.kept[key]})


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 600), max_size=6), st.data())
def test_any_tree_grown_in_any_steps_is_the_tree(steps: list[int], data: st.DataObject) -> None:
    shelf: Bucket = Shelf()  # type: ignore[assignment]
    size = 0
    for step in steps:
        tree = Growing(shelf, size)
        tree.extend(hashes(size, size + step))
        tree.close()
        size += step
    head = merkle.root(hashes(0, size))
    assert Growing(shelf, size).root == Tiles(shelf, size).root() == head
    if size:
        old = data.draw(st.integers(1, size))
        kept = Tiles(shelf, size)
        assert merkle.extends(old, size, merkle.consistency(kept.subtree, old, size), kept.root(old), head)


# Making checkpoints


def made(bucket: Bucket, signer: Signer, **more: object) -> Made:
    return make(Archive(bucket), signer, **more)  # type: ignore[arg-type]


def grow(bucket: Bucket, first: int, last: int, site: str = SITE) -> None:
    ledger = Ledger(bucket, site)
    for number in range(first, last):
        ledger.append(commit(number))


def test_a_checkpoint_signs_what_is_new_and_nothing_else(bucket: Bucket, signer: Signer) -> None:
    assert made(bucket, signer) == Made(None, 0, ())
    grow(bucket, 1, 4)
    grow(bucket, 1, 3, "beta")
    first = made(bucket, signer)
    assert first.added == 5
    assert made(bucket, signer) == Made(first.newest, 0, ())
    grow(bucket, 4, 6)
    second = made(bucket, signer)
    assert second.added == 2
    assert first.newest is not None
    assert second.newest is not None
    one, two = first.newest.checkpoint, second.newest.checkpoint
    assert (one.number, one.size, one.previous, one.origin) == (1, 5, GENESIS, f"tongjian/{bucket.name}")
    assert (two.number, two.size, two.previous) == (2, 7, first.newest.hash)
    assert one.heads == {"alpha": Head(3, Ledger(bucket, SITE).read(3).hash), "beta": two.heads["beta"]}
    assert two.root == merkle.root([*leaves(Archive(bucket), Log(bucket), 2)])
    entries = [*Ledger(bucket, SITE).walk(), *Ledger(bucket, "beta").walk()]
    in_order = [entries[place].leaf for place in (0, 1, 2, 5, 6, 3, 4)]
    assert two.root == merkle.root(in_order)
    assert note.open_note(second.newest.data, two.origin, [signer.public], "x")
    assert bucket.get(keys.public_key(signing.key_id(signer.public))).data == pem(signer)


def test_tiles_that_are_lost_or_wrong_are_made_again(bucket: Bucket, signer: Signer) -> None:
    grow(bucket, 1, 4)
    made(bucket, signer)
    for spoil in (lambda key: remove(bucket, key), lambda key: overwrite(bucket, key, b"x" * 96)):
        spoil(keys.tile(0, 0))
        grow(bucket, 4, 6)
        assert made(bucket, signer).added == 2
        newest = Log(bucket).head()
        assert newest is not None
        assert Tiles(bucket, newest.checkpoint.size).root() == newest.checkpoint.root
    remove(bucket, keys.tile(0, 0))
    assert made(bucket, signer, rebuild=True).added == 0
    assert Tiles(bucket, 7).root() == newest.checkpoint.root


def test_a_changed_key_goes_on_where_the_old_one_is_known(bucket: Bucket, signer: Signer, tmp_path: Path) -> None:
    grow(bucket, 1, 3)
    made(bucket, signer)
    grow(bucket, 3, 5)
    newer = signing.make(tmp_path / "keys" / "newer.key")
    with pytest.raises(IntegrityError, match="not signed by a key that is trusted"):
        made(bucket, newer)
    assert made(bucket, newer, trusted=signing.trusted(newer.path)).added == 2


def test_a_checkpoint_is_not_made_over_a_log_that_was_rolled_back_or_forked(bucket: Bucket, signer: Signer) -> None:
    grow(bucket, 1, 3)
    made(bucket, signer)
    grow(bucket, 3, 5)
    seen = made(bucket, signer).newest
    assert seen is not None
    grow(bucket, 5, 6)
    remove(bucket, keys.checkpoint(2))
    with pytest.raises(IntegrityError, match="rolled back"):
        made(bucket, signer, remembered=seen)
    overwrite(bucket, keys.checkpoint(2), bucket.get(keys.checkpoint(1)).data)
    with pytest.raises(IntegrityError, match="an old one was put there"):
        made(bucket, signer, remembered=seen)
    other = replace(seen.checkpoint, at="2026-01-01T00:00:00.000000Z")
    overwrite(bucket, keys.checkpoint(2), note.sign(other.text, other.origin, signer.private))
    with pytest.raises(IntegrityError, match="a fork"):
        made(bucket, signer, remembered=seen)


def test_a_site_whose_ledger_was_rewritten_keeps_its_head_and_the_others_go_on(bucket: Bucket, signer: Signer) -> None:
    grow(bucket, 1, 4)
    grow(bucket, 1, 3, "beta")
    before = made(bucket, signer).newest
    assert before is not None
    remove(bucket, *(keys.ledger(SITE, seq) for seq in (2, 3)))
    grow(bucket, 7, 11)
    grow(bucket, 3, 4, "beta")
    after = made(bucket, signer)
    assert after.newest is not None
    assert (after.added, len(after.refused)) == (1, 1)
    assert f"{keys.ledger(SITE, 3)}: not the entry that the last checkpoint signed" in str(after.refused[0])
    assert after.newest.checkpoint.head(SITE) == before.checkpoint.head(SITE)
    assert after.newest.checkpoint.head("beta").seq == 3


def test_a_gap_in_the_log_is_no_end(bucket: Bucket, signer: Signer) -> None:
    for number in range(1, 6):
        grow(bucket, number, number + 1)
        made(bucket, signer)
    remove(bucket, keys.checkpoint(3))
    grow(bucket, 6, 7)
    with pytest.raises(IntegrityError, match="missing: the log went on"):
        made(bucket, signer)


# Time stamps


@needs_openssl
def test_a_checkpoint_is_stamped_and_the_next_one_names_the_stamp(
    bucket: Bucket, signer: Signer, authority: Authority, tmp_path: Path
) -> None:
    roots = timestamps.load_roots(authority.root)
    grow(bucket, 1, 3)
    one = made(bucket, signer).newest
    assert one is not None
    assert stamp(Archive(bucket), one, authority.url, roots) is True
    assert stamp(Archive(bucket), one, authority.url, roots) is False
    assert authority.asked == 1
    token = bucket.get(keys.token(1)).data
    said = timestamps.check(token, one.data, roots, "x")
    assert said.is_held_against_roots
    assert abs((said.at - timestamps.datetime.now(timestamps.UTC)).total_seconds()) < 3600
    assert not timestamps.check(token, one.data, (), "x").is_held_against_roots
    (tmp_path / "c.txt").write_bytes(one.data)
    (tmp_path / "c.tsr").write_bytes(token)
    told = ["openssl", "ts", "-verify", "-data", "c.txt", "-in", "c.tsr", "-CAfile", str(authority.root)]
    subprocess.run(told, cwd=tmp_path, check=True, capture_output=True)
    grow(bucket, 3, 4)
    two = made(bucket, signer).newest
    assert two is not None
    assert two.checkpoint.token == (1, timestamps.digest(token))
    with pytest.raises(IntegrityError, match="of other bytes"):
        timestamps.check(token, two.data, roots, "x")


@needs_openssl
def test_a_stamp_of_another_authority_or_damaged_is_refused(
    signer: Signer, authority: Authority, tmp_path: Path
) -> None:
    with Authority(tmp_path / "other", "Others") as other:
        token = timestamps.request(other.url, b"bytes", timestamps.load_roots(other.root))
    with pytest.raises(IntegrityError, match="not of an authority that is trusted"):
        timestamps.check(token, b"bytes", timestamps.load_roots(authority.root), "x")
    damaged = bytearray(token)
    damaged[-5] ^= 1
    with pytest.raises(IntegrityError):
        timestamps.check(bytes(damaged), b"bytes", timestamps.load_roots(other.root), "x")
    for junk in (b"", b"junk", token[:50]):
        with pytest.raises(IntegrityError, match="no time stamp"):
            timestamps.check(junk, b"bytes", (), "x")


@needs_openssl
def test_an_authority_that_answers_badly_keeps_nothing(bucket: Bucket, signer: Signer, authority: Authority) -> None:
    grow(bucket, 1, 3)
    newest = made(bucket, signer).newest
    assert newest is not None
    good = authority.answer
    roots = timestamps.load_roots(authority.root)
    old: list[bytes] = []

    def replayed(question: bytes) -> tuple[int, str, bytes]:
        old.append(good(question)[2])
        return 200, "application/timestamp-reply", old[0]

    answers = [
        (lambda question: (500, "text/plain", b"no")),
        (lambda question: (200, "text/html", b"<p>busy")),
        (lambda question: (200, "application/timestamp-reply", b"junk")),
    ]
    for answer in answers:
        authority.answer = answer
        with pytest.raises((EndpointDown, IntegrityError)):
            stamp(Archive(bucket), newest, authority.url, roots)
        assert bucket.size(keys.token(1)) is None
    authority.answer = replayed
    timestamps.request(authority.url, newest.data, roots)
    for given_roots in (roots, ()):
        with pytest.raises(IntegrityError, match=r"[Nn]once|another question"):
            timestamps.request(authority.url, newest.data, given_roots)
    with pytest.raises(EndpointDown, match="time-stamping authority"):
        timestamps.request("http://127.0.0.1:9/", newest.data, roots)


@needs_openssl
def test_a_checkpoint_is_checked_with_public_tools_alone(
    bucket: Bucket, signer: Signer, authority: Authority, tmp_path: Path
) -> None:
    """The commands of docs/evidence.md, word for word."""
    grow(bucket, 1, 3)
    newest = made(bucket, signer).newest
    assert newest is not None
    stamp(Archive(bucket), newest, authority.url, ())
    files = {
        "12.txt": newest.data,
        "12.tsr": bucket.get(keys.token(1)).data,
        "checkpoint.pub.pem": pem(signer),
        "authority-root.pem": authority.root.read_bytes(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    recipe = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8").split("`12` is a checkpoint's number:")[1]
    commands = recipe.split("```sh")[1].split("```")[0]
    done = subprocess.run(["bash", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert newest.hash in done.stdout
    (tmp_path / "12.txt").write_bytes(newest.data.replace(b"time 20", b"time 19"))
    done = subprocess.run(["bash", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0


# Proofs


def test_every_capture_of_an_archive_is_proved(bucket: Bucket, signer: Signer, tmp_path: Path) -> None:
    write(bucket, tmp_path, [exchange(number) for number in range(150)])
    made(bucket, signer)
    write(bucket, tmp_path, [exchange(number, site="beta") for number in range(3)], site="beta")
    write(bucket, tmp_path, [exchange(200)], run="20260302t080000z-0a1b2c")
    made(bucket, signer)
    assert spooled(tmp_path) == []
    archive = Archive(bucket)
    prover = Prover(archive, [signer.public])
    captures = [*acknowledged(bucket), *acknowledged(bucket, "beta")]
    assert len(captures) == 154
    for capture in captures:
        proof = prover.prove(capture)
        assert Proof.model_validate_json(proof.model_dump_json()) == proof
        verify_proof(archive.record(capture), proof, pem(signer))
    assert {parse(prover.prove(one).checkpoint.encode(), "x").checkpoint.number for one in captures} == {1, 2}
    assert prove(archive, captures[0]) == prover.prove(captures[0])


def spoilt(proof: Proof, step: str, other: Proof) -> Proof:
    """The proof with one thing changed."""
    wrong = "ab" * 32
    entry = json.dumps(json.loads(proof.entry) | {"at": "2020-01-01T00:00:00.000000Z"})
    changes: dict[str, dict[str, object]] = {
        "record": {"record": other.record},
        "record-place": {"record_index": proof.record_index + 1},
        "record-path": {"record_path": (wrong, *proof.record_path[1:])},
        "no-hex": {"record_path": ("x",)},
        "entry": {"entry": entry},
        "entry-of-another": {"entry": other.entry},
        "entry-place": {"entry_index": proof.entry_index + 1},
        "entry-path": {"entry_path": proof.entry_path[1:]},
        "size": {"checkpoint": proof.checkpoint.replace("site alpha 4", "site alpha 5")},
        "time": {"checkpoint": proof.checkpoint.replace("time 20", "time 19")},
        "unsigned": {"checkpoint": proof.checkpoint.partition("\n\n")[0] + "\n"},
        "token": {"token": base64.b64encode(b"junk").decode()},
    }
    return proof.model_copy(update=changes[step])


FAILURES = {
    "record": "record:",
    "record-place": "segment:",
    "record-path": "segment:",
    "no-hex": "segment:",
    "entry": "checkpoint:",
    "entry-of-another": "segment:",
    "entry-place": "checkpoint:",
    "entry-path": "checkpoint:",
    "size": "checkpoint:",
    "time": "signature:",
    "unsigned": "checkpoint:",
    "token": "token:",
}


def test_a_proof_that_is_changed_fails_at_the_step_it_was_changed_in(bucket: Bucket, signer: Signer) -> None:
    committed(bucket, [sealed(*(exchange(10 * number + one) for one in range(3))) for number in range(4)])
    made(bucket, signer)
    archive = Archive(bucket)
    captures = acknowledged(bucket)
    capture, other = captures[4], captures[8]
    proof, else_where = prove(archive, capture), prove(archive, other)
    record = archive.record(capture)
    for step, failed in FAILURES.items():
        with pytest.raises(IntegrityError, match=f"^{failed}"):
            verify_proof(record, spoilt(proof, step, else_where), pem(signer))
    with pytest.raises(IntegrityError, match=r"^record:"):
        verify_proof(record + b" ", proof, pem(signer))
    stranger = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(IntegrityError, match=r"^signature:"):
        verify_proof(record, proof, stranger)


@needs_openssl
def test_a_proof_is_by_the_first_checkpoint_that_is_stamped(
    bucket: Bucket, signer: Signer, authority: Authority
) -> None:
    archive, roots = Archive(bucket), timestamps.load_roots(authority.root)
    numbers = []
    for number in range(6):
        committed(bucket, [sealed(exchange(number))], run=f"2026030{number + 1}t080000z-0a1b2c")
        newest = made(bucket, signer).newest
        assert newest is not None
        if number in {2, 4}:
            stamp(archive, newest, authority.url, roots)
    prover = Prover(archive)
    for capture in acknowledged(bucket):
        proof = prover.prove(capture)
        numbers.append((parse(proof.checkpoint.encode(), "x").checkpoint.number, proof.token is not None))
        verify_proof(archive.record(capture), proof, pem(signer))
        if proof.token:
            assert verify_token(proof, roots).is_held_against_roots
    assert numbers == [(3, True), (3, True), (3, True), (5, True), (5, True), (6, False)]
    with pytest.raises(IntegrityError, match=r"^token:"):
        verify_token(proof, roots)


def test_what_no_checkpoint_covers_yet_is_not_proved(bucket: Bucket, signer: Signer) -> None:
    committed(bucket, [sealed(exchange(1))])
    with pytest.raises(NotFound, match="no checkpoint covers it"):
        prove(Archive(bucket), acknowledged(bucket)[0])
    made(bucket, signer)
    committed(bucket, [sealed(exchange(2))])
    with pytest.raises(NotFound, match="no checkpoint covers it"):
        prove(Archive(bucket), acknowledged(bucket)[1])
    stray = acknowledged(bucket)[0].model_copy(update={"segment": "v1/seg/alpha/other"})
    with pytest.raises(NotFound, match="no checkpoint covers it"):
        prove(Archive(bucket), stray)


def test_a_proof_is_not_given_over_a_tree_that_was_changed(bucket: Bucket, signer: Signer) -> None:
    committed(bucket, [sealed(exchange(number)) for number in range(3)])
    made(bucket, signer)
    capture = acknowledged(bucket)[0]
    overwrite(bucket, keys.tile(0, 0), b"\7" * 96)
    with pytest.raises(IntegrityError, match="checkpoint"):
        prove(Archive(bucket), capture)
