"""What a feed says, whatever its form."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from domain.subscription import Match, Subscription
from web.desk.messages import Place, Seen, message
from web.desk.wellformed import wellformed
from web.rendering import web_address

_NAMES = uuid.uuid5(uuid.NAMESPACE_DNS, "tongjian.invalid")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `id` is the same in every feed and however often it is asked for; `html` is safe to show."""

    id: str
    at: datetime
    title: str
    link: str
    outside: str
    author: str
    tags: tuple[str, ...]
    summary: str
    html: str


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries, the newest first. `updated` is when the last of them was matched, or the feed was made."""

    id: str
    title: str
    home: str
    language: str
    updated: datetime
    entries: tuple[Entry, ...]


def feed(subscription: Subscription, matches: Sequence[Match], web: str) -> Feed:
    """`web` is where the reading room is."""
    updated = max([subscription.created_at, *(match.found_at or match.at for match in matches)]).astimezone(UTC)
    return Feed(
        id=_urn("subscription", subscription.id),
        title=f"通鉴 {wellformed(subscription.name)}",
        home=web.rstrip("/") + "/",
        language="en" if subscription.language == "en" else "zh-Hans",
        updated=updated,
        entries=tuple(_entry(match, web) for match in matches),
    )


def _entry(match: Match, web: str) -> Entry:
    seen = message(match.payload)
    return Entry(
        id=_urn("change", match.change),
        at=match.at.astimezone(UTC),
        title=f"{seen.type.zh} {seen.type.en}: {_line(seen.title) or seen.url}".strip(),
        link=seen.link or web.rstrip("/") + "/",
        outside=web_address(seen.url) or "",
        author=seen.source or seen.site or "通鉴 Tongjian",
        tags=tuple(dict.fromkeys(tag for tag in (seen.kind, seen.site, *seen.numbers) if tag)),
        summary=seen.summary or _line(seen.title),
        html=_html(seen),
    )


_MARKS = {"-": "del", "+": "ins"}


def _html(seen: Seen) -> str:
    told = (*seen.notes, seen.excerpt) if seen.places or seen.excerpt else (seen.summary,)
    under = " · ".join(one for one in (seen.site, seen.source, *seen.numbers) if one)
    named = (("在阅览室查看 see it in the reading room", seen.link), ("证据 evidence", seen.evidence))
    links = " · ".join(f'<a href="{escape(url)}">{name}</a>' for name, url in named if url)
    lines = [escape(text).replace("\n", "<br>") for text in told]
    pieces = [*map(_place, seen.places), *lines, escape(under), links]
    return "".join(f"<p>{piece}</p>" for piece in pieces if piece)


def _place(place: Place) -> str:
    text = "".join(_piece(op, text) for op, text in place.pieces)
    return f"{escape(place.field.zh)} {escape(place.field.en)}: {text}"


def _piece(op: str, text: str) -> str:
    mark = _MARKS.get(op)
    return f"<{mark}>{escape(text)}</{mark}>" if mark else escape(text)


def _line(text: str) -> str:
    return " ".join(text.split())


def _urn(kind: str, id: str) -> str:
    """RFC 9562: the same name, the same UUID."""
    return uuid.uuid5(_NAMES, f"{kind}\n{id}").urn
