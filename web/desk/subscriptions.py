"""Subscriptions: the list, one of them, switched, given a feed, removed."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.desk import Draft
from domain.errors import ConfigurationError, Stale
from domain.subscription import Channel, Subscription
from web.desk.editing import Editor, Outcome
from web.desk.explaining import Reading, reading
from web.desk.feeding import feed_address
from web.desk.forms import Filled, draft, kept
from web.desk.messages import Seen, seen
from web.desk.owners import owners
from web.desk.paging import After, mark, paged
from web.desk.places import READING
from web.desk.signed import Asker, ByCookie
from web.desk.versions import version
from web.room import InRoom

router = APIRouter(prefix="/subscriptions")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription in the list; `last` is its last match."""

    subscription: Subscription
    reading: Reading
    channels: tuple[Channel, ...]
    last: Seen | None


@router.api_route("", methods=READING)
def every(room: InRoom, request: Request, asker: ByCookie, after: After = "", said: str = "") -> Response:
    """Theirs and their teams', the newest first. `said` is what was done last."""
    desk, who = asker.desk, asker.who
    page = paged(desk.subscription_page(who, _SHOWN + 1, mark(after)), _SHOWN)
    ways = {id for one in page.rows for id in one.channels}
    channels = {one.id: one for one in desk.channels_of(who, ways)}
    rows = [_row(asker, one, channels) for one in page.rows]
    count = desk.subscription_count(who)
    shown = {"rows": rows, "owners": owners(asker), "count": count, "more": page.after, "said": said}
    return room.templates.TemplateResponse(request, "desk/subscriptions.html", shown)


def _row(asker: Asker, one: Subscription, channels: dict[str, Channel]) -> Row:
    last = seen(asker.desk.matches(asker.who, one.id, 1))
    routes = tuple(channels[id] for id in one.channels if id in channels)
    return Row(one, reading(asker.desk, one.query), routes, last[0] if last else None)


@router.api_route("/new", methods=READING)
def new(room: InRoom, request: Request, asker: ByCookie, query: str = "") -> Response:
    """An empty form; `query` may already be in it."""
    who = asker.who
    empty = Draft(name="", query=query, timezone=who.timezone, language=who.language)
    return Editor(room, request, asker).answer(empty)


@router.post("")
def add(room: InRoom, request: Request, asker: ByCookie, form: Filled) -> Response:
    wanted = draft(form)
    try:
        made = asker.desk.add(asker.who, wanted)
    except ConfigurationError as error:
        return Editor(room, request, asker).refused(wanted, error)
    return RedirectResponse(f"/subscriptions?said=added#s-{made.id}", 303)


@router.api_route("/{id}", methods=READING)
def one(room: InRoom, request: Request, asker: ByCookie, id: str) -> Response:
    held = asker.desk.subscription(asker.who, id)
    return Editor(room, request, asker, held).answer(kept(held))


@router.post("/{id}")
def save(room: InRoom, request: Request, asker: ByCookie, id: str, form: Filled) -> Response:
    """409 with both, where somebody else has changed it since the form was shown."""
    held, wanted, read = asker.desk.subscription(asker.who, id), draft(form), form.one("version")
    if read and read != version(kept(held)):
        return Editor(room, request, asker, held).overtaken(wanted)
    try:
        asker.desk.change(asker.who, id, wanted, held)
    except Stale:
        return Editor(room, request, asker, asker.desk.subscription(asker.who, id)).overtaken(wanted)
    except ConfigurationError as error:
        return Editor(room, request, asker, held, read).refused(wanted, error)
    return RedirectResponse(f"/subscriptions?said=saved#s-{id}", 303)


@router.post("/{id}/pause")
def pause(asker: ByCookie, id: str) -> Response:
    asker.desk.switch(asker.who, id, active=False)
    return RedirectResponse(f"/subscriptions?said=paused#s-{id}", 303)


@router.post("/{id}/resume")
def resume(asker: ByCookie, id: str) -> Response:
    asker.desk.switch(asker.who, id, active=True)
    return RedirectResponse(f"/subscriptions?said=resumed#s-{id}", 303)


@router.post("/{id}/feed")
def renew_feed(room: InRoom, request: Request, asker: ByCookie, id: str) -> Response:
    """Its form again, with the feed's new addresses: they are shown this once."""
    address = feed_address(asker.desk.renew_feed(asker.who, id))
    held = asker.desk.subscription(asker.who, id)
    return Editor(room, request, asker, held).answer(kept(held), Outcome(feed=address))


@router.api_route("/{id}/remove", methods=READING)
def really(room: InRoom, request: Request, asker: ByCookie, id: str) -> Response:
    """Asks once more."""
    shown = {"subscription": asker.desk.subscription(asker.who, id)}
    return room.templates.TemplateResponse(request, "desk/remove_subscription.html", shown)


@router.post("/{id}/remove")
def remove(asker: ByCookie, id: str) -> Response:
    asker.desk.remove(asker.who, id)
    return RedirectResponse("/subscriptions?said=removed", 303)
