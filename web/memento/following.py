"""Where a captured redirect leads: to a memento of its target, never out of the archive."""

from urllib.parse import quote, urljoin

from catalogue import Memento
from domain.capture import Capture
from web.memento.asking import key_of
from web.memento.links import Addresses
from web.memento.originals import SAFE, Original, original
from web.room import Room

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def target(room: Room, place: Addresses, held: Capture, this: Memento) -> str | None:
    """The address to go on to; None where the capture is no redirect, or leads nowhere but to itself."""
    leads = _leads(held)
    if leads is None:
        return None
    key = key_of(room, leads)
    if key == this.urlkey:
        found = _beside(room, this)
        return place.memento(found) if found else None
    found = room.catalogue.nearest(key, this.at) if key else None
    return place.memento(found) if found else place.dated(held.at, leads.url)


def _leads(held: Capture) -> Original | None:
    """The redirect's target; its bytes may be in any charset and stay what they were."""
    if held.status not in _REDIRECTS or not held.location:
        return None
    try:
        href = quote(held.location.strip().encode("latin-1", "replace"), safe=SAFE)
        leads = urljoin(held.url, href)
        return original(leads.split("#", 1)[0]) if leads.lower().startswith(("http://", "https://")) else None
    except ValueError:  # no address at all, `http://[` say: there is nowhere to lead to
        return None


def _beside(room: Room, this: Memento) -> Memento | None:
    """http to https, with or without www.: one page by its urlkey. What came next is what the redirect led to."""
    around = room.catalogue.neighbours(this.urlkey, this.at, this.id)
    if around.next:
        return around.next
    return around.prev if around.prev and around.prev.status not in _REDIRECTS else None
