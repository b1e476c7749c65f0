"""Teams: who is a member, and as what."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import ConfigurationError
from domain.subscription import Role
from web.desk.explaining import Problem, problem
from web.desk.forms import Filled
from web.desk.owners import owners
from web.desk.places import READING
from web.desk.signed import Asker, ByCookie
from web.room import InRoom, Room

router = APIRouter(prefix="/teams")


@router.api_route("", methods=READING)
def every(room: InRoom, request: Request, asker: ByCookie) -> Response:
    return _listed(room, request, asker)


def _listed(room: Room, request: Request, asker: Asker, wrong: Problem | None = None) -> Response:
    whose = owners(asker)
    people = asker.desk.people(asker.who) if any(whose.governs(team) for team in whose.teams) else ()
    shown = {"owners": whose, "people": people, "roles": tuple(Role), "problem": wrong}
    return room.templates.TemplateResponse(request, "desk/teams.html", shown, status_code=422 if wrong else 200)


@router.post("")
def add(room: InRoom, request: Request, asker: ByCookie, form: Filled) -> Response:
    try:
        asker.desk.add_team(asker.who, form.one("name"))
    except ConfigurationError as error:
        return _listed(room, request, asker, problem(error))
    return RedirectResponse("/teams", 303)


@router.post("/{id}/members")
def put_member(room: InRoom, request: Request, asker: ByCookie, id: str, form: Filled) -> Response:
    """Puts somebody in, or gives them another role; an empty role takes them out."""
    person, role = form.one("person"), form.one("role")
    try:
        if role:
            asker.desk.put_member(asker.who, id, person, Role(role))
        else:
            asker.desk.remove_member(asker.who, id, person)
    except ConfigurationError as error:
        return _listed(room, request, asker, problem(error))
    except ValueError as error:
        return _listed(room, request, asker, problem(ConfigurationError(f"没有这种角色 no such role: {error}")))
    return RedirectResponse("/teams", 303)
