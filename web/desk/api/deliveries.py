"""The ledger of deliveries for scripts."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from domain.subscription import State
from web.desk.api import shapes
from web.desk.api.wanted import Again, Plain
from web.desk.places import READING
from web.desk.signed import ByToken

router = APIRouter(prefix="/api/deliveries")


@router.api_route("", methods=READING)
def every(
    asker: ByToken, state: State | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> list[dict[str, Any]]:
    """The newest first; `id` is the idempotency key, `payload` what people got."""
    return [shapes.delivery(one) for one in asker.desk.deliveries(asker.who, state, limit)]


@router.post("/resend")
def resend(asker: ByToken, again: Annotated[Again, Plain]) -> dict[str, int]:
    """Those given up wait again, under their old ids."""
    return {"resent": asker.desk.resend(asker.who, again.ids)}
