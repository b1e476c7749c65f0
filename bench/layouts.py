"""What the same captures would cost in other layouts, made from the records as ours keeps them."""

import gzip
from collections import Counter
from dataclasses import dataclass, field

from domain.capture import Capture
from storage import Archive
from storage.archive import answer_in
from storage.ledger import Entry
from storage.segment import read_index, unpack

LEVEL = 6  # gzip's and wget's own


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
    objects: Layout = field(default_factory=Layout)
    warcs: Layout = field(default_factory=Layout)
    runs: set[str] = field(default_factory=set)


def weigh(archive: Archive) -> Kept:
    """Walks every ledger and packs what it finds anew.

    `objects`: one gzip object a fetch, the body alone; of a 304, none. `warcs`: one .warc.gz a crawl of a site,
    one gzip member a record, the same records as ours.
    """
    kept = Kept()
    for site in archive.sites():
        for entry in archive.ledger(site).walk():
            _entry(archive, entry, kept)
    kept.warcs.puts = len(kept.runs)
    kept.ours.size, kept.ours.puts = _in_bucket(archive, len(kept.runs))
    return kept


def _entry(archive: Archive, entry: Entry, kept: Kept) -> None:
    data = archive.segment(entry.commit.segment)
    index = read_index(data, entry.commit.segment)
    kept.segments += len(data)
    kept.runs.add(index.run)
    for frame in index.frames:
        record = unpack(data[frame.offset : frame.offset + frame.length], entry.commit.segment)
        kept.warcs.size += len(gzip.compress(record, LEVEL))
    for capture in index.captures:
        _capture(capture, data, kept)


def _capture(capture: Capture, data: bytes, kept: Kept) -> None:
    kept.captures += 1
    if capture.status == 304:
        kept.revisits += 1
        return
    body = answer_in(data[capture.offset : capture.offset + capture.length], capture).payload
    kept.payloads += len(body)
    kept.objects.size += len(gzip.compress(body, LEVEL))
    kept.objects.puts += 1


def _in_bucket(archive: Archive, runs: int) -> tuple[int, int]:
    """All but what is derived: segments, ledger entries, manifests; the lease is written twice a run."""
    kinds: Counter[bool] = Counter()
    size = 0
    for prefix in ("v1/seg/", "v1/led/", "v1/run/"):
        for key, length in archive.bucket.list(prefix):
            size += length
            kinds[key.endswith("/lease.json")] += 1
    return size, kinds[False] + 2 * runs
