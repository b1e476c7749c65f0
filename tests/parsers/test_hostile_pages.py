"""Pages that mean harm or are merely broken: always an article, never a crash, never for ever."""

import gzip
import random
import zlib

import pytest
import zstandard

from domain.errors import ReadError
from parsers import read
from parsers.unpack import MAX_BYTES

URL = "http://www.example.cn/news/1.html"
P = "<p>会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>".encode()
PAGE = "<title>会议讨论了工作安排</title><h1>会议讨论了工作安排</h1>".encode() + P * 5


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"<div>" * 100_000 + P, id="deep div"),
        pytest.param(b"<table><tr><td>" * 50_000 + P, id="deep tables"),
        pytest.param(b"<ul><li><a href=x>x" * 50_000 + P, id="deep lists"),
        pytest.param(b'<div class="share" style="display:none">x' * 1900 + P * 2000, id="deep named"),
        pytest.param(b"<br>x" * 60_000, id="many lines"),
        pytest.param(b"<div " + b"a=b " * 500_000 + b">" + P, id="many attributes"),
        pytest.param(b"<!--" * 100_000, id="comments"),
        pytest.param(b"<" * 1_000_000, id="brackets"),
        pytest.param(b"\0" * 1_000_000, id="nul"),
        pytest.param(random.Random(7).randbytes(300_000), id="random"),
        pytest.param("<p>2019-01-07 来源:".encode() * 20_000, id="labels"),
        pytest.param("濟(jì)".encode() * 100_000, id="readings"),
        pytest.param(b"<p>&#xD800;&#0;&#x110000;</p>" + P, id="references"),
        pytest.param(b"", id="empty"),
    ],
)
def test_always_an_article(payload: bytes) -> None:
    first = read(payload, URL, "text/html")
    assert first.digest == read(payload, URL, "text/html").digest


def test_fifty_megabytes_are_read_up_to_a_stated_size() -> None:
    got = read(PAGE + P * (50 * 2**20 // len(P)), URL, "text/html; charset=utf-8")
    assert got.issues[0].endswith(f"bytes, only the first {MAX_BYTES} are read")
    assert got.title == "会议讨论了工作安排"


def test_nesting_beyond_the_parser_is_said() -> None:
    assert any("nested deeper" in issue for issue in read(b"<div>" * 3000 + P, URL).issues)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("zstd", zstandard.compress(PAGE)),
        (None, gzip.compress(PAGE)),
        ("identity", PAGE),
        ("gzip, identity", gzip.compress(PAGE)),
    ],
)
def test_content_codings(coding: str | None, packed: bytes) -> None:
    assert read(packed, URL, content_encoding=coding).title == "会议讨论了工作安排"


def test_a_coding_undone_by_somebody_else() -> None:
    got = read(PAGE, URL, content_encoding="gzip")
    assert (got.title, got.issues) == ("会议讨论了工作安排", ("declared gzip, is not",))


@pytest.mark.parametrize(
    ("coding", "payload"),
    [
        ("gzip", gzip.compress(PAGE)[:-40]),
        ("gzip", gzip.compress(PAGE)[:20] + b"\xff" * 40),
        ("zstd", zstandard.compress(PAGE)[:-20]),
        ("deflate", zlib.compress(PAGE)[:30]),
        ("aes128gcm", PAGE),
    ],
)
def test_what_cannot_be_unpacked_names_the_address(coding: str, payload: bytes) -> None:
    with pytest.raises(ReadError, match=URL):
        read(payload, URL, content_encoding=coding)


def test_a_gzip_bomb_is_cut() -> None:
    got = read(gzip.compress(b"<p>" + b"a" * 60 * 2**20), URL, content_encoding="gzip")
    assert "only the first" in got.issues[0]
