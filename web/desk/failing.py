"""Failures at the desk: which status each has, and the interface's way to say it."""

from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from domain.errors import ConfigurationError, DeliveryError, Forbidden, Stale, TongjianError
from web.desk.explaining import Pointed
from web.desk.forms import wrong
from web.desk.places import READING, is_interface, is_page
from web.desk.signed import SignInNeeded
from web.desk.throttling import Wait

_STATUSES = ((Forbidden, 403), (ConfigurationError, 422), (DeliveryError, 502))
_MALFORMED = "json_invalid"


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(Wait, _wait)


def status_of(request: Request, error: TongjianError) -> int | None:
    """What an error of the house's means at the desk; None: what it means anywhere."""
    if not at_desk(request):
        return None
    if isinstance(error, Stale):  # RFC 9110: 15.5.13 where it was asked to look, 15.5.10 where it was not
        return 412 if "if-match" in request.headers else 409
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), None)


def at_desk(request: Request) -> bool:
    return is_page(request.url.path) or is_interface(request.url.path)


def invalid(error: RequestValidationError) -> tuple[int, str]:
    """The status, and which fields are wrong and how."""
    found: list[Any] = [
        item | {"loc": item["loc"][1:] or item["loc"], "msg": item["msg"].removeprefix("Value error, ")}
        for item in error.errors()
    ]
    return (400 if any(item["type"] == _MALFORMED for item in found) else 422), wrong(found)


def place(error: Exception) -> dict[str, Any]:
    """Where a query stops making sense: `position` counts its characters from 0; empty for any other error."""
    if not isinstance(error, Pointed):
        return {}
    return {"position": error.position, "zh": error.chinese, "en": error.english}


def said(
    status: int, why: str, hint: str | None = None, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """The interface's answer to what went wrong."""
    return JSONResponse({"error": why, "hint": hint, **more}, status, headers)


async def _sign_in(request: Request, _: Exception) -> Response:
    if is_interface(request.url.path):
        hint = "Send the header `Authorization: Bearer TOKEN`; `tongjian people token NAME` prints one."
        return said(401, "需要令牌 a token is needed", hint, {"WWW-Authenticate": 'Bearer realm="tongjian"'})
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    goal = f"{request.url.path}?{request.url.query}".removesuffix("?")
    wanted = {"next": goal if request.method in READING else "/subscriptions"}
    return RedirectResponse(f"/sign-in?{urlencode(wanted)}", 303)


async def _wait(request: Request, error: Exception) -> Response:
    assert isinstance(error, Wait)
    headers = {"Retry-After": str(error.seconds)}
    if is_interface(request.url.path):
        return said(429, str(error), None, headers)
    return PlainTextResponse(f"{error}\n", 429, headers)
