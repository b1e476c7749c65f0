"""proofs: how fast the archive is verified at each level, a checkpoint made, and a capture proved, in a long ledger."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bench import pages
from bench.places import house, temporary
from bench.results import median, percentile, table
from bench.saying import say
from domain.capture import Capture, Exchange, Role
from domain.clock import iso
from pipeline.house import House
from storage import Archive, keys
from storage.ledger import GENESIS, Commit, unpack
from storage.proofs import Prover, signing, verify_proof
from storage.proofs.audit import Audit
from storage.proofs.making import make
from storage.proofs.signing import Signer
from storage.segment import Builder, read_index
from storage.verify import verify

ENTRIES, NEW, EVERY = 100_000, 60, 500
SITE, LONG = "bench", "long"
_START = datetime(2026, 1, 1, tzinfo=UTC)


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """One archive of whole segments, and one ledger of many entries of which some have a segment."""
    segments, entries = (6, 2000) if quick else (120, ENTRIES)
    with temporary() as state, house(state) as open_house:
        signer = signing.make(state / "keys" / "checkpoint.key")
        levels = _levels(open_house, signer, segments)
        checkpoints = _checkpoints(open_house, signer, entries)
        proofs = _proofs(open_house, signer, rounds or (20 if quick else 200))
    return {"segments": segments, "entries": entries, **levels, **checkpoints, **proofs}


def _levels(open_house: House, signer: Signer, segments: int) -> dict[str, object]:
    chain = list(_chain(SITE, segments, lambda number: True))
    _put(open_house, chain)
    archive = open_house.archive
    make(archive, signer)
    stored = sum(len(data) for _, data in chain if data) / 1e6
    payload = segments * 64 * len(pages.article(0, hits=1)) / 1e6
    ways = {
        "level 0: sizes, ledger": {"quick": True},
        "levels 0, 1: and every object's hash": {},
        "levels 0 to 2: and every record's digests": {"deep": True},
    }
    rows, numbers = [], dict[str, object]()
    for name, options in ways.items():
        seconds = _seconds(lambda options=options: list(verify(archive, SITE, **options)))  # type: ignore[misc]
        rows.append((name, segments / seconds, segments * 64 / seconds, stored / seconds, payload / seconds))
        numbers[name] = {"entries": segments / seconds, "mb": stored / seconds, "payload_mb": payload / seconds}
    say(f"  {segments} segments of 64 captures: {stored:.0f} MB stored, {payload:.0f} MB of payload")
    table(("verify", "entries/s", "captures/s", "MB/s stored", "MB/s payload"), rows)
    return {"levels": numbers}


def _checkpoints(open_house: House, signer: Signer, entries: int) -> dict[str, object]:
    archive = open_house.archive
    chain = list(_chain(LONG, entries + NEW, lambda number: number % EVERY == 1))
    _put(open_house, chain[:entries])
    first = _seconds(lambda: make(archive, signer))
    _put(open_house, chain[entries:])
    hourly = _seconds(lambda: make(archive, signer))
    nothing = _seconds(lambda: make(archive, signer))
    audited = _seconds(lambda: list(Audit(archive, [signer.public]).run()))
    rows = [
        (f"the first checkpoint, over {entries:,} entries", first * 1000),
        (f"the next, {NEW} entries more", hourly * 1000),
        ("none, for nothing is new", nothing * 1000),
        ("verify: the checkpoints alone (level 3)", audited * 1000),
    ]
    table(("a long ledger", "ms"), rows)
    return {"first": first, "hourly": hourly, "nothing": nothing, "audit": audited}


def _proofs(open_house: House, signer: Signer, rounds: int) -> dict[str, object]:
    """Captures spread over the whole ledger, each by a prover that has seen none before, and by one that has."""
    archive = open_house.archive
    captures = list(_spread(archive, rounds))
    pem, warm = signing.public_pem(signer.public), Prover(archive, [signer.public])
    times: dict[str, list[float]] = {"prove, nothing known": [], "prove, of many": [], "verify a proof": []}
    size = 0
    for capture in captures:
        times["prove, nothing known"].append(_seconds(lambda one=capture: Prover(archive, [signer.public]).prove(one)))  # type: ignore[misc]
        times["prove, of many"].append(_seconds(lambda one=capture: warm.prove(one)))  # type: ignore[misc]
        proof, record = warm.prove(capture), archive.record(capture)
        times["verify a proof"].append(_seconds(lambda r=record, p=proof: verify_proof(r, p, pem)))  # type: ignore[misc]
        size = max(size, len(proof.model_dump_json()))
    table(
        (f"ms a capture, {len(captures)} captures", "p50", "p95"),
        [(name, median(taken) * 1000, percentile(taken, 0.95) * 1000) for name, taken in times.items()],
    )
    say(f"  a proof is {size:,} bytes of JSON at most")
    return {"proofs": {name: [median(taken), percentile(taken, 0.95)] for name, taken in times.items()}, "bytes": size}


def _spread(archive: Archive, count: int) -> Iterator[Capture]:
    ledger = archive.ledger(LONG)
    head = ledger.head()
    whole = range(1, (head.seq if head else 0) + 1, EVERY)
    for place in range(count):
        entry = ledger.read(whole[place * len(whole) // count])
        yield archive.index(entry).captures[place % 64]


def _chain(site: str, count: int, has_segment: Callable[[int], bool]) -> Iterator[tuple[bytes, bytes]]:
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


def _put(open_house: House, chain: list[tuple[bytes, bytes]]) -> None:
    """Puts entries and segments with many hands, and without conditions: this is the ground, not what is measured."""

    def put(item: tuple[bytes, bytes]) -> None:
        entry = unpack(item[0], "")
        if item[1]:
            open_house.bucket.put_derived(entry.commit.segment, item[1], "application/warc+zstd")
        open_house.bucket.put_derived(keys.ledger(entry.site, entry.seq), item[0], "application/json")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, chain))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
