"""What goes out with every answer, and what may come in.

Pages of ours load nothing from elsewhere and run no inline script (CSP Level 3). Captures are other people's
pages: they are served into an opaque origin where nothing runs, loads or is sent.
"""

from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_POLICY = (
    "default-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
CAPTURE_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_DEFAULTS = {"Content-Security-Policy": OWN_POLICY, "Cache-Control": "no-cache"}
_METHODS = ("GET", "HEAD")


class Guard:
    """Reading only: other methods and addresses with a NUL are refused; every answer carries the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        await (_refusal(scope) or self._app)(scope, receive, guarded)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    if scope["method"] not in _METHODS:
        return PlainTextResponse("只读 Read only: GET, HEAD\n", 405, headers={"Allow": ", ".join(_METHODS)})
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if "\0" in scope["path"] or any("\0" in part for pair in asked for part in pair):
        return PlainTextResponse("地址有误 Bad address: it holds a NUL\n", 400)
    return None


def _add_headers(headers: MutableHeaders) -> None:
    headers.update(_ALWAYS)
    for name, value in _DEFAULTS.items():
        headers.setdefault(name, value)
