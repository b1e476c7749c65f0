"""A reader of the bucket written from docs/archive-format.md alone: it imports nothing of ours.

`objects` is the bucket: key → bytes. Nothing here is careful with damage; whatever does not fit fails.
"""

import hashlib
import json
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import zstandard

Objects = Mapping[str, bytes]


def ledger(objects: Objects, site: str) -> Iterator[dict[str, Any]]:
    """The entries, the chain checked."""
    number, previous = 1, "0" * 64
    while (key := f"v1/led/{site}/{number:010d}.json") in objects:
        entry = json.loads(objects[key])
        assert (entry["v"], entry["site"], entry["seq"], entry["prev"]) == (1, site, number, previous)
        number, previous = number + 1, hashlib.sha256(objects[key]).hexdigest()
        yield entry


def captures(objects: Objects, site: str) -> Iterator[tuple[dict[str, Any], bytes, bytes]]:
    """Every capture's row of the index, its answer's head, its payload."""
    for entry in ledger(objects, site):
        data = objects[entry["segment"]]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["size"], entry["sha256"])
        index = index_of(data)
        records = list(records_of(data, index))
        leaves = [bytes.fromhex(frame[3]) for frame in index["frames"]]
        assert head_of(leaves).hex() == entry["root"]
        assert (len(index["captures"]), len(records)) == (entry["captures"], entry["records"])
        places = {frame[0]: place for place, frame in enumerate(index["frames"])}
        for row in index["captures"]:
            place = places[row["offset"]]
            assert index["frames"][place][3] == row["id"]
            head, payload = answer_of(records[place], row, objects)
            yield row, head, payload


def index_of(data: bytes) -> dict[str, Any]:
    length, mark = struct.unpack("<I4s", data[-8:])
    assert mark == b"TJ01"
    frame = data[-length:]
    magic, size = struct.unpack("<II", frame[:8])
    assert (magic, size) == (0x184D2A5E, length - 8)
    found: dict[str, Any] = json.loads(zstandard.ZstdDecompressor().decompress(frame[8:-8]))
    assert found["v"] == 1
    return found


def records_of(data: bytes, index: dict[str, Any]) -> Iterator[bytes]:
    reader = zstandard.ZstdDecompressor()
    magic, size = struct.unpack("<II", data[:8])
    if magic == 0x184D2A5D:
        dictionary = reader.decompress(data[8 : 8 + size])
        assert dictionary[:4] == b"\x37\xa4\x30\xec"
        assert len(dictionary) <= 112 * 1024
        reader = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))
    for offset, length, kind, leaf in index["frames"]:
        assert data[offset : offset + 4] == b"\x28\xb5\x2f\xfd"
        record = reader.decompress(data[offset : offset + length])
        assert hashlib.sha256(b"\0" + record).hexdigest() == leaf
        assert record.startswith(b"WARC/1.1\r\nWARC-Type: " + kind.encode())
        yield record


def head_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, with leaves that are hashes already."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hashlib.sha256(b"\1" + head_of(leaves[:middle]) + head_of(leaves[middle:])).digest()


def answer_of(record: bytes, row: dict[str, Any], objects: Objects) -> tuple[bytes, bytes]:
    said, block = record.split(b"\r\n\r\n", 1)
    fields = dict(line.split(": ", 1) for line in said.decode().split("\r\n")[1:])
    block, end = block[:-4], block[-4:]
    assert end == b"\r\n\r\n"
    assert int(fields["Content-Length"]) == len(block)
    assert fields["WARC-Block-Digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
    assert fields["WARC-Target-URI"] == row["url"]
    assert fields["WARC-Date"] == row["at"]
    head, payload = block.split(b"\r\n\r\n", 1)
    if key := row.get("big"):
        assert fields["TJ-Payload-Object"] == key
        assert fields["WARC-Truncated"] == "length"
        payload = objects[key]
    elif re.search(rb"\ntransfer-encoding:[ \t]*chunked", head.lower()):
        payload = unchunked(payload)
    if fields["WARC-Type"] == "response":
        assert row["payload_digest"] == f"sha256:{hashlib.sha256(payload).hexdigest()}"
        assert row["payload_length"] == len(payload)
    return head, payload


def unchunked(body: bytes) -> bytes:
    """RFC 9112, section 7.1."""
    found = b""
    while True:
        size, body = body.split(b"\r\n", 1)
        length = int(size.split(b";")[0], 16)
        if not length:
            return found
        found, body = found + body[:length], body[length + 2 :]
