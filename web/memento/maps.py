"""TimeMaps: every capture of an address, in pages of a thousand with an index over them (RFC 7089, section 5)."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from catalogue import TimeMapPage
from web.failing import failure
from web.memento.asking import READING, Asked, ask
from web.memento.forms import MEDIA_TYPES, TimeMap, text
from web.memento.links import basics, link
from web.memento.originals import asked
from web.room import InRoom, Room

router = APIRouter()
SIZE = 1000
# A number is a page only before a whole address: `2024/report` may be somebody's path.
_PAGED = re.compile(r"([1-9][0-9]{0,6})/(?=https?(?:%3a|:)/?)", re.IGNORECASE)


@router.api_route("/timemap/{form}/{_:path}", methods=READING)
def timemap(room: InRoom, request: Request, form: str) -> Response:
    """The list in one form; where it has several pages, `/timemap/<form>/<page>/<address>` is one of them."""
    rest = asked(request, 2)
    paged = _PAGED.match(rest)
    if form not in MEDIA_TYPES:
        return failure(request, 404, f"没有这种格式 no TimeMap «{form}»; there are {', '.join(MEDIA_TYPES)}")
    try:
        wanted = ask(room, request, rest[paged.end() :] if paged else rest)
    except ValueError as error:
        return failure(request, 400, str(error))
    return _answer(room, wanted, form, int(paged[1]) if paged else None)


def _answer(room: Room, wanted: Asked, form: str, number: int | None) -> Response:
    pages = room.catalogue.timemap_pages(wanted.key, SIZE) if wanted.key else ()
    if wanted.key is None or not pages:
        return wanted.missing()
    if number is not None and number > len(pages):
        return wanted.missing(f"没有第 {number} 页 there is no page {number}, the last is {len(pages)}")
    # CDXJ has no words for an index: its first page stands for it, and the Link header leads on.
    if number is None and len(pages) > 1 and form == "cdxj":
        number = 1
    is_index = number is None and len(pages) > 1
    items = () if is_index else room.catalogue.mementos(wanted.key, number or 1, SIZE)
    said = TimeMap(wanted.place, wanted.original.url, form, pages, number, items)
    links = [*basics(wanted.place, wanted.original), *_beside(said)]
    return StreamingResponse(text(said), media_type=MEDIA_TYPES[form], headers={"Link": ", ".join(links)})


def _beside(said: TimeMap) -> list[str]:
    """The links to the pages before and after one."""
    number = said.number
    if number is None:
        return []

    def rel(page: TimeMapPage) -> str:
        return "next" if page.number > number else "prev"

    return [link(said.address(page), rel(page), type=MEDIA_TYPES[said.form]) for page in said.others]
