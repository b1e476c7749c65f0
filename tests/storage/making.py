"""Exchanges, segments and archives for tests; every text is our own."""

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from domain.capture import Capture, Exchange, Role
from domain.clock import iso
from storage import Archive, Bucket, Writer, keys
from storage.ledger import Commit, Entry, Ledger
from storage.segment import Builder, Sealed
from storage.writer import QUEUE

SITE = "alpha"
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
RUN = "20260301t080000z-0a1b2c"
HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)


def body_of(url: str) -> bytes:
    """What the made-up site serves at an address: of any address the same at any time, and of each its own."""
    return f"<html><title>{url}</title>".encode() + hashlib.sha256(url.encode()).digest() * 8


def exchange(number: int = 0, *, site: str = SITE, **more: Any) -> Exchange:
    url = f"http://{site}.example.cn/2026/a{number}.html?p=1"
    said: dict[str, Any] = {
        "url": url,
        "at": START + timedelta(seconds=number),
        "role": Role.PAGE,
        "status": 200,
        "reason": "OK",
        "request_headers": ((b"User-Agent", b"tests"),),
        "response_headers": HTML,
        "body": body_of(url),
    }
    return Exchange(**(said | more))


def sealed(*exchanges: Exchange, site: str = SITE, run: str = RUN) -> Sealed:
    builder = Builder(site, run, START, "tests")
    for one in exchanges:
        builder.add(one)
    return builder.seal()


def cut(data: bytes, capture: Capture) -> bytes:
    """A capture's own frame."""
    return data[capture.offset : capture.offset + capture.length]


def commit(number: int, *, run: str = RUN, at: datetime = START) -> Commit:
    """A commit of no real segment, for what looks at the ledger alone."""
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    key = keys.segment(SITE, run, number, sha256)
    return Commit(key, sha256, 1000 + number, 3, 10, "00" * 32, run, iso(at + timedelta(seconds=number)))


def write(bucket: Bucket, spool: Path, exchanges: Iterable[Exchange], *, site: str = SITE, run: str = RUN) -> Writer:
    """One whole run."""
    writer = Writer(bucket, site, run, spool, "tests", None)
    writer.start()
    for one in exchanges:
        writer.put(one)
    writer.close()
    return writer


def pour(writer: Writer, count: int = 20 * QUEUE) -> None:
    """Far more than the writer's queue holds."""
    for number in range(count):
        writer.put(exchange(number))


def committed(bucket: Bucket, segments: Sequence[Sealed], *, site: str = SITE, run: str = RUN) -> list[Entry]:
    """Segments put and named in the ledger as the writer does."""
    ledger = Ledger(bucket, site)
    return [_committed(bucket, ledger, one, number, run) for number, one in enumerate(segments, 1)]


def _committed(bucket: Bucket, ledger: Ledger, one: Sealed, number: int, run: str) -> Entry:
    key = keys.segment(ledger.site, run, number, one.sha256)
    bucket.put_once(key, one.data)
    captures, records = len(one.index.captures), len(one.index.frames)
    return ledger.append(Commit(key, one.sha256, len(one.data), captures, records, one.index.root, run, iso(START)))


def acknowledged(bucket: Bucket, site: str = SITE, after: int = 0) -> list[Capture]:
    """Every capture that the ledger vouches for beyond entry `after`, in order."""
    archive = Archive(bucket)
    return [capture for entry in archive.ledger(site).walk(after) for capture in archive.index(entry).captures]


def remove(bucket: Bucket, *keys: str) -> None:
    """Takes objects away, as no part of this house does."""
    for at in range(0, len(keys), 1000):
        objects: Any = [{"Key": key} for key in keys[at : at + 1000]]
        bucket._client.delete_objects(Bucket=bucket.name, Delete={"Objects": objects})


def overwrite(bucket: Bucket, key: str, data: bytes) -> None:
    """Puts other bytes where there are some, as no part of this house does."""
    bucket.put_derived(key, data, "application/octet-stream")


def spooled(folder: Path, site: str = SITE) -> list[Path]:
    return sorted((folder / site).glob("*/*"))


def large_or_not(number: int, **more: Any) -> Exchange:
    """Every fiftieth answer is too large for a segment."""
    plain = exchange(number, **more)
    return replace(plain, body=large_body_of(plain.url)) if number % 50 == 7 else plain


def large_body_of(url: str) -> bytes:
    return random.Random(url).randbytes(2**20 + 1)


def payload_of(url: str) -> bytes:
    """What `large_or_not` serves at an address."""
    number = int(url.rpartition("/a")[2].partition(".")[0])
    return large_body_of(url) if number % 50 == 7 else body_of(url)
