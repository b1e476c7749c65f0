"""Making a checkpoint: what the ledgers gained is added to the tree, and its head is signed.

Nothing is signed that does not extend what was signed before: a site whose ledger no longer holds the entry that
the last checkpoint named keeps its old head, and that is said; a log that is not the one remembered is refused.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.clock import iso, now
from domain.errors import Conflict, IntegrityError, NotFound
from storage import keys
from storage.ahead import ahead
from storage.archive import Archive
from storage.ledger import GENESIS, Entry, Ledger
from storage.proofs import note, signing, timestamps
from storage.proofs.checkpoint import Checkpoint, Head, Signed, parse
from storage.proofs.log import Log
from storage.proofs.signing import Signer
from storage.proofs.tiles import Growing

log = logging.getLogger(__name__)

_THREADS = 4


@dataclass(frozen=True, slots=True)
class Made:
    """The newest checkpoint (None in an empty archive), how many entries this one added (0: nothing new, none was
    made), and what is wrong with the ledgers it could not take in."""

    newest: Signed | None
    added: int
    refused: tuple[IntegrityError, ...]


def make(
    archive: Archive,
    signer: Signer,
    *,
    trusted: Sequence[Ed25519PublicKey] = (),
    remembered: Signed | None = None,
    rebuild: bool = False,
) -> Made:
    """Signs what is new. `trusted` are the keys of earlier checkpoints besides the signer's own, `remembered` the
    newest checkpoint that this machine has seen; `rebuild` makes the tree's tiles again from the ledgers.

    Raises IntegrityError where the log was rolled back, forked or signed by a stranger, Conflict where another
    process made this checkpoint, EndpointDown.
    """
    checkpoints = Log(archive.bucket)
    newest = checkpoints.head()
    _refuse_other_log(checkpoints, newest, remembered)
    if newest is not None:
        _signed_by_us(newest, [signer.public, *trusted])
    before = newest.checkpoint if newest else None
    tree = _tree(archive, checkpoints, before, rebuild=rebuild)
    heads, refused = _grown(archive, tree, before)
    added = tree.size - (before.size if before else 0)
    if added or rebuild:
        tree.close()
    if not added:
        return Made(newest, 0, refused)
    made = _signed(archive, signer, _next(archive, tree, newest, checkpoints, heads))
    return Made(made, added, refused)


def _refuse_other_log(checkpoints: Log, newest: Signed | None, remembered: Signed | None) -> None:
    if remembered is None:
        return
    number = remembered.checkpoint.number
    hint = (
        "Do not sign over it: keep the bucket as it is and see tongjian verify. Where you emptied the bucket yourself, "
        "remove the checkpoint remembered in the state folder."
    )
    if newest is None or newest.checkpoint.number < number:
        left = f"ends at {newest.checkpoint.number}" if newest else "is empty"
        raise IntegrityError(f"rolled back: this machine has seen checkpoint {number}, and the log {left}", hint=hint)
    if checkpoints.read(number).data != remembered.data:
        raise IntegrityError(f"{keys.checkpoint(number)}: not the checkpoint {number} seen before: a fork", hint=hint)


def _signed_by_us(newest: Signed, trusted: Sequence[Ed25519PublicKey]) -> None:
    where = keys.checkpoint(newest.checkpoint.number)
    try:
        note.open_note(newest.data, newest.checkpoint.origin, trusted, where)
    except IntegrityError as error:
        hint = "Where the key was changed, put the old key's .pub.pem beside the new one; else do not sign over it."
        raise IntegrityError(str(error), hint=hint) from error


def _tree(archive: Archive, checkpoints: Log, before: Checkpoint | None, *, rebuild: bool) -> Growing:
    """The tree of the last checkpoint, from its tiles, or where these are of no use from the ledgers."""
    if before is None:
        return Growing(archive.bucket)
    if not rebuild:
        try:
            tree = Growing(archive.bucket, before.size)
            if tree.root == before.root:
                return tree
            log.warning("the tree's tiles do not lead to checkpoint %d; making them again", before.number)
        except IntegrityError as error:
            log.warning("%s; making the tree's tiles again", error)
    tree = Growing(archive.bucket)
    tree.extend(leaves(archive, checkpoints, before.number))
    if tree.root != before.root:
        raise IntegrityError(
            f"the ledgers do not lead to the head that checkpoint {before.number} signed: they were rewritten",
            hint="Do not sign over it. tongjian verify names the first entry that is another.",
        )
    return tree


def leaves(archive: Archive, checkpoints: Log, until: int) -> Iterator[bytes]:
    """The leaves of all checkpoints up to `until`, in order, read from the ledgers. Raises IntegrityError."""
    before = None
    for number in range(1, until + 1):
        checkpoint = checkpoints.read(number).checkpoint
        for span in checkpoint.since(before):
            ledger = archive.ledger(span.site)
            entries = ahead(partial(_kept, ledger), range(span.first, span.last + 1), _THREADS)
            yield from (entry.leaf for entry in entries)
        before = checkpoint


def _kept(ledger: Ledger, seq: int) -> Entry:
    try:
        return ledger.read(seq)
    except NotFound as error:
        raise IntegrityError(f"{keys.ledger(ledger.site, seq)} is missing: a checkpoint signed it") from error


def _grown(
    archive: Archive, tree: Growing, before: Checkpoint | None
) -> tuple[dict[str, Head], tuple[IntegrityError, ...]]:
    """Adds every site's new entries to the tree; gives the new heads, and what stood in the way."""
    heads, refused = dict(before.heads) if before else {}, []
    for site in sorted({*archive.sites(), *heads}):
        try:
            for entry in _new(archive, site, heads.get(site)):
                tree.extend([entry.leaf])
                heads[site] = Head(entry.seq, entry.hash)
        except IntegrityError as error:
            refused.append(error)
    return heads, tuple(refused)


def _new(archive: Archive, site: str, head: Head | None) -> Iterator[Entry]:
    ledger = archive.ledger(site)
    if head and _kept(ledger, head.seq).hash != head.hash:
        raise IntegrityError(f"{keys.ledger(site, head.seq)}: not the entry that the last checkpoint signed: a fork")
    yield from ledger.walk(head.seq if head else 0, threads=_THREADS)


def _next(
    archive: Archive, tree: Growing, newest: Signed | None, checkpoints: Log, heads: dict[str, Head]
) -> Checkpoint:
    before = newest.checkpoint if newest else None
    stamp = checkpoints.token(before.number) if before else None
    named = (before.number, timestamps.digest(stamp)) if before and stamp else None
    return Checkpoint(
        origin=before.origin if before else f"tongjian/{archive.bucket.name}",
        size=tree.size,
        root=tree.root,
        number=before.number + 1 if before else 1,
        previous=newest.hash if newest else GENESIS,
        at=iso(now()),
        token=named or (before.token if before else None),
        heads=heads,
    )


def _signed(archive: Archive, signer: Signer, checkpoint: Checkpoint) -> Signed:
    key = keys.checkpoint(checkpoint.number)
    data = note.sign(checkpoint.text, checkpoint.origin, signer.private)
    public = keys.public_key(signing.key_id(signer.public))
    archive.bucket.put_once(public, signing.public_pem(signer.public), "application/x-pem-file")
    try:
        archive.bucket.put_once(key, data, "text/plain; charset=utf-8")
    except Conflict as error:
        raise Conflict(str(error), hint="Another process made this checkpoint; there is nothing left to do.") from error
    return parse(data, key)


def stamp(archive: Archive, newest: Signed, authority: str, roots: Sequence[x509.Certificate]) -> bool:
    """Gets a time stamp for the newest checkpoint where it has none; True where it got one. A stamp of the newest
    covers all before it, each named by the next.

    Raises EndpointDown and IntegrityError as `timestamps.request`.
    """
    key = keys.token(newest.checkpoint.number)
    if archive.bucket.size(key) is not None:
        return False
    answer = timestamps.request(authority, newest.data, roots)
    archive.bucket.put_once(key, answer, "application/timestamp-reply")
    return True
