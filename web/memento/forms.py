"""A TimeMap's three forms: link (RFC 7089, section 5, and RFC 6690), CDXJ (as pywb answers), JSON (as MemGator does).

Each gives its text in pieces. An index names the pages; a page lists mementos and names the pages beside it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from catalogue import Memento, TimeMapPage
from domain.clock import iso
from web.memento.links import LINK_FORMAT, Addresses, link, memento, span
from web.memento.originals import quoted

MEDIA_TYPES = {"link": LINK_FORMAT, "cdxj": "text/x-cdxj", "json": "application/json"}
_LINES = 100


@dataclass(frozen=True, slots=True)
class TimeMap:
    """What a TimeMap says: its pages, and either no `items` (an index) or those of page `number`."""

    place: Addresses
    original: str
    form: str
    pages: tuple[TimeMapPage, ...]
    number: int | None
    items: tuple[Memento, ...]

    @property
    def self(self) -> str:
        return self.place.map(self.original, self.form, self.number)

    @property
    def covered(self) -> tuple[TimeMapPage, ...]:
        """The pages whose captures this one answers for."""
        return self.pages[self.number - 1 : self.number] if self.number else self.pages

    @property
    def others(self) -> tuple[TimeMapPage, ...]:
        """The pages to name: all of them in an index, in a page those beside it, none where there is but one."""
        if self.number is None:
            return () if self.items else self.pages
        return tuple(page for page in self.pages if abs(page.number - self.number) == 1)

    def address(self, page: TimeMapPage) -> str:
        return self.place.map(self.original, self.form, page.number)

    def names(self, item: Memento) -> list[str]:
        """`first` and `last` where the memento is the first or the last of all."""
        ends = (("first", self.pages[0].number, self.items[0]), ("last", self.pages[-1].number, self.items[-1]))
        return [name for name, page, end in ends if page == (self.number or 1) and end is item]


def text(of: TimeMap) -> Iterator[str]:
    """The TimeMap in the form it is asked for in."""
    if of.form == "json":
        yield json.dumps(_json(of), ensure_ascii=False, indent=1)
        return
    lines, joint = (_cdxj(of), "\n") if of.form == "cdxj" else (_link(of), ",\n")
    # A thread is asked for every piece, so a piece is many lines.
    first = True
    while piece := list(islice(lines, _LINES)):
        yield ("" if first else joint) + joint.join(piece)
        first = False
    yield "\n"


def _link(of: TimeMap) -> Iterator[str]:
    yield link(of.original, "original")
    yield link(of.place.gate(of.original), "timegate")
    yield link(of.self, "self", type=LINK_FORMAT, **span(of.covered))
    for page in of.others:
        yield link(of.address(page), "timemap", type=LINK_FORMAT, **span((page,)))
    for item in of.items:
        yield memento(of.place, item, *of.names(item))


def _cdxj(of: TimeMap) -> Iterator[str]:
    for item in of.items:
        said = {
            "url": quoted(item.url),
            "mime": (item.content_type or "unk").split(";")[0].strip() or "unk",
            "status": str(item.status),
            "digest": item.payload_digest,
            "length": str(item.payload_length),
            "at": iso(item.at),
            "id": item.id,
            "uri": of.place.memento(item),
        }
        yield f"{item.urlkey} {item.at:%Y%m%d%H%M%S} {json.dumps(said, ensure_ascii=False)}"


def _json(of: TimeMap) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "original_uri": of.original,
        "self": of.self,
        "timegate_uri": of.place.gate(of.original),
        "timemap_uri": {f"{form}_format": of.place.map(of.original, form) for form in MEDIA_TYPES},
    }
    if of.others:
        shape["timemap_index"] = [
            {"uri": of.address(page), "from": _instant(page.since), "until": _instant(page.until)} for page in of.others
        ]
    if of.items:
        listed = [_item(of, item) for item in of.items]
        shape["mementos"] = {"list": listed} | {
            name: entry for entry, item in zip(listed, of.items, strict=True) for name in of.names(item)
        }
    return shape


def _item(of: TimeMap, item: Memento) -> dict[str, Any]:
    return {"datetime": _instant(item.at), "uri": of.place.memento(item), "status": item.status}


def _instant(at: Any) -> str:
    """RFC 3339 to the second, as the datetimes of links are; the address has the fraction."""
    return f"{iso(at)[:19]}Z"
