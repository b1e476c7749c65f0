"""What goes out with every answer, and what may come in.

Pages of ours load nothing from elsewhere and run no inline script (CSP Level 3). Captures are other people's
pages: they are served into an opaque origin where nothing runs, loads or is sent.
"""

from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.desk import admitting
from web.desk.places import READING, is_interface, is_page, methods

OWN_POLICY = (
    "default-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
CAPTURE_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_DEFAULTS = {
    "Content-Security-Policy": OWN_POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
}
# Under no-referrer a form of ours would be sent with `Origin: null` (Fetch, 3.1), as another site's is.
_DESK = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}


class Guard:
    """Reading only, but for the desk's own addresses where there is one; other methods and addresses with a NUL are
    refused; every answer carries the headers."""

    def __init__(self, app: ASGIApp, desk: bool = False) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        at_desk = self._desk and (is_page(scope["path"]) or is_interface(scope["path"]))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), _DESK if at_desk else {})
            await send(message)

        let_in = _refusal(scope, methods(scope["path"]) if at_desk else READING) or receive
        if not isinstance(let_in, Response) and scope["method"] not in READING:
            let_in = admitting.refusal(scope) or await admitting.bounded(scope, receive)
        if isinstance(let_in, Response):
            await let_in(scope, receive, guarded)
        else:
            await self._app(scope, let_in, guarded)


def _refusal(scope: Scope, allowed: list[str]) -> Response | None:
    if scope["method"] not in allowed:
        names = ", ".join(allowed)
        word = "只读 Read only" if allowed == READING else "可用 Allowed"
        return admitting.refused(scope, 405, f"{word}: {names}", {"Allow": names})
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if "\0" in scope["path"] or any("\0" in part for pair in asked for part in pair):
        return admitting.refused(scope, 400, "地址有误 Bad address: it holds a NUL")
    return None


def _add_headers(headers: MutableHeaders, more: dict[str, str]) -> None:
    headers.update(_ALWAYS | more)
    for name, value in _DEFAULTS.items():
        headers.setdefault(name, value)
