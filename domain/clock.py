"""Time: UTC inside, Asia/Shanghai shown.

Evidence always carries the real time (`now`). What plans and status windows go by is
`planning_now`, which TONGJIAN_NOW can move for tests and drills.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The real time, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def planning_now() -> datetime:
    """The time that plans and status windows go by, aware, in UTC."""
    from domain.settings import settings

    return settings().now or now()


def parse(text: str) -> datetime:
    """An ISO 8601 time as an aware UTC datetime; a time without zone is Asia/Shanghai.

    Raises ValueError where the text is no ISO time.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def iso(moment: datetime) -> str:
    """UTC with six decimals and a Z: the form used in the bucket, sortable as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def shown(moment: datetime) -> str:
    """For people: Asia/Shanghai, to the second."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
