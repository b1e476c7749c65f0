"""Lists by pages, the newest first: `after` says where the last page ended, in the page's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, Protocol, TypeVar

from fastapi import Query, Request

from domain.desk import Mark
from domain.errors import ConfigurationError

_FORM, _MARK = "%Y%m%dT%H%M%S%f", re.compile(r"([0-9]{8}T[0-9]{12})-(\w{1,64})", re.ASCII)
After = Annotated[str, Query(max_length=100)]
Limit = Annotated[int, Query(ge=1, le=500)]


class _Made(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def created_at(self) -> datetime: ...


class _Told(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def at(self) -> datetime: ...


Thing = TypeVar("Thing", bound=_Made | _Told)


@dataclass(frozen=True, slots=True)
class Paged(Generic[Thing]):
    """One page; `after` is the next one's, empty where this is the last."""

    rows: tuple[Thing, ...]
    after: str


def paged(found: Sequence[Thing], limit: int) -> Paged[Thing]:
    """A page of what was looked up with one row more than it takes."""
    rows = tuple(found[:limit])
    return Paged(rows, _said(rows[-1]) if len(found) > limit else "")


def _said(row: _Made | _Told) -> str:
    at: datetime = getattr(row, "at", None) or row.created_at  # type: ignore[union-attr]
    return f"{at.astimezone(UTC):{_FORM}}-{row.id}"


def mark(after: str) -> Mark | None:
    """Where to go on; None for nothing. Raises ConfigurationError for what no page of ours says."""
    if not after:
        return None
    said = _MARK.fullmatch(after)
    try:
        if said:
            return Mark(datetime.strptime(said[1], _FORM).replace(tzinfo=UTC), said[2])
    except ValueError:
        said = None
    raise ConfigurationError("«after» 不可读 is no place in this list", hint="Take it from the answer before it.")


def link(request: Request, after: str) -> dict[str, str]:
    """Where the next page is, for scripts: RFC 8288."""
    if not after:
        return {}
    asked = request.url.include_query_params(after=after)
    return {"Link": f'<{asked.path}?{asked.query}>; rel="next"'}
