"""Checkpoints: what the house signs. The text is a tlog-checkpoint (c2sp.org/tlog-checkpoint) with lines of our own.

    tongjian/BUCKET                      origin: which log
    1234                                 how many ledger entries, of all sites, are in the tree
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=    the tree's head
    number 12                            the checkpoint's own number, from 1
    previous SHA256                      of checkpoint 11 as it lies in the bucket; 64 zeros in the first
    time 2026-11-22T04:32:00.000000Z     when it was signed, by our own clock
    token 11 SHA256                      the last time stamp before, where there is one
    site NAME SEQ SHA256                 a line a site, by name: the last entry of its ledger, and its bytes' hash

Leaves come in the order of checkpoints; in each, by site, by number of entry. So checkpoints and ledgers alone
say where each entry is in the tree, and its size is the sum of all SEQ.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.errors import IntegrityError
from storage.ledger import GENESIS
from storage.proofs import note

_TEXT = re.compile(
    r"(?P<origin>[^\s+]+)\n(?P<size>0|[1-9]\d*)\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"number (?P<number>[1-9]\d*)\nprevious (?P<previous>[0-9a-f]{64})\ntime (?P<at>\S+Z)\n"
    r"(?:token (?P<token>[1-9]\d*) (?P<hash>[0-9a-f]{64})\n)?(?P<heads>(?:site [0-9a-z._-]+ [1-9]\d* [0-9a-f]{64}\n)*)"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a site's ledger: its number and the SHA-256 of its bytes, hex."""

    seq: int
    hash: str


NOTHING = Head(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Span:
    """What one checkpoint added of one site: its entries `first` to `last`, which is `hash`; `start` is the place
    of `first` among the leaves."""

    site: str
    number: int
    first: int
    last: int
    start: int
    hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint's text; `at` is ISO, UTC; `token` the number and the hash of the last time stamp before."""

    origin: str
    size: int
    root: bytes
    number: int
    previous: str
    at: str
    token: tuple[int, str] | None
    heads: Mapping[str, Head]

    @property
    def text(self) -> bytes:
        lines = [
            self.origin,
            str(self.size),
            base64.b64encode(self.root).decode(),
            f"number {self.number}",
            f"previous {self.previous}",
            f"time {self.at}",
            *([f"token {self.token[0]} {self.token[1]}"] if self.token else []),
            *(f"site {site} {head.seq} {head.hash}" for site, head in sorted(self.heads.items())),
        ]
        return ("\n".join(lines) + "\n").encode()

    def head(self, site: str) -> Head:
        """The site's last entry in this checkpoint; number 0 where it has none."""
        return self.heads.get(site, NOTHING)

    def since(self, before: "Checkpoint | None") -> Iterator[Span]:
        """What was added since the checkpoint right before, in the order of leaves."""
        start = before.size if before else 0
        for site, head in sorted(self.heads.items()):
            known = before.head(site).seq if before else 0
            if head.seq > known:
                yield Span(site, self.number, known + 1, head.seq, start, head.hash)
                start += head.seq - known


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as kept: the note's bytes, which are what was signed, stamped and is named by the next."""

    checkpoint: Checkpoint
    data: bytes

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def parse(data: bytes, where: str) -> Signed:
    """The checkpoint that these bytes are; no signature is checked. Raises IntegrityError."""
    text, _ = note.parts(data, where)
    found = _TEXT.fullmatch(text.decode("utf-8", "replace"))
    if not found:
        raise IntegrityError(f"{where}: no checkpoint of this house")
    rows = [line.split() for line in found["heads"].splitlines()]
    token = (int(found["token"]), found["hash"]) if found["token"] else None
    heads = {site: Head(int(seq), digest) for _, site, seq, digest in rows}
    root = base64.b64decode(found["root"])
    numbers = int(found["size"]), root, int(found["number"])
    checkpoint = Checkpoint(found["origin"], *numbers, found["previous"], found["at"], token, heads)
    if checkpoint.text != text or checkpoint.size != sum(head.seq for head in heads.values()):
        raise IntegrityError(f"{where}: its lines contradict one another")
    return Signed(checkpoint, data)
