"""Bodies too large for a segment: one object each, named by its SHA-256, put before the segment that names it.

WARC/1.1 has no record whose payload lies elsewhere. Ours is a `response` that ends with the HTTP headers, says
`WARC-Truncated: length` (section 5.13) and, in a field of its own, which object holds the rest. The same body captured
again is the same object: it is put once.
"""

import hashlib
import logging
import re
from collections.abc import Iterable

from domain.capture import Exchange
from domain.errors import Conflict, IntegrityError
from domain.wire import fields, is_chunked
from storage import keys, warc
from storage.bucket import Bucket

log = logging.getLogger(__name__)

LIMIT = 2**20
MEDIA_TYPE = "application/octet-stream"
_OBJECT = re.compile(rb"^TJ-Payload-Object: (.*)\r$", re.MULTILINE)
_FIELDS = re.compile(rb"^(?:TJ-Payload-Object|WARC-Truncated|WARC-Block-Digest|Content-Length): .*\r\n", re.MULTILINE)


def sha256_outside(exchange: Exchange) -> str | None:
    """The hash (hex) of a body that does not go into the segment; None where it does."""
    if len(exchange.body) <= LIMIT or (exchange.status == 304 and exchange.refers_to):
        return None
    return hashlib.sha256(exchange.body).hexdigest()


def outside(record: bytes) -> str | None:
    """The key of the object that holds a record's payload; None where the record holds it."""
    found = _OBJECT.search(record[: record.find(b"\r\n\r\n") + 2])
    return found[1].decode("latin-1") if found else None


def put(bucket: Bucket, sha256: str, body: bytes) -> None:
    """Puts a body where it is not there yet. Raises StorageError.

    What lies under its name and is not it was damaged: the right bytes go over it, for the name says which are right.
    """
    key = keys.big(sha256)
    if bucket.size(key) == len(body) and bucket.get(key).data == body:
        return
    try:
        bucket.put_once(key, body, MEDIA_TYPE)
    except Conflict:
        log.error("%s held other bytes than its name says; put again", key)
        bucket.put_derived(key, body, MEDIA_TYPE)


def get(bucket: Bucket, key: str, digest: str) -> bytes:
    """A body from its object. Raises NotFound, and IntegrityError where it is not what `digest` (`sha256:` and hex)
    says."""
    body = bucket.get(key).data
    if warc.digest(body) != digest:
        raise IntegrityError(f"{key}: these are not the bytes that were recorded, {digest}")
    return body


def whole(record: bytes, payload: bytes, flags: Iterable[str] = ()) -> bytes:
    """The record as it would be with its payload in it, for readers of plain WARC: the same bytes each time. Of any
    other record, itself. `flags` are the capture's: an answer that was cut on its way stays marked so.

    Where the answer came chunked it is one chunk now: of a large body the sizes of its chunks are not kept.
    """
    if outside(record) is None:
        return record
    answer = _framed(warc.block(record), payload)
    cut = [f"WARC-Truncated: {flag.partition(':')[2]}" for flag in flags if flag.startswith("truncated:")]
    said = [
        *cut[:1],
        f"WARC-Payload-Digest: {warc.digest(payload)}",
        f"WARC-Block-Digest: {warc.digest(answer)}",
        f"Content-Length: {len(answer)}",
    ]
    kept = _FIELDS.sub(b"", record.partition(b"\r\n\r\n")[0] + b"\r\n")
    return kept + "".join(f"{line}\r\n" for line in said).encode() + b"\r\n" + answer + b"\r\n\r\n"


def _framed(head: bytes, payload: bytes) -> bytes:
    if is_chunked(fields(head)[1]):
        return b"%b%x\r\n%b\r\n0\r\n\r\n" % (head, len(payload), payload)
    return head + payload
