"""What was taken down, taken away: its tombstone in the record's place, and every proof that held before."""

import gzip
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from making import SITE, acknowledged, body_of, exchange, write
from test_export import checked, chosen_of, exported, packed, relisted

from domain.capture import Capture
from storage import Archive, Bucket
from storage.export import Exhibit, Sealer, covering, write_bundle
from storage.proofs import signing, verify_proof
from storage.proofs.making import make
from storage.proofs.proof import Proof
from storage.proofs.signing import Signer
from storage.takedown import Order, take_down
from storage.tombstones import unpack

ORDER = Order("法院命令 court order 1/2026", "某法院 a court")


@dataclass
class Kept:
    """Six captures in one checkpoint, the third of them taken down since."""

    archive: Archive
    captures: list[Capture]
    sealer: Sealer
    published: Path

    @property
    def gone(self) -> Capture:
        return self.captures[2]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signing.make(tmp_path / "keys" / "checkpoint.key")


@pytest.fixture
def kept(bucket: Bucket, tmp_path: Path, signer: Signer) -> Kept:
    write(bucket, tmp_path / "spool", [exchange(number) for number in range(6)])
    make(Archive(bucket), signer)
    captures = acknowledged(bucket)
    list(take_down(Archive(bucket), SITE, [captures[2]], ORDER, signer.private))
    return Kept(Archive(bucket), captures, Sealer((signer.public,), signer), signing.public_file(signer.path))


def bundle(kept: Kept, path: Path, *, sealer: Sealer | None = None) -> Path:
    exhibits = (Exhibit("before", kept.gone, True), Exhibit("after", kept.captures[3]))
    write_bundle(kept.archive, exhibits, lambda seal: {"index.html": seal.key}, path, sealer or kept.sealer)
    return path


def test_a_warc_leaves_its_answer_out_and_says_so(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "all.warc.gz"
    tally = exported(kept.archive, path)
    assert [one.capture for one in tally.left_out] == [kept.gone.id]
    assert tally.captures == 5
    data = gzip.decompress(path.read_bytes())
    assert body_of(kept.gone.url) not in data
    assert all(body_of(one.url) in data for one in kept.captures if one is not kept.gone)
    assert data.count(b"WARC-Type: response") == data.count(b"WARC-Type: request") == 5


def test_a_wacz_has_its_tombstone_and_the_proofs_of_all_others(kept: Kept, tmp_path: Path) -> None:
    number = covering(kept.archive, chosen_of(kept.archive), kept.sealer)
    with packed(kept.archive, tmp_path / "all.wacz", kept.sealer, number) as made:
        stone = made.read("provenance/tombstones.jsonl")
        rows = [json.loads(line) for line in made.read("provenance/proofs.jsonl").splitlines()]
        assert b"provenance/tombstones.jsonl" in made.read("provenance/files.txt")
        assert unpack(stone, f"v1/gone/{SITE}/{kept.gone.id}.json").by == ORDER.by
        assert [row["record"] for row in rows] == [one.id for one in kept.captures if one is not kept.gone]
        assert kept.gone.id.encode() not in made.read("pages/pages.jsonl")


def test_no_tombstones_no_file_of_them(bucket: Bucket, tmp_path: Path, signer: Signer) -> None:
    write(bucket, tmp_path / "spool", [exchange(1)])
    with packed(Archive(bucket), tmp_path / "a.wacz", Sealer((signer.public,), signer), None) as made:
        assert "provenance/tombstones.jsonl" not in made.namelist()


def test_the_evidence_has_the_proof_of_what_is_gone_and_the_verifier_says_so(kept: Kept, tmp_path: Path) -> None:
    folder = bundle(kept, tmp_path / "case")
    there = {path.name for path in (folder / "before").iterdir()}
    assert {"tombstone.json", "response.proof.json", "request.warc", "metadata.warc", "capture.json"} <= there
    assert not {"response.warc", "payload", "headers.txt"} & there
    everything = [path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".gz"]
    everything.append(gzip.decompress((folder / "captures.warc.gz").read_bytes()))
    assert not any(body_of(kept.gone.url) in data for data in everything)
    code, said = checked(folder, "--key", str(kept.published))
    assert code == 0, said
    assert "tombstone: before/response.warc was TAKEN DOWN 已下架 by 某法院 a court" in said
    assert "its tombstone is signed by this key" in said
    assert "before/response.warc is in entry 1" in said
    # Who has the bytes from elsewhere can still show that it was they.
    proof = Proof.model_validate_json((folder / "before" / "response.proof.json").read_bytes())
    other = Proof.model_validate_json((folder / "after" / "response.proof.json").read_bytes())
    assert proof.record == kept.gone.id
    verify_proof((folder / "after" / "response.warc").read_bytes(), other, kept.published.read_bytes())
    assert (proof.entry, proof.checkpoint) == (other.entry, other.checkpoint)


def test_a_tombstone_that_was_changed_or_is_of_another_is_found(kept: Kept, tmp_path: Path) -> None:
    folder = bundle(kept, tmp_path / "case", sealer=Sealer(kept.sealer.trusted))
    path = folder / "before" / "tombstone.json"
    right = json.loads(path.read_bytes())
    forged = {
        "its signature is not valid": right | {"reason": "同意 by consent"},
        "not of this capture": right | {"capture": kept.captures[0].id},
    }
    for words, said_by in forged.items():
        path.write_text(json.dumps(said_by))
        relisted(folder)
        code, said = checked(folder)
        assert code == 1
        assert words in said.splitlines()[-1], said
    path.write_text(json.dumps(right | {"signature": None}))
    relisted(folder)
    code, said = checked(folder)
    assert (code, "its tombstone is NOT signed by this key" in said) == (0, True)
    path.unlink()  # a record is missing, and nothing says why
    relisted(folder)
    assert checked(folder)[0] == 1


def test_a_zip_of_it_is_the_same_each_time(kept: Kept, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        bundle(kept, tmp_path / name / "case.zip")
    assert (tmp_path / "a" / "case.zip").read_bytes() == (tmp_path / "b" / "case.zip").read_bytes()
    assert "case/before/tombstone.json" in zipfile.ZipFile(tmp_path / "a" / "case.zip").namelist()
