"""What people write, held to its form: names, time zones, quiet hours."""

from functools import lru_cache
from zoneinfo import available_timezones

from catalogue.text import clean
from domain.errors import ConfigurationError

_LONGEST = 200


def named(name: str, what: str, hint: str) -> str:
    """The name, tidy. Raises ConfigurationError where nothing of it is left, or it is no name any more."""
    tidy = " ".join(str(clean(name)).split())
    if not tidy:
        raise ConfigurationError(f"the {what} has no name 没有名称", hint=hint)
    if len(tidy) > _LONGEST:
        raise ConfigurationError(
            f"the name of the {what} is {len(tidy)} characters long 名称太长", hint=f"At most {_LONGEST}."
        )
    return tidy


def zone(name: str) -> str:
    """The IANA name of a time zone. Raises ConfigurationError for what is none."""
    if name not in _zones():
        raise ConfigurationError(
            f"«{name}» is no time zone 没有这个时区",
            hint="Write an IANA name: Asia/Shanghai, Asia/Urumqi, Europe/Berlin.",
        )
    return name


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def quiet(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """Quiet hours, minutes after midnight. Raises ConfigurationError for half of them, and for a whole day of them."""
    if (start is None) != (end is None):
        raise ConfigurationError(
            "quiet hours need both a beginning and an end 免打扰时段须有起止", hint="For example 22:00-07:00."
        )
    if start is not None and start == end:
        raise ConfigurationError(
            "quiet hours that end when they begin would be all day 免打扰时段起止相同",
            hint="Say when they end: 22:00-07:00; to be told nothing, pause the subscription.",
        )
    return start, end
