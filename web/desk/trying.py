"""A query tried before it is switched on: explained as it is typed, held against a page, against the last months."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.subscription import Subscription
from web.desk.editing import Editor
from web.desk.explaining import reading
from web.desk.forms import Filled, Form, draft
from web.desk.places import READING
from web.desk.signed import Asker, ByCookie
from web.room import InRoom

router = APIRouter(prefix="/subscriptions")


@router.api_route("/explain", methods=READING)
def explain(
    room: InRoom, request: Request, asker: ByCookie, query: Annotated[str, Query(max_length=10_000)] = ""
) -> Response:
    """A piece of the form: the query as a sentence, or the place where it stops making sense."""
    return room.templates.TemplateResponse(
        request, "desk/explained.html", {"reading": reading(asker.desk, query.replace("\r\n", "\n").strip())}
    )


@router.post("/test")
def test(room: InRoom, request: Request, asker: ByCookie, form: Filled) -> Response:
    """The form again, and whether the last change of the page at `url` is for its query. Nothing is saved."""
    return Editor(room, request, asker, _held(asker, form), form.one("version")).tested(draft(form), form.one("url"))


@router.post("/backtest")
def backtest(room: InRoom, request: Request, asker: ByCookie, form: Filled) -> Response:
    """The form again, and what its query would have told. Nothing is saved."""
    return Editor(room, request, asker, _held(asker, form), form.one("version")).backtested(draft(form))


def _held(asker: Asker, form: Form) -> Subscription | None:
    id = form.one("id")
    return asker.desk.subscription(asker.who, id) if id else None
