"""The ledger of deliveries for scripts."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from domain.subscription import State
from web.desk.api import shapes
from web.desk.api.wanted import Again, Plain
from web.desk.paging import After, Limit, link, mark, paged
from web.desk.places import READING
from web.desk.signed import ByToken

router = APIRouter(prefix="/api/deliveries")


@router.api_route("", methods=READING)
def every(
    request: Request, asker: ByToken, state: State | None = None, limit: Limit = 50, after: After = ""
) -> Response:
    """The newest first; `id` is the idempotency key, `payload` what people got."""
    page = paged(asker.desk.deliveries(asker.who, state, limit + 1, mark(after)), limit)
    return JSONResponse([shapes.delivery(one) for one in page.rows], headers=link(request, page.after))


@router.post("/resend")
def resend(asker: ByToken, again: Annotated[Again, Plain]) -> dict[str, int]:
    """Those given up wait again, under their old ids."""
    return {"resent": asker.desk.resend(asker.who, again.ids)}
