"""What a server sent, byte for byte, in the exchange and in the segment's record; and what was sent to it."""

import base64
import gzip
import hashlib
import io
import pickle
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from fastwarc import ArchiveIterator
from odd_server import OddServer

from domain.capture import Exchange
from domain.wire import dechunk, fields, is_chunked, split
from storage import warc
from storage.archive import answer_in
from storage.segment import Builder
from storage.segment import Segment as Opened

HERE = Path(__file__).resolve()
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
BODY = "<html><head><title>某项工作的通知</title></head><body><p>正文在此。</p></body></html>".encode()
PACKED = gzip.compress(BODY, mtime=0)


@dataclass(frozen=True)
class Said:
    """One answer: `head` and `body` as they go over the wire, the payload within, and what is to be flagged.

    `keep`: the connection is kept. `before` goes ahead of the head, `behind` follows the body; neither is the
    answer's own.
    """

    head: bytes
    body: bytes = BODY
    payload: bytes = BODY
    flags: tuple[str, ...] = ()
    keep: bool = False
    before: bytes = b""
    behind: bytes = b""
    pieces: int = 1

    def row(self) -> list[bytes]:
        whole = self.before + self.head + self.body + self.behind
        size = -(-len(whole) // self.pieces)
        cut = [whole[at : at + size] for at in range(0, len(whole), size)]
        return cut if self.keep else [*cut, b""]


def head(*lines: bytes, first: bytes = b"HTTP/1.1 200 OK", end: bytes = b"\r\n") -> bytes:
    return end.join([first, *lines, b"", b""])


def chunks(data: bytes, size: int, extra: bytes = b"", trailer: bytes = b"") -> bytes:
    cut = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(one), extra, one) for one in cut) + b"0\r\n" + trailer + b"\r\n"


LENGTH = b"Content-Length: %d" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked"
CUT, UNKNOWN, BROKEN = ("truncated:disconnect",), ("length-unknown",), ("chunking-broken", "truncated:disconnect")

ODD = {
    "plain": Said(head(b"Content-Type: text/html", LENGTH, b"X-Z: 1", b"A-First: 2"), keep=True),
    "lower-case": Said(head(b"content-type: text/html", b"cOnTeNt-LeNgTh: %d" % len(BODY), b"SERVER:nginx"), keep=True),
    "repeated": Said(head(b"Set-Cookie: a=1", LENGTH, b"Vary: A", b"Set-Cookie: b=2", b"set-cookie: c=3"), keep=True),
    "folded": Said(head(b"X-Long: one", b"   two", b"\tthree", LENGTH), keep=True),
    "blanks": Said(head(b"X-Blank:    ", b"X-Tab:\tvalue \t ", LENGTH), keep=True),
    "latin": Said(head("X-Name: 中文".encode(), b"X-Bytes: \xa3\xff\x80", LENGTH), keep=True),
    "no-colon": Said(head(b"this line has none", LENGTH), keep=True),
    "old": Said(head(b"Content-Type: text/html", first=b"HTTP/1.0 200 OK"), flags=UNKNOWN),
    "no-reason": Said(head(LENGTH, first=b"HTTP/1.1 200"), keep=True),
    "odd-reason": Said(head(LENGTH, first="HTTP/1.1 200 好 的  ".encode()), keep=True),
    "bare-feeds": Said(head(b"Content-Type: text/html", LENGTH, end=b"\n"), keep=True),
    "mixed-feeds": Said(b"HTTP/1.1 200 OK\nA: 1\r\nB: 2\n" + LENGTH + b"\r\n\n", keep=True),
    "no-headers": Said(b"HTTP/1.0 200 OK\r\n\r\n", flags=UNKNOWN),
    "pieces": Said(head(b"Content-Type: text/html", LENGTH), keep=True, pieces=40),
    "empty": Said(head(b"Content-Length: 0"), b"", b"", keep=True),
    "missing": Said(head(LENGTH, first=b"HTTP/1.1 404 Not Found"), keep=True),
    "not-modified": Said(head(b'ETag: "1"', CHUNKED, first=b"HTTP/1.1 304 Not Modified"), b"", b"", keep=True),
    "odd-status": Said(head(LENGTH, first=b"HTTP/1.1 521 Down"), keep=True),
    "chunked": Said(head(CHUNKED), chunks(BODY, 7), keep=True),
    "chunked-pieces": Said(head(CHUNKED), chunks(BODY, 11), keep=True, pieces=50),
    "chunked-trailers": Said(
        head(CHUNKED, b"Trailer: X-Sum"), chunks(BODY, 50, b";a=b", b"X-Sum: 1\r\nX-More: 2\r\n"), keep=True
    ),
    "chunked-padded": Said(head(CHUNKED), chunks(BODY, 50, b"   "), keep=True),
    "chunked-capitals": Said(
        head(b"transfer-encoding:  Chunked"), b"%X\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY), keep=True
    ),
    "chunked-length": Said(head(CHUNKED, b"Content-Length: 5"), chunks(BODY, 9), keep=True),
    "chunked-empty": Said(head(CHUNKED), chunks(b"", 1), b"", keep=True),
    "chunked-more": Said(head(CHUNKED), chunks(BODY, 9), behind=b"HTTP/1.1 200 Nobody Asked\r\n\r\n"),
    "gzip": Said(head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(PACKED)), PACKED, PACKED, keep=True),
    "gzip-chunked": Said(head(b"Content-Encoding: gzip", CHUNKED), chunks(PACKED, 13), PACKED, keep=True),
    "early": Said(head(b"Content-Length: 1000"), BODY, BODY, CUT),
    "chunked-early": Said(head(CHUNKED), chunks(BODY, 50)[:70], BODY[:60], CUT),
    "chunked-endless": Said(head(CHUNKED), chunks(BODY, 50)[:-5], BODY, CUT),
    "chunked-broken": Said(head(CHUNKED), b"5\r\nhello\r\nnonsense\r\n", b"hello", BROKEN),
    "not-chunked": Said(head(CHUNKED), BODY + b"\n", BODY + b"\n", BROKEN),
    "longer": Said(head(LENGTH), behind=b"more than announced"),
    "huge": Said(head(*(b"X-%d: %s" % (n, b"v" * 4000) for n in range(100)), LENGTH), keep=True),
    "long-line": Said(head(b"Set-Cookie: " + b"x" * 200_000, LENGTH), keep=True),
    "continue": Said(head(LENGTH), before=b"HTTP/1.1 100 Continue\r\n\r\n", keep=True),
    "hints": Said(
        head(CHUNKED),
        chunks(BODY, 50),
        before=b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",
        keep=True,
    ),
}
REFUSED = {
    "endless": [b"HTTP/1.1 200 OK\r\n" + b"X-Y: %s\r\n" % (b"z" * 1000) * 2000, b""],
    "gibberish": [b"SSH-2.0\r\n", b""],
}


@dataclass(frozen=True)
class Scene:
    server: OddServer
    exchanges: dict[str, list[Exchange]]


def fetch(folder: Path, *urls: str, **env: str) -> list[Exchange]:
    """Fetches in a process of its own, for a reactor runs once in one."""
    file = folder / "exchanges"
    own = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HERE.parents[2]), "TONGJIAN_CONTACT": "https://watch.example/"}
    command = [sys.executable, str(HERE.parent / "teeing.py"), str(file), *urls]
    done = subprocess.run(command, env=own | env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return pickle.loads(file.read_bytes())


def by_name(exchanges: list[Exchange]) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = {}
    for one in exchanges:
        found.setdefault(one.url.partition("?")[0].rsplit("/", 1)[1], []).append(one)
    return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    answers = {name: said.row() for name, said in ODD.items()} | REFUSED
    answers = {f"/{name}": row for name, row in answers.items()}
    answers["/plain?a=1&b=%E4%B8%AD&a=2"] = ODD["plain"].row()
    with OddServer(answers) as server:
        urls = [f"http://127.0.0.1:{server.port}{path}" for path in answers]
        yield Scene(server, by_name(fetch(tmp_path_factory.mktemp("tee"), *urls)))


def sealed(exchange: Exchange) -> tuple[bytes, bytes, bytes]:
    """The records of request, answer and metadata, as they lie in a segment."""
    builder = Builder("odd", "run", START, "tests")
    builder.add(exchange)
    made = builder.seal()
    opened = Opened(made.data, "segment")
    kept = [opened.record(frame.offset, frame.length) for frame in opened.index.frames if frame.type != "resource"]
    return kept[1], kept[2], kept[3]


def _field(record: bytes, name: str) -> list[str]:
    return re.findall(rf"(?m)^{name}: (.*)\r$", record.partition(b"\r\n\r\n")[0].decode() + "\r")


@pytest.mark.parametrize("name", ODD)
def test_the_record_has_what_the_server_sent(scene: Scene, name: str) -> None:
    said, exchange = ODD[name], scene.exchanges[name][0]
    _, record, _ = sealed(exchange)
    assert warc.block(record) == said.head + said.body
    assert exchange.body == said.payload == warc.payload(warc.block(record))
    assert exchange.flags == said.flags


@pytest.mark.parametrize("name", ODD)
def test_the_digests_are_over_block_and_payload(scene: Scene, name: str) -> None:
    said, (_, record, _) = ODD[name], sealed(scene.exchanges[name][0])
    assert _field(record, "WARC-Block-Digest") == ["sha256:" + hashlib.sha256(said.head + said.body).hexdigest()]
    assert _field(record, "WARC-Payload-Digest") == ["sha256:" + hashlib.sha256(said.payload).hexdigest()]
    assert _field(record, "Content-Length") == [str(len(said.head + said.body))]
    assert _field(record, "WARC-IP-Address") == ["127.0.0.1"]
    assert _field(record, "WARC-Protocol") == ["http/1.0" if said.head.startswith(b"HTTP/1.0") else "http/1.1"]


@pytest.mark.parametrize("name", ODD)
def test_the_request_is_kept_as_it_was_sent(scene: Scene, name: str) -> None:
    asked, _, _ = sealed(scene.exchanges[name][0])
    assert warc.block(asked) == scene.server.asked[f"/{name}"][0]
    assert b"Accept-Encoding: identity\r\n" in warc.block(asked)


def test_the_query_is_part_of_the_request(scene: Scene) -> None:
    asked, _, _ = sealed(scene.exchanges["plain"][1])
    assert warc.block(asked).startswith(b"GET /plain?a=1&b=%E4%B8%AD&a=2 HTTP/1.1\r\n")
    assert warc.block(asked) == scene.server.asked["/plain?a=1&b=%E4%B8%AD&a=2"][0]


def test_connections_are_kept_and_their_answers_told_apart(scene: Scene) -> None:
    ended = sum(not said.keep for said in ODD.values()) + len(REFUSED)
    assert scene.server.connections <= ended + 12 < len(ODD)


@pytest.mark.parametrize("name", ["continue", "hints"])
def test_answers_before_the_answer_are_in_the_metadata(scene: Scene, name: str) -> None:
    exchange = scene.exchanges[name][0]
    _, _, record = sealed(exchange)
    [line] = [line for line in warc.block(record).decode().splitlines() if line.startswith("interim-answers: ")]
    assert base64.b64decode(line.partition(": ")[2]) == ODD[name].before


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_http_is_no_capture(scene: Scene, name: str) -> None:
    assert name not in scene.exchanges
    assert scene.server.asked[f"/{name}"]


@pytest.mark.parametrize("name", ODD)
def test_an_answer_is_read_back(scene: Scene, name: str) -> None:
    builder = Builder("odd", "run", START, "tests")
    builder.add(scene.exchanges[name][0])
    made = builder.seal()
    [capture] = made.index.captures
    answer = answer_in(made.data[capture.offset : capture.offset + capture.length], capture)
    first, pairs = fields(ODD[name].head)
    assert answer.status_line.encode("latin-1") == first
    assert [(key.encode("latin-1"), value.encode("latin-1")) for key, value in answer.headers] == list(pairs)
    assert answer.payload == ODD[name].payload
    assert capture.payload_length == len(ODD[name].payload)


def test_fastwarc_reads_the_records_and_finds_their_digests_right(scene: Scene) -> None:
    for name in ("plain", "chunked-trailers", "gzip-chunked", "early", "hints"):
        whole = b"".join(sealed(scene.exchanges[name][0]))
        kinds = []
        for record in ArchiveIterator(io.BytesIO(whole), parse_http=False):
            kinds.append(record.headers["WARC-Type"])
            assert record.headers["WARC-Block-Digest"] == "sha256:" + hashlib.sha256(record.reader.read()).hexdigest()
        assert kinds == ["request", "response", "metadata"]


def test_certificates_protocol_and_names_are_kept(tmp_path: Path) -> None:
    root = trustme.CA()
    middle = root.create_child_ca()
    own = middle.issue_cert("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    own.configure_cert(context)
    roots = tmp_path / "roots.pem"
    root.cert_pem.write_to_path(str(roots))
    answers = {"/a": ODD["chunked"].row(), "/b": ODD["empty"].row()}
    with OddServer(answers, context) as server:
        urls = [f"https://localhost:{server.port}{path}" for path in answers]
        first, second = fetch(tmp_path, *urls, SSL_CERT_FILE=str(roots))
        assert server.connections == 1
    assert first.wire
    assert second.wire
    assert first.wire.chain == second.wire.chain
    sent = [x509.load_pem_x509_certificate(blob.bytes()) for blob in own.cert_chain_pems]
    assert [x509.load_der_x509_certificate(der) for der in first.wire.chain] == sent
    assert len(sent) == 2
    assert first.wire.dns == ("localhost. IN A 127.0.0.1",)
    builder = Builder("odd", "run", START, "tests")
    for exchange in (first, second):
        builder.add(exchange)
    opened = Opened(builder.seal().data, "segment")
    by_type: dict[str, list[bytes]] = {}
    for frame in opened.index.frames:
        by_type.setdefault(frame.type, []).append(opened.record(frame.offset, frame.length))
    [shown] = by_type["resource"]
    assert x509.load_pem_x509_certificates(warc.block(shown)) == sent
    named = f"certificates: sha256:{hashlib.sha256(warc.block(shown)).hexdigest()}"
    for record in by_type["metadata"]:
        assert named in warc.block(record).decode().splitlines()
        assert "dns: localhost. IN A 127.0.0.1" in warc.block(record).decode().splitlines()
    for record in by_type["response"]:
        assert _field(record, "WARC-Protocol") == ["http/1.1", "tls/1.2"]
        assert _field(record, "WARC-Cipher-Suite")[0].startswith("TLS_ECDHE_")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with OddServer({"/a": ODD["plain"].row()}, context) as server:
        assert fetch(tmp_path, f"https://localhost:{server.port}/a") == []
        assert server.asked == {}


def test_through_a_proxy_the_headers_are_said_to_be_put_together(tmp_path: Path) -> None:
    with OddServer({"http://far.example/a": ODD["repeated"].row()}) as proxy:
        [exchange] = fetch(tmp_path, "http://far.example/a", http_proxy=f"http://127.0.0.1:{proxy.port}")
    assert exchange.flags == ("headers-reconstructed",)
    assert (exchange.wire, exchange.ip, exchange.body) == (None, None, BODY)
    asked, record, _ = sealed(exchange)
    assert warc.block(asked).startswith(b"GET /a HTTP/1.1\r\nHost: far.example\r\n")
    assert warc.payload(warc.block(record)) == BODY
    assert _field(record, "WARC-Protocol") == []


@pytest.mark.parametrize(
    ("name", "suite"),
    [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("DHE-RSA-AES256-CCM8", "TLS_DHE_RSA_WITH_AES_256_CCM_8"),
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
        ("SOMETHING-NEW", None),
    ],
)
def test_ciphers_go_by_their_registered_names(name: str, suite: str | None) -> None:
    assert warc.cipher_suite(name) == suite


@pytest.mark.parametrize("size", [1, 3, 16, 4096])
def test_chunks_of_any_size_are_undone_at_any_cut(size: int) -> None:
    whole = chunks(BODY, size, trailer=b"X: y\r\n")
    assert dechunk(whole) == (BODY, "whole")
    for end in range(0, len(whole) - len(b"0\r\nX: y\r\n\r\n")):
        found, ending = dechunk(whole[:end])
        assert BODY.startswith(found)
        assert ending == "cut"


def test_a_head_ends_at_the_first_empty_line() -> None:
    assert split(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\nmore") == (
        b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
        b"body\r\n\r\nmore",
    )
    assert split(b"HTTP/1.1 200 OK\n\nbody") == (b"HTTP/1.1 200 OK\n\n", b"body")
    assert is_chunked(((b"TRANSFER-encoding", b"gzip, Chunked"),))
    assert not is_chunked(((b"Transfer-Encoding", b"gzip"), (b"X", b"chunked")))
