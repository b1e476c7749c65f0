"""Subscriptions for scripts."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from domain.subscription import Subscription
from web.desk.api import shapes
from web.desk.api.wanted import Given, Plain, Wanted, changed
from web.desk.feeding import feed_address
from web.desk.forms import kept
from web.desk.paging import After, Limit, link, mark, paged
from web.desk.places import READING
from web.desk.signed import ByToken
from web.desk.versions import hold, tagged

router = APIRouter(prefix="/api/subscriptions")
_SWITCH = "active"


@router.api_route("", methods=READING)
def every(request: Request, asker: ByToken, limit: Limit = 100, after: After = "") -> Response:
    """Theirs and their teams', the newest first."""
    page = paged(asker.desk.subscription_page(asker.who, limit + 1, mark(after)), limit)
    return JSONResponse([shapes.subscription(one) for one in page.rows], headers=link(request, page.after))


@router.post("")
def add(asker: ByToken, wanted: Annotated[Wanted, Plain]) -> Response:
    """201, and where it is."""
    made = asker.desk.add(asker.who, wanted)
    return JSONResponse(shapes.subscription(made), 201, {"Location": f"/api/subscriptions/{made.id}", **tagged(made)})


@router.api_route("/{id}", methods=READING)
def one(asker: ByToken, id: str) -> Response:
    return _whole(asker.desk.subscription(asker.who, id))


def _whole(held: Subscription) -> Response:
    """With its version, for If-Match."""
    return JSONResponse(shapes.subscription(held), headers=tagged(held))


@router.patch("/{id}")
def change(request: Request, asker: ByToken, id: str, given: Given) -> Response:
    """Only what is given changes; `active` pauses it and lets it go on. 412 where If-Match names another version; 409
    where somebody changes it at the same moment."""
    held = asker.desk.subscription(asker.who, id)
    hold(request, held)
    wanted = changed(kept(held), given)
    if given.keys() - {_SWITCH}:
        held = asker.desk.change(asker.who, id, wanted, held)
    if _SWITCH in given:
        held = asker.desk.switch(asker.who, id, active=wanted.active, was=held)
    return _whole(held)


@router.delete("/{id}")
def remove(request: Request, asker: ByToken, id: str) -> Response:
    held = asker.desk.subscription(asker.who, id)
    hold(request, held)
    asker.desk.remove(asker.who, id, held if "if-match" in request.headers else None)
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
