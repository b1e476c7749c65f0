"""A capture: its facts, and its payload as served, made harmless."""

import mimetypes
import re
from email.utils import format_datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.capture import Capture
from domain.errors import NotFound
from storage import keys
from storage.archive import Answer
from storage.tombstones import Tombstone
from web.room import InRoom, Room
from web.security import CAPTURE_POLICY

captures = APIRouter()
_READING = ["GET", "HEAD"]
_ID = re.compile("[0-9a-f]{64}")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_SHOWN = re.compile(r"(?:text/html|text/plain|image/[^;\s]+)\s*(?:;|$)", re.IGNORECASE)
_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
_GZIP = b"\x1f\x8b"
# A capture is for looking at: no page, ours or another's, may take one for a script or a style sheet.
_LOOKING = frozenset({"document", "iframe", "frame", "empty", "none"})
_UNKNOWN = "application/octet-stream"


@captures.api_route("/capture/{id}", methods=_READING)
def frame(room: InRoom, request: Request, id: str) -> Response:
    """The frame page: facts, and the capture in a sandbox."""
    capture = _capture(room, id)
    payload = _payload(room, capture)
    withheld = _withheld(room, capture, payload)
    return room.templates.TemplateResponse(
        request,
        "capture.html",
        {
            "capture": capture,
            "site_title": room.title(capture.site),
            "payload": payload,
            "is_shown": payload is not None and _SHOWN.match(media_type(payload)) is not None,
            "withheld": withheld,
            "tombstone": withheld and keys.tombstone(withheld.site, withheld.capture),
        },
        status_code=451 if withheld else 200,  # RFC 7725
    )


def _withheld(room: Room, *wanted: Capture | None) -> Tombstone | None:
    """What is said of the first of these captures that was taken down."""
    for capture in filter(None, wanted):
        taken = room.archive.taken_down(capture.site)
        if capture.id in taken:
            return taken.tombstones[capture.id]
    return None


def _payload(room: Room, capture: Capture) -> Capture | None:
    """The capture that holds the payload, None where it is not kept."""
    try:
        return room.catalogue.payload_of(capture)
    except NotFound:
        return None


@captures.api_route("/capture/{id}/raw", methods=_READING)
def raw(room: InRoom, request: Request, id: str) -> Response:
    """The payload's bytes; of a 304, those of the capture that it confirms."""
    if not is_for_looking(request):
        return only_for_looking()
    capture = _capture(room, id)
    held = room.catalogue.payload_of(capture)
    answer = room.archive.answer(held)
    return Response(answer.payload, headers=_headers(capture, held, answer))


def is_for_looking(request: Request) -> bool:
    """False where a browser says that it will take the answer for a script, a style sheet, a picture of a page."""
    return request.headers.get("Sec-Fetch-Dest", "none") in _LOOKING


def only_for_looking() -> Response:
    return Response("A capture is for looking at only.\n", 403, media_type="text/plain")


def _capture(room: Room, id: str) -> Capture:
    if not _ID.fullmatch(id):
        raise NotFound(f"no capture {id} is kept")
    return room.catalogue.capture(id)


def media_type(capture: Capture) -> str:
    """The Content-Type as recorded; where it is none that can be sent again, that of unknown bytes."""
    recorded = (capture.content_type or "").strip()
    return recorded if _PRINTABLE.fullmatch(recorded) else _UNKNOWN


def _headers(capture: Capture, held: Capture, answer: Answer) -> dict[str, str]:
    """Those of RFC 7089 (a Memento's time and original) among them."""
    headers = {
        "Content-Type": media_type(held),
        "Content-Security-Policy": CAPTURE_POLICY,
        "Content-Disposition": disposition(held),
        "Cache-Control": "private, max-age=86400, immutable",
        "Memento-Datetime": format_datetime(capture.at, usegmt=True),
        "Link": f'<{quote(capture.url, safe="/:?#[]@!$&()*+,;=%~")}>; rel="original"',
    }
    coded = coding(answer)
    return headers | ({"Content-Encoding": coded} if coded else {})


def disposition(held: Capture) -> str:
    """Shown where a browser shows such a payload and nothing in it runs; else handed over as a file."""
    kind = media_type(held)
    if _SHOWN.match(kind):
        return "inline"
    ending = mimetypes.guess_extension(kind.split(";")[0].strip()) or ".bin"
    return f'attachment; filename="{held.id[:16]}{ending}"'


def coding(answer: Answer) -> str | None:
    """The payload's content coding, which its bytes still have; some servers claim one that is not there."""
    said = (answer.header("Content-Encoding") or "").strip().lower()
    if not said or not {part.strip() for part in said.split(",")} <= _CODINGS:
        return None
    return None if said.endswith("gzip") and not answer.payload.startswith(_GZIP) else said
