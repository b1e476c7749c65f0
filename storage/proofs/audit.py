"""Level 3 of verify: the checkpoints themselves.

Signatures, numbers, each naming the one before, each tree proved to be the beginning of the next, time stamps; and
what all this promises of the ledgers, for `storage.verify` to hold them to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.errors import IntegrityError, NotFound
from storage import keys, merkle
from storage.archive import Archive
from storage.checking import Finding
from storage.ledger import GENESIS
from storage.proofs import note, timestamps
from storage.proofs.checkpoint import Checkpoint, Signed
from storage.proofs.log import Log
from storage.proofs.promises import Promises
from storage.proofs.tiles import Tiles

SITE = "checkpoints"


@dataclass(frozen=True, slots=True)
class Judged:
    """One checkpoint looked at (0: the log as a whole), and what was found wrong with it."""

    number: int
    findings: tuple[Finding, ...]


class Audit:
    """Looks at every checkpoint beyond `since`, once, in order. After `run`, `promises` is what they sign and
    `notices` says what could not be known.

    `trusted` are the public keys from outside of the bucket; without any, those in the bucket are used, and that is
    a notice. `elsewhere` are checkpoints kept elsewhere, `roots` vouch for the time-stamping authority.
    """

    def __init__(
        self,
        archive: Archive,
        trusted: Sequence[Ed25519PublicKey],
        *,
        roots: Sequence[x509.Certificate] = (),
        since: int = 0,
        elsewhere: Sequence[Signed] = (),
    ) -> None:
        self._log, self._since = Log(archive.bucket), since
        self._keys, self._roots, self._elsewhere = tuple(trusted), roots, elsewhere
        self._archive = archive
        self.promises, self.notices = Promises(), list[str]()
        self.checkpoints = self.stamped = 0
        self._before: Signed | None = None
        self._tiles: Tiles | None = None

    def run(self) -> Iterator[Judged]:
        """Raises NotFound where there is no checkpoint `since`, EndpointDown."""
        newest, last = self._newest()
        self._choose_keys(newest)
        self._begin(newest)
        expected = self._since + 1
        # What is signed while we look is for the next time: its tree is larger than the one looked at.
        for number in takewhile(lambda one: one <= last, self._log.numbers(self._since)):
            gap = () if number == expected else (_missing(expected, number),)
            expected = number + 1
            yield Judged(number, (*gap, *self._judge(number)))
        yield Judged(0, tuple(self._hold_elsewhere(expected - 1)))
        self._say_what_is_unknown()

    @property
    def newest(self) -> Signed | None:
        """The last checkpoint found to be signed."""
        return self._before

    def _newest(self) -> tuple[Signed | None, int]:
        """The last checkpoint that can be read, whose tree holds all earlier ones, and the last number there is."""
        found, number = None, self._since
        for number in self._log.numbers(self._since):
            try:
                found = self._log.read(number)
            except (IntegrityError, NotFound):
                continue  # named when its turn comes
        return found, number

    def _choose_keys(self, newest: Signed | None) -> None:
        if not self._keys and newest:
            self._keys = self._log.claimed_keys()
            self.notices.append(
                "no public key from outside of the bucket: signatures are held against the keys in it, "
                "which whoever can write to it could have put there (--key PUBLIC.pem)"
            )

    def _begin(self, newest: Signed | None) -> None:
        self._tiles = Tiles(self._archive.bucket, newest.checkpoint.size) if newest else None
        if self._since:
            self._before = self._log.read(self._since)
            where = keys.checkpoint(self._since)
            note.open_note(self._before.data, self._before.checkpoint.origin, self._keys, where)
        self.promises = Promises(self._before.checkpoint if self._before else None, self._tiles)

    def _judge(self, number: int) -> Iterator[Finding]:
        key = keys.checkpoint(number)
        try:
            signed = self._log.read(number)
            note.open_note(signed.data, signed.checkpoint.origin, self._keys, key)
        except (IntegrityError, NotFound) as error:
            yield Finding(SITE, key, _without(str(error), key))
            return
        self.checkpoints += 1
        yield from (Finding(SITE, key, what) for what in self._follows(signed))
        yield from (Finding(SITE, key, what) for what in self._extends(signed.checkpoint))
        yield from self._stamps(signed)
        for span in signed.checkpoint.since(self._before.checkpoint if self._before else None):
            self.promises.add(span)
        self._before = signed

    def _follows(self, signed: Signed) -> Iterator[str]:
        """What does not follow from the checkpoint before."""
        now, before = signed.checkpoint, self._before.checkpoint if self._before else None
        if before is not None and now.number != before.number + 1:
            return  # the gap is named already
        if now.previous != (self._before.hash if self._before else GENESIS):
            yield f"does not name checkpoint {now.number - 1} as it is here: one of the two was changed"
        if before is None:
            return
        if now.origin != before.origin:
            yield f"is of another log: {now.origin}, not {before.origin}"
        if now.at < before.at:
            yield f"is older ({now.at}) than checkpoint {before.number} ({before.at})"
        for site, head in before.heads.items():
            if now.head(site).seq < head.seq:
                yield f"names fewer entries of {site} than checkpoint {before.number}: the ledger was cut back"

    def _extends(self, now: Checkpoint) -> Iterator[str]:
        """Whether the tree before is proved to be this one's beginning; once it is not, that is said once."""
        before = self._before.checkpoint if self._before else None
        old, head = (before.size, before.root) if before else (0, merkle.root([]))
        if self._tiles is None or old > now.size:
            return
        try:
            proof = merkle.consistency(self._tiles.subtree, old, now.size)
            if merkle.extends(old, now.size, proof, head, now.root) and self._tiles.root(now.size) == now.root:
                return
            why = "no proof leads from there to here: the tree's tiles were changed, or another tree was signed"
        except IntegrityError as error:
            why = str(error)
        self._tiles = None
        self.promises.tiles = None
        yield f"cannot be proved to extend checkpoint {before.number if before else 0}: {why}"

    def _stamps(self, signed: Signed) -> Iterator[Finding]:
        """A token that the next checkpoint names must be there; one that is there must be of these bytes."""
        number, named = signed.checkpoint.number, signed.checkpoint.token
        if named and named[0] == number - 1 and number - 1 > self._since:
            token = self._log.token(named[0])
            if token is None or timestamps.digest(token) != named[1]:
                what = "removed" if token is None else "changed"
                yield Finding(SITE, keys.token(named[0]), f"{what}: not the time stamp that checkpoint {number} names")
        if token := self._log.token(number):
            key = keys.token(number)
            try:
                timestamps.check(token, signed.data, self._roots, key)
                self.stamped += 1
            except IntegrityError as error:
                yield Finding(SITE, key, _without(str(error), key))

    def _hold_elsewhere(self, newest: int) -> Iterator[Finding]:
        """The log against checkpoints that were kept elsewhere."""
        for signed in self._elsewhere:
            number = signed.checkpoint.number
            key = keys.checkpoint(number)
            try:
                where = f"the checkpoint {number} kept elsewhere"
                note.open_note(signed.data, signed.checkpoint.origin, self._keys, where)
                self.promises.trust(signed.checkpoint)
                if self._log.read(number).data != signed.data:
                    yield Finding(SITE, key, f"forked: not the checkpoint {number} that was kept elsewhere")
            except NotFound:
                what = f"checkpoint {number} was kept elsewhere, and the log here ends at {newest}"
                yield Finding(SITE, key, f"rolled back: {what}" if number > newest else f"removed: {what}")
            except IntegrityError as error:
                yield Finding(SITE, key, _without(str(error), key))

    def _say_what_is_unknown(self) -> None:
        if not self.checkpoints:
            self.notices.append(
                "no checkpoint: that nothing was removed or replaced is not proved against someone who can write to "
                "the bucket (tongjian doctor --make-key, then tongjian checkpoint)"
            )
        if self.stamped and not self._roots:
            self.notices.append(
                "time stamps are of these checkpoints, but by whom is not known: set TONGJIAN_TSA_ROOTS"
            )


def _missing(first: int, found: int) -> Finding:
    what = f"checkpoint {first}" if found == first + 1 else f"checkpoints {first} to {found - 1}"
    return Finding(SITE, keys.checkpoint(first), f"removed: {what}; checkpoint {found} is there")


def _without(message: str, key: str) -> str:
    return message.removeprefix(f"{key}: ")
