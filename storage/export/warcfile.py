"""A .warc.gz of a selection: one gzip member a record (WARC/1.1, annex D.2)."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from domain.clock import iso
from storage import warc
from storage.ahead import ahead
from storage.archive import Archive
from storage.export.packing import Counted, member
from storage.export.picking import Item, Load, Selection, items, loads
from storage.tombstones import Tombstone

# Reading waits for the bucket and zlib lets others run: two keep two cores busy, and memory small.
_THREADS = 2
_OURS = uuid.UUID("8f6f3c1e-2a0a-5d6e-9a64-0a3f7e2d1b55")
SOFTWARE = "Tongjian export 1"


@dataclass(frozen=True, slots=True)
class Placed:
    """An item written: where its member begins in the file, and the member's length."""

    item: Item
    offset: int
    length: int


@dataclass(slots=True)
class Tally:
    """How much was written: captures, records, bytes of uncompressed records, bytes of the file; and what was left out,
    for it was taken down."""

    captures: int = 0
    records: int = 0
    uncompressed: int = 0
    size: int = 0
    left_out: list[Tombstone] = field(default_factory=list)


Progress = Callable[[Tally], None]


def write_warc(archive: Archive, chosen: Selection, out: Counted, tally: Tally, tell: Progress) -> Iterator[Placed]:
    """Writes the selection's records as the iterator is drawn; `tell` hears of the tally after each load.

    Raises NotFound, IntegrityError, EndpointDown.
    """
    yield _put(out, Item("warcinfo", warcinfo(chosen)), tally)
    for packed in ahead(lambda load: _packed(archive, load), loads(chosen.walk()), _THREADS):
        for item, data in packed:
            if item.tombstone:
                tally.left_out.append(item.tombstone)
            else:
                yield _put(out, item, tally, data)
        tell(tally)


def warcinfo(chosen: Selection) -> bytes:
    """The record that opens the file. Nothing in it is of the moment: its time is that of the newest capture, its id
    comes from what it says."""
    said = f"software: {SOFTWARE}\r\nformat: WARC File Format 1.1\r\ndescription: {chosen.title}\r\n".encode()
    name = uuid.uuid5(_OURS, f"{iso(chosen.until)} {chosen.captures} {chosen.title}")
    return warc.record(
        "warcinfo",
        said,
        [
            ("WARC-Record-ID", f"<urn:uuid:{name}>"),
            ("WARC-Date", iso(chosen.until)),
            ("Content-Type", "application/warc-fields"),
        ],
    )


def _packed(archive: Archive, load: Load) -> list[tuple[Item, bytes]]:
    return [(item, b"" if item.tombstone else member(item.record)) for item in items(archive, load)]


def _put(out: Counted, item: Item, tally: Tally, data: bytes | None = None) -> Placed:
    data = member(item.record) if data is None else data
    at = out.write(data)
    tally.captures += item.capture is not None
    tally.records += 1
    tally.uncompressed += len(item.record)
    tally.size = out.size
    return Placed(item, at, len(data))
