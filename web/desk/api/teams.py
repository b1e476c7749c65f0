"""Teams for scripts."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from web.desk.api import shapes
from web.desk.api.wanted import Membership, NewTeam, Plain
from web.desk.places import READING
from web.desk.signed import ByToken

router = APIRouter(prefix="/api/teams")


@router.api_route("", methods=READING)
def every(asker: ByToken) -> list[dict[str, Any]]:
    return [shapes.team(one) for one in asker.desk.teams(asker.who)]


@router.post("")
def add(asker: ByToken, wanted: Annotated[NewTeam, Plain]) -> Response:
    """Whoever makes it owns it."""
    return JSONResponse(shapes.team(asker.desk.add_team(asker.who, wanted.name)), 201)


@router.put("/{id}/members/{person}")
def put_member(asker: ByToken, id: str, person: str, wanted: Membership) -> dict[str, Any]:
    return shapes.team(asker.desk.put_member(asker.who, id, person, wanted.role))


@router.delete("/{id}/members/{person}")
def remove_member(asker: ByToken, id: str, person: str) -> dict[str, Any]:
    return shapes.team(asker.desk.remove_member(asker.who, id, person))
