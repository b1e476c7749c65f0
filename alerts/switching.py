"""A channel that leads nowhere is switched off, its messages are kept, and its owner is told by another one."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from alerts import schema
from alerts.payload import switched_off
from catalogue.connection import transaction
from catalogue.text import clean
from domain.clock import iso
from domain.subscription import Rhythm, Role, State

log = logging.getLogger(__name__)

# The rule: an endpoint that accepted nothing for so long, in so many attempts at least. A clock that jumps makes no
# attempts; a channel that is seldom used has had few.
PATIENCE, ATTEMPTS = timedelta(days=3), 20
CHANNEL = "channel"
OFF = "the channel is switched off: "
_table, _channels, _notices = schema.deliveries, schema.channels, schema.notices


def is_hopeless(failures: int, since: datetime, now: datetime) -> bool:
    """True of a channel that failed so often, at every attempt since then."""
    return failures >= ATTEMPTS and now - since >= PATIENCE


def switch_off(connection: Connection, id: str, why: str, now: datetime, web: str) -> None:
    """Switches a channel off and puts down that its owner is told, by their other channels."""
    why = clean(why)  # an endpoint's own words may be in it
    off = {"active": False, "disabled_why": why, "paused_until": None}
    changed = update(_channels).where(_channels.c.id == id, _channels.c.active).values(off).returning(*_channels.c)
    row = connection.execute(changed).mappings().one_or_none()
    if row is not None:
        log.error("channel %s (%s, %s) is switched off: %s", id, row["name"], row["shown"], why)
        _tell_owner(connection, row, why, now, web)


def bury(source: Engine) -> int:
    """Gives up what waits for channels that are switched off, to be sent again by hand or when one is switched on
    again; gives how many."""
    held = (
        select(_table.c.id, _channels.c.disabled_why)
        .join(_channels, _channels.c.id == _table.c.channel)
        .where(_table.c.state == State.WAITING.value, ~_channels.c.active)
        # With the channel: what is given up while one is switched on again is there for endpoints.enable to send.
        .with_for_update(skip_locked=True, key_share=True, of=[_table, _channels])
    )
    with transaction(source) as connection:
        rows = connection.execute(held).all()
        for row in rows:
            given_up = {"state": State.DEAD.value, "last_error": OFF + row.disabled_why}
            connection.execute(update(_table).where(_table.c.id == row.id).values(given_up))
    return len(rows)


def _tell_owner(connection: Connection, row: Any, why: str, now: datetime, web: str) -> None:
    """A notice to each of the owner's other channels; of a team's, to its owners' own ones too."""
    key = f"{CHANNEL} {row['id']} {iso(now)}"
    link = f"{web.rstrip('/')}/channels"
    told = {"change_id": key, "at": now, "site": CHANNEL, "urlkey": row["id"], "type": CHANNEL, "change_at": now}
    values = told | {"matter": key, "payload": switched_off(row["name"], why, web, link) | {"id": key}}
    connection.execute(insert(schema.told).values(values).on_conflict_do_nothing())
    for other in connection.scalars(_others(row)):
        notice = {"channel": other, "change_id": key, "matter": key, "at": now, "subscriptions": []}
        timed = {"rhythm": Rhythm.INSTANT.value, "due_at": now}
        connection.execute(insert(_notices).values(notice | timed).on_conflict_do_nothing())


def _others(row: Any) -> Any:
    member = schema.members.c
    leaders = select(member.person).where(member.team == row["team"], member.role == Role.OWNER.value)
    mine = or_(_channels.c.person == row["person"], _channels.c.team == row["team"], _channels.c.person.in_(leaders))
    return select(_channels.c.id).where(mine, _channels.c.active, _channels.c.id != row["id"])
