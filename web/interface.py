"""JSON for scripts: changes, the history of an address."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from catalogue import shapes
from web.asking import Address, Since, Type
from web.room import InRoom

interface = APIRouter()
_READING = ["GET", "HEAD"]


@interface.api_route("/api/changes", methods=_READING)
def changes(
    room: InRoom,
    since: Since = None,
    site: str = "",
    type: Type = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    after: str = "",
) -> list[dict[str, Any]]:
    """Changes, newest first. `since` an ISO time, included; `after` the id that the answer before ended with."""
    found = room.catalogue.changes(since, site or None, type, limit, after or None)
    return [shapes.change(change) for change in found]


@interface.api_route("/api/history", methods=_READING)
def history(room: InRoom, url: Address, site: str = "") -> dict[str, Any]:
    """An address's status, versions, captures and changes."""
    return room.catalogue.history(url, site or None)
