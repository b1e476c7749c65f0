"""reprints: copies found among very many articles, beside simhash; recall, what is wrongly taken, time, memory.

Simhash is as search engines use it (Manku, Jain, Das Sarma, WWW 2007): 64 bits over pairs of characters' runs, alike
up to three bits, looked up by four blocks of sixteen. Both are asked for the same copies in the same run.
"""

import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import gcd

from sqlalchemy import text

from bench.places import house, temporary
from bench.reprint_texts import KINDS, article, is_form, reprint
from bench.results import table
from bench.saying import say
from catalogue import Catalogue, fingerprinting
from domain.article import Article
from monitor.alikeness import likeness, side
from parsers.fingerprint import fingerprint, letters

SIZES, QUICK = (10_000,), (1_000,)
# Simhash looks at every character 64 times: of more articles than this it would take all the time there is.
_PEER = 3_000
_ASKED = 240
_KINDS = tuple(kind for kind in KINDS if kind != "notice")
_BITS, _BLOCKS, _FAR = 64, 4, 3


@dataclass
class Tally:
    """Copies found by kind, of how many; articles wrongly taken; milliseconds of CPU an article."""

    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    asked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    wrong: int = 0
    sketch: float = 0.0
    ask: float = 0.0
    verify: float = 0.0
    megabytes: float = 0.0

    def note(self, kind: str, place: int, found: Iterable[int]) -> None:
        self.asked[kind] += 1
        self.found[kind] += place in found
        self.wrong += len(set(found) - {place})

    def numbers(self) -> dict[str, object]:
        recall = {kind: self.found[kind] / max(1, self.asked[kind]) for kind in KINDS}
        right = sum(self.found.values())
        spent = {"sketch_ms": self.sketch, "ask_ms": self.ask, "verify_ms": self.verify}
        return {"recall": recall, "precision": right / max(1, right + self.wrong), "mb": self.megabytes} | spent


def run(*, rounds: int | None, quick: bool) -> dict[str, object]:
    """`rounds` counts thousands of articles: 100 for the larger archive, which takes some minutes."""
    sizes = QUICK if quick else ((rounds * 1000,) if rounds else SIZES)
    return {f"{size}": _of_size(size) for size in sizes}


def _of_size(size: int) -> dict[str, object]:
    probes = [(place, "notice" if is_form(place) else _KINDS[place % len(_KINDS)]) for place in _places(size)]
    peer = min(size, _PEER)
    tallies = {f"tongjian, {size:,}": _ours(size, probes), f"simhash, {peer:,}": _simhash(peer, probes)}
    rows = [_row(name, tally) for name, tally in tallies.items()]
    table(("recall", *KINDS, "precision", "sketch ms", "ask ms", "verify ms", "MB"), rows)
    return {name: tally.numbers() for name, tally in tallies.items()}


def _places(size: int) -> list[int]:
    """Articles spread over all of them."""
    held = min(size, _PEER)
    step = next(step for step in count(max(1, held // _ASKED)) if gcd(step, 10) == 1)
    return list(range(0, held, step))


def _row(name: str, tally: Tally) -> tuple[object, ...]:
    said = tally.numbers()
    shares = (f"{tally.found[kind] / max(1, tally.asked[kind]):.1%}" for kind in KINDS)
    return (name, *shares, f"{said['precision']:.1%}", tally.sketch, tally.ask, tally.verify, tally.megabytes)


def _ours(size: int, probes: Sequence[tuple[int, str]]) -> Tally:
    """Sketches in PostgreSQL, one query a copy, candidates held against the copy's text."""
    tally = Tally()
    with temporary() as state, house(state) as open_house:
        catalogue = open_house.catalogue
        began, held = time.process_time(), 0
        for start in range(0, size, 1000):
            sketches = {("held", str(place)): fingerprint(article(place)) for place in range(start, start + 1000)}
            fingerprinting.put_sketches(catalogue.engine, sketches)
            held += len(sketches)
        say(f"  {held:,} sketches put down, {time.process_time() - began:.0f} s of CPU with making the texts")
        tally.megabytes = _megabytes(catalogue)
        for place, kind in probes:
            _probe(catalogue, tally, place, kind)
    _each(tally, len(probes))
    return tally


def _probe(catalogue: Catalogue, tally: Tally, place: int, kind: str) -> None:
    copy = reprint(place, kind)
    node = ("asked", f"{place}")
    began = time.perf_counter()
    sketch = fingerprint(copy)
    tally.sketch += time.perf_counter() - began
    fingerprinting.put_sketches(catalogue.engine, {node: sketch})
    began = time.perf_counter()
    near = fingerprinting.candidates(catalogue.engine, [node])
    tally.ask += time.perf_counter() - began
    others = [(int(digest), article(int(digest))) for _, (site, digest) in near if site == "held"]
    began = time.perf_counter()
    mine = side("asked", (), copy)
    found = [number for number, other in others if likeness(mine, side("held", (), other))]
    tally.verify += time.perf_counter() - began
    tally.note(kind, place, found)


def _megabytes(catalogue: Catalogue) -> float:
    with catalogue.engine.begin() as connection:
        connection.execute(text("ANALYZE fingerprints"))
        return float(connection.scalar(text("SELECT pg_total_relation_size('fingerprints')")) or 0) / 1e6


def _each(tally: Tally, count: int) -> None:
    tally.sketch, tally.ask, tally.verify = (1000 * spent / count for spent in (tally.sketch, tally.ask, tally.verify))


def _simhash(size: int, probes: Sequence[tuple[int, str]]) -> Tally:
    tally = Tally()
    hashes = [_hash(article(place)) for place in range(size)]
    blocks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, number in enumerate(hashes):
        for key in _keys(number):
            blocks[key].append(place)
    for place, kind in probes:
        copy = reprint(place, kind)
        began = time.perf_counter()
        mine = _hash(copy)
        tally.sketch += time.perf_counter() - began
        began = time.perf_counter()
        near = {other for key in _keys(mine) for other in blocks.get(key, ())}
        found = [other for other in near if (hashes[other] ^ mine).bit_count() <= _FAR]
        tally.ask += time.perf_counter() - began
        tally.note(kind, place, found)
    _each(tally, len(probes))
    return tally


def _hash(told: Article) -> int:
    """Over runs of four characters of the same folded text as ours."""
    said = letters(told.text)
    counts = [0] * _BITS
    for start in range(len(said) - 3):
        run = said[start : start + 4].encode()
        number = zlib.crc32(run) << 32 | zlib.crc32(run[::-1])
        for bit in range(_BITS):
            counts[bit] += 1 if number >> bit & 1 else -1
    return sum(1 << bit for bit, count in enumerate(counts) if count > 0)


def _keys(number: int) -> list[tuple[int, int]]:
    wide = _BITS // _BLOCKS
    return [(block, number >> (block * wide) & (1 << wide) - 1) for block in range(_BLOCKS)]
