"""When a subscription tells: at once, at the full hour or at the hour of its day, and never in its quiet hours."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.subscription import Rhythm


class Timed(Protocol):
    """What times a subscription: as in domain.subscription.Subscription."""

    @property
    def rhythm(self) -> Rhythm: ...
    @property
    def hour(self) -> int: ...
    @property
    def quiet_from(self) -> int | None: ...
    @property
    def quiet_to(self) -> int | None: ...
    @property
    def timezone(self) -> str: ...


def due(of: Timed, moment: datetime) -> datetime:
    """When a change that was matched at `moment` is told, not before `moment`; aware, UTC."""
    local = moment.astimezone(ZoneInfo(of.timezone))
    return _after_quiet(of, _turn(of, local)).astimezone(UTC)


def _turn(of: Timed, local: datetime) -> datetime:
    match of.rhythm:
        case Rhythm.INSTANT:
            return local
        case Rhythm.HOURLY:
            return _at(local, (local.hour + 1) * 60)
        case Rhythm.DAILY:
            today = _at(local, of.hour * 60)
            return today if today > local else _at(local, of.hour * 60, days=1)


def _after_quiet(of: Timed, local: datetime) -> datetime:
    """The end of the quiet hours that a time falls into; the time itself where it falls into none."""
    if of.quiet_from is None or of.quiet_to is None:
        return local
    minute = local.hour * 60 + local.minute
    overnight = of.quiet_from > of.quiet_to
    if overnight and minute >= of.quiet_from:
        return _at(local, of.quiet_to, days=1)
    if (minute < of.quiet_to) if overnight else (of.quiet_from <= minute < of.quiet_to):
        return _at(local, of.quiet_to)
    return local


def _at(local: datetime, minutes: int, days: int = 0) -> datetime:
    """So many minutes after that day's midnight by the clock on the wall, whatever summer time does to the day."""
    day = local.date() + timedelta(days=days + minutes // 1440)
    hour, minute = divmod(minutes % 1440, 60)
    # In an hour that the clock repeats, what is left of its second time is still to come.
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=local.tzinfo, fold=local.fold)
