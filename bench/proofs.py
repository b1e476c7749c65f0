"""proofs: how fast the archive is verified at each level, beside `fastwarc check` and `warcio check` of the same
captures; how long a checkpoint takes, and proving a capture, in a long ledger."""

from collections.abc import Iterator
from pathlib import Path

from bench import pages
from bench.chains import chain, put, seconds
from bench.checkers import checkers
from bench.places import house, temporary
from bench.results import median, percentile, table
from bench.saying import say
from domain.capture import Capture
from pipeline.house import House
from storage import Archive
from storage.proofs import Prover, signing, verify_proof
from storage.proofs.audit import Audit
from storage.proofs.making import make
from storage.proofs.signing import Signer
from storage.verify import verify

SEGMENTS, ENTRIES, NEW, EVERY = 40, 10_000, 60, 500
SITE, LONG = "bench", "long"


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """One archive of whole segments, and one ledger of many entries of which some have a segment."""
    segments, entries = (4, 2000) if quick else (SEGMENTS, ENTRIES)
    with temporary() as state, house(state) as open_house:
        signer = signing.make(state / "keys" / "checkpoint.key")
        levels = _levels(open_house, signer, segments, state)
        checkpoints = _checkpoints(open_house, signer, entries)
        proofs = _proofs(open_house, signer, rounds or (10 if quick else 100))
    return {"segments": segments, "entries": entries, **levels, **checkpoints, **proofs}


def _levels(open_house: House, signer: Signer, segments: int, state: Path) -> dict[str, object]:
    made = list(chain(SITE, segments, lambda number: True))
    put(open_house, made)
    archive = open_house.archive
    make(archive, signer)
    stored = sum(len(data) for _, data in made) / 1e6
    payload = segments * 64 * len(pages.article(0, hits=1)) / 1e6
    ways = {
        "level 0: sizes, ledger": {"quick": True},
        "levels 0, 1: and every object's hash": {},
        "levels 0 to 2: and every record's digests": {"deep": True},
    }
    taken = {
        name: seconds(lambda options=options: list(verify(archive, SITE, **options)))  # type: ignore[misc]
        for name, options in ways.items()
    }
    taken |= {name: seconds(way) for name, way in checkers(state, [data for _, data in made]).items()}
    say(f"  {segments} segments of 64 captures: {stored:.0f} MB stored, {payload:.0f} MB of payload")
    rows = [(name, segments / one, segments * 64 / one, stored / one, payload / one) for name, one in taken.items()]
    table(("verify", "entries/s", "captures/s", "MB/s stored", "MB/s payload"), rows)
    return {"levels": {name: {"entries": segments / one, "payload_mb": payload / one} for name, one in taken.items()}}


def _checkpoints(open_house: House, signer: Signer, entries: int) -> dict[str, object]:
    archive = open_house.archive
    made = list(chain(LONG, entries + NEW, lambda number: number % EVERY == 1))
    put(open_house, made[:entries])
    first = seconds(lambda: make(archive, signer))
    put(open_house, made[entries:])
    hourly = seconds(lambda: make(archive, signer))
    nothing = seconds(lambda: make(archive, signer))
    audited = seconds(lambda: list(Audit(archive, [signer.public]).run()))
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
        times["prove, nothing known"].append(seconds(lambda one=capture: Prover(archive, [signer.public]).prove(one)))  # type: ignore[misc]
        times["prove, of many"].append(seconds(lambda one=capture: warm.prove(one)))  # type: ignore[misc]
        proof, record = warm.prove(capture), archive.record(capture)
        times["verify a proof"].append(seconds(lambda r=record, p=proof: verify_proof(r, p, pem)))  # type: ignore[misc]
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
