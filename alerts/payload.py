"""The message itself, put down once when a change is matched: every attempt sends the same."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from alerts.differences import cut
from alerts.kinds import Matter, Payload
from alerts.placing import placed
from alerts.wording import excerpt, summary
from catalogue import shapes
from domain.change import Change, ChangeType
from domain.clock import SHANGHAI, iso, now, shown
from domain.subscription import Language

# Standard Webhooks 1.0.0 asks for less than 20 kB a message; Chinese takes three bytes a character.
_LONGEST = 3_000
_MOST_NUMBERS = 10
# What a page said stands in the message where nothing is left to compare it with.
_QUOTED = frozenset({ChangeType.NEW, ChangeType.REMOVED, ChangeType.RESTORED})


class Named(Protocol):
    """A subscription, as far as its messages name it."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


def delivery_id(channel: str, *changes: str) -> str:
    """The idempotency key of these changes told to a channel: 64 hex digits, the same whoever computes it."""
    return hashlib.sha256("\n".join((channel, *changes)).encode()).hexdigest()


def link(web: str, change: Change) -> str:
    """Where the reading room shows it: the two versions side by side, or else the page's history."""
    asked = {"url": change.url, "site": change.site}
    if change.previous is None:
        return f"{web.rstrip('/')}/page?{urlencode(asked)}"
    return f"{web.rstrip('/')}/diff?{urlencode(asked | {'a': change.previous, 'b': change.version})}"


def evidence_link(web: str, change: Change) -> str:
    """Where the reading room shows the capture that proves it, the one at `change.at`: "" where none is named. A page
    is gone by the last of the answers that say so; anything else shows in the first."""
    if not change.evidence:
        return ""
    gone = change.type in (ChangeType.REMOVED, ChangeType.MOVED)
    return f"{web.rstrip('/')}/capture/{change.evidence[-1 if gone else 0]}"


def subscription_link(web: str, id: str) -> str:
    """Where a subscription is changed and ended."""
    return f"{web.rstrip('/')}/subscriptions/{id}"


def payload(matter: Matter, web: str) -> Payload:
    """What a message says of a change, whoever gets it (see `addressed`): docs/alerts.md has the shape.

    A field longer than some pages of text comes shortened, with `cut: true`; the link leads to the whole.
    """
    change = matter.change
    shape = shapes.change(change)
    found, more = placed([edit for edit in change.fields if edit.name != "url"])
    return shape | {
        "fields": [_short(field) for field in shape["fields"]],
        "title": matter.title,
        "site_title": matter.site_title or change.site,
        "region": matter.region,
        "source": matter.source,
        "published_at": matter.published_at.astimezone(SHANGHAI).isoformat() if matter.published_at else None,
        "document_numbers": list(matter.document_numbers[:_MOST_NUMBERS]),
        "link": link(web, change),
        "evidence_link": evidence_link(web, change),
        "summary": summary(matter),
        "places": [
            {"field": name, "text": str(one), "pieces": [list(piece) for piece in one.pieces]} for name, one in found
        ],
        "more_places": more,
        "excerpt": excerpt(matter.text) if change.type in _QUOTED else "",
        "notes": [],
        "also": [],
        "subscription": "",
        "subscriptions": [],
        "health": [],
    }


def addressed(
    facts: Payload,
    subscriptions: Sequence[Named],
    web: str,
    *,
    notes: Iterable[str] = (),
    also: Sequence[Payload] = (),
    health: Sequence[Payload] = (),
) -> Payload:
    """The message of these facts for those whom `subscriptions` tell: `notes` are what the page does to documents that
    they follow, a line each, `also` the copies folded into it (see `copy`), `health` the sites whose silence says
    nothing (alerts.unwell)."""
    said = list(dict.fromkeys(notes))
    return facts | {
        "notes": said,
        "also": list(also),
        "subscription": "、".join(dict.fromkeys(one.name for one in subscriptions)),
        "subscriptions": [
            {"id": one.id, "name": one.name, "link": subscription_link(web, one.id)} for one in subscriptions
        ],
        "health": list(health),
        "summary": "\n".join([*said, facts["summary"]]),
    }


def copy(facts: Payload) -> Payload:
    """A change as a line of `also`, in the message of another change that is the same matter."""
    return {name: facts.get(name, "") for name in ("url", "site", "site_title", "title", "at", "link")}


def _short(field: Payload) -> Payload:
    sides = {side: cut(field[side], _LONGEST) for side in ("before", "after") if field[side] is not None}
    shortened = any(sides[side] != field[side] for side in sides)
    return {**field, **sides, "cut": True} if shortened else field


def trial(name: str, web: str) -> Payload:
    """A message that says nothing happened and that the way is open. `name` is the channel's or the subscription's."""
    return _notice("test", web, f"{name}: 测试消息 a test message", web) | {
        "id": "test",
        "name": name,
        "summary": "没有变化，只是测试。Nothing changed: this message tests the way to you.",
    }


def switched_off(name: str, why: str, web: str, link: str) -> Payload:
    """A message for whom a channel belongs to: it was switched off. `why` is the rule and the last answer."""
    return _notice("channel", web, f"{name}: 渠道已停用 channel switched off", link) | {
        "name": name,
        "reason": why,
        "summary": f"渠道「{name}」已停用，此后不再向它发送。The channel «{name}» was switched off: {why}",
    }


def missed(
    name: str,
    count: int,
    span: tuple[datetime, datetime],
    young: timedelta,
    subscriptions: Sequence[Named],
    web: str,
    language: Language,
) -> Payload:
    """A message to a channel that is switched on again: how many changes it is not told of one by one, of which time,
    because they are older than `young`; and where they are listed."""
    root = web.rstrip("/")
    where = subscription_link(web, subscriptions[0].id) if len(subscriptions) == 1 else f"{root}/subscriptions"
    since, until = (shown(one)[:16] for one in span)
    title = {"zh": f"停用期间有 {count} 条变化未逐条发送", "en": f"{count} changes were not sent one by one"}
    said = {
        "zh": f"渠道「{name}」停用期间，{since} 至 {until} 的 {count} 条变化距今已超过 {young.days} 天，不再逐条发送，"
        "仍在订阅的列表中；此后的照常发送。",
        "en": f"While «{name}» was switched off, {count} changes from {since} to {until} grew older than {young.days} "
        "days: they are not sent one by one, and are in the subscription's list. What is newer is sent as ever.",
    }
    spoken = ("zh", "en") if language == "both" else (language,)
    return _notice("missed", web, f"{name}: {' '.join(title[one] for one in spoken)}", where) | {
        "name": name,
        "count": count,
        "since": iso(span[0]),
        "until": iso(span[1]),
        "subscription": "、".join(dict.fromkeys(one.name for one in subscriptions)),
        "subscriptions": [
            {"id": one.id, "name": one.name, "link": subscription_link(web, one.id)} for one in subscriptions
        ],
        "summary": "\n".join(said[one] for one in spoken),
    }


def _notice(type: str, web: str, title: str, link: str) -> Payload:
    return {
        "type": type,
        "at": iso(now()),
        "url": web,
        "site": "",
        "fields": [],
        "title": title,
        "link": link,
        "subscription": "",
        "subscriptions": [],
        "health": [],
    }
