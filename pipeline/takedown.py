"""The verb takedown: what must not be shown any longer, out of the bucket and the catalogue, with a tombstone."""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import dropwhile, takewhile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alerts.upgrading import upgrade
from alerts.withdrawing import withdraw
from domain.capture import Capture, Role
from domain.clock import now
from domain.errors import ConfigurationError, NotFound
from pipeline.house import House
from pipeline.parts import has_parts
from pipeline.rebuilding import rebuild_site
from pipeline.selecting import site_of
from pipeline.telling import MATCHING
from storage import keys
from storage.lease import Lease, take
from storage.proofs import signing
from storage.takedown import Done, Order, erase_bodies, take_down

log = logging.getLogger(__name__)

_ID = re.compile("[0-9a-f]{64}")


@dataclass(slots=True)
class Taken:
    """What a takedown did. `left` says of each object that is still there why; `notices` what is to be known;
    `messages` is how many of the outbox were blanked."""

    captures: list[Capture] = field(default_factory=list)
    deleted: int = 0
    messages: int = 0
    left: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    is_signed: bool = False


def order(reason: str, by: str, until: datetime | None, *, bypass: bool) -> Order:
    """Raises ConfigurationError where it does not say who and why, or ends before it begins."""
    if not reason.strip() or not by.strip():
        raise ConfigurationError("a takedown says who wants it and why", hint="Give --by and --reason.")
    if until is not None and until <= now():
        raise ConfigurationError(f"--until {until.isoformat()} is past", hint="Leave it out to remove for good.")
    return Order(reason.strip(), by.strip(), until, bypass)


def takedown(house: House, what: str, wanted: Order) -> Taken:
    """Takes down one capture (its id), or all of an address, the further pages of its articles included.

    Raises NotFound where nothing is kept of it, Conflict where the site is being captured, IntegrityError,
    EndpointDown. May be called again where it was ended early.
    """
    found = _captures(house, what)
    done = Taken(captures=found, notices=list(_twins(house, found)))
    signer = _key(house)
    done.is_signed = signer is not None
    for name in sorted({capture.site for capture in found}):
        of_site = [capture for capture in found if capture.site == name]
        with _leased(house, name) as lease:
            for step in take_down(house.archive, name, of_site, wanted, signer):
                _count(done, step)
                lease.renew()
            deleted, left = erase_bodies(house.archive, of_site, bypass=wanted.bypass)
            done.deleted, done.left = done.deleted + deleted, [*done.left, *left]
            lease.renew()
        rebuild_site(house, site_of(name))
        with house.catalogue.lock(MATCHING):
            done.messages += _withdraw(house, of_site, wanted)
    return done


def notice_of(by: str, reason: str) -> str:
    """What a message says in the place of what was taken down."""
    return f"应 {by} 要求，内容已下架：{reason}\nTaken down at the request of {by}: {reason}"


def _withdraw(house: House, captures: Sequence[Capture], wanted: Order) -> int:
    """Messages that quote what is gone: those that are kept and those that wait. Gives how many."""
    notice = notice_of(wanted.by, wanted.reason)
    pages: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for capture in captures:
        pages[capture.site, capture.urlkey].append(capture.at)
    engine = house.catalogue.engine
    upgrade(engine)
    return sum(withdraw(engine, *page, min(times), max(times), notice) for page, times in pages.items())


def _count(done: Taken, step: Done) -> None:
    done.deleted += step.deleted
    done.left += step.left


def _captures(house: House, what: str) -> list[Capture]:
    if _ID.fullmatch(what):
        return [house.catalogue.capture(what)]
    found = {capture.id: capture for capture in house.catalogue.captures(what)}
    if not found:
        raise NotFound(f"nothing is kept of {what}", hint="See `tongjian history`, or give a capture's id.")
    for first in [capture for capture in found.values() if has_parts(capture)]:
        found |= {part.id: part for part in _parts(house, first)}
    return list(found.values())


def _parts(house: House, first: Capture) -> Iterator[Capture]:
    """The further pages behind a page in its segment."""
    captures = house.archive.opened(first.segment).index.captures
    behind = list(dropwhile(lambda one: one.id != first.id, captures))[1:]
    return takewhile(lambda one: one.role is Role.PART, behind)


def _twins(house: House, found: Sequence[Capture]) -> Iterator[str]:
    """Other captures of these addresses that have the same bytes and stay."""
    ids, digests = {one.id for one in found}, {one.payload_digest for one in found}
    for url in sorted({one.url for one in found}):
        for other in house.catalogue.captures(url):
            if other.id not in ids and other.payload_digest in digests:
                yield f"{other.url} at {other.at.isoformat()} has the same bytes and stays: capture {other.id}"


def _key(house: House) -> Ed25519PrivateKey | None:
    try:
        return signing.load(house.settings.key_file).private
    except NotFound:
        log.info("no key: the tombstone is not signed")
        return None


@contextmanager
def _leased(house: House, site: str) -> Iterator[Lease]:
    """Alone with the site: what is captured meanwhile, and another takedown, wait."""
    lease = take(house.bucket, site, keys.run_id(now()))
    try:
        yield lease
    finally:
        lease.release()
