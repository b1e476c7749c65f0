"""Mementos at their dated addresses: the payload as captured, in a sandbox, with the original's own status."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from catalogue import Memento
from domain.capture import Capture
from domain.errors import NotFound
from web.captures import is_for_looking, only_for_looking
from web.failing import failure
from web.memento import served, stamps
from web.memento.asking import READING, Asked, ask
from web.memento.following import target
from web.memento.links import among, basics
from web.memento.originals import asked
from web.memento.stamps import Stamp
from web.room import InRoom, Room

router = APIRouter()


@router.api_route("/memento/{dated}/{_:path}", methods=READING)
def memento(room: InRoom, request: Request, dated: str) -> Response:
    """The capture of that instant; of any other time, 302 to the nearest one's own address."""
    if not is_for_looking(request):
        return only_for_looking()
    try:
        stamp = stamps.read(dated)
        wanted = ask(room, request, asked(request, 2))
    except ValueError as error:
        return failure(request, 400, str(error))
    if wanted.key is None:
        return wanted.missing()
    found = _named(room, wanted.key, stamp)
    if len(found) == 1:
        return _shown(room, wanted, found[0], stamp)
    return _led(room, wanted, stamp)


def _named(room: Room, key: str, stamp: Stamp) -> list[Capture]:
    """The captures that a dated address names."""
    if not stamp.exact:
        return []
    return [capture for capture in room.catalogue.captured_at(key, stamp.at) if capture.id.startswith(stamp.id)]


def _led(room: Room, wanted: Asked, stamp: Stamp) -> Response:
    """To the nearest capture's own address."""
    chosen = room.catalogue.nearest(wanted.key, stamp.at) if wanted.key else None
    if chosen is None:
        return wanted.missing()
    links = basics(wanted.place, wanted.original)
    where = wanted.place.memento(chosen, raw=stamp.raw)
    return Response(status_code=302, headers={"Location": where, "Link": ", ".join(links)})


def _shown(room: Room, wanted: Asked, capture: Capture, stamp: Stamp) -> Response:
    around = room.catalogue.neighbours(capture.urlkey, capture.at, capture.id)
    this = around.this
    assert this is not None, "it was there a moment ago, and captures are never removed"
    links = [*basics(wanted.place, wanted.original), *among(wanted.place, around)]
    fixed = served.fixed(capture, raw=stamp.raw) | {
        "Link": ", ".join(links),
        "Content-Location": wanted.place.memento(this, raw=stamp.raw),
    }
    if served.is_known(wanted.request, fixed["ETag"]):
        return Response(status_code=304, headers=fixed)
    return _payload(room, wanted, capture, this, raw=stamp.raw, fixed=fixed)


def _payload(
    room: Room, wanted: Asked, capture: Capture, this: Memento, *, raw: bool, fixed: dict[str, str]
) -> Response:
    held = _held(room, capture)
    if held is None:
        return wanted.missing("304：它所确认的抓取不在此处 the capture that this 304 confirms is not kept")
    answer = room.archive.answer(held)
    response = served.response(held, answer, fixed, raw=raw)
    location = None if raw else target(room, wanted.place, held, this)
    if location:
        response.headers["Location"] = location
    return response


def _held(room: Room, capture: Capture) -> Capture | None:
    """The capture with the payload: of a 304 the one it confirms, None where that is not kept."""
    try:
        held = room.catalogue.payload_of(capture)
    except NotFound:
        return None
    return None if held.status == 304 else held
