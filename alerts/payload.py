"""The message itself, put down once when a change is matched: every attempt sends the same."""

import hashlib
from urllib.parse import urlencode

from alerts import numbers
from alerts.differences import cut
from alerts.kinds import Matter, Payload, Subscription
from alerts.wording import summary
from catalogue import shapes
from domain.change import Change
from domain.clock import iso, now

# Standard Webhooks 1.0.0 asks for less than 20 kB a message; Chinese takes three bytes a character.
_LONGEST = 3_000


def delivery_id(subscription: str, change: str) -> str:
    """The idempotency key of a change told to a subscription: 64 hex digits, the same whoever computes it."""
    return hashlib.sha256(f"{subscription}\n{change}".encode()).hexdigest()


def link(web: str, change: Change) -> str:
    """Where the reading room shows the evidence: the two versions side by side, or else the page's history."""
    asked = {"url": change.url, "site": change.site}
    if change.previous is None:
        return f"{web.rstrip('/')}/page?{urlencode(asked)}"
    return f"{web.rstrip('/')}/diff?{urlencode(asked | {'a': change.previous, 'b': change.version})}"


def payload(matter: Matter, subscription: Subscription, web: str) -> Payload:
    """The shape of `changes`, and `title`, `link`, `subscription` (its name) and `summary` (what changed, in words).

    A field longer than some pages of text comes shortened, with `cut: true`; the link leads to the whole.
    """
    shape = shapes.change(matter.change)
    return shape | {
        "fields": [_short(field) for field in shape["fields"]],
        "title": matter.title,
        "link": link(web, matter.change),
        "subscription": subscription.name,
        "summary": "\n".join([*_followed(matter, subscription), summary(matter)]),
    }


def _followed(matter: Matter, subscription: Subscription) -> list[str]:
    """What the page does to the documents that the subscription follows, a line each."""
    return [numbers.line(item) for item in numbers.said(subscription.words, matter.citations)]


def _short(field: Payload) -> Payload:
    sides = {side: cut(field[side], _LONGEST) for side in ("before", "after") if field[side] is not None}
    shortened = any(sides[side] != field[side] for side in sides)
    return {**field, **sides, "cut": True} if shortened else field


def trial(subscription: Subscription, web: str) -> Payload:
    """A message that says nothing happened and that the way is open."""
    return {
        "id": "test",
        "type": "test",
        "at": iso(now()),
        "url": web,
        "site": "",
        "fields": [],
        "title": f"{subscription.name}: 测试消息 a test message",
        "link": web,
        "subscription": subscription.name,
        "summary": "没有变化，只是测试。Nothing changed: this message tests the way to you.",
    }
