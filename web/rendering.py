"""Templates: every value escaped, a name that is missing an error, times shown in Asia/Shanghai."""

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from domain.clock import iso, shown
from web import words

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
    environment.globals |= {"TYPES": words.TYPES, "STATUSES": words.STATUSES, "field": words.field}
    return Jinja2Templates(env=environment)


def web_address(url: str | None) -> str | None:
    """The address where it is http or https, else None: `javascript:` and `data:` never become a link."""
    try:
        return url if url and urlsplit(url).scheme.lower() in ("http", "https") else None
    except ValueError:
        return None
