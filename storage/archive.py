"""Reading the bucket: sites, ledgers, captures and their payloads, runs, articles read."""

import json
import logging
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

import zstandard
from pydantic import TypeAdapter

from domain.article import Article
from domain.capture import Capture, Role, RunSummary
from domain.errors import IntegrityError, NotFound, TakenDown
from domain.wire import fields, split
from storage import big, keys, merkle, warc
from storage.ahead import ahead
from storage.bucket import Bucket
from storage.dictionaries import Dictionary, dictionary_in, length_in, needed_by
from storage.ledger import Entry, Ledger
from storage.segment import TAIL, Index, Segment, index_length, read_index, unpack
from storage.tombstones import TakenFrom, Tombstones, is_blank, without

log = logging.getLogger(__name__)

_TAIL_GUESS = 64 * 1024
_AT_ONCE = 8
_HEAD_GUESS = 64 * 1024
_ARTICLES = TypeAdapter(dict[str, Article])
# Dictionaries kept in memory, of about 110 KiB each.
_DICTIONARIES = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture's answer as kept: status line, headers in the order kept, payload bytes as served. `outside` is the
    key of the object that the payload comes from, where it is too large for a segment."""

    status_line: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    outside: str | None = None

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Archive:
    """What the bucket holds. Raises NotFound (TakenDown where it was taken down), IntegrityError and EndpointDown."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self._dictionaries: dict[tuple[str, int], Dictionary | None] = {}
        self.tombstones = Tombstones(bucket)

    def taken_down(self, site: str, *, fresh: bool = False) -> TakenFrom:
        """What was taken down of a site: whether a capture's id is `in` it, and where else segments are to be read."""
        return self.tombstones.of(site, fresh=fresh)

    def _bytes(self, segment: str, start: int | None = None, length: int | None = None) -> bytes:
        """Bytes of a segment, or of what takes its place where something was taken down of it."""
        if not segment.startswith(keys.SEGMENTS):
            return self.bucket.get(segment, start, length).data
        site = segment.split("/")[2]
        place = self.taken_down(site).place(segment)
        try:
            return self.bucket.get(place, start, length).data
        except NotFound:
            now_at = self.taken_down(site, fresh=True).place(segment)
            if now_at == place:
                raise
            return self.bucket.get(now_at, start, length).data

    def sites(self) -> tuple[str, ...]:
        """The names of the sites that have a ledger."""
        return self.bucket.folders(keys.LEDGERS)

    def ledger(self, site: str) -> Ledger:
        return Ledger(self.bucket, site)

    def index(self, entry: Entry) -> Index:
        """What a committed segment holds, read from its end."""
        key, size = entry.commit.segment, entry.commit.size
        tail = self._bytes(key, max(0, size - _TAIL_GUESS), min(size, _TAIL_GUESS))
        length = index_length(tail[-TAIL.size :], key)
        if length > len(tail):
            tail = self._bytes(key, max(0, size - length), length)
        index = read_index(tail, key)
        if index.root != entry.commit.root:
            raise IntegrityError(f"{key}: its index is not the one that entry {entry.seq} of {entry.site} committed")
        return index

    def segment(self, key: str) -> bytes:
        """A segment's whole bytes; where something was taken down of it, with that blank."""
        return self._bytes(key)

    def opened(self, key: str, roles: Container[Role] = ()) -> Segment:
        """A segment whole, for reading many of its captures with `answer_from`; payloads of captures of `roles` that
        lie outside it are fetched as well."""
        segment = Segment(self.segment(key), key)
        taken = self.taken_down(segment.index.site)
        if withheld := [capture for capture in segment.index.captures if capture.id in taken]:
            segment = Segment(without(segment.data, withheld), key)
        captures = [one for one in segment.index.captures if one.role in roles and one.id not in taken]
        outside = {capture.id: segment.index.outside.get(capture.id) for capture in captures}
        wanted = {where: capture for capture in captures if (where := outside[capture.id])}
        segment.bodies = {where: big.get(self.bucket, where, one.payload_digest) for where, one in wanted.items()}
        return segment

    def answer(self, capture: Capture) -> Answer:
        """The answer of a capture; of a 304, its own headers and no payload."""
        answer = answer_in(*self._frame(capture))
        if answer.outside is None:
            return answer
        return replace(answer, payload=big.get(self.bucket, answer.outside, capture.payload_digest))

    def payload(self, capture: Capture) -> bytes:
        """The payload whole, wherever it lies."""
        return self.answer(capture).payload

    def record(self, capture: Capture) -> bytes:
        """The uncompressed `response` or `revisit` record as its leaf covers it. `storage.big.whole` makes of it one
        that has its payload in it, where that lies outside."""
        return record_in(*self._frame(capture))

    def _frame(self, capture: Capture) -> tuple[bytes, Capture, Dictionary | None]:
        self.taken_down(capture.site).refuse(capture)
        frame = self._bytes(capture.segment, capture.offset, capture.length)
        if is_blank(frame):  # by another process, a moment ago
            self.taken_down(capture.site, fresh=True).refuse(capture)
        return frame, capture, self._dictionary(capture.segment, needed_by(frame))

    def _dictionary(self, segment: str, number: int) -> Dictionary | None:
        """The dictionary that a frame of the segment needs. One with the same number read before for the same site
        is the same: its number comes from its content, and the record's hash is checked whatever is used."""
        if not number:
            return None
        known = self._dictionaries
        name = (segment.split("/")[2], number)
        if name not in known:
            head = self._bytes(segment, 0, _HEAD_GUESS)
            if (length := length_in(head)) > len(head):
                head = self._bytes(segment, 0, length)
            known[name] = dictionary_in(head, segment)
            for oldest in list(known)[:-_DICTIONARIES]:
                known.pop(oldest, None)
        return known[name]

    def put_run(self, site: str, run: str, document: dict[str, object]) -> None:
        """Says that a run has begun."""
        self.bucket.put_once(keys.manifest(site, run, "open"), json.dumps(document, sort_keys=True).encode())

    def finish_run(self, summary: RunSummary) -> None:
        """Says how a run ended."""
        self.bucket.put_once(keys.manifest(summary.site, summary.run, "done"), summary.model_dump_json().encode())

    def runs(self, site: str) -> Iterator[RunSummary]:
        """The finished runs of a site, in order."""
        done = (key for key, _ in self.bucket.list(f"{keys.RUNS}{site}/") if key.endswith("/done.json"))
        return ahead(self._run, sorted(done), _AT_ONCE)

    def _run(self, key: str) -> RunSummary:
        try:
            return RunSummary.model_validate_json(self.bucket.get(key).data)
        except ValueError as error:
            raise IntegrityError(f"{key}: no summary of a run: {error}") from error

    def put_articles(self, site: str, reader: str, seq: int, articles: dict[str, Article]) -> None:
        """Keeps what a reader made of a ledger entry's captures: capture id → article."""
        rows = {capture: article.model_dump(mode="json") for capture, article in articles.items()}
        # With a checksum: a flipped bit would pass for a publisher's edit.
        packer = zstandard.ZstdCompressor(write_checksum=True)
        data = packer.compress(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode())
        self.bucket.put_derived(keys.articles(site, reader, seq), data, "application/json+zstd")

    def articles(self, site: str, reader: str, seq: int) -> dict[str, Article] | None:
        """What `put_articles` kept. None where nothing is kept, and where it is damaged: it can be made again."""
        key = keys.articles(site, reader, seq)
        try:
            return _ARTICLES.validate_json(unpack(self.bucket.get(key).data, key))
        except NotFound:
            return None
        except (IntegrityError, ValueError) as error:
            log.warning("%s: these articles must be read again: %s", key, error)
            return None


def answer_from(segment: Segment, capture: Capture) -> Answer:
    """The answer of a capture from its opened segment. Raises IntegrityError."""
    frame = segment.data[capture.offset : capture.offset + capture.length]
    answer = answer_in(frame, capture, segment.dictionary)
    if answer.outside is None:
        return answer
    if answer.outside not in segment.bodies:
        raise IntegrityError(f"{segment.key}: the payload of {capture.url} lies in {answer.outside}, not fetched")
    return replace(answer, payload=segment.bodies[answer.outside])


def answer_in(frame: bytes, capture: Capture, dictionary: Dictionary | None = None) -> Answer:
    """The answer inside a record's frame, once its leaf hash is found to be the capture's id; the payload is what is
    left when chunked framing is undone, and nothing where it lies outside the segment. Raises IntegrityError."""
    data = record_in(frame, capture, dictionary)
    block = warc.block(data)
    first, headers = fields(split(block)[0])
    # RFC 9110, section 5.5, and our index have latin-1.
    pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    return Answer(first.decode("latin-1"), pairs, warc.payload(block), big.outside(data))


def record_in(frame: bytes, capture: Capture, dictionary: Dictionary | None = None) -> bytes:
    """The record inside a frame, once its leaf hash is found to be the capture's id. Raises IntegrityError."""
    where = f"{capture.segment}: record of {capture.url} at {capture.offset}"
    if is_blank(frame):
        raise TakenDown(
            f"{where} was taken down", hint=f"See its tombstone, {keys.tombstone(capture.site, capture.id)}."
        )
    data = unpack(frame, where, dictionary)
    if merkle.leaf(data).hex() != capture.id:
        raise IntegrityError(f"{where}: these are not the bytes that were recorded")
    return data
