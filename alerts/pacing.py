"""How fast endpoints are told: so many messages a minute, so many a second, whoever sends them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from alerts import schema
from alerts.channels import Limits
from domain.clock import now as real_now

SECOND = timedelta(seconds=1)
# The first of two numbers: the catalogue's locks have one.
_LANE = 0x6C616E65
_tried, _channels = schema.deliveries.c, schema.channels.c


def room(connection: Connection, lane: str, limits: Limits) -> timedelta | None:
    """How long until an endpoint takes the next message: zero is now, at most a second; None is not in this round.

    Every attempt counts that was put down for a channel of this lane, by any process. Of two processes one at a time
    sends to an endpoint that has a limit, until its transaction ends: else both would take the last place. What a
    clock that jumped back put down ahead of now counts for as long as what it put down before.
    """
    if limits.messages is None and limits.second is None:
        return timedelta(0)
    if not connection.scalar(select(func.pg_try_advisory_xact_lock(_LANE, func.hashtext(lane)))):
        return None
    moment, span = real_now(), max(limits.per, SECOND)
    mine = _tried.channel.in_(select(_channels.id).where(_channels.lane == lane))
    lately = select(_tried.tried_at).where(mine, _tried.tried_at.between(moment - span, moment + span))
    times = connection.scalars(lately.order_by(_tried.tried_at.desc())).all()
    if limits.messages is not None and len(times) >= limits.messages:
        return None
    return _rest(times, limits.second, moment)


def _rest(times: Sequence[datetime], second: int | None, moment: datetime) -> timedelta:
    """Until fewer than so many lie within a second; `times` are the newest first."""
    recent = [one for one in times if abs(moment - one) < SECOND]
    if second is None or len(recent) < second:
        return timedelta(0)
    return min(recent[second - 1] + SECOND - moment, SECOND)
