"""The verb notify: changes that nobody was told of yet, held against subscriptions, made into messages, handed over;
and deliver, which is its second half.

Any step may die at any moment and be run again: a change is marked as told in the transaction that puts down its
notices, a notice is in a message in the transaction that makes the message, and a message is marked as delivered after
its endpoint accepted it.
"""

from dataclasses import dataclass

from alerts import ledger, outbox
from alerts.channels import channels
from alerts.composing import compose
from alerts.delivery import deliver
from alerts.sealing import Keyring
from alerts.upgrading import upgrade
from domain.clock import planning_now
from pipeline.house import House
from pipeline.matters import matters
from sites import load

_BATCH = 100
MATCHING = "alerts: changes are read and matched"


@dataclass(frozen=True, slots=True)
class Told:
    """What a round did: `matched` changes put down for channels, messages `made` of what is due, messages accepted by
    their endpoints; and what is left: messages `waiting` to be accepted, changes `held` for a later message."""

    matched: int
    made: int
    delivered: int
    waiting: int
    held: int


def tell(house: House) -> Told:
    """Matches new changes, makes messages of what is due, and delivers. Endpoints that fail are logged and tried again
    by a later round; raises CatalogueError where the database is away."""
    upgrade(house.catalogue.engine)
    return _send(house, _match(house))


def deliver_due(house: House) -> Told:
    """The same without matching: digests whose hour has come, what quiet hours held back, what an endpoint refused."""
    upgrade(house.catalogue.engine)
    return _send(house, 0)


def _send(house: House, matched: int) -> Told:
    engine, ways = house.catalogue.engine, channels(house.settings)
    web, now = house.settings.web, planning_now()
    titles = {name: site.title for name, site in load().items()}
    made = compose(engine, ways, web, now, titles)
    done = deliver(engine, ways, Keyring.load(house.settings), now, web)
    return Told(matched, made, done.delivered, ledger.waiting(engine), ledger.held(engine))


def _match(house: House) -> int:
    engine, web = house.catalogue.engine, house.settings.web
    ids = outbox.untold(engine)
    matched, held = 0, None
    for start in range(0, len(ids), _BATCH):
        # What a takedown takes away between the two would be told after all.
        with house.catalogue.lock(MATCHING):
            found = tuple(matters(house.catalogue, ids[start : start + _BATCH]))
            put = outbox.enqueue(engine, found, web, planning_now(), held)
        matched, held = matched + put.notices, put.listening
    return matched
