"""Feeds: what a subscription matched, for readers that ask. Who has the address may read it; it names nobody."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from domain.errors import NotFound
from domain.settings import settings
from web.desk import atom, jsonfeed
from web.desk.entries import Feed, feed
from web.desk.places import READING
from web.desk.signed import desk_of

router = APIRouter(prefix="/feeds")
_MOST = 100
_HEADERS = {"X-Robots-Tag": "noindex", "Cache-Control": "private, no-cache"}
_FORMS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "atom": ("application/atom+xml; charset=utf-8", atom.document),
    "json": ("application/feed+json; charset=utf-8", jsonfeed.document),
}


def feed_address(token: str) -> str:
    """Where a feed is, without its form: `.atom` or `.json` comes behind."""
    return f"{settings().web.rstrip('/')}/feeds/{token}"


@router.api_route("/{name}", methods=READING)
def one(request: Request, name: str) -> Response:
    """`TOKEN.atom` or `TOKEN.json`; 304 where the reader has it; the same 404 for whatever is none."""
    token, _, form = name.rpartition(".")
    try:
        if form not in _FORMS:
            raise NotFound("no form of a feed")
        subscription, matches = desk_of(request).feed(token, _MOST)
    except NotFound:
        return PlainTextResponse("没有这个订阅源 There is no such feed.\n", 404, _HEADERS)
    kind, document = _FORMS[form]
    made = feed(subscription, matches, settings().web)
    return _answer(request, document(made), made.updated, kind)


def _answer(request: Request, body: bytes, updated: datetime, kind: str) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = _HEADERS | {"ETag": tag, "Last-Modified": format_datetime(updated.replace(microsecond=0), usegmt=True)}
    if _has_it(request, tag, updated):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers | {"Content-Type": kind})


def _has_it(request: Request, tag: str, updated: datetime) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides where there is one, compared weakly."""
    told = request.headers.get("if-none-match")
    if told is not None:
        return told.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in told.split(",")}
    since = _date(request.headers.get("if-modified-since", ""))
    return since is not None and updated.replace(microsecond=0) <= since


def _date(text: str) -> datetime | None:
    """An HTTP date; None for what is none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
