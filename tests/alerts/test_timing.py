"""When a subscription tells: rhythm, quiet hours, time zones."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.composing import HORIZON
from alerts.timing import due
from domain.subscription import Rhythm


@dataclass(frozen=True)
class Timing:
    rhythm: Rhythm = Rhythm.INSTANT
    hour: int = 8
    quiet_from: int | None = None
    quiet_to: int | None = None
    timezone: str = "Asia/Shanghai"


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NIGHT = {"quiet_from": 22 * 60, "quiet_to": 7 * 60 + 30}


@pytest.mark.parametrize(
    ("timing", "moment", "expected"),
    [
        (Timing(), "2026-03-01 23:10", "2026-03-01 23:10"),
        (Timing(Rhythm.HOURLY), "2026-03-01 23:10", "2026-03-02 00:00"),
        (Timing(Rhythm.HOURLY), "2026-03-01 23:00", "2026-03-02 00:00"),
        (Timing(Rhythm.DAILY), "2026-03-01 07:59:59", "2026-03-01 08:00"),
        (Timing(Rhythm.DAILY), "2026-03-01 08:00", "2026-03-02 08:00"),
        (Timing(Rhythm.DAILY, hour=0), "2026-12-31 13:00", "2027-01-01 00:00"),
        (Timing(**NIGHT), "2026-03-01 21:59", "2026-03-01 21:59"),
        (Timing(**NIGHT), "2026-03-01 22:00", "2026-03-02 07:30"),
        (Timing(**NIGHT), "2026-03-02 07:29", "2026-03-02 07:30"),
        (Timing(**NIGHT), "2026-03-02 07:30", "2026-03-02 07:30"),
        (Timing(Rhythm.HOURLY, **NIGHT), "2026-03-01 21:30", "2026-03-02 07:30"),
        (Timing(Rhythm.DAILY, hour=6, **NIGHT), "2026-03-01 12:00", "2026-03-02 07:30"),
        (Timing(quiet_from=12 * 60, quiet_to=14 * 60), "2026-03-01 13:00", "2026-03-01 14:00"),
        (Timing(quiet_from=12 * 60, quiet_to=14 * 60), "2026-03-01 14:00", "2026-03-01 14:00"),
    ],
)
def test_when_it_is_told(timing: Timing, moment: str, expected: str) -> None:
    assert due(timing, at(moment)) == at(expected)


def test_the_hour_is_that_of_the_subscriber() -> None:
    berlin = Timing(Rhythm.DAILY, timezone="Europe/Berlin")
    assert due(berlin, at("2026-03-01 12:00")) == at("2026-03-01 08:00", "Europe/Berlin")


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_day_on_which_the_clock_is_changed_has_its_digest_at_the_hour_all_the_same(day: str) -> None:
    berlin = Timing(Rhythm.DAILY, timezone="Europe/Berlin")
    assert due(berlin, at(f"{day} 00:30", "Europe/Berlin")) == at(f"{day} 08:00", "Europe/Berlin")


@given(
    rhythm=st.sampled_from(Rhythm),
    hour=st.integers(0, 23),
    quiet=st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1]),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Apia", "Asia/Kathmandu", "UTC"]),
    moment=st.integers(0, 5_000_000).map(lambda minutes: at("2020-01-01") + timedelta(minutes=minutes)),
)
def test_never_before_it_happened_never_in_the_quiet_and_never_beyond_the_horizon(
    rhythm: Rhythm, hour: int, quiet: tuple[int, int] | None, zone: str, moment: datetime
) -> None:
    start, end = quiet or (None, None)
    found = due(Timing(rhythm, hour, start, end, zone), moment)
    assert moment <= found < moment + HORIZON
    if quiet and start is not None and end is not None:
        local = found.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        assert not ((start <= minute < end) if start < end else (minute >= start or minute < end))


def test_quiet_hours_within_an_hour_that_the_clock_repeats_end_when_it_ends() -> None:
    timing = Timing(quiet_from=60, quiet_to=105, timezone="America/New_York")
    again = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # 01:30 for the second time
    assert due(timing, again) == datetime(2026, 11, 1, 6, 45, tzinfo=UTC)
