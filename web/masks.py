"""/masks: what moves by itself on the sites, and so makes no version."""

from fastapi import APIRouter, Request, Response

from web.room import InRoom
from web.words import Word

masks = APIRouter()
KINDS = {
    "shape": Word("这样的段落不算正文（# 为任何数字）", "a block of this shape is no part; # is any number"),
    "after": Word("此行之后的内容不算正文", "what follows this line is none of the article"),
    "field": Word("该页的这一项不算", "this field of that page says nothing"),
    "always": Word("站点文件所定：不算正文", "said in the site's file: none of the article"),
    "never": Word("站点文件所定：算正文", "said in the site's file: part of the article"),
}


@masks.api_route("/masks", methods=["GET", "HEAD"])
def shown(room: InRoom, request: Request) -> Response:
    """Every rule of every site, with what it was learned from."""
    known = [(name, room.title(name), room.catalogue.masks(name)) for name in sorted(room.sites)]
    return room.templates.TemplateResponse(request, "masks.html", {"sites": known, "kinds": KINDS})
