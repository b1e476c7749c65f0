"""Training a site's dictionaries from what was captured, and deciding by measurement whether one pays.

Everything is decided by the ledger and the records it names, so the same archive trains the same dictionary. Of the
records taken, newest last, every fourth capture is held out; a dictionary is judged by those alone.

It takes a tenth to a third of a second of CPU, while a crawl goes on: so it is done for a site's first captures, once
more when there are several times as many, and from then on only where the dictionary in use is found to have aged.

What goes into one goes into every segment made with it, where no takedown reaches it. So nothing does that stood on
fewer than three addresses (of a list page: in three captures of it): the template does, an article's text does not.
"""

import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import zstandard

from domain.capture import Capture, Role
from domain.errors import IntegrityError, NotFound, StorageError
from storage import keys
from storage.archive import Archive
from storage.bucket import Bucket
from storage.dictionaries import MAX_SIZE, Dictionary, numbered
from storage.ledger import Entry
from storage.segment import LEVEL, MAX_CAPTURES, SHARED_LEVEL, Segment

log = logging.getLogger(__name__)

# Captures of distinct bodies, three quarters of them to train from: with 48 a segment is at most a sixth larger than
# with 256, and mostly less (measured on real templates), so that a site's first segments are not the dear ones.
ENOUGH, AT_MOST, _JUDGED = 48, 256, 32
# How many ledger entries are looked back on; which of the first ones call for a look while there is no dictionary, and
# which in any case.
WINDOW = 32
EARLY, ONCE_MORE, EVERY = (1, 2, 4, 16, 32), 8, 64
# What is tried: the length of the pieces a dictionary is made of (zstd's k). Pages of a template share long pieces;
# zstd's own search (k up to 2000) makes segments up to twice as large where it has few samples. Smaller dictionaries
# than the largest were never better on real templates.
PIECES = (2**14, 2**11)
# A new dictionary must make a full segment smaller by a tenth than what is used now, or it is not worth its name.
_BETTER = 0.9
# Below four fifths of what it saved when it was new, a dictionary is thought to have aged.
_AGED = 0.8
_LARGEST, _BYTES = 256 * 1024, 16 * 2**20
_TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml|javascript)", re.IGNORECASE)
_NAME = re.compile(r"/(?P<number>\d{6})_(?P<hash>[0-9a-f]{16})\.zdict$")

_PIECE = re.compile(rb'[^\r\n>:="/ ]*(?:\r?\n|[\r>:="/ ])|[^\r\n>:="/ ]+$')
_SHARED_BY = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """A capture to learn from: its records, and what it counts as one with."""

    source: str
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A dictionary of a site as kept, how many times smaller it made records when it was new, and how many captures
    it was trained from."""

    number: int
    dictionary: Dictionary
    promised: float
    taught: int


def newest(bucket: Bucket, site: str) -> Held | None:
    """The dictionary that a site's next segments are made with. None where there is none, and where it cannot be
    had: a segment can do without."""
    try:
        found = [named for key, _ in bucket.list(f"{keys.DICTIONARIES}{site}/") if (named := _NAME.search(key))]
        return _held(bucket, max(found, key=lambda named: named.string)) if found else None
    except (StorageError, NotFound) as error:
        log.warning("%s: segments are written without a dictionary: %s", site, error)
        return None


def _held(bucket: Bucket, named: re.Match[str]) -> Held:
    key = named.string
    dictionary = Dictionary(bucket.get(key).data)
    if not dictionary.sha256.startswith(named["hash"]):
        raise IntegrityError(f"{key}: its bytes have another hash than its name says")
    try:
        note = json.loads(bucket.get(_note(key)).data)
        return Held(int(named["number"]), dictionary, float(note["smaller"]), int(note["taught"]))
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"{_note(key)}: no note on a dictionary: {error}") from error


def _note(key: str) -> str:
    return key.removesuffix(".zdict") + ".json"


def is_due(seq: int, held: Held | None) -> bool:
    """True where ledger entry `seq` calls for a look: a site's 8th and each 64th; where it has no dictionary yet, its
    1st, 2nd, 4th, 16th and 32nd besides."""
    return seq == ONCE_MORE or seq % EVERY == 0 or (held is None and seq in EARLY)


def improve(archive: Archive, site: str, held: Held | None) -> Held | None:
    """Trains a dictionary for a site and keeps it, where it has enough captures and one pays; None where not.

    Where `held` still does what it did when it was new, and there is not twice as much to learn from as there was
    for it, nothing is trained. Raises StorageError.
    """
    head = archive.ledger(site).head()
    captures = _captures(archive, site, head.seq) if head else []
    if head is None or len(captures) < ENOUGH:
        return None
    judged, taught = captures[::4][-_JUDGED:], [one for at, one in enumerate(captures) if at % 4]
    used = held.dictionary if held else None
    if held and len(taught) < 2 * held.taught and _smaller(judged, used) >= _AGED * held.promised:
        return None
    costs = {one: _cost(judged, one) for one in _trained(taught)}
    best = min(costs, key=costs.__getitem__, default=None)
    if best is None or costs[best] > _BETTER * min(_cost(judged, one) for one in {None, used}):
        return None
    made = Held((held.number if held else 0) + 1, best, round(_smaller(judged, best), 3), len(taught))
    _keep(archive.bucket, site, made, head, len(judged))
    return made


def _captures(archive: Archive, site: str, head: int) -> list[Taken]:
    """The records of a site's newest captures of different bodies, oldest first."""
    found: list[Taken] = []
    seen: set[str] = set()
    size = 0
    ledger = archive.ledger(site)
    for seq in range(head, max(0, head - WINDOW), -1):
        segment = archive.opened(ledger.read(seq).commit.segment)
        for place, capture in _texts(segment):
            if capture.payload_digest not in seen and (records := _records(segment, place)):
                seen.add(capture.payload_digest)
                found.append(Taken(capture.id if capture.role is Role.ENTRY else capture.urlkey, records))
                size += capture.payload_length
            if len(found) >= AT_MOST or size >= _BYTES:
                return found[::-1]
    return found[::-1]


def _texts(segment: Segment) -> Iterator[tuple[int, Capture]]:
    """A segment's captures of pages that are text, newest first, and the place of each answer among its records."""
    places = {frame.offset: place for place, frame in enumerate(segment.index.frames)}
    for capture in reversed(segment.index.captures):
        is_text = capture.status == 200 and _TEXT.match(capture.content_type or "")
        if is_text and 0 < capture.payload_length <= _LARGEST:
            yield places[capture.offset], capture


def _records(segment: Segment, place: int) -> tuple[bytes, ...]:
    """A capture's records: what was asked, the answer, what is known besides. None of what was taken down."""
    frames = segment.index.frames[max(0, place - 1) : place + 2]
    try:
        return tuple(segment.record(frame.offset, frame.length) for frame in frames)
    except IntegrityError as error:
        log.debug("nothing is learnt from %s", error)
        return ()


def _trained(taught: Sequence[Taken]) -> Iterator[Dictionary]:
    samples = _shared(taught)
    for piece in PIECES:
        try:
            yield numbered(zstandard.train_dictionary(MAX_SIZE, samples, dict_id=1, k=piece, d=8).as_bytes())
        except zstandard.ZstdError as error:
            log.debug("no dictionary of pieces of %d bytes: %s", piece, error)


def _shared(taught: Sequence[Taken]) -> list[bytes | bytearray | memoryview]:
    """The records without what too few sources have, cut where mark-up and header lines are.

    Most lines of a template stand on all its pages: only the others are cut further, each of them once.
    """
    sources: dict[str, set[bytes]] = defaultdict(set)
    lines = [[record.splitlines(keepends=True) for record in one.records] for one in taught]
    for one, records in zip(taught, lines, strict=True):
        sources[one.source].update(line for record in records for line in record)
    whole = _frequent(sources.values())
    cut = {line: _PIECE.findall(line) for had in sources.values() for line in had if line not in whole}
    rest = ({piece for line in had if line in cut for piece in cut[line]} for had in sources.values())
    pieces = _frequent(rest).union(piece for line in whole for piece in _PIECE.findall(line))
    left = {line: b"".join(piece for piece in found if piece in pieces) for line, found in cut.items()}
    samples = (b"".join(left.get(line, line) for line in record) for records in lines for record in records)
    return [sample for sample in samples if sample]


def _frequent(sets: Iterable[set[bytes]]) -> set[bytes]:
    """What so many sources have."""
    counts = Counter(chain.from_iterable(sets))
    return {item for item, count in counts.items() if count >= _SHARED_BY}


def _packed(judged: Sequence[Taken], dictionary: Dictionary | None) -> int:
    level, shared = (SHARED_LEVEL, dictionary.shared) if dictionary else (LEVEL, None)
    pack = zstandard.ZstdCompressor(level=level, write_checksum=True, dict_data=shared).compress
    return sum(len(pack(record)) for one in judged for record in one.records)


def _cost(judged: Sequence[Taken], dictionary: Dictionary | None) -> float:
    """What a full segment of such captures takes, in bytes."""
    frame = len(dictionary.frame) if dictionary else 0
    return frame + MAX_CAPTURES * _packed(judged, dictionary) / len(judged)


def _smaller(judged: Sequence[Taken], dictionary: Dictionary | None) -> float:
    """How many times smaller the records become, the dictionary itself not counted."""
    return sum(len(record) for one in judged for record in one.records) / _packed(judged, dictionary)


def _keep(bucket: Bucket, site: str, made: Held, head: Entry, judged: int) -> None:
    """The note first: a dictionary without one would not be used."""
    key = keys.dictionary(site, made.number, made.dictionary.sha256)
    note = {
        "v": 1,
        "site": site,
        "number": made.number,
        "sha256": made.dictionary.sha256,
        "id": made.dictionary.id,
        "seq": head.seq,
        "taught": made.taught,
        "judged": judged,
        "smaller": made.promised,
    }
    bucket.put_once(_note(key), json.dumps(note, sort_keys=True).encode())
    bucket.put_once(key, made.dictionary.data, "application/octet-stream")
    log.info("%s: dictionary %d makes records %.1f times smaller", site, made.number, made.promised)
