"""Reading the bucket: sites, ledgers, captures and their payloads, runs, articles read."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard
from fastwarc import ArchiveIterator

from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.errors import IntegrityError, NotFound
from storage import keys, merkle
from storage.bucket import Bucket
from storage.ledger import Entry, Ledger
from storage.segment import TAIL, Index, index_length, read_index, unpack

log = logging.getLogger(__name__)

_TAIL_GUESS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture's answer as kept: status line, headers in the order kept, payload bytes as served."""

    status_line: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Archive:
    """What the bucket holds. Raises NotFound, IntegrityError and EndpointDown."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def sites(self) -> tuple[str, ...]:
        """The names of the sites that have a ledger."""
        return self.bucket.folders(keys.LEDGERS)

    def ledger(self, site: str) -> Ledger:
        return Ledger(self.bucket, site)

    def index(self, entry: Entry) -> Index:
        """What a committed segment holds, read from its end."""
        key, size = entry.commit.segment, entry.commit.size
        tail = self.bucket.get(key, max(0, size - _TAIL_GUESS), min(size, _TAIL_GUESS)).data
        length = index_length(tail[-TAIL.size :], key)
        if length > len(tail):
            tail = self.bucket.get(key, max(0, size - length), length).data
        index = read_index(tail, key)
        if index.root != entry.commit.root:
            raise IntegrityError(f"{key}: its index is not the one that entry {entry.seq} of {entry.site} committed")
        return index

    def segment(self, key: str) -> bytes:
        """A segment's whole bytes."""
        return self.bucket.get(key).data

    def answer(self, capture: Capture) -> Answer:
        """The answer of a capture; of a 304, its own headers and no payload."""
        frame = self.bucket.get(capture.segment, capture.offset, capture.length).data
        return answer_in(frame, capture)

    def put_run(self, site: str, run: str, document: dict[str, object]) -> None:
        """Says that a run has begun."""
        self.bucket.put_once(keys.manifest(site, run, "open"), json.dumps(document, sort_keys=True).encode())

    def finish_run(self, summary: RunSummary) -> None:
        """Says how a run ended."""
        self.bucket.put_once(keys.manifest(summary.site, summary.run, "done"), summary.model_dump_json().encode())

    def runs(self, site: str) -> Iterator[RunSummary]:
        """The finished runs of a site, in order."""
        done = (key for key, _ in self.bucket.list(f"{keys.RUNS}{site}/") if key.endswith("/done.json"))
        for key in sorted(done):
            try:
                yield RunSummary.model_validate_json(self.bucket.get(key).data)
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
            rows = json.loads(unpack(self.bucket.get(key).data, key))
            return {capture: Article.model_validate(row) for capture, row in rows.items()}
        except NotFound:
            return None
        except (IntegrityError, ValueError, AttributeError) as error:
            log.warning("%s: these articles must be read again: %s", key, error)
            return None


def answer_in(frame: bytes, capture: Capture) -> Answer:
    """The answer inside a record's frame, read by FastWARC once its leaf hash is found to be the capture's id.
    Raises IntegrityError."""
    where = f"{capture.segment}: record of {capture.url} at {capture.offset}"
    data = unpack(frame, where)
    if merkle.leaf(data).hex() != capture.id:
        raise IntegrityError(f"{where}: these are not the bytes that were recorded")
    record = next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False)))
    # FastWARC stops after 32 KiB of headers by itself, and takes the rest for payload.
    record.parse_http(max_header_len=len(data))
    headers = record.http_headers
    # Its bytes: as text FastWARC guesses windows-1252 where RFC 9110, section 5.5, and our index have latin-1.
    pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.items_bytes())
    return Answer((headers.status_line_bytes or b"").decode("latin-1"), pairs, record.reader.read())
