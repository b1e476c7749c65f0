"""The verb checkpoint: what the ledgers gained is signed, stamped with the time, and remembered."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.capture import Issue
from domain.clock import now
from domain.errors import Conflict, NotFound, StorageError, TongjianError
from domain.settings import Settings
from pipeline.house import House
from pipeline.remembering import remember, remembered
from storage.proofs import signing, timestamps
from storage.proofs.checkpoint import Signed
from storage.proofs.making import Made, make, stamp


@dataclass(frozen=True, slots=True)
class Outcome:
    """The newest checkpoint (None: there is none), how many entries it added (0: nothing was new), whether it was
    stamped just now, and what is to be said."""

    newest: Signed | None
    added: int
    is_stamped: bool
    issues: tuple[Issue, ...]


def checkpoint(house: House, *, rebuild: bool = False) -> Outcome:
    """Signs and stamps what is new. Without a key nothing is signed, and that is a warning. An authority that does
    not answer is a warning too: the next checkpoint asks again.

    Raises IntegrityError where the log is not the one signed before, ConfigurationError, EndpointDown.
    """
    settings = house.settings
    try:
        signer = signing.load(settings.key_file)
    except NotFound as error:
        return Outcome(None, 0, False, (_issue("no-key", error, "warning"),))
    made = _made(house, signer, rebuild=rebuild)
    issues = [_issue("ledger", error, "error") for error in made.refused]
    if made.newest is None:
        return Outcome(None, 0, False, tuple(issues))
    remember(settings, made.newest)
    stamped, said = _stamped(house, made.newest)
    return Outcome(made.newest, made.added, stamped, (*issues, *said))


def _made(house: House, signer: signing.Signer, *, rebuild: bool) -> Made:
    settings = house.settings
    trusted, seen = signing.trusted(settings.key_file), remembered(settings)
    try:
        return make(house.archive, signer, trusted=trusted, remembered=seen, rebuild=rebuild)
    except Conflict:  # another process made this number meanwhile: go on from there
        return make(house.archive, signer, trusted=trusted, remembered=seen, rebuild=rebuild)


def _stamped(house: House, newest: Signed) -> tuple[bool, tuple[Issue, ...]]:
    settings = house.settings
    if not settings.tsa:
        return False, ()
    try:
        return stamp(house.archive, newest, settings.tsa, timestamps.load_roots(settings.tsa_roots)), ()
    except StorageError as error:
        return False, (_issue("timestamp", error, "warning"),)


def _issue(kind: str, error: TongjianError, level: str) -> Issue:
    return Issue(kind=kind, site="", message=f"{error}. {error.hint or ''}".strip(), at=now(), level=level)


def key_made(settings: Settings) -> Iterator[str]:
    """Makes the key that checkpoints are signed with; says, a line at a time, what to do with it.

    Raises ConfigurationError where there is one.
    """
    signer = signing.make(settings.key_file)
    public = signing.public_file(signer.path)
    yield f"key {signing.key_id(signer.public)}: {signer.path} (mode 600), public half: {public}"
    yield signing.public_pem(signer.public).decode().rstrip()
    yield "publish it: print the public key where readers of your evidence will look, outside of the bucket"
    yield "back it up: keep a copy of the private key offline; without it the log cannot go on under the same name"
    yield "keep it apart: who has this key and can write to the bucket can sign another history"
