"""The pages: changes as they come, an address through time, two versions compared, search."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from catalogue.holding import files_of
from domain.clock import parse
from domain.errors import NotFound
from domain.filed import with_digests
from web.asking import Address, Numbered, Type
from web.difference import differences, published
from web.documents import number_in, numbers_of
from web.reprinting import panel
from web.room import InRoom, Room
from web.shaping import arrivals, marked, rows, site_rows
from web.words import FIELDS, MORE_FIELDS, OUTCOMES, PRECISIONS

pages = APIRouter()
_SHOWN = 50
_FOUND = 50
_CAPTURES_SHOWN = 40
_READING = ["GET", "HEAD"]


def _answer(room: Room, request: Request, name: str, **said: Any) -> Response:
    return room.templates.TemplateResponse(request, name, said)


@pages.api_route("/", methods=_READING)
def stream(room: InRoom, request: Request, type: Type = None, site: str = "", after: str = "") -> Response:
    """Changes, newest first; `after` is the id that the page before ended with."""
    found = room.catalogue.changes(site=site or None, type=type, limit=_SHOWN + 1, after_id=after or None)
    return _answer(
        room,
        request,
        "stream.html",
        rows=rows(room, found[:_SHOWN]),
        sites=site_rows(room),
        site=site,
        type=type.value if type else "",
        after=after,
        older=found[_SHOWN - 1].id if len(found) > _SHOWN else None,
    )


@pages.api_route("/fresh", methods=_READING)
def fresh(
    room: InRoom, request: Request, seen: Annotated[tuple[str, ...], Query()] = (), type: Type = None, site: str = ""
) -> Response:
    """What has come beyond the rows `seen` (short ids), for htmx to put in its place; 204 where nothing has."""
    groups = arrivals(room.catalogue.changes(site=site or None, type=type, limit=_SHOWN), seen)
    if not groups:
        return Response(status_code=204)
    shaped = [(before, rows(room, changes)) for before, changes in groups]
    return _answer(room, request, "fresh.html", groups=shaped, count=sum(len(found) for _, found in shaped))


@pages.api_route("/sites", methods=_READING)
def sites(room: InRoom, request: Request, site: str = "") -> Response:
    """The summary of sites, for htmx to put in the place of the old one; `site` is the one chosen."""
    return _answer(room, request, "sites.html", sites=site_rows(room), site=site)


@pages.api_route("/page", methods=_READING)
def page(room: InRoom, request: Request, url: Address, v: Numbered = None, site: str = "") -> Response:
    """An address through time; `v` is the version whose article is shown, the last where not given."""
    history = room.catalogue.history(url, site or None)
    changes = room.catalogue.changes(url=url, site=history["site"])
    return _answer(
        room,
        request,
        "page.html",
        history=history,
        site_title=room.title(history["site"]),
        versions=[_timed(item) for item in reversed(history["versions"])],
        rows=rows(room, changes),
        captures=[_timed(item) for item in reversed(history["captures"][-_CAPTURES_SHOWN:])],
        outcomes={key.value: word for key, word in OUTCOMES.items()},
        reprints=panel(room, history["url"], history["site"]) if history["versions"] else None,
        **_article(room, history, v),
    )


def _timed(item: dict[str, Any]) -> dict[str, Any]:
    """The same with its times as times."""
    return item | {key: parse(item[key]) for key in ("at", "first_seen", "last_seen") if key in item}


def _article(room: Room, history: dict[str, Any], number: int | None) -> dict[str, Any]:
    if not history["versions"]:
        if number is not None:
            raise NotFound(f"no version {number} of {history['url']} is kept")
        return {"version": None}
    version, article, capture = room.catalogue.version(history["url"], number, history["site"])
    return {
        "version": version,
        "article": article,
        "capture": capture,
        "published": published(article),
        "precision": PRECISIONS[article.published_precision],
        "numbers": numbers_of(article),
        "files": files_of(room.catalogue, article, capture),
        "words": FIELDS | MORE_FIELDS,
    }


@pages.api_route("/diff", methods=_READING)
def diff(
    room: InRoom, request: Request, url: Address, a: Numbered = None, b: Numbered = None, site: str = ""
) -> Response:
    """Two versions of an address, character by character; without numbers, the last two."""
    history = room.catalogue.history(url, site or None)
    count = len(history["versions"])
    later = b or count
    earlier = a or max(1, later - 1)
    old, before, _ = room.catalogue.version(url, earlier, history["site"])
    new, after, _ = room.catalogue.version(url, later, history["site"])
    if old.files != new.files:
        before, after = with_digests(before, old.files), with_digests(after, new.files)
    return _answer(
        room,
        request,
        "diff.html",
        history=history,
        site_title=room.title(history["site"]),
        versions=[_timed(item) for item in reversed(history["versions"])],
        old=old,
        new=new,
        title=after.title or url,
        differences=differences(before, after, room.characters),
    )


@pages.api_route("/search", methods=_READING)
def search(room: InRoom, request: Request, q: str = "", site: str = "") -> Response:
    """Pages whose title or text, now or in a past version, has every word."""
    found = room.catalogue.search(q, _FOUND, site or None)
    shaped = [
        item
        | {
            "site_title": room.title(item["site"]),
            "published": parse(item["published_at"]),
            "pieces": marked(item["snippet"], q),
        }
        for item in found
    ]
    return _answer(room, request, "search.html", q=q, rows=shaped, most=_FOUND, number=number_in(q))
