"""Channels for scripts."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from web.desk.api import shapes
from web.desk.api.wanted import Plain, WantedChannel
from web.desk.paging import After, Limit, link, mark, paged
from web.desk.places import READING
from web.desk.signed import ByToken

router = APIRouter(prefix="/api/channels")


@router.api_route("", methods=READING)
def every(request: Request, asker: ByToken, limit: Limit = 100, after: After = "") -> Response:
    """The newest first; `shown` is the address without what is secret in it."""
    page = paged(asker.desk.channel_page(asker.who, limit + 1, mark(after)), limit)
    return JSONResponse([shapes.channel(one) for one in page.rows], headers=link(request, page.after))


@router.post("")
def add(asker: ByToken, wanted: Annotated[WantedChannel, Plain]) -> Response:
    return JSONResponse(shapes.channel(asker.desk.add_channel(asker.who, wanted)), 201)


@router.delete("/{id}")
def remove(asker: ByToken, id: str) -> Response:
    asker.desk.remove_channel(asker.who, id)
    return Response(status_code=204)


@router.post("/{id}/enable")
def enable(asker: ByToken, id: str) -> dict[str, Any]:
    """Switched on again; what it missed waits to be sent."""
    return shapes.channel(asker.desk.enable_channel(asker.who, id))


@router.post("/{id}/test")
def test(asker: ByToken, id: str) -> dict[str, str]:
    """Sends a test message now; 502 where the endpoint does not take it."""
    with asker.slots.taken():
        return {"answer": asker.desk.try_channel(asker.who, id)}
