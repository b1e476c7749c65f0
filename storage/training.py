"""Training a site's dictionaries from what was captured, and deciding by measurement whether one pays.

Everything is decided by the ledger and the records it names, so the same archive trains the same dictionary. Of the
records taken, newest last, every fourth capture is held out; a dictionary is judged by those alone.

What goes into one goes into every segment made with it, where no takedown reaches it. So nothing does that stood on
fewer than three addresses (of a list page: in three captures of it): the template does, an article's text does not.
"""

import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
ENOUGH, AT_MOST = 48, 256
# How many ledger entries are looked back on; which of the first ones call for a look, and which of the later.
WINDOW = 32
EARLY, EVERY = (1, 2, 4, 8), 16
# What is tried: a dictionary's size, and the length of the pieces it is made of (zstd's k). Pages of a template share
# long pieces; zstd's own search (k up to 2000) makes segments up to twice as large where it has few samples.
SHAPES = ((MAX_SIZE, 2**14), (MAX_SIZE // 2, 2**14), (MAX_SIZE // 4, 2**14), (MAX_SIZE, 2**11))
# A new dictionary must make a full segment smaller by a tenth than what is used now, or it is not worth its name.
_BETTER = 0.9
# Below four fifths of what it saved when it was new, a dictionary is thought to have aged.
_AGED = 0.8
_LARGEST, _BYTES = 256 * 1024, 16 * 2**20
_TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml|javascript)", re.IGNORECASE)
_NAME = re.compile(r"/(?P<number>\d{6})_(?P<hash>[0-9a-f]{16})\.zdict$")

_PIECE = re.compile(rb'[^\n>:="/ ]*[\n>:="/ ]|[^\n>:="/ ]+$')
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


def is_due(seq: int) -> bool:
    """True where ledger entry `seq` calls for a look: a site's 1st, 2nd, 4th, 8th, and each 16th."""
    return seq in EARLY or seq % EVERY == 0


def improve(archive: Archive, site: str, held: Held | None) -> Held | None:
    """Trains a dictionary for a site and keeps it, where it has enough captures and one pays; None where not.

    Where `held` still does what it did when it was new, and there is not twice as much to learn from as there was
    for it, nothing is trained. Raises StorageError.
    """
    head = archive.ledger(site).head()
    captures = _captures(archive, site, head.seq) if head else []
    if head is None or len(captures) < ENOUGH:
        return None
    judged, taught = captures[::4], [one for at, one in enumerate(captures) if at % 4]
    used = held.dictionary if held else None
    if held and len(taught) < 2 * held.taught and _smaller(judged, used) >= _AGED * held.promised:
        return None
    best = min(_trained(taught), key=lambda one: _cost(judged, one), default=None)
    if best is None or _cost(judged, best) > _BETTER * min(_cost(judged, None), _cost(judged, used)):
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
    for size, piece in SHAPES:
        try:
            yield numbered(zstandard.train_dictionary(size, samples, dict_id=1, k=piece, d=8).as_bytes())
        except zstandard.ZstdError as error:
            log.debug("no dictionary of %d bytes: %s", size, error)


def _shared(taught: Sequence[Taken]) -> list[bytes | bytearray | memoryview]:
    """The records without what too few sources have, cut where mark-up and header lines are."""
    split = [[_PIECE.findall(record) for record in one.records] for one in taught]
    had: dict[str, set[bytes]] = defaultdict(set)
    for one, records in zip(taught, split, strict=True):
        had[one.source].update(piece for pieces in records for piece in pieces)
    counts = Counter(piece for pieces in had.values() for piece in pieces)
    kept = [[piece for piece in pieces if counts[piece] >= _SHARED_BY] for records in split for pieces in records]
    return [b"".join(pieces) for pieces in kept if pieces]


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
