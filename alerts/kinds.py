"""The Matter: what subscriptions are held against; and the words of domain.subscription that this room speaks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.change import Change, Status
from domain.citation import Citation
from domain.subscription import Channel, Delivery, Rhythm, State, Subscription, Via

Payload = dict[str, Any]
# Among what a query may ask for as a type: it hears when a site breaks and when it mends. No type of change.
HEALTH = "health"

__all__ = ["HEALTH", "Channel", "Delivery", "Matter", "Payload", "Rhythm", "State", "Subscription", "Via"]


@dataclass(frozen=True, slots=True)
class Matter:
    """A change with the title and text of the version it is about: what subscriptions are held against. `citations`
    are what that version says of documents (parsers.citing), `numbers` the keys of those it is or names. `cluster` is
    the reprint cluster of its page, `first` whether it is the first publisher's. `site_title` is the site's name for
    people, `region` where it is."""

    change: Change
    title: str
    text: str
    citations: tuple[Citation, ...] = ()
    source: str = ""
    authors: tuple[str, ...] = ()
    document_numbers: tuple[str, ...] = ()
    published_at: datetime | None = None
    status: Status = Status.LIVE
    cluster: str | None = None
    first: bool = False
    site_title: str = ""
    region: str = ""
    numbers: frozenset[str] = field(default=frozenset())
