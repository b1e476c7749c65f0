"""The TimeGate: datetime negotiation, RFC 7089, pattern 2.1 (the TimeGate redirects to a memento elsewhere)."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.failing import failure
from web.memento import stamps
from web.memento.asking import READING, Asked, ask
from web.memento.links import among, basics
from web.memento.originals import asked
from web.room import InRoom, Room

router = APIRouter()


@router.api_route("/timegate/{_:path}", methods=READING)
def timegate(room: InRoom, request: Request) -> Response:
    """302 to the memento nearest to Accept-Datetime, to the last one without it."""
    try:
        wanted = ask(room, request, asked(request, 1))
    except ValueError as error:
        return failure(request, 400, str(error))
    answer = _negotiated(room, wanted)
    answer.headers["Vary"] = "accept-datetime"
    return answer


def _negotiated(room: Room, wanted: Asked) -> Response:
    try:
        at = stamps.accept_datetime(wanted.request.headers.getlist("Accept-Datetime"))
    except ValueError as error:
        return wanted.failure(400, str(error), gate=False)
    chosen = room.catalogue.nearest(wanted.key, at) if wanted.key else None
    if chosen is None:
        return wanted.failure(404, f"没有留存 nothing is kept of {wanted.original.url}", gate=False)
    around = room.catalogue.neighbours(chosen.urlkey, chosen.at, chosen.id)
    links = [*basics(wanted.place, wanted.original, gate=False), *among(wanted.place, around)]
    return Response(status_code=302, headers={"Location": wanted.place.memento(chosen), "Link": ", ".join(links)})
