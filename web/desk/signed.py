"""Who asks: by the cookie of a session on the pages, by a bearer token in the interface."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from domain.subscription import Person
from web.desk.protocol import Desk
from web.desk.throttling import Slots, Throttle, Wait

COOKIE = "tongjian_session"


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody at the desk. `slots` are for what takes long: a backtest, a message sent by hand."""

    desk: Desk
    who: Person
    slots: Slots


class SignInNeeded(Exception):
    """Nobody is signed in; pages lead to the sign-in, the interface answers 401."""


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def throttle_of(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


def client_of(request: Request) -> str:
    return request.client.host if request.client else ""


def held_up(request: Request) -> None:
    """Raises Wait where this client has failed too often."""
    seconds = throttle_of(request).wait(client_of(request))
    if seconds:
        raise Wait(seconds, f"试错太多，请等 {seconds} 秒。", f"Too many wrong tokens: wait {seconds} s.")


def by_cookie(request: Request) -> Asker:
    """Raises SignInNeeded."""
    desk, session = desk_of(request), request.cookies.get(COOKIE)
    who = desk.session(session) if session else None
    if who is None:
        raise SignInNeeded
    request.state.person = who
    return Asker(desk, who, request.app.state.slots)


def by_token(request: Request) -> Asker:
    """Raises SignInNeeded, and Wait after many tokens that nobody has. RFC 6750, 2.1."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SignInNeeded
    held_up(request)
    desk = desk_of(request)
    who = desk.bearer(token.strip())
    if who is None:
        throttle_of(request).failed(client_of(request))
        raise SignInNeeded
    return Asker(desk, who, request.app.state.slots)


ByCookie = Annotated[Asker, Depends(by_cookie)]
ByToken = Annotated[Asker, Depends(by_token)]
