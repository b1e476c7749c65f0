"""Our own addresses (URI-G, URI-T, URI-M), and links between them as RFC 8288 writes them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Request

from catalogue import Memento, Neighbours, TimeMapPage
from domain.settings import settings
from web.memento import stamps
from web.memento.originals import Original, quoted

LINK_FORMAT = "application/link-format"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are in this room; `base` is its scheme and host."""

    base: str

    def gate(self, url: str) -> str:
        return f"{self.base}/timegate/{url}"

    def map(self, url: str, form: str = "link", page: int | None = None) -> str:
        return f"{self.base}/timemap/{form}/{f'{page}/' if page else ''}{url}"

    def memento(self, item: Memento, *, raw: bool = False) -> str:
        """The one address (URI-M) of a capture."""
        return f"{self.base}/memento/{stamps.written(item.at, item.id, twin=item.twin, raw=raw)}/{quoted(item.url)}"

    def dated(self, at: datetime, url: str, *, raw: bool = False) -> str:
        """An address that leads to the capture nearest to a time."""
        return f"{self.base}/memento/{stamps.written(at, '', twin=False, raw=raw)}/{url}"


def addresses(request: Request) -> Addresses:
    """As the client knows the room; behind a proxy that ends TLS, TONGJIAN_WEB says the scheme."""
    public = settings().web.rstrip("/")
    return Addresses(public if urlsplit(public).netloc == request.url.netloc else str(request.base_url).rstrip("/"))


def link(target: str, rel: str, **attributes: str) -> str:
    """One link value."""
    return "; ".join([f"<{target}>", f'rel="{rel}"', *(f'{name}="{value}"' for name, value in attributes.items())])


def basics(place: Addresses, original: Original, *, gate: bool = True) -> list[str]:
    """The links to the original, its TimeGate and its TimeMap."""
    found = [link(original.url, "original")]
    if gate:
        found.append(link(place.gate(original.url), "timegate"))
    return [*found, link(place.map(original.url), "timemap", type=LINK_FORMAT)]


def among(place: Addresses, found: Neighbours) -> list[str]:
    """The links to the first, previous, this, next and last memento; one that is several of them is there once."""
    named = (("first", found.first), ("prev", found.prev), ("", found.this), ("next", found.next), ("last", found.last))
    kinds: dict[str, list[str]] = {}
    items = {item.id: item for _, item in named if item}
    for name, item in named:
        if item:
            kinds.setdefault(item.id, []).append(name)
    return [memento(place, items[id], *names) for id, names in kinds.items()]


def memento(place: Addresses, item: Memento, *names: str) -> str:
    rel = " ".join([*filter(None, names), "memento"])
    return link(place.memento(item), rel, datetime=stamps.http_date(item.at))


def span(pages: tuple[TimeMapPage, ...]) -> dict[str, str]:
    """The attributes `from` and `until` of a TimeMap over these pages."""
    return {"from": stamps.http_date(pages[0].since), "until": stamps.http_date(pages[-1].until)}
