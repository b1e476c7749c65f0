"""Subscriptions for scripts."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from web.desk.api import shapes
from web.desk.api.wanted import Given, Plain, Wanted, changed
from web.desk.feeding import feed_address
from web.desk.forms import kept
from web.desk.places import READING
from web.desk.signed import ByToken

router = APIRouter(prefix="/api/subscriptions")
_SWITCH = "active"


@router.api_route("", methods=READING)
def every(asker: ByToken) -> list[dict[str, Any]]:
    """Theirs and their teams', the oldest first."""
    return [shapes.subscription(one) for one in asker.desk.subscriptions(asker.who)]


@router.post("")
def add(asker: ByToken, wanted: Annotated[Wanted, Plain]) -> Response:
    """201, and where it is."""
    made = asker.desk.add(asker.who, wanted)
    return JSONResponse(shapes.subscription(made), 201, {"Location": f"/api/subscriptions/{made.id}"})


@router.api_route("/{id}", methods=READING)
def one(asker: ByToken, id: str) -> dict[str, Any]:
    return shapes.subscription(asker.desk.subscription(asker.who, id))


@router.patch("/{id}")
def change(asker: ByToken, id: str, given: Given) -> dict[str, Any]:
    """Only what is given changes; `active` pauses it and lets it go on."""
    held = asker.desk.subscription(asker.who, id)
    wanted = changed(kept(held), given)
    if given.keys() - {_SWITCH}:
        held = asker.desk.change(asker.who, id, wanted)
    if _SWITCH in given:
        held = asker.desk.switch(asker.who, id, active=wanted.active)
    return shapes.subscription(held)


@router.delete("/{id}")
def remove(asker: ByToken, id: str) -> Response:
    asker.desk.remove(asker.who, id)
    return Response(status_code=204)


@router.post("/{id}/feed")
def renew_feed(asker: ByToken, id: str) -> dict[str, str]:
    """The feed's new addresses, told this once; the old ones end."""
    address = feed_address(asker.desk.renew_feed(asker.who, id))
    return {"atom": f"{address}.atom", "json": f"{address}.json"}


@router.api_route("/{id}/matches", methods=READING)
def matches(asker: ByToken, id: str, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> list[dict[str, Any]]:
    """The last changes that it matched, the newest first."""
    return [shapes.match(one) for one in asker.desk.matches(asker.who, id, limit)]
