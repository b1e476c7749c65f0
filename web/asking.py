"""What may be asked for in an address's query, checked before anything is looked up."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator

from domain.change import ChangeType
from domain.clock import parse
from domain.urls import urlkey


def _address(url: str) -> str:
    """Raises ValueError for what has no urlkey: a broken IPv6 host, a port that is no number."""
    if not urlkey(url.strip()).strip(")/"):
        raise ValueError("no address")
    return url.strip()


def _blank(value: object) -> object:
    return None if value == "" else value


def _moment(value: object) -> object:
    """An ISO time; the plus of +08:00 may have become a blank on its way."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    try:
        return parse(text)
    except ValueError:
        return parse("+".join(text.rsplit(" ", 1)))


Address = Annotated[str, AfterValidator(_address)]
Type = Annotated[ChangeType | None, BeforeValidator(_blank)]
Since = Annotated[datetime | None, BeforeValidator(_moment)]
Numbered = Annotated[int | None, BeforeValidator(_blank), Query(ge=1, lt=2**31)]
