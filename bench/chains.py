"""Archives to measure in: ledgers of any length, made without a crawler, each entry as a run would have made it."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bench import pages
from domain.capture import Exchange, Role
from domain.clock import iso
from pipeline.house import House
from storage import keys
from storage.ledger import GENESIS, Commit, unpack
from storage.segment import Builder, read_index

_START = datetime(2026, 1, 1, tzinfo=UTC)


def chain(site: str, count: int, has_segment: Callable[[int], bool]) -> Iterator[tuple[bytes, bytes]]:
    """Ledger entries one minute apart, six a run, and the segments of those that have one (else nothing)."""
    prev, known = GENESIS, None
    for number in range(1, count + 1):
        at = _START + timedelta(minutes=number)
        run = f"{_START + timedelta(minutes=number - number % 6):%Y%m%dt%H%M%Sz}-0a1b2c"
        sealed = _segment(site, run, number) if has_segment(number) else b""
        known = _commit(site, run, number % 6 + 1, sealed, iso(at)) if sealed or known is None else known
        commit = replace(known, at=iso(at))  # the others name the last that there is
        document = {"v": 1, "site": site, "seq": number, "prev": prev, **asdict(commit)}
        entry = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
        prev = unpack(entry, "").hash
        yield entry, sealed


def _commit(site: str, run: str, number: int, data: bytes, at: str) -> Commit:
    digest = sha256(data).hexdigest()
    root = read_index(data, "").root
    return Commit(keys.segment(site, run, number, digest), digest, len(data), 64, 193, root, run, at)


def _segment(site: str, run: str, number: int) -> bytes:
    builder = Builder(site, run, _START, "bench")
    for page in range(64):
        builder.add(_exchange(site, page, number))
    return builder.seal().data


def _exchange(site: str, page: int, number: int) -> Exchange:
    return Exchange(
        url=f"http://{site}.example/article/{page}.html",
        at=_START + timedelta(minutes=number, seconds=page % 60),
        role=Role.PAGE,
        status=200,
        reason="OK",
        request_headers=((b"User-Agent", b"Tongjian"),),
        response_headers=((b"Content-Type", b"text/html; charset=utf-8"),),
        body=pages.article(page, hits=number * 13),
    )


def put(open_house: House, made: Iterable[tuple[bytes, bytes]]) -> None:
    """Puts entries and segments with many hands, and without conditions: this is the ground, not what is measured."""

    def one(item: tuple[bytes, bytes]) -> None:
        entry = unpack(item[0], "")
        if item[1]:
            open_house.bucket.put_derived(entry.commit.segment, item[1], "application/warc+zstd")
        open_house.bucket.put_derived(keys.ledger(entry.site, entry.seq), item[0], "application/json")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, made))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
