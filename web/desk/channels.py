"""Channels: the list with how each stands; one added, tried, switched on, removed."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import ConfigurationError, DeliveryError, NotFound
from domain.subscription import Channel, Via
from web.desk.explaining import Problem, problem
from web.desk.forms import Filled, channel_draft
from web.desk.kinds import KINDS
from web.desk.owners import owners
from web.desk.paging import After, mark, paged
from web.desk.places import READING
from web.desk.signed import Asker, ByCookie
from web.room import InRoom, Room

router = APIRouter(prefix="/channels")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Answered:
    """What a channel's endpoint said to a test message."""

    channel: str
    well: bool
    said: str


@router.api_route("", methods=READING)
def every(room: InRoom, request: Request, asker: ByCookie, after: After = "", said: str = "") -> Response:
    """The newest first; `said` is what was done last."""
    return _listed(room, request, asker, after=after, said=said)


def _listed(
    room: Room, request: Request, asker: Asker, *, after: str = "", said: str = "", answered: Answered | None = None
) -> Response:
    desk, who = asker.desk, asker.who
    page = paged(desk.channel_page(who, _SHOWN + 1, mark(after)), _SHOWN)
    tried = desk.channels_of(who, [answered.channel]) if answered else ()
    rows = (*tried, *(one for one in page.rows if one not in tried))
    shown = {
        "channels": rows,
        "count": desk.channel_count(who),
        "more": page.after,
        "owners": owners(asker),
        "used": desk.used(who, [one.id for one in rows]),
        "said": said,
        "answered": answered,
    }
    status = 502 if answered and not answered.well else 200
    return room.templates.TemplateResponse(request, "desk/channels.html", shown, status_code=status)


@router.api_route("/new", methods=READING)
def new(room: InRoom, request: Request, asker: ByCookie, via: Via = Via.EMAIL) -> Response:
    """The form for one kind."""
    return _form(room, request, asker, {"via": via.value, "name": "", "team": ""})


def _form(room: Room, request: Request, asker: Asker, draft: dict[str, str], wrong: Problem | None = None) -> Response:
    """Never with the address or the secret that was sent: they are typed again."""
    shown = {"kinds": KINDS, "via": Via(draft["via"]), "draft": draft, "owners": owners(asker), "problem": wrong}
    return room.templates.TemplateResponse(request, "desk/channel.html", shown, status_code=422 if wrong else 200)


@router.post("")
def add(room: InRoom, request: Request, asker: ByCookie, form: Filled) -> Response:
    wanted = channel_draft(form)
    try:
        asker.desk.add_channel(asker.who, wanted)
    except ConfigurationError as error:
        kept = {"via": wanted.via.value, "name": wanted.name, "team": wanted.team or ""}
        return _form(room, request, asker, kept, problem(error))
    return RedirectResponse("/channels?said=added", 303)


@router.post("/{id}/enable")
def enable(asker: ByCookie, id: str) -> Response:
    asker.desk.enable_channel(asker.who, id)
    return RedirectResponse("/channels?said=enabled", 303)


@router.post("/{id}/test")
def test(room: InRoom, request: Request, asker: ByCookie, id: str) -> Response:
    """The list again, that channel first, with what the endpoint answered."""
    try:
        with asker.slots.taken():
            answered = Answered(id, True, asker.desk.try_channel(asker.who, id))
    except DeliveryError as error:
        return _listed(room, request, asker, answered=Answered(id, False, str(error)))
    return _listed(room, request, asker, answered=answered)


@router.api_route("/{id}/remove", methods=READING)
def really(room: InRoom, request: Request, asker: ByCookie, id: str) -> Response:
    """Asks once more."""
    shown = {"channel": _held(asker, id), "subscriptions": _using(asker, id)}
    return room.templates.TemplateResponse(request, "desk/remove_channel.html", shown)


def _held(asker: Asker, id: str) -> Channel:
    found = asker.desk.channels_of(asker.who, [id])
    if not found:
        raise NotFound(f"没有渠道 there is no channel {id}")
    return found[0]


def _using(asker: Asker, id: str) -> list[str]:
    return [one.name for one in asker.desk.subscriptions(asker.who) if id in one.channels]


@router.post("/{id}/remove")
def remove(asker: ByCookie, id: str) -> Response:
    asker.desk.remove_channel(asker.who, id)
    return RedirectResponse("/channels?said=removed", 303)
