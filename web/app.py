"""The reading room as an ASGI application."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from catalogue import Catalogue
from domain.errors import ConfigurationError
from domain.settings import settings
from domain.site import Site
from domain.urls import host
from storage import Archive
from web.captures import captures
from web.desk.opening import open_desk
from web.desk.protocol import Desk
from web.desk.throttling import Slots, Throttle
from web.documents import documents
from web.failing import add_handlers
from web.health import health as standings
from web.interface import interface
from web.masks import masks
from web.memento import ROUTERS, Sharing
from web.rendering import HERE, templates
from web.reprinting import reprinting
from web.room import Characters, Health, Room
from web.security import Guard
from web.views import pages

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def create(
    catalogue: Catalogue,
    archive: Archive,
    characters: Characters,
    *,
    sites: Mapping[str, Site] | None = None,
    hosts: Sequence[str] = (),
    health: Health = dict,
    desk: Desk | None = None,
) -> FastAPI:
    """The reading room over a catalogue and an archive, for uvicorn.

    `characters` gives the spans between two texts. `sites` are those configured, by name; `health` says how
    sites stand. With a `desk` people sign in and look after their subscriptions; without one the room only reads.
    The room answers to loopback names, to the host of TONGJIAN_WEB and to `hosts`. Raises ConfigurationError without
    htmx.
    """
    app = FastAPI(title="Tongjian 通鉴", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.room = Room(catalogue, archive, characters, sites or {}, templates(), health)
    script = _htmx()
    app.add_api_route("/static/htmx.js", lambda: FileResponse(script), methods=["GET", "HEAD"])
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for router in (standings, pages, captures, documents, interface, masks, reprinting, *ROUTERS):
        app.include_router(router)
    app.state.desk, app.state.throttle, app.state.slots = desk, Throttle(), Slots()
    if desk is not None:
        open_desk(app)
    add_handlers(app)
    allowed = [*_LOOPBACK, host(settings().web), *hosts]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False)
    app.add_middleware(Guard, desk=desk is not None)
    if settings().web_share:
        app.add_middleware(Sharing, origin=settings().web_share)
    return app


def _htmx() -> Path:
    """htmx lies in django-htmx, which is not imported: its framework is not here."""
    spec = find_spec("django_htmx")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        script = Path(folder) / "static" / "django_htmx" / "htmx-2.min.js"
        if script.is_file():
            return script
    raise ConfigurationError("htmx-2.min.js is not there", hint="Install django-htmx: `uv sync` does.")
