"""docs/archive-format.md is enough: a reader made from that page alone finds every byte that was handed over."""

import ast
import shutil
import struct
import subprocess
from pathlib import Path
from random import Random

import pytest
import stranger
from making import RUN, SITE, exchange, write
from test_dictionaries import LATER, page, pages

from domain.capture import Exchange, Reference, Role
from domain.wire import Wire
from storage import Bucket
from storage.archive import Archive

CHUNKED = b"HTTP/1.1 200 OK\r\nServer: nginx\r\ntransfer-encoding:  chunked\r\nX: 1\r\nX: 2\r\n\r\n"


def odd_ones() -> list[Exchange]:
    first = exchange(500)
    reference = Reference(url=first.url, at=first.at, payload_digest=f"sha256:{'0' * 64}")
    return [
        first,
        exchange(501, status=304, reason="Not Modified", body=b"", refers_to=reference),
        exchange(502, body=b"", status=404, reason="", role=Role.ROBOTS),
        exchange(503, body=Random(1).randbytes(2**20 + 1), role=Role.FILE),
        exchange(504, body=b"hello, world", wire=Wire(CHUNKED, b"5\r\nhello\r\n7;a=b\r\n, world\r\n0\r\n\r\n")),
        exchange(505, wire=Wire(b"HTTP/1.1 200 OK\r\n\r\n", chain=(b"certificate", b"issuer"), tls="TLSv1.3 X")),
        exchange(506, body="新闻\r\n\r\n".encode("gb18030"), flags=("headers-reconstructed", "truncated:disconnect")),
    ]


def test_it_knows_nothing_but_the_page() -> None:
    tree = ast.parse(Path(stranger.__file__).read_text())
    named = {node.names[0].name for node in ast.walk(tree) if isinstance(node, ast.Import)}
    assert named == {"hashlib", "json", "re", "struct", "zstandard"}
    assert {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} == {"collections.abc", "typing"}


@pytest.fixture
def handed_over(bucket: Bucket, tmp_path: Path) -> list[Exchange]:
    """A segment without dictionary, one with, and a short one of oddities."""
    runs = [(pages(64), RUN), (pages(64, 64), LATER), (odd_ones(), "20260303t080000z-0a1b2c")]
    for exchanges, run in runs:
        write(bucket, tmp_path, exchanges, run=run)
    return [one for exchanges, _ in runs for one in exchanges]


def test_a_stranger_reads_everything(bucket: Bucket, handed_over: list[Exchange]) -> None:
    objects = {key: bucket.get(key).data for key, _ in bucket.list("v1/")}
    segments = [objects[entry["segment"]] for entry in stranger.ledger(objects, SITE)]
    assert [data[:4].hex() for data in segments] == ["28b52ffd", "5d2a4d18", "28b52ffd"]
    found = list(stranger.captures(objects, SITE))
    assert [(row["url"], row["role"], row["status"]) for row, _, _ in found] == [
        (one.url, one.role.value, one.status) for one in handed_over
    ]
    assert [payload for _, _, payload in found] == [one.body for one in handed_over]
    assert [row["flags"] for row, _, _ in found] == [list(one.flags) for one in handed_over]
    assert [head for _, head, _ in found][-3] == CHUNKED.removesuffix(b"\r\n\r\n")
    assert sum("big" in row for row, _, _ in found) == 1


@pytest.mark.skipif(not shutil.which("zstd"), reason="needs the program zstd")
def test_by_hand(bucket: Bucket, handed_over: list[Exchange], tmp_path: Path) -> None:
    """The page's commands: the dictionary cut out, one record unpacked with it."""
    entry = list(Archive(bucket).ledger(SITE).walk())[1]
    data = bucket.get(entry.commit.segment).data
    capture = Archive(bucket).index(entry).captures[40]
    (size,) = struct.unpack("<I", data[4:8])
    (tmp_path / "packed").write_bytes(data[8 : 8 + size])
    subprocess.run(["zstd", "-q", "-d", "packed", "-o", "dictionary"], cwd=tmp_path, check=True)
    (tmp_path / "record.zst").write_bytes(data[capture.offset : capture.offset + capture.length])
    command = ["zstd", "-q", "-d", "-c", "-D", "dictionary", "record.zst"]
    record = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    assert record.endswith(page(104) + b"\r\n\r\n")
