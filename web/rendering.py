"""Templates: every value escaped, a name that is missing an error, times shown in Asia/Shanghai."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.templating import Jinja2Templates

from domain.clock import iso, shown
from web import words
from web.memento.links import Addresses
from web.memento.originals import quoted

HERE = Path(__file__).resolve().parent


def templates() -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "iso": iso, "web_address": web_address}
    environment.filters |= {"dated": dated, "timemap": timemap, "timegate": timegate}
    environment.globals |= {"TYPES": words.TYPES, "STATUSES": words.STATUSES, "field": words.field}
    return Jinja2Templates(env=environment, context_processors=[at_desk])


def at_desk(request: Request) -> dict[str, Any]:
    """For every page: is there a desk, and who is signed in where that was asked."""
    desk = getattr(request.app.state, "desk", None)
    return {"desk": desk is not None, "person": getattr(request.state, "person", None)}


_HERE = Addresses("")


def dated(url: str, at: datetime, *, raw: bool = False) -> str:
    """The memento of an address at a time, as a path."""
    return _HERE.dated(at, quoted(url), raw=raw)


def timemap(url: str, form: str = "link") -> str:
    return _HERE.map(quoted(url), form)


def timegate(url: str) -> str:
    return _HERE.gate(quoted(url))


def web_address(url: str | None) -> str | None:
    """The address where it is http or https, else None: `javascript:` and `data:` never become a link."""
    try:
        return url if url and urlsplit(url).scheme.lower() in ("http", "https") else None
    except ValueError:
        return None
