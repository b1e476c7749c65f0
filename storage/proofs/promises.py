"""What checkpoints promise of each site's ledger, and a ledger held against it, entry by entry.

A year of hourly checkpoints over 100 sites is some 40 MB here: three numbers and a hash for each time a site grew.
"""

from array import array
from collections.abc import Iterator
from datetime import datetime

from domain.clock import parse
from domain.errors import IntegrityError
from storage import keys
from storage.checking import Finding
from storage.ledger import Entry
from storage.proofs.checkpoint import NOTHING, Checkpoint, Head, Span
from storage.proofs.tiles import WIDTH, Tiles

_HASH = 32


class _Spans:
    """The spans of one site, packed."""

    def __init__(self) -> None:
        self.numbers, self.firsts, self.lasts, self.starts = (array("Q") for _ in range(4))
        self.hashes = bytearray()

    def add(self, span: Span) -> None:
        self.numbers.append(span.number)
        self.firsts.append(span.first)
        self.lasts.append(span.last)
        self.starts.append(span.start)
        self.hashes += bytes.fromhex(span.hash)

    def at(self, place: int, site: str) -> Span | None:
        if place >= len(self.numbers):
            return None
        digest = self.hashes[place * _HASH : (place + 1) * _HASH].hex()
        return Span(site, self.numbers[place], self.firsts[place], self.lasts[place], self.starts[place], digest)


class Promises:
    """What is promised, of all sites. `base` is the checkpoint before the first one looked at; `tiles` the tree, to
    tell which entry is another where a whole span of them is."""

    def __init__(self, base: Checkpoint | None = None, tiles: Tiles | None = None) -> None:
        self.base, self.tiles = base, tiles
        self._spans: dict[str, _Spans] = {}
        self._elsewhere: list[Checkpoint] = []

    def add(self, span: Span) -> None:
        self._spans.setdefault(span.site, _Spans()).add(span)

    def trust(self, checkpoint: Checkpoint) -> None:
        """Adds what a checkpoint says that was kept elsewhere."""
        self._elsewhere.append(checkpoint)

    @property
    def sites(self) -> set[str]:
        """The sites of which anything is promised."""
        return {*self._spans, *(site for one in self._elsewhere for site in one.heads)}

    def watch(self, site: str) -> "Watch":
        heads = [(one.number, one.head(site)) for one in self._elsewhere]
        return Watch(site, self._spans.get(site, _Spans()), self.base, self.tiles, heads)


class Watch:
    """Holds one site's ledger against what is promised of it. Give it every entry in order, then the end."""

    def __init__(
        self,
        site: str,
        spans: _Spans,
        base: Checkpoint | None,
        tiles: Tiles | None,
        elsewhere: list[tuple[int, Head]],
    ) -> None:
        self.site, self._spans, self._tiles, self._elsewhere = site, spans, tiles, elsewhere
        self.base = base.head(site) if base else NOTHING
        self.base_at: datetime | None = _time(base) if base else None
        self._place = 0
        self._odd: Entry | None = None
        self._is_forked = False

    def check(self, entry: Entry) -> Iterator[Finding]:
        """What is wrong with an entry, or with those before it that the same checkpoint added."""
        while (span := self._spans.at(self._place, self.site)) and span.last < entry.seq:
            self._place += 1
            self._odd = None
        if span and not self._is_forked:
            yield from self._hold(entry, span)
        for number, head in self._elsewhere:
            if not self._is_forked and (head.seq, head.hash) != (entry.seq, entry.hash) and head.seq == entry.seq:
                self._is_forked = True
                what = f"forked: not the entry {entry.seq} in the checkpoint {number} that was kept elsewhere"
                yield self._finding(entry.seq, what)

    def _hold(self, entry: Entry, span: Span) -> Iterator[Finding]:
        if self._odd is None and self._leaf(span.start + entry.seq - span.first) not in (None, entry.leaf):
            self._odd = entry
        if entry.seq != span.last:
            return
        if entry.hash != span.hash:
            self._is_forked = True
            if self._odd:
                what = f"not the entry that checkpoint {span.number} signed"
                yield self._finding(self._odd.seq, f"forked: {what}; it names {self._odd.commit.segment}")
            else:
                what = f"forked: checkpoint {span.number} signed other entries {span.first} to {span.last}"
                yield self._finding(entry.seq, what)
        elif self._odd:  # the chain leads to what was signed, so it is the tile that lies
            key = keys.tile(0, (span.start + self._odd.seq - span.first) // WIDTH)
            what = f"not the hash of entry {self._odd.seq} of {self.site}: make it again with checkpoint --rebuild"
            yield Finding("checkpoints", key, what)
        self._odd = None

    def _leaf(self, index: int) -> bytes | None:
        try:
            return self._tiles.leaf(index) if self._tiles else None
        except IntegrityError:
            return None  # the audit of the tree names the tile

    def end(self, last: int) -> Iterator[Finding]:
        """What is missing beyond the last entry."""
        spans = self._spans
        if spans.lasts and spans.lasts[-1] > last:
            what = f"checkpoint {spans.numbers[-1]} signed entries up to {spans.lasts[-1]}; the ledger ends at {last}"
            yield self._finding(last + 1, f"removed: {what}")
        for number, head in self._elsewhere:
            if head.seq > last and not (spans.lasts and spans.lasts[-1] >= head.seq):
                what = f"the checkpoint {number} kept elsewhere has entries up to {head.seq}; the ledger ends at {last}"
                yield self._finding(last + 1, f"removed: {what}")

    def _finding(self, seq: int, message: str) -> Finding:
        return Finding(self.site, keys.ledger(self.site, seq), message)


def _time(checkpoint: Checkpoint) -> datetime | None:
    try:
        return parse(checkpoint.at)
    except ValueError:
        return None
