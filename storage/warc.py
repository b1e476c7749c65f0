"""Records of WARC/1.1 (ISO 28500:2017), written, and an answer's payload read back."""

import base64
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from domain.capture import Exchange
from domain.clock import iso
from domain.wire import dechunk, fields, is_chunked, split

PAYLOAD_OBJECT = "TJ-Payload-Object"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def digest(data: bytes) -> str:
    """`sha256:<hex>`: what sha256sum prints, in records, catalogue and interface alike (WARC/1.1, 5.8, leaves
    the encoding to the writer)."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def record(kind: str, block: bytes, headers: Iterable[tuple[str, str]]) -> bytes:
    """One whole record, its block digest and length included, ending in the two empty lines."""
    lines = [
        f"WARC-Type: {kind}",
        *(f"{name}: {value}" for name, value in headers),
        f"WARC-Block-Digest: {digest(block)}",
        f"Content-Length: {len(block)}",
    ]
    return b"WARC/1.1\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def warcinfo(site: str, run: str, at: str, software: str) -> bytes:
    """The record that opens a segment."""
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\nisPartOf: {site}/{run}\r\n"
    return record(
        "warcinfo",
        fields.encode(),
        [("WARC-Record-ID", new_id()), ("WARC-Date", at), ("Content-Type", "application/warc-fields")],
    )


def response(exchange: Exchange, record_id: str, request_id: str, outside: str | None = None) -> bytes:
    """The answer, as the connection carried it where that is known; a 304 as a revisit record that names the capture
    it confirms. The payload digest is over what is left when the transfer coding is undone (WARC/1.1, 5.9).

    `outside` is the key of the object that holds the payload in the record's stead (see storage/big.py).
    """
    headers = [("WARC-Record-ID", record_id), *_common(exchange), ("WARC-Concurrent-To", request_id)]
    if exchange.ip:
        headers.append(("WARC-IP-Address", exchange.ip))
    headers += _protocols(exchange)
    if outside:
        headers += [("WARC-Truncated", "length"), (PAYLOAD_OBJECT, outside)]
    elif truncated := next((flag for flag in exchange.flags if flag.startswith("truncated:")), None):
        headers.append(("WARC-Truncated", truncated.removeprefix("truncated:")))
    headers.append(("Content-Type", "application/http;msgtype=response"))
    if exchange.status == 304 and exchange.refers_to:
        return record("revisit", _answer_head(exchange), [*headers, *_revisit(exchange)])
    block = _answer_head(exchange) + (b"" if outside else _answer_body(exchange))
    # With the payload elsewhere none could be found right: checkers of WARC would take the record for damaged.
    digests = [] if outside else [("WARC-Payload-Digest", digest(exchange.body))]
    return record("response", block, [*headers, *digests])


def _answer_head(exchange: Exchange) -> bytes:
    if exchange.wire:
        return exchange.wire.head
    return _head(f"{exchange.protocol} {exchange.status} {exchange.reason}".rstrip(), exchange.response_headers)


def _answer_body(exchange: Exchange) -> bytes:
    raw = exchange.wire.body if exchange.wire else None
    return exchange.body if raw is None else raw


def block(record: bytes) -> bytes:
    """The block of one of our own whole records."""
    return record.partition(b"\r\n\r\n")[2][:-4]


def payload(block: bytes) -> bytes:
    """The payload in a response record's block: the head taken away and chunked framing undone, as far as it can be
    read. A content coding (gzip) stays. Never raises: the bytes are as some server sent them."""
    head, body = split(block)
    return dechunk(body)[0] if is_chunked(fields(head)[1]) else body


def unframed(exchange: Exchange) -> Exchange:
    """An exchange whose payload goes into an object of its own: that holds no chunked framing, and the flag
    `chunking-undone` says that there was some."""
    if exchange.wire is None or exchange.wire.body is None:
        return exchange
    return replace(exchange, wire=replace(exchange.wire, body=None), flags=(*exchange.flags, "chunking-undone"))


def _protocols(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """WARC-Protocol and WARC-Cipher-Suite as proposed in iipc/warc-specifications, issues 42 and 86: the protocols
    one a line, the suite by its IANA name. Left out where nothing of the connection is known."""
    if exchange.wire is None:
        return
    yield "WARC-Protocol", exchange.protocol.lower()
    if exchange.wire.tls:
        version, cipher, *_ = [*exchange.wire.tls.split(), ""]
        yield "WARC-Protocol", "tls/" + version.removeprefix("TLSv") if "." in version else "tls/1.0"
        if suite := cipher_suite(cipher):
            yield "WARC-Cipher-Suite", suite


_CIPHER = re.compile(
    r"(?:(?P<exchange>(?:ECDHE|DHE)-(?:RSA|ECDSA|DSS))-)?(?:(?P<poly>CHACHA20-POLY1305)"
    r"|(?P<name>AES|CAMELLIA|ARIA)(?P<bits>128|256)(?:-(?P<mode>GCM|CCM8?))?(?:-(?P<hash>SHA\d*))?)"
)


def cipher_suite(name: str) -> str | None:
    """OpenSSL's name of a cipher as IANA registers it (TLS Cipher Suites): ECDHE-RSA-AES128-GCM-SHA256 is
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. None for one that no rule covers."""
    if name.startswith("TLS_"):
        return name
    found = _CIPHER.fullmatch(name)
    if found is None:
        return None
    start = "TLS_" + (found["exchange"] or "RSA").replace("-", "_") + "_WITH_"
    if found["poly"]:
        return start + "CHACHA20_POLY1305_SHA256"
    mode = {"CCM8": "CCM_8", None: "CBC"}.get(found["mode"], found["mode"])
    return start + "_".join(filter(None, [found["name"], found["bits"], mode, found["hash"]]))


def _revisit(exchange: Exchange) -> list[tuple[str, str]]:
    assert exchange.refers_to is not None
    return [
        ("WARC-Profile", _NOT_MODIFIED),
        ("WARC-Refers-To-Target-URI", exchange.refers_to.url),
        ("WARC-Refers-To-Date", iso(exchange.refers_to.at)),
        ("WARC-Payload-Digest", exchange.refers_to.payload_digest),
    ]


def request(exchange: Exchange, record_id: str) -> bytes:
    """The question as it was sent; where that was not kept, with the path and the query that were asked for."""
    return record(
        "request",
        (exchange.wire.sent if exchange.wire else None) or _asked(exchange),
        [("WARC-Record-ID", record_id), *_common(exchange), ("Content-Type", "application/http;msgtype=request")],
    )


def _asked(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = [(b"Host", parts.netloc.encode()), *exchange.request_headers]
    return _head(f"{exchange.method} {target} HTTP/1.1", tuple(named))


def metadata(exchange: Exchange, response_id: str) -> bytes:
    """What we know besides: why it was fetched, what is not as on the wire, and of the connection what no other
    record has."""
    lines = [f"role: {exchange.role.value}", *(f"flag: {flag}" for flag in exchange.flags)]
    if exchange.wire:
        lines += [f"dns: {line}" for line in exchange.wire.dns]
        lines += [f"tls: {exchange.wire.tls}"] if exchange.wire.tls else []
        lines += [f"certificates: {chain_digest(exchange.wire.chain)}"] if exchange.wire.chain else []
        interim = base64.b64encode(exchange.wire.interim).decode()
        lines += [f"interim-answers: {interim}"] if interim else []
    block = "".join(f"{line}\r\n" for line in lines).encode()
    return record(
        "metadata",
        block,
        [
            ("WARC-Record-ID", new_id()),
            *_common(exchange),
            ("WARC-Refers-To", response_id),
            ("Content-Type", "application/warc-fields"),
        ],
    )


def certificates(exchange: Exchange) -> bytes:
    """A record of the certificates that the server showed, its own first, in PEM; once a segment is enough. What
    names it is `chain_digest`, which every metadata record of such a connection has in its line `certificates:`."""
    assert exchange.wire is not None
    block = _pem(exchange.wire.chain)
    return record(
        "resource",
        block,
        [
            ("WARC-Record-ID", new_id()),
            ("WARC-Date", iso(exchange.at)),
            ("WARC-Target-URI", f"urn:x-tongjian:certificates:{chain_digest(exchange.wire.chain)}"),
            ("WARC-Payload-Digest", digest(block)),
            ("Content-Type", "application/pem-certificate-chain"),  # RFC 8555, section 9.1
        ],
    )


@lru_cache(64)
def chain_digest(chain: tuple[bytes, ...]) -> str:
    """`sha256:<hex>` over a chain's PEM text, as `sha256sum` of the record's block prints it."""
    return digest(_pem(chain))


def _pem(chain: tuple[bytes, ...]) -> bytes:
    """RFC 7468: base64 in lines of 64 between BEGIN and END."""
    lines: list[bytes] = []
    for der in chain:
        text = base64.b64encode(der)
        pieces = [text[at : at + 64] for at in range(0, len(text), 64)]
        lines += [b"-----BEGIN CERTIFICATE-----", *pieces, b"-----END CERTIFICATE-----"]
    return b"\n".join([*lines, b""])


def _common(exchange: Exchange) -> list[tuple[str, str]]:
    return [("WARC-Date", iso(exchange.at)), ("WARC-Target-URI", exchange.url)]


def _head(first: str, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    lines = [first.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"
