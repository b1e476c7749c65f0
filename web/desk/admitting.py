"""What a request that would change something must show before any of its body is looked at.

The pages go by a cookie, so a request must come from a page of ours (OWASP, Cross-Site Request Forgery Prevention:
standard headers say where it comes from). The interface takes no cookie, only a bearer token, which no page of
another site can make a browser send.
"""

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Message, Receive, Scope

from domain.settings import settings
from web.desk.places import is_interface

MOST = 64 * 1024
_SECONDS = 15
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_PORTS = {"http": 80, "https": 443}


def refusal(scope: Scope) -> Response | None:
    """Why this request is not let in; None: it is."""
    headers, wanted = Headers(scope=scope), _JSON if is_interface(scope["path"]) else _FORM
    if not is_interface(scope["path"]) and not _from_here(scope, headers):
        return refused(scope, 403, "请求不是从本站页面发出的 This request does not come from a page of ours.")
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST:
        return _too_long(scope)
    sent = int(length) > 0 or "transfer-encoding" in headers
    if sent and headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        return refused(scope, 415, f"请以 {wanted} 发送 Send {wanted}.")
    return None


async def bounded(scope: Scope, receive: Receive) -> Receive | Response:
    """The body read whole, and given again; a refusal where it is too long or too slow."""
    body, more = b"", True
    try:
        async with asyncio.timeout(_SECONDS):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return refused(scope, 400, "请求中断 The request broke off.")
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > MOST:
                    return _too_long(scope)
    except TimeoutError:
        return refused(scope, 408, "请求太慢 The request came too slowly.")
    return _again(body, receive)


def _again(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return waiting.pop() if waiting else await receive()

    return given


def refused(scope: Scope, status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    """In the form that who asks can read."""
    if is_interface(scope["path"]):
        return JSONResponse({"error": why, "hint": None}, status, headers)
    return PlainTextResponse(f"{why}\n", status, headers)


def _too_long(scope: Scope) -> Response:
    return refused(scope, 413, f"内容过长，至多 {MOST} 字节 Too long: {MOST} bytes at most.")


def _from_here(scope: Scope, headers: Headers) -> bool:
    """True where the browser says that a page of ours sent it. Every browser has said so since 2020 (Fetch, 3.1);
    Sec-Fetch-Site comes over https and from loopback alone."""
    ours = {_origin(f"{scope['scheme']}://{headers.get('host', '')}"), _origin(settings().web)}
    site = headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and _origin(headers.get("origin", "")) in ours - {None}


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port else None
