"""Times of day: minutes after midnight inside, 22:30 for people."""

from domain.errors import ConfigurationError


def minutes(text: str) -> int | None:
    """`22:30` as 1350; None for nothing. Raises ConfigurationError."""
    if not text:
        return None
    hour, colon, minute = text.partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60:
        return int(hour) * 60 + int(minute)
    raise ConfigurationError(f"«{text[:20]}» 不是时刻 is no time of day", hint="Write it as 22:30.")


def clock(minute: int | None) -> str:
    """1350 as `22:30`; None as nothing."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
