"""Subscription, Delivery, and the Matter that may turn one into the other."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.change import Change
from domain.citation import Citation

Payload = dict[str, Any]
# Among a subscription's types: it hears when a site breaks and when it mends. No type of change.
HEALTH = "health"


class Via(StrEnum):
    """The channel a subscription is told by."""

    WEBHOOK = "webhook"
    EMAIL = "email"


class State(StrEnum):
    """WAITING: not accepted yet. DELIVERED: the endpoint accepted it. DEAD: given up, kept to be seen."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who hears of which changes. Empty `words`, `types` or `sites` do not narrow. `created_at` aware, UTC:
    nothing that happened before it is told. `secret` signs webhooks and is never shown."""

    id: str
    name: str
    channel: Via
    address: str
    created_at: datetime
    words: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    active: bool = True
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Matter:
    """A change with the title and text of the version it is about: what subscriptions are held against. `citations`
    are what that version says of documents (parsers.citing)."""

    change: Change
    title: str
    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one subscription. `id` is the idempotency key: the same however often it is sent.
    `site`, `urlkey` and `at` are the change's: messages about one page keep the order of `at`. Times aware, UTC."""

    id: str
    subscription: str
    change_id: str
    site: str
    urlkey: str
    at: datetime
    payload: Payload = field(repr=False)
    state: State
    attempts: int
    next_try_at: datetime
    last_error: str | None
    delivered_at: datetime | None
