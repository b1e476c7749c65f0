"""Whether scripts of another origin may read mementos: no, unless TONGJIAN_WEB_SHARE names it."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_SHARED = ("/timegate/", "/timemap/", "/memento/")
_EXPOSED = ("Link", "Memento-Datetime", "Content-Location", "Content-Digest", "Vary")


class Sharing:
    """CORS (Fetch standard) for the Memento addresses alone; nothing else of the room is ever shared."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=[origin],
            allow_methods=["GET", "HEAD"],
            allow_headers=["Accept-Datetime"],
            expose_headers=_EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shared = scope["type"] == "http" and scope["path"].startswith(_SHARED)
        await (self._shared if shared else self._app)(scope, receive, send)
