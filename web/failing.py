"""Failures as people and scripts can read them: what was asked for, what is wrong, what to do."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from domain.errors import CatalogueError, IntegrityError, NotFound, StorageError, TakenDown, TongjianError
from web.desk import failing as desk
from web.desk.places import is_interface, loggable
from web.room import Room
from web.words import Word

log = logging.getLogger(__name__)

_HEADINGS = {
    400: Word("地址有误", "That cannot be asked"),
    403: Word("权限不足", "That is not yours to do"),
    404: Word("没有留存", "Nothing is kept of that"),
    405: Word("不可如此", "Not in this way"),
    409: Word("其间已被改动", "Somebody else has changed it"),
    412: Word("其间已被改动", "Somebody else has changed it"),
    422: Word("填写有误", "Something in it is wrong"),
    451: Word("因法律原因下架", "Taken down for legal reasons"),
    500: Word("出错了", "Something is wrong"),
    502: Word("对方没有接受", "The other end did not take it"),
    503: Word("暂时不可用", "Not available just now"),
}
_BACK_SOON = "PostgreSQL 或对象存储没有应答 The database or the bucket does not answer."


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(TongjianError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _unknown)


async def _ours(request: Request, error: Exception) -> Response:
    hint = error.hint if isinstance(error, TongjianError) else None
    if isinstance(error, TakenDown):
        return failure(request, 451, str(error), hint)  # RFC 7725
    if isinstance(error, NotFound):
        return failure(request, 404, str(error), hint)
    status = desk.status_of(request, error) if isinstance(error, TongjianError) else None
    if status:
        place = desk.place(error) if is_interface(request.url.path) else {}
        return desk.said(status, str(error), hint, **place) if place else failure(request, status, str(error), hint)
    log.error("%s: %s", loggable(request.url.path), error)
    if isinstance(error, CatalogueError | StorageError) and not isinstance(error, IntegrityError):
        # The message may name hosts and folders: it is for the log.
        return failure(request, 503, _BACK_SOON, hint)
    return failure(request, 500, str(error), hint)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if is_interface(request.url.path):
        return desk.said(*desk.invalid(error))
    names = ", ".join(sorted({str(item["loc"][-1]) for item in error.errors()}))
    return failure(request, 400, f"«{names}» 缺失或不可读 is missing or cannot be read.", None)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return failure(request, 405, "这里不能这样做 That cannot be done here.", None)
    return failure(request, error.status_code, f"没有这个页面 There is no page {request.url.path} here.", None)


def failure(request: Request, status: int, message: str, hint: str | None = None) -> Response:
    """The page, or for scripts the JSON, that says what is wrong."""
    if is_interface(request.url.path):
        return desk.said(status, message, hint)
    if request.url.path == "/health" or request.url.path.startswith("/api/"):
        word = "unavailable" if status == 503 else "error"
        return JSONResponse({"status": word, "error": message, "hint": hint}, status)
    room: Room = request.app.state.room
    asked = request.query_params.get("url") or request.url.path
    said = {"heading": _HEADINGS.get(status, _HEADINGS[500]), "status": status, "asked": asked}
    return room.templates.TemplateResponse(
        request, "failure.html", {**said, "message": message, "hint": hint}, status_code=status
    )
