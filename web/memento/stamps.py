"""Times as Memento writes them: 14 digits and a fraction in an address, RFC 1123 in a header."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

_STAMP = re.compile(r"([0-9]{4,20})(?:-([0-9a-f]{8,64}))?(id_)?")
_FROM = "00000101000000"
_EXACT = 20
_ID_SHOWN = 12
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WANTED = "Accept-Datetime must be one date as in «Thu, 31 May 2007 20:35:00 GMT»"
_RFC1123 = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The dated part of an address. `exact`: to the microsecond; `id`: the beginning of a capture's id, or empty;
    `raw`: the bytes are asked for exactly as captured (`id_`)."""

    at: datetime
    exact: bool
    id: str
    raw: bool


def read(text: str) -> Stamp:
    """`YYYY` to `YYYYMMDDhhmmss`, then up to six digits of a fraction, `-` and a capture's id, `id_`; UTC.

    Raises ValueError.
    """
    found = _STAMP.fullmatch(text)
    if not found or (len(found[1]) < len(_FROM) and len(found[1]) % 2):
        raise ValueError(f"«{text[:40]}» is no time: write YYYYMMDDhhmmss, UTC")
    digits = found[1]
    whole, fraction = (digits + _FROM[len(digits) :])[: len(_FROM)], digits[len(_FROM) :]
    year, rest = int(whole[:4]), [int(whole[place : place + 2]) for place in range(4, len(_FROM), 2)]
    month, day, hour, minute, second = rest
    at = datetime(year, month, day, hour, minute, second, int(fraction.ljust(6, "0") or 0), UTC)
    return Stamp(at, len(digits) == _EXACT, found[2] or "", bool(found[3]))


def written(at: datetime, id: str, *, twin: bool, raw: bool = False) -> str:
    """The dated part that names one capture; its id is in it where the microsecond is another's too."""
    digits = at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f").zfill(_EXACT)
    return digits + (f"-{id[:_ID_SHOWN]}" if twin else "") + ("id_" if raw else "")


def http_date(at: datetime) -> str:
    """RFC 1123, GMT, to the second: the form of Memento-Datetime (RFC 7089, section 2.1.1)."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def accept_datetime(values: list[str]) -> datetime | None:
    """What Accept-Datetime asks for, UTC; None where there is no such header.

    Raises ValueError where it is no RFC 1123 date in GMT or is there twice (RFC 7089, section 4.5.3).
    """
    if not values:
        return None
    found = _RFC1123.fullmatch(values[0].strip()) if len(values) == 1 else None
    if found is None:
        raise ValueError(_WANTED)
    day, month, year, hour, minute, second = found.groups()
    try:
        whole = (int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
        return datetime(*whole, tzinfo=UTC)
    except ValueError as error:  # 31 February, 25 o'clock
        raise ValueError(_WANTED) from error
