"""Signing in with a token, and out."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.settings import settings
from web.desk.forms import Filled
from web.desk.places import READING, is_page
from web.desk.signed import COOKIE, client_of, desk_of, held_up, throttle_of
from web.room import InRoom, Room

signing = APIRouter()
_HOME = "/subscriptions"
_LASTS = 30 * 24 * 3600


@signing.api_route("/sign-in", methods=READING)
def asking(room: InRoom, request: Request, next: str = "") -> Response:
    """The form. Who follows a link from elsewhere comes without their cookie (SameSite=Strict) and is offered to go
    on with it."""
    return _shown(room, request, inside(next))


@signing.post("/sign-in")
def sign_in(room: InRoom, request: Request, form: Filled) -> Response:
    """303 to where they wanted to go, with the cookie; 403 for a token that nobody has; 429 after many of those."""
    held_up(request)
    session = desk_of(request).sign_in(form.one("token"))
    if session is None:
        throttle_of(request).failed(client_of(request))
        return _shown(room, request, inside(form.one("next")), wrong=True)
    answer = RedirectResponse(inside(form.one("next")), 303)
    answer.set_cookie(COOKIE, session, max_age=_LASTS, secure=_is_https(), httponly=True, samesite="strict")
    return answer


@signing.post("/sign-out")
def sign_out(request: Request) -> Response:
    session = request.cookies.get(COOKIE)
    if session:
        desk_of(request).sign_out(session)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE, secure=_is_https(), httponly=True, samesite="strict")
    return answer


def inside(wanted: str) -> str:
    """Where to go on: a page of the desk's, whatever somebody wrote into the link."""
    plain = wanted.isprintable() and "\\" not in wanted and not wanted.startswith("//")
    path = urlsplit(wanted).path if plain and wanted.startswith("/") else ""
    return wanted if is_page(path) and not path.startswith("/sign-") else _HOME


def _is_https() -> bool:
    return settings().web.lower().startswith("https:")


def _shown(room: Room, request: Request, goal: str, *, wrong: bool = False) -> Response:
    said = {"goal": goal, "wrong": wrong}
    return room.templates.TemplateResponse(request, "desk/sign_in.html", said, status_code=403 if wrong else 200)
