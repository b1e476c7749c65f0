"""The headers and the body that a memento goes out with."""

import base64
import re

from fastapi import Request
from fastapi.responses import Response

from domain.capture import Capture
from storage.archive import Answer
from web.captures import coding, disposition, media_type
from web.memento.stamps import http_date
from web.security import CAPTURE_POLICY

# A day: a memento never changes, but its neighbours do, and what is taken down must not stay in caches for long.
_CACHING = "private, max-age=86400, immutable"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+|[^\x00-\xff]+")
# Clients stop reading at 100 headers or 64 KiB; the record itself has them all.
_MOST_HEADERS, _MOST_BYTES = 64, 16 * 1024
_EMPTY = frozenset({204, 205})
_SENDABLE = range(200, 600)


def fixed(capture: Capture, *, raw: bool) -> dict[str, str]:
    """What is known of a memento before its payload is read, and goes with a 304 as well."""
    return {
        "Memento-Datetime": http_date(capture.at),
        "ETag": f'"{capture.id[:32]}{"-raw" if raw else ""}"',
        "Cache-Control": _CACHING,
        "Content-Security-Policy": CAPTURE_POLICY,
    }


def is_known(request: Request, tag: str) -> bool:
    """Whether the client has it (RFC 9110, section 13.1.2)."""
    said = request.headers.get("If-None-Match", "")
    return tag in (part.strip().removeprefix("W/") for part in said.split(","))


def response(held: Capture, answer: Answer, headers: dict[str, str], *, raw: bool) -> Response:
    """The payload with its own media type and status; its other headers as `X-Archive-Orig-*`.

    `raw`: the payload's bytes are the file, so a content coding they have is not announced, or clients would undo it.
    """
    status = held.status if held.status in _SENDABLE else 502
    coded = coding(answer)
    said = headers | {"Content-Type": media_type(held), "X-Archive-Status-Line": _clean(answer.status_line)}
    if raw and coded:
        said["Content-Disposition"] = f'attachment; filename="{held.id[:16]}.bin"'
    else:
        said["Content-Disposition"] = disposition(held)
        said |= {"Content-Encoding": coded} if coded else {}
    body = b"" if status in _EMPTY else answer.payload
    if body:
        said["Content-Digest"] = _content_digest(held)
    answered = Response(body, status, said)
    for name, value in _originals(answer):
        answered.headers.append(name, value)
    return answered


def _content_digest(held: Capture) -> str:
    """RFC 9530, over the bytes sent: the recorded digest, for the client to hold against what it got."""
    digest = bytes.fromhex(held.payload_digest.removeprefix("sha256:"))
    return f"sha-256=:{base64.b64encode(digest).decode('ascii')}:"


def _originals(answer: Answer) -> list[tuple[str, str]]:
    """The original's headers under names of their own, repeated ones too, until there are too many to send."""
    kept, size = list[tuple[str, str]](), 0
    for name, value in answer.headers[:_MOST_HEADERS]:
        pair = (f"X-Archive-Orig-{name}", _clean(value))
        size += sum(map(len, pair))
        if size > _MOST_BYTES:
            break
        if _NAME.fullmatch(name):
            kept.append(pair)
    return kept


def _clean(value: str) -> str:
    """A value that may stand in a header: no line break of a stranger becomes a header of ours."""
    return _CONTROL.sub(" ", value).strip()
