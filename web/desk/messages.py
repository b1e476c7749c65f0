"""A message's payload (docs/alerts.md) as pages and feeds show it. What a payload lacks is shown as nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.clock import parse
from domain.subscription import Match
from web.desk.wellformed import wellformed
from web.rendering import web_address
from web.words import TYPES, Word, field

_TYPES = {
    "digest": Word("汇总", "digest"),
    "test": Word("测试", "test"),
    "health": Word("站况", "site health"),
    "channel": Word("渠道", "channel"),
    "missed": Word("漏发", "missed"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One spot that changed, in pieces: what stayed (`=`), what went (`-`), what came (`+`)."""

    field: Word
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One change, or one message that is of no change."""

    kind: str
    type: Word
    at: datetime | None
    title: str
    site: str
    url: str
    link: str
    evidence: str
    source: str
    numbers: tuple[str, ...]
    severity: int
    summary: str
    excerpt: str
    notes: tuple[str, ...]
    places: tuple[Place, ...]
    also: tuple["Seen", ...]
    changes: tuple["Seen", ...]


def seen(matches: Iterable[Match]) -> tuple[Seen, ...]:
    return tuple(message(match.payload) for match in matches)


def message(payload: Mapping[str, Any]) -> Seen:
    """Text without what no document may hold; links that are web addresses or nothing."""
    kind = _text(payload, "type")
    return Seen(
        kind=kind,
        type=_word(kind),
        at=_time(_text(payload, "at")),
        title=_text(payload, "title"),
        site=_text(payload, "site_title") or _text(payload, "site"),
        url=_text(payload, "url"),
        link=web_address(_text(payload, "link")) or "",
        evidence=web_address(_text(payload, "evidence_link")) or "",
        source=_text(payload, "source"),
        numbers=tuple(wellformed(str(one)) for one in payload.get("document_numbers") or ()),
        severity=int(payload.get("severity") or 0),
        summary=_text(payload, "summary"),
        excerpt=_text(payload, "excerpt"),
        notes=tuple(wellformed(str(one)) for one in payload.get("notes") or ()),
        places=tuple(_place(one) for one in payload.get("places") or ()),
        also=tuple(message(one) for one in payload.get("also") or ()),
        changes=tuple(message(one) for one in payload.get("changes") or ()),
    )


def _place(said: Mapping[str, Any]) -> Place:
    pieces = tuple((str(op), wellformed(str(text))) for op, text in said.get("pieces") or ())
    return Place(field(_text(said, "field")), pieces or (("=", _text(said, "text")),))


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    return wellformed(str(value)) if value is not None else ""


def _word(kind: str) -> Word:
    known = {type.value: word for type, word in TYPES.items()} | _TYPES
    return known.get(kind) or Word(kind, "")


def _time(text: str) -> datetime | None:
    try:
        return parse(text)
    except ValueError:
        return None
