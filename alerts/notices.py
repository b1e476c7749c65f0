"""Notices: changes that channels are to be told of, before they are messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from alerts import schema
from alerts.kinds import Payload
from alerts.query import QueryError, parse
from domain.subscription import Language, Rhythm


@dataclass(frozen=True, slots=True)
class Notice:
    """A change that a channel is to be told of; `kin` are the others of its matter, folded into it."""

    change: str
    matter: str
    at: datetime
    rhythm: Rhythm
    page: str
    payload: Payload
    subscriptions: tuple[str, ...]
    kin: tuple["Notice", ...] = ()

    @property
    def family(self) -> tuple["Notice", ...]:
        return (self, *self.kin)


@dataclass(frozen=True, slots=True)
class Named:
    """A subscription as its messages name it; `sites` are those that its query names."""

    id: str
    name: str
    language: Language
    sites: frozenset[str]


@dataclass(frozen=True, slots=True)
class Names:
    """What messages say of the subscriptions they are for; `notes` by subscription and change."""

    named: dict[str, Named]
    notes: dict[tuple[str, str], list[str]]

    def of(self, ids: Sequence[str]) -> list[Named]:
        """Those that are there still, the oldest first."""
        return [one for id, one in self.named.items() if id in ids]

    def sites_of(self, ids: Sequence[str]) -> frozenset[str]:
        """The sites that they are about: none where one of them is about all."""
        sites = [one.sites for one in self.of(ids)]
        return frozenset().union(*sites) if all(sites) else frozenset()

    def language(self, ids: Sequence[str]) -> Language:
        """The language of a message to several subscriptions: both where they differ."""
        spoken = {one.language for one in self.of(ids)}
        return spoken.pop() if len(spoken) == 1 else "both"


def notice(row: Any) -> Notice:
    """A row of `notices` beside its `site`, `urlkey` and `payload` in `told`."""
    return Notice(
        change=row["change_id"],
        matter=row["matter"],
        at=row["at"],
        rhythm=Rhythm(row["rhythm"]),
        page=f"{row['site']} {row['urlkey']}",
        payload=row["payload"],
        subscriptions=tuple(row["subscriptions"]),
    )


def family(kin: Sequence[Notice]) -> Notice:
    """One matter: the one that gave it its name where it is here, else the earliest, and the others in it. It is as
    pressing as the most pressing of them."""
    lead = next((one for one in kin if one.change == one.matter), kin[0])
    others = tuple(one for one in kin if one is not lead)
    rhythm = min((one.rhythm for one in kin), key=list(Rhythm).index)
    return Notice(lead.change, lead.matter, lead.at, rhythm, lead.page, lead.payload, lead.subscriptions, others)


def names(connection: Connection, due: Sequence[Notice]) -> Names:
    """What messages of these say of their subscriptions."""
    members = [kin for one in due for kin in one.family]
    ids = {id for one in members for id in one.subscriptions}
    table, matches = schema.subscriptions.c, schema.matches.c
    known = select(table.id, table.name, table.language, table.query).where(table.id.in_(ids))
    rows = connection.execute(known.order_by(table.created_at, table.id))
    named = {row.id: Named(row.id, row.name, row.language, _sites(row.query)) for row in rows}
    noted = select(matches.subscription, matches.change_id, matches.notes).where(
        matches.subscription.in_(ids), matches.change_id.in_({one.change for one in members}), matches.notes != []
    )
    notes = {(row.subscription, row.change_id): row.notes for row in connection.execute(noted)}
    return Names(named, notes)


def _sites(query: str) -> frozenset[str]:
    try:
        return frozenset(parse(query).sites)
    except QueryError:  # logged by alerts.listening, where it matters
        return frozenset()
