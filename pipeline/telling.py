"""The verb notify: changes that nobody was told of yet, held against subscriptions, then handed over.

Any step may die at any moment and be run again: a change is marked as told in the transaction that makes its
deliveries, and a delivery is marked as delivered after its endpoint accepted it.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import alerts
from alerts import outbox
from domain.clock import planning_now
from domain.errors import NotFound
from parsers.citing import citations
from pipeline.house import House

log = logging.getLogger(__name__)

_BATCH = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What a round did: deliveries made, messages accepted by their endpoints, deliveries that wait still."""

    matched: int
    delivered: int
    waiting: int


def tell(house: House) -> Told:
    """Matches new changes and delivers what is due. Endpoints that fail are logged and tried again by a later
    round; raises CatalogueError where the database is away."""
    engine = house.catalogue.engine
    alerts.upgrade(engine)
    ids = outbox.untold(engine)
    matched = sum(_enqueue(house, ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH))
    done = alerts.deliver(engine, alerts.channels(house.settings), planning_now())
    return Told(matched, done.delivered, outbox.waiting(engine))


def _enqueue(house: House, ids: Sequence[str]) -> int:
    return outbox.enqueue(house.catalogue.engine, tuple(_matters(house, ids)), house.settings.web, planning_now())


def _matters(house: House, ids: Sequence[str]) -> Iterator[alerts.Matter]:
    for id in ids:
        try:
            change = house.catalogue.change(id)
            _, article, _ = house.catalogue.version(change.url, change.version, change.site)
        except NotFound:  # judged anew between two looks; what stands now is told by the next round
            log.info("change %s is no longer what it was", id)
            continue
        yield alerts.Matter(change, article.title or "", article.text, citations(article))
