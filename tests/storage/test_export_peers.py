"""Exports opened by the programs of others: pywb, from disk and from the bucket, py-wacz, warcio, FastWARC.

They are in an environment of their own under var/, which uv makes from uv.lock (group export-peers).
"""

import gzip
import json
import os
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from kept_at import Endpoint
from making import acknowledged, exchange, write
from test_export import chosen_of, exported, odd_ones, packed, signed

from bench.groups import interpreter
from domain.capture import Capture
from storage import Archive, Bucket
from storage.export import Piece, Sealer, Selection, covering
from storage.export.cdxj import surt
from storage.proofs import signing


@pytest.fixture(scope="session")
def peers() -> Path:
    """The folder of their programs."""
    python = interpreter("export-peers")
    if python is None:
        pytest.skip("no environment with pywb, wacz and warcio: uv could not make it (it says above why)")
    return python.parent


@dataclass
class Taken:
    """An archive with an export of all of it, both ways."""

    archive: Archive
    folder: Path
    captures: list[Capture]


@pytest.fixture
def taken(bucket: Bucket, tmp_path: Path) -> Taken:
    write(bucket, tmp_path / "spool", odd_ones())
    pages = [exchange(100 + number) for number in range(70)]
    write(bucket, tmp_path / "spool", pages, run="20260302t080000z-0a1b2c")
    archive = Archive(bucket)
    signer = signing.make(tmp_path / "keys" / "checkpoint.key")
    sealer = Sealer((signer.public,), signer)
    signed(archive, sealer)
    folder = tmp_path / "export"
    folder.mkdir()
    packed(archive, folder / "all.wacz", sealer, covering(archive, chosen_of(archive), sealer)).close()
    exported(archive, folder / "data.warc.gz")
    return Taken(archive, folder, acknowledged(bucket))


def said(program: Path, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=200, check=False)


def test_py_wacz_finds_it_valid(peers: Path, taken: Taken) -> None:
    done = said(peers / "wacz", "validate", "-f", "all.wacz", folder=taken.folder)
    assert (done.returncode, "is valid" in done.stdout) == (0, True), done.stdout + done.stderr
    damaged = bytearray((taken.folder / "all.wacz").read_bytes())
    at = damaged.index(b"json-pages-1.0")
    damaged[at] ^= 1
    (taken.folder / "damaged.wacz").write_bytes(damaged)
    assert said(peers / "wacz", "validate", "-f", "damaged.wacz", folder=taken.folder).returncode


def test_fastwarc_finds_every_digest_right(peers: Path, taken: Taken) -> None:
    done = said(peers / "fastwarc", "check", "-q", "data.warc.gz", folder=taken.folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_warcio_stumbles_over_chunked_answers_alone(peers: Path, taken: Taken) -> None:
    """warcio takes the digest of such a payload with the sizes of its chunks; WARC/1.1, 5.9, is of the payload that
    RFC 7230 names, without them."""
    done = said(peers / "warcio", "check", "data.warc.gz", folder=taken.folder)
    complaints = [line.strip() for line in done.stdout.splitlines() if "failed" in line]
    chunked = next(one for one in taken.captures if one.payload_length == len(b"hello, world"))
    assert complaints == [f"payload digest failed {chunked.payload_digest}"]
    others = [one for one in taken.captures if one.id != chunked.id]
    pieces = [Piece(one.segment, (one,)) for one in others]
    chosen = Selection("others", lambda: pieces, len(pieces), chunked.at)
    exported(taken.archive, taken.folder / "others.warc.gz", chosen)
    done = said(peers / "warcio", "check", "others.warc.gz", folder=taken.folder)
    assert (done.returncode, done.stdout) == (0, "")


def test_our_index_is_the_one_that_cdxj_indexer_makes(peers: Path, taken: Taken) -> None:
    done = said(peers / "cdxj-indexer", "--sort", "data.warc.gz", folder=taken.folder)
    theirs = [line for line in done.stdout.splitlines() if not line.startswith("urn:")]
    ours = index_of(taken).splitlines()
    assert len(ours) == len(taken.captures) == 77
    for line, other in zip(ours, theirs, strict=True):
        key, at, text = line.split(" ", 2)
        other_key, other_at, other_text = other.split(" ", 2)
        one, two = json.loads(text), json.loads(other_text)
        # Made-up exchanges have a Content-Type that is not in their made-up wire.
        one.pop("mime", None), two.pop("mime", None)
        assert (key, at, one) == (other_key, other_at, two)


ADDRESSES = [
    "http://www.Example.gov.cn/Art/2026/A.html?b=2&a=1",
    "https://a.cn:8443/x/",
    "http://a.cn",
    "http://a.cn/?",
    "http://a.cn/a//b",
    "http://a.cn/%E4%B8%AD/中?x=%D6%D0",
    "http://www2.a.cn/x?PHPSESSID=0123456789abcdef0123456789abcdef&c=1",
    "http://a.cn/x?c=1&jsessionid=0123456789abcdef0123456789abcdef",
    "http://a.cn/x?a=1&&b",
    "http://a.cn/a/../b/./c",
    "http://a.cn/a b",
    "http://1.2.3.4/x",
    "http://a.cn/x?a=%26&b=%2541",
    "https://a.cn:80/x",
    "http://a.cn/p?a=1&a=0&b",
]


def test_our_keys_are_those_of_surt(peers: Path, tmp_path: Path) -> None:
    program = "import json, sys; from surt import surt; print(json.dumps([surt(one) for one in sys.argv[1:]]))"
    done = said(peers / "python", "-c", program, *ADDRESSES, folder=tmp_path)
    assert [surt(one) for one in ADDRESSES] == json.loads(done.stdout)


def index_of(taken: Taken) -> str:
    return gzip.decompress(zipfile.ZipFile(taken.folder / "all.wacz").read("indexes/index.cdx.gz")).decode()


@contextmanager
def pywb(peers: Path, folder: Path, config: str, environment: Mapping[str, str]) -> Iterator[str]:
    """pywb on loopback; gives its address."""
    (folder / "config.yaml").write_text(config)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [peers / "wayback", "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    with (folder / "pywb.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=folder, env=kept | environment, stdout=log, stderr=log)
    try:
        wait_for(port, running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(20)


def wait_for(port: int, running: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert running.poll() is None, "pywb ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("pywb does not listen")


CONFIG = """
collections:
  taken:
    index_paths: ./index.cdxj
    archive_paths: {place}
"""


@pytest.mark.parametrize("where", ["disk", "bucket"])
def test_pywb_replays_every_body(peers: Path, taken: Taken, endpoint: Endpoint, where: str) -> None:
    (taken.folder / "index.cdxj").write_text(index_of(taken))
    place = f"{taken.folder}/"
    if where == "bucket":
        bucket = taken.archive.bucket
        bucket.put_once("export/data.warc.gz", (taken.folder / "data.warc.gz").read_bytes(), "application/gzip")
        (taken.folder / "data.warc.gz").unlink()
        place = f"s3://{bucket.name}/export/"
    environment = {
        "AWS_ENDPOINT_URL": endpoint.address,
        "AWS_ACCESS_KEY_ID": endpoint.keys[0],
        "AWS_SECRET_ACCESS_KEY": endpoint.keys[1],
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    replayed = 0
    config = CONFIG.format(place=place)
    with pywb(peers, taken.folder, config, environment) as address, httpx.Client(trust_env=False, timeout=60) as client:
        for capture in taken.captures:
            answer = client.get(f"{address}/taken/{capture.at:%Y%m%d%H%M%S}id_/{capture.url}")
            # A 304 is replayed as what it was; what it confirms is among the captures.
            body = b"" if capture.status == 304 else taken.archive.payload(capture)
            assert (answer.status_code, answer.content) == (capture.status, body), capture.url
            replayed += 1
    assert replayed == 77
