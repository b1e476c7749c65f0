"""Reading the bucket: sites, ledgers, captures and their payloads, runs, articles read."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import zstandard
from fastwarc import ArchiveIterator

from domain.article import Article
from domain.capture import Capture, RunSummary
from domain.errors import IntegrityError, NotFound
from storage import keys
from storage.bucket import Bucket
from storage.ledger import Entry, Ledger
from storage.segment import TAIL, Index, index_length, read_index

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
            tail = self.bucket.get(key, size - length, length).data
        return read_index(tail, key)

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
            yield RunSummary.model_validate_json(self.bucket.get(key).data)

    def put_articles(self, site: str, reader: str, seq: int, articles: dict[str, Article]) -> None:
        """Keeps what a reader made of a ledger entry's captures: capture id → article."""
        rows = {capture: article.model_dump(mode="json") for capture, article in articles.items()}
        data = zstandard.compress(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode())
        self.bucket.put_derived(keys.articles(site, reader, seq), data, "application/json+zstd")

    def articles(self, site: str, reader: str, seq: int) -> dict[str, Article] | None:
        """What `put_articles` kept, or None."""
        try:
            data = self.bucket.get(keys.articles(site, reader, seq)).data
        except NotFound:
            return None
        rows = json.loads(zstandard.decompress(data))
        return {capture: Article.model_validate(row) for capture, row in rows.items()}


def answer_in(frame: bytes, capture: Capture) -> Answer:
    """The answer inside a record's frame, read by FastWARC, its digests checked. Raises IntegrityError."""
    for record in ArchiveIterator(io.BytesIO(frame), parse_http=False):
        if not record.verify_block_digest():
            raise IntegrityError(f"{capture.segment}: record of {capture.url} at {capture.offset}: block digest")
        record.parse_http()
        headers = record.http_headers
        return Answer(headers.status_line or "", _pairs(headers.to_tuples()), record.reader.read())
    raise IntegrityError(f"{capture.segment}: no record of {capture.url} at {capture.offset}")


def _pairs(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in headers)
