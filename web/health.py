"""How the sites stand: for people a page, for probes whether the room is open."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from domain.clock import iso
from domain.health import Measure, Standing
from web.room import InRoom
from web.shaping import SiteRow, site_rows

health = APIRouter()
# Of these the value is a share.
_SHARES = frozenset({"titled", "timed", "sourced", "bodied", "garbled", "drifted", "blocked", "failed"})


@health.api_route("/health", methods=["GET", "HEAD"])
def standing(room: InRoom, request: Request) -> Response:
    """Who asks for HTML gets all sites with their states. Else JSON: 200 where the catalogue answers, else 503;
    `last_run` is when the newest run began, UTC."""
    if "text/html" in request.headers.get("accept", ""):
        rows = [(row, numbers(row)) for row in site_rows(room)]
        return room.templates.TemplateResponse(request, "health.html", {"rows": rows})
    runs = room.catalogue.runs(limit=1)
    return JSONResponse({"status": "ok", "last_run": iso(runs[0].started) if runs else None})


@health.api_route("/api/health", methods=["GET", "HEAD"])
def states(room: InRoom) -> list[dict[str, Any]]:
    """How each site stood when last looked at, as `tongjian health --json`."""
    return [shape(one) for _, one in sorted(room.health().items())]


def shape(one: Standing) -> dict[str, Any]:
    return one.model_dump(mode="json") | {"stale": one.stale, "reason": one.reason}


def numbers(row: SiteRow) -> list[dict[str, Any]]:
    """What was counted beside what is usual, in words; what nothing is known of is left out."""
    found = row.standing.numbers if row.standing else ()
    return [_number(one) for one in found if one.value is not None]


def _number(one: Measure) -> dict[str, Any]:
    usual = None if one.usual is None else _shown(one.name, one.usual)
    return {"measure": one, "value": _shown(one.name, one.value or 0), "usual": usual}


def _shown(name: str, value: float) -> str:
    return f"{value:.0%}" if name in _SHARES else f"{value:.0f}"
