"""What every Memento address begins with: the original asked for, and the key it is kept under."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from web.failing import failure
from web.memento.links import Addresses, addresses, basics
from web.memento.originals import Original, original
from web.room import Room

READING = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about an address; `key` is the one it is kept under if at all, None where nothing is held of it."""

    request: Request
    place: Addresses
    original: Original
    key: str | None

    def missing(self, message: str | None = None) -> Response:
        """404, with the links that RFC 7089, section 4.5.4, leaves possible."""
        return self.failure(404, message or f"没有留存 nothing is kept of {self.original.url}")

    def failure(self, status: int, message: str, *, gate: bool = True) -> Response:
        answer = failure(self.request, status, message)
        answer.headers["Link"] = ", ".join(basics(self.place, self.original, gate=gate))
        return answer


def ask(room: Room, request: Request, text: str) -> Asked:
    """Raises ValueError where `text` is no address."""
    wanted = original(text)
    return Asked(request, addresses(request), wanted, key_of(room, wanted))


def key_of(room: Room, wanted: Original) -> str | None:
    """Nearly every address has one key alone, and then there is nothing to choose."""
    return wanted.keys[0] if len(wanted.keys) == 1 else room.catalogue.known_key(wanted.keys)
