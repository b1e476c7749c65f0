"""The ledger of deliveries: what was sent, what waits, what was given up and may be sent again."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator

from domain.subscription import State
from web.desk.forms import Filled
from web.desk.messages import message
from web.desk.paging import After, mark, paged
from web.desk.places import READING
from web.desk.signed import ByCookie
from web.room import InRoom

router = APIRouter(prefix="/deliveries")
_SHOWN = 50
_Chosen = Annotated[State | None, BeforeValidator(lambda value: value or None)]


@router.api_route("", methods=READING)
def every(
    room: InRoom,
    request: Request,
    asker: ByCookie,
    state: _Chosen = None,
    open: str = "",
    after: After = "",
    resent: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """The newest messages; the payload of the one that is `open` is shown. `resent` is how many were sent anew."""
    page = paged(asker.desk.deliveries(asker.who, state, _SHOWN + 1, mark(after)), _SHOWN)
    held = page.rows
    chosen = next((one for one in held if one.id == open), None)
    shown = {
        "rows": [(one, message(one.payload)) for one in held],
        "states": tuple(State),
        "state": state,
        "open": chosen,
        "raw": json.dumps(chosen.payload, ensure_ascii=False, indent=2) if chosen else "",
        "channels": {one.id: one for one in asker.desk.channels_of(asker.who, {one.channel for one in held})},
        "resent": resent,
        "after": after,
        "more": page.after,
    }
    return room.templates.TemplateResponse(request, "desk/deliveries.html", shown)


@router.post("/resend")
def resend(asker: ByCookie, form: Filled) -> Response:
    """Those chosen wait again, under their old ids."""
    count = asker.desk.resend(asker.who, form.many("id"))
    return RedirectResponse(f"/deliveries?state=dead&resent={count}", 303)
