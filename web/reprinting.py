"""The panel of a page's reprints, and the same as JSON."""

from typing import Any

from fastapi import APIRouter

from domain.clock import parse
from web.asking import Address
from web.room import InRoom, Room

reprinting = APIRouter()
_SHOWN = 12


@reprinting.api_route("/api/reprints", methods=["GET", "HEAD"])
def reprints(room: InRoom, url: Address, site: str = "") -> dict[str, Any]:
    """The pages that carry an address's article, the first publisher, how sure and why."""
    return room.catalogue.reprints(url, site or None)


def panel(room: Room, url: str, site: str) -> dict[str, Any] | None:
    """What the template shows of a page's cluster; None where it is in none."""
    found = room.catalogue.reprints(url, site)
    if found["first"] is None:
        return None
    shown = {"first": _titled(room, found["first"]), "pages": [_titled(room, item) for item in found["pages"]]}
    return found | shown | {"most": _SHOWN}


def _titled(room: Room, item: dict[str, Any]) -> dict[str, Any]:
    return item | {"site_title": room.title(item["site"]), "published": parse(item["published_at"])}
