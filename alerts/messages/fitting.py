"""The same message in fewer words, until a channel takes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from alerts.messages import digests
from alerts.messages.rendered import Dialect, Rendered
from alerts.messages.rendering import render
from alerts.messages.safe import cut
from alerts.messages.words import Language

Payload = dict[str, Any]
Fits = Callable[[Rendered], bool]


@dataclass(frozen=True, slots=True)
class _Step:
    """How much of everything is left: places, signs of what stands around them and of what changed, signs of the
    excerpt and of the title, notes, copies, ill sites, numbers and subscriptions; `bare`: none but what changed."""

    places: int
    around: int
    changed: int
    excerpt: int
    title: int
    lists: int
    bare: bool = False


_STEPS = (
    _Step(places=6, around=20, changed=80, excerpt=160, title=200, lists=4),
    _Step(places=3, around=16, changed=60, excerpt=100, title=120, lists=2),
    _Step(places=1, around=12, changed=40, excerpt=50, title=60, lists=1),
    _Step(places=1, around=0, changed=24, excerpt=0, title=40, lists=0),
    _Step(places=1, around=0, changed=16, excerpt=0, title=24, lists=0, bare=True),
)
# What is counted where it is left out, and under which name.
_LISTS = {"notes": "more_notes", "also": "more_also", "health": "more_health"}
# A digest of more parts than this is told in fewer words.
_MANY = 3
_SIDES = ("source", "region", "published_at", "evidence_link", "reprint_of", "subscription", "url")


def shorten(payload: Payload, fits: Fits, language: Language = "both", dialect: Dialect = "commonmark") -> Payload:
    """The same message in as many words as fit: fewer places, shorter excerpts, then a line each, then fewer changes
    and how many more there are. What changed first and the link are always there; so where even that does not fit, it
    is what is given."""
    is_good = partial(_fits, fits=fits, language=language, dialect=dialect)
    if is_good(payload):
        return payload
    shorter = payload
    for step in _STEPS:
        shorter = _shortened(payload, step)
        if is_good(shorter):
            return shorter
    return _fewer(shorter, is_good) if payload["type"] == "digest" else shorter


def split(payload: Payload, fits: Callable[[Payload], bool]) -> list[Payload]:
    """A digest that does not fit as several, numbered, with every change, in order. Where that would be many, each
    change is told in fewer words first. A change that does not fit by itself is a part of its own."""
    shorter = payload
    for step in _STEPS[2:]:
        parts = digests.split_into(shorter, fits, _MANY)
        if parts is not None:
            return parts
        shorter = payload | {"changes": [_change(one, step) for one in payload["changes"]]}
    return digests.split(shorter, fits)


def _fits(payload: Mapping[str, Any], *, fits: Fits, language: Language, dialect: Dialect) -> bool:
    return fits(render(payload, language, dialect))


def _shortened(payload: Payload, step: _Step) -> Payload:
    if payload["type"] != "digest":
        return _change(payload, step)
    changes = [digests.Change(_change(one, step)) for one in payload["changes"]]
    return _listed(payload, step) | {"changes": changes}


def _change(payload: Payload, step: _Step) -> Payload:
    places: Sequence[Payload] = payload.get("places") or ()
    left_out = max(len(places) - step.places, 0)
    made = _listed(payload, step) | {
        "title": cut(str(payload.get("title") or ""), step.title),
        "places": [_place(one, step) for one in places[: step.places]],
        "more_places": int(payload.get("more_places") or 0) + left_out,
        "excerpt": cut(str(payload.get("excerpt") or ""), step.excerpt) if step.excerpt else "",
    }
    return _bare(made, payload) if step.bare else made


def _bare(made: Payload, payload: Payload) -> Payload:
    """What changed first, and the link."""
    first = [place | {"pieces": _first_change(place.get("pieces") or ())} for place in made["places"]]
    nothing = dict.fromkeys(_SIDES) | dict.fromkeys(_LISTS.values(), 0)
    return made | nothing | {"places": first, "title": made["title"] or payload.get("url")}


def _first_change(pieces: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The first piece that went, with what came for it."""
    start = next((at for at, (op, _) in enumerate(pieces) if op != "="), 0)
    replaced = [op for op, _ in pieces[start : start + 2]] == ["-", "+"]
    return list(pieces[start : start + 1 + replaced])


def _place(place: Payload, step: _Step) -> Payload:
    pieces: Sequence[tuple[str, str]] = place.get("pieces") or ()
    ends = len(pieces) - 1
    return place | {"pieces": [[op, _piece(op, text, at, ends, step)] for at, (op, text) in enumerate(pieces)]}


def _piece(op: str, text: str, at: int, ends: int, step: _Step) -> str:
    """What stayed is cut away from what changed beside it."""
    if op != "=":
        return cut(text, step.changed)
    head, tail = (
        ("" if at == 0 else text[: step.around]),
        ("" if at == ends else text[max(len(text) - step.around, 0) :]),
    )
    return text if len(text) <= len(head) + len(tail) else f"{head}…{tail}"


def _listed(payload: Payload, step: _Step) -> Payload:
    made = dict(payload)
    for name, more in _LISTS.items():
        found: Sequence[Any] = payload.get(name) or ()
        made[name] = list(found[: step.lists])
        made[more] = int(payload.get(more) or 0) + max(len(found) - step.lists, 0)
    for name in ("document_numbers", "subscriptions"):
        made[name] = list((payload.get(name) or ())[: max(step.lists, 0 if step.bare else 1)])
    return made


def _fewer(digest: Payload, is_good: Callable[[Payload], bool]) -> Payload:
    """As many of the changes as fit, at least one, and how many more there are."""
    low, high = 1, max(len(digest["changes"]), 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_good(_first(digest, middle)) else (low, middle - 1)
    return _first(digest, low)


def _first(digest: Payload, count: int) -> Payload:
    changes = digest["changes"]
    return digest | {"changes": changes[:count], "more": int(digest.get("more") or 0) + len(changes[count:])}
