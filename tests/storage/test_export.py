"""Exports of a real archive on SeaweedFS: the same bytes each time, and every record as kept."""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from authority import Authority
from fastwarc.warc import ArchiveIterator
from making import acknowledged, exchange, write

from domain.capture import Capture, Exchange, Reference, Role
from domain.errors import IntegrityError, NotFound
from domain.wire import Wire
from storage import Archive, Bucket, big, warc
from storage.export import (
    Exhibit,
    PageText,
    Piece,
    Sealer,
    Selection,
    Tally,
    covering,
    write_bundle,
    write_wacz,
    write_warc,
)
from storage.export.packing import Counted
from storage.proofs import signing
from storage.proofs.making import make, stamp

CHUNKED = b"HTTP/1.1 200 OK\r\nServer: nginx\r\ntransfer-encoding:  chunked\r\nX: 1\r\nX: 2\r\n\r\n"
LARGE = Random(1).randbytes(2**20 + 1)


def odd_ones() -> list[Exchange]:
    first = exchange(1)
    reference = Reference(url=first.url, at=first.at, payload_digest=warc.digest(first.body))
    return [
        first,
        exchange(2, url=first.url, status=304, reason="Not Modified", body=b"", refers_to=reference),
        exchange(3, body=b"", status=404, reason="Not Found", role=Role.ROBOTS),
        exchange(4, body=LARGE, role=Role.FILE),
        exchange(5, body=b"hello, world", wire=Wire(CHUNKED, b"5\r\nhello\r\n7;a=b\r\n, world\r\n0\r\n\r\n")),
        exchange(6, wire=Wire(b"HTTP/1.1 200 OK\r\n\r\n", chain=(b"certificate", b"issuer"), tls="TLSv1.3 X")),
        exchange(7, body="新闻\r\n\r\n".encode("gb18030"), flags=("headers-reconstructed", "truncated:disconnect")),
    ]


@pytest.fixture
def archive(bucket: Bucket, tmp_path: Path) -> Archive:
    write(bucket, tmp_path / "spool", odd_ones())
    write(bucket, tmp_path / "spool", [exchange(100 + n) for n in range(70)], run="20260302t080000z-0a1b2c")
    return Archive(bucket)


def chosen_of(archive: Archive) -> Selection:
    captures = acknowledged(archive.bucket)
    keys = dict.fromkeys(one.segment for one in captures)
    pieces = [Piece(key, tuple(one for one in captures if one.segment == key)) for key in keys]
    return Selection("All of alpha", lambda: pieces, len(captures), max(one.at for one in captures))


def exported(archive: Archive, path: Path, chosen: Selection | None = None) -> Tally:
    tally = Tally()
    with path.open("wb") as out:
        for _ in write_warc(archive, chosen or chosen_of(archive), Counted(out), tally, lambda tally: None):
            pass
    return tally


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    signer = signing.make(tmp_path / "keys" / "checkpoint.key")
    return Sealer((signer.public,), signer)


def signed(archive: Archive, sealer: Sealer) -> None:
    assert sealer.signer
    make(archive, sealer.signer)


def test_a_warc_holds_every_record_as_kept_and_is_the_same_each_time(archive: Archive, tmp_path: Path) -> None:
    tally = exported(archive, tmp_path / "a.warc.gz")
    exported(archive, tmp_path / "b.warc.gz")
    data = (tmp_path / "a.warc.gz").read_bytes()
    assert data == (tmp_path / "b.warc.gz").read_bytes()
    assert (tally.captures, tally.size) == (77, len(data))
    records = gzip.decompress(data)
    captures = acknowledged(archive.bucket)
    kept = {one.id: archive.record(one) for one in captures}
    for one in captures:
        if not big.outside(kept[one.id]):
            assert records.count(kept[one.id]) == 1
    found = [
        (item.headers["WARC-Type"], item.headers.get("WARC-Target-URI"), item.verify_block_digest())
        for item in ArchiveIterator((tmp_path / "a.warc.gz").open("rb"), parse_http=False)
    ]
    assert all(is_right for _, _, is_right in found)
    assert [kind for kind, _, _ in found].count("warcinfo") == 4
    assert [kind for kind, _, _ in found].count("resource") == 1
    assert [url for kind, url, _ in found if kind in ("response", "revisit")] == [one.url for one in captures]


def test_a_body_from_outside_its_segment_is_whole_again(archive: Archive, tmp_path: Path) -> None:
    exported(archive, tmp_path / "a.warc.gz")
    (large,) = (one for one in acknowledged(archive.bucket) if one.payload_length == len(LARGE))
    for item in ArchiveIterator((tmp_path / "a.warc.gz").open("rb"), parse_http=False):
        if item.headers.get("WARC-Target-URI") == large.url and item.headers["WARC-Type"] == "response":
            block = item.reader.read()
            assert block.endswith(LARGE)
            assert item.headers["WARC-Payload-Digest"] == warc.digest(LARGE)
            assert item.headers["WARC-Block-Digest"] == warc.digest(block)
            assert "TJ-Payload-Object" not in item.headers
            return
    pytest.fail("the large answer is not in the export")


def test_a_capture_that_is_not_where_the_catalogue_says_is_refused(archive: Archive, tmp_path: Path) -> None:
    one = acknowledged(archive.bucket)[0].model_copy(update={"offset": 3})
    chosen = Selection("x", lambda: [Piece(one.segment, (one,))], 1, one.at)
    with pytest.raises(IntegrityError, match="no record of"):
        list(write_warc(archive, chosen, Counted((tmp_path / "a").open("wb")), Tally(), lambda tally: None))


def packed(archive: Archive, path: Path, sealer: Sealer, checkpoint: int | None) -> zipfile.ZipFile:
    def read(seq: int | None, capture: Capture) -> PageText | None:
        return PageText(capture.url, "正文\n新闻") if capture.role is Role.PAGE and capture.status == 200 else None

    write_wacz(archive, chosen_of(archive), path, read, sealer, checkpoint, Tally(), lambda tally: None)
    return zipfile.ZipFile(path)


def test_a_wacz_is_the_same_each_time_and_lists_all_it_holds(archive: Archive, sealer: Sealer, tmp_path: Path) -> None:
    signed(archive, sealer)
    number = covering(archive, chosen_of(archive), sealer)
    package = packed(archive, tmp_path / "a.wacz", sealer, number)
    packed(archive, tmp_path / "b.wacz", sealer, number)
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wacz", "b.wacz", "keys", "spool"]
    exported(archive, tmp_path / "c.warc.gz")
    assert package.read("archive/data.warc.gz") == (tmp_path / "c.warc.gz").read_bytes()
    said = json.loads(package.read("datapackage.json"))
    for row in said["resources"]:
        data = package.read(row["path"])
        assert (row["hash"], row["bytes"]) == ("sha256:" + hashlib.sha256(data).hexdigest(), len(data))
    names = {row["path"] for row in said["resources"]} | {"datapackage.json", "datapackage-digest.json"}
    assert set(package.namelist()) == names
    assert all(info.compress_type == zipfile.ZIP_STORED for info in package.infolist())
    digest = json.loads(package.read("datapackage-digest.json"))
    assert digest["hash"] == "sha256:" + hashlib.sha256(package.read("datapackage.json")).hexdigest()
    pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
    assert pages[0]["format"] == "json-pages-1.0"
    assert pages[1]["text"] == "正文\n新闻"


def test_each_file_lies_where_the_central_directory_alone_says(
    archive: Archive, sealer: Sealer, tmp_path: Path
) -> None:
    """wabac.js (ReplayWeb.page 2.4) does not read a file's own header for the length of its extra fields."""
    with packed(archive, tmp_path / "a.wacz", sealer, None) as made:
        data = (tmp_path / "a.wacz").read_bytes()
        for info in made.infolist():
            at = info.header_offset + 30 + len(info.filename.encode()) + len(info.extra)
            assert data[at : at + info.file_size] == made.read(info), info.filename
        assert made.testzip() is None


def test_the_index_leads_to_each_answer(archive: Archive, sealer: Sealer, tmp_path: Path) -> None:
    package = packed(archive, tmp_path / "a.wacz", sealer, None)
    data, index = package.read("archive/data.warc.gz"), package.read("indexes/index.cdx.gz")
    lines = gzip.decompress(index).decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 77
    for line in lines:
        _, _, text = line.split(" ", 2)
        said = json.loads(text)
        at, length = int(said["offset"]), int(said["length"])
        record = gzip.decompress(data[at : at + length])
        assert f"WARC-Target-URI: {said['url']}\r\n".encode() in record
        assert record.split(b"\r\n")[1] in (b"WARC-Type: response", b"WARC-Type: revisit")
    meta, *blocks = package.read("indexes/index.idx").decode().splitlines()
    assert meta.startswith("!meta 0 ")
    for block in blocks:
        place = json.loads(block.split(" ", 2)[2])
        member = gzip.decompress(index[place["offset"] : place["offset"] + place["length"]])
        assert member.decode().startswith(block.split(" {")[0])


def test_what_is_in_no_checkpoint_is_said_to_be_unproved(archive: Archive, sealer: Sealer, tmp_path: Path) -> None:
    package = packed(archive, tmp_path / "a.wacz", sealer, covering(archive, chosen_of(archive), sealer))
    assert package.read("provenance/proofs.jsonl") == b""
    signed(archive, sealer)
    write(archive.bucket, tmp_path / "spool", [exchange(900)], run="20260303t080000z-0a1b2c")
    number = covering(archive, chosen_of(archive), sealer)
    assert number == 1
    package = packed(archive, tmp_path / "a.wacz", sealer, number)
    assert len(package.read("provenance/proofs.jsonl").splitlines()) == 77
    assert len(acknowledged(archive.bucket)) == 78


# Evidence bundles


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with Authority(tmp_path / "authority") as running:
        yield running


def bundle(archive: Archive, sealer: Sealer, path: Path, *, numbers: tuple[int, ...] = (0, 3, 4, 5)) -> Path:
    captures = acknowledged(archive.bucket)
    exhibits = tuple(Exhibit(f"shown-{number}", captures[number]) for number in numbers)
    write_bundle(archive, exhibits, lambda seal: {"index.html": f"<p>{seal.key}</p>"}, path, sealer)
    return path


def checked(folder: Path, *options: str, program: Path | None = None) -> tuple[int, str]:
    command = [sys.executable, "-I", str(program or folder / "verify.py"), str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    return done.returncode, done.stdout + done.stderr


needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here to be an authority")


@needs_openssl
def test_a_stranger_checks_a_bundle_and_finds_any_flipped_byte(
    archive: Archive, sealer: Sealer, authority: Authority, tmp_path: Path
) -> None:
    assert sealer.signer
    made = make(archive, sealer.signer)
    assert made.newest
    stamp(archive, made.newest, authority.url, ())
    folder = bundle(archive, sealer, tmp_path / "case")
    program = shutil.copy(folder / "verify.py", tmp_path / "pristine.py")
    published = tmp_path / "published.pem"
    published.write_bytes(signing.public_pem(sealer.signer.public))
    code, said = checked(folder, "--key", str(published), "--roots", str(authority.root))
    assert code == 0, said
    assert "the authority saw checkpoint 0000000001 by" in said
    assert "signed by the key you gave" in said
    random = Random(2)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(files) > 25
    for path in files:
        right = path.read_bytes()
        at = random.randrange(len(right))
        path.write_bytes(right[:at] + bytes([right[at] ^ 1 << random.randrange(8)]) + right[at + 1 :])
        code, said = checked(folder, program=program)
        assert code == 1, f"{path}: a flipped byte was not found"
        assert "FAILED" in said.splitlines()[-1], said
        path.write_bytes(right)
    (folder / "more.txt").write_text("x")
    assert checked(folder)[0] == 1
    (folder / "more.txt").unlink()
    assert checked(folder)[0] == 0


def relisted(folder: Path) -> None:
    """The list of files made to fit, unsigned, as one who forges would."""
    origin = (folder / "files.txt").read_text().split("\n")[0]
    names = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "files.txt")
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in names]
    (folder / "files.txt").write_text("\n".join([origin, *rows, ""]))


def test_a_forged_list_does_not_help(archive: Archive, sealer: Sealer, tmp_path: Path) -> None:
    signed(archive, sealer)
    folder = bundle(archive, sealer, tmp_path / "case")
    place = folder / "shown-0"
    proof = json.loads((place / "response.proof.json").read_bytes())

    def altered(**more: object) -> bytes:
        return json.dumps(proof | more).encode()

    forgeries = {
        "record": (place / "response.warc", (place / "response.warc").read_bytes().replace(b"html", b"htmx", 1)),
        "payload": (place / "payload", b"other"),
        "segment": (place / "response.proof.json", altered(record_path=proof["record_path"][::-1])),
        "checkpoint": (place / "response.proof.json", altered(entry_index=9)),
        "signature": (folder / "checkpoint.pub.pem", signing.public_pem(signing.make(tmp_path / "x.key").public)),
    }
    for step, (path, data) in forgeries.items():
        right, listed = path.read_bytes(), (folder / "files.txt").read_bytes()
        path.write_bytes(data)
        relisted(folder)
        code, said = checked(folder)
        assert code == 1, step
        assert said.splitlines()[-1].startswith(f"FAILED 失败  {step}: "), said
        path.write_bytes(right)
        (folder / "files.txt").write_bytes(listed)
    assert checked(folder)[0] == 0
    assert checked(folder, "--key", str(signing.public_file(tmp_path / "x.key")))[0] == 1


def test_a_bundle_is_a_folder_or_a_zip_and_the_same_each_time(archive: Archive, sealer: Sealer, tmp_path: Path) -> None:
    signed(archive, sealer)
    for name in ("a.zip", "b.zip"):
        (tmp_path / name[0]).mkdir()
        bundle(archive, sealer, tmp_path / name[0] / "case.zip")
    assert (tmp_path / "a" / "case.zip").read_bytes() == (tmp_path / "b" / "case.zip").read_bytes()
    zipfile.ZipFile(tmp_path / "a" / "case.zip").extractall(tmp_path / "out")
    assert checked(tmp_path / "out" / "case")[0] == 0


def test_there_is_no_evidence_without_a_checkpoint(archive: Archive, sealer: Sealer, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no checkpoint covers it"):
        bundle(archive, sealer, tmp_path / "case")
    assert not (tmp_path / "case").exists()
