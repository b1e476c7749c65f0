"""What the same captures would cost in other layouts, made from the records as ours keeps them."""

import gzip
from dataclasses import dataclass, field
from typing import Any

import zstandard

from domain.capture import Capture, Role
from domain.clock import iso
from storage import Archive, Bucket, big, warc
from storage.archive import answer_from
from storage.ledger import Entry
from storage.segment import Segment

LEVEL = 6  # gzip's and wget's own
_ZSTD = 3
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(slots=True)
class Layout:
    """Bytes and PUTs of one way to keep the captures."""

    size: int = 0
    puts: int = 0


@dataclass(slots=True)
class Kept:
    """All that the archive holds, and its cost in each layout. `payloads` are bytes as served,
    `segments` the bytes of ours that are segments."""

    captures: int = 0
    revisits: int = 0
    payloads: int = 0
    segments: int = 0
    ours: Layout = field(default_factory=Layout)
    fetches: Layout = field(default_factory=Layout)
    bodies: Layout = field(default_factory=Layout)
    warcs: Layout = field(default_factory=Layout)
    deduped: Layout = field(default_factory=Layout)
    runs: set[str] = field(default_factory=set)
    first: dict[str, Capture] = field(default_factory=dict)


def weigh(archive: Archive, puts: int) -> Kept:
    """Walks every ledger and packs what it finds anew; `puts` is how many ours took.

    `fetches`: one gzip object a fetch, the body alone; of a 304, none. `bodies`: one zstd object a distinct body,
    nothing else kept. `warcs`: one .warc.gz a crawl of a site, one gzip member a record, the same records as ours;
    `deduped`: the same with a revisit record for each body that was there before, in whichever crawl.
    """
    kept = Kept()
    for site in archive.sites():
        for entry in archive.ledger(site).walk():
            _entry(archive, entry, kept)
    kept.first.clear()
    kept.warcs.puts = kept.deduped.puts = len(kept.runs)
    kept.ours.size, kept.ours.puts = in_bucket(archive.bucket), puts
    return kept


def _entry(archive: Archive, entry: Entry, kept: Kept) -> None:
    segment = archive.opened(entry.commit.segment, tuple(Role))
    kept.segments += len(segment.data)
    kept.runs.add(segment.index.run)
    captures = {capture.offset: capture for capture in segment.index.captures}
    for frame in segment.index.frames:
        _record(segment.record(frame.offset, frame.length), captures.get(frame.offset), segment, kept)


def _record(record: bytes, capture: Capture | None, segment: Segment, kept: Kept) -> None:
    payload = answer_from(segment, capture).payload if capture else b""
    size = len(gzip.compress(big.whole(record, payload), LEVEL))
    kept.warcs.size += size
    kept.deduped.size += size
    if capture is None:
        return
    kept.captures += 1
    if capture.status == 304:
        kept.revisits += 1
        return
    kept.payloads += len(payload)
    kept.fetches.size += len(gzip.compress(payload, LEVEL))
    kept.fetches.puts += 1
    first = kept.first.setdefault(capture.payload_digest, capture)
    if first is capture:
        kept.bodies.size += len(zstandard.compress(payload, _ZSTD))
        kept.bodies.puts += 1
    else:
        kept.deduped.size += len(gzip.compress(_revisit(record, payload, capture, first), LEVEL)) - size


def _revisit(record: bytes, payload: bytes, capture: Capture, first: Capture) -> bytes:
    """A record of the same headers that says where the body was before, as crawlers write it."""
    block = warc.block(record)
    headers: list[tuple[str, Any]] = [
        ("WARC-Record-ID", warc.new_id()),
        ("WARC-Date", iso(capture.at)),
        ("WARC-Target-URI", capture.url),
        ("WARC-Profile", _IDENTICAL),
        ("WARC-Refers-To-Target-URI", first.url),
        ("WARC-Refers-To-Date", iso(first.at)),
        ("WARC-Payload-Digest", capture.payload_digest),
        ("Content-Type", "application/http;msgtype=response"),
    ]
    return warc.record("revisit", block[: len(block) - len(payload)], headers)


def in_bucket(bucket: Bucket) -> int:
    """The bytes of all but what is derived: segments and what lies outside them, ledgers, manifests, dictionaries."""
    prefixes = ("v1/seg/", "v1/big/", "v1/led/", "v1/run/", "v1/dict/")
    return sum(length for prefix in prefixes for _, length in bucket.list(prefix))
