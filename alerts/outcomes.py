"""What an attempt leaves behind: with the message, and with its channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from alerts import schema
from alerts.channels import Away, Closed, Gone
from alerts.switching import OFF, is_hopeless, switch_off
from catalogue.text import clean
from domain.clock import now as real_now
from domain.errors import DeliveryError
from domain.subscription import State, Via

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
# A message that its endpoint refuses is given up; one whose endpoint is away waits for as long as the channel does.
MOST_REFUSALS = 8
_table, _channels = schema.deliveries, schema.channels


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: how it left the delivery, and what the endpoint had against it."""

    state: State
    error: DeliveryError | None = None

    @classmethod
    def failed(cls, row: Any, error: DeliveryError) -> "Try":
        """The attempt at a row of `deliveries` that ended with an error."""
        refused = not isinstance(error, Away) and row["refusals"] + 1 >= MOST_REFUSALS
        return cls(State.DEAD if refused or isinstance(error, Gone) else State.WAITING, error)


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures: 30 s, then twice as long each time, at most 1 h."""
    doubled: int = 2 ** min(max(failures - 1, 0), 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def put_down(connection: Connection, row: Any, attempt: Try, now: datetime, web: str) -> None:
    """`row` is one of `deliveries` with its channel's columns as `channel_…`; both are held."""
    delivered = attempt.state is State.DELIVERED
    error = attempt.error
    values: dict[str, Any] = {
        "state": attempt.state.value,
        "attempts": row["attempts"] + 1,
        "refusals": row["refusals"] + (error is not None and not isinstance(error, Away)),
        "last_error": clean(_why(error)) if error else row["last_error"],
        "tried_at": real_now(),
        "delivered_at": real_now() if delivered else None,
    }
    if attempt.state is State.WAITING:
        values["next_try_at"] = now + _wait(row["attempts"] + 1, error)
    connection.execute(update(_table).where(_table.c.id == row["id"]).values(values))
    if error is None:
        _accepted(connection, row)
    else:
        _failed(connection, row, error, now, web)


def _why(error: DeliveryError) -> str:
    """As a person reads it; what an endpoint that is gone did not take counts as given up with its channel."""
    return f"{OFF}{error}" if isinstance(error, Gone) else str(error)


def _wait(failures: int, error: DeliveryError | None) -> timedelta:
    """The pause, or as long as the endpoint asked for where that is longer."""
    asked = getattr(error, "retry_after", None) or timedelta(0)
    return max(pause(failures), min(asked, LONGEST_PAUSE))


def _accepted(connection: Connection, row: Any) -> None:
    if row["channel_failures"]:
        well = {"failures": 0, "failing_since": None, "paused_until": None}
        connection.execute(update(_channels).where(_channels.c.id == row["channel"]).values(well))


def _failed(connection: Connection, row: Any, error: DeliveryError, now: datetime, web: str) -> None:
    """Counts it against the channel, but for what is ours, not the addressee's: a mail server that is away, a key that
    is lost."""
    away = isinstance(error, Away)
    if isinstance(error, Closed) or (away and row["channel_via"] == Via.EMAIL.value):
        return
    failures = row["channel_failures"] + 1
    since = row["channel_failing_since"] or now
    values: dict[str, Any] = {"failures": failures, "failing_since": since}
    if away:
        values["paused_until"] = now + _wait(failures, error)
    connection.execute(update(_channels).where(_channels.c.id == row["channel"]).values(values))
    if isinstance(error, Gone):
        switch_off(connection, row["channel"], f"its endpoint wants no message any more: {error}", now, web)
    elif is_hopeless(failures, since, now):
        switch_off(connection, row["channel"], f"it accepted nothing since {since.isoformat()}: {error}", now, web)
