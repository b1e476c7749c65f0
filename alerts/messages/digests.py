"""Many changes in one message: how they are ordered and counted, and how a digest that is too long becomes several."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from alerts.messages import words
from alerts.messages.happening import Said, severity
from alerts.messages.headlines import headline, span
from alerts.messages.safe import cut, web_address
from alerts.messages.viewing import change_view
from alerts.messages.views import ChangeView, Shown
from alerts.messages.words import Word
from domain.clock import iso

Payload = dict[str, Any]
_SPOTS, _EXCERPT = 2, 80
_FEW, _NEARLY = 8, 3


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of pages of which the weightiest has one severity."""

    severity: int
    weight: Word
    changes: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest as its message shows it. `part` is `1/3` where it is one of several, `more` how many changes the link
    alone leads to."""

    headline: Word
    part: str
    span: Word
    groups: tuple[Group, ...]
    more: int
    link: str
    severity: int


def digest(
    payloads: Iterable[Mapping[str, Any]],
    *,
    rhythm: str,
    since: datetime,
    at: datetime,
    name: str,
    link: str,
    id: str,
    health: Sequence[Mapping[str, Any]] = (),
) -> Payload:
    """The payload of a digest of changes since `since`, made at `at` (aware). `rhythm` is that of
    domain.subscription.Rhythm: instant where messages were folded into one.

    The pages with the weightiest change first, then by site, then by time; changes of one page stay together, in the
    order in which they happened.
    """
    changes = ordered(payloads)
    subscriptions = {one["id"]: one for change in changes for one in change.get("subscriptions") or ()}
    said: Payload = {
        "type": "digest",
        "id": id,
        "at": iso(at),
        "since": iso(since),
        "rhythm": str(rhythm),
        "counts": dict(Counter(str(one["type"]) for one in changes)),
        "changes": changes,
        "subscription": name,
        "subscriptions": list(subscriptions.values()),
        "link": link,
        "health": [dict(one) for one in health],
    }
    return said | {"title": headline(said).said("both")}


def ordered(payloads: Iterable[Mapping[str, Any]]) -> list[Payload]:
    """The changes in the order in which a digest tells them; `group` is the severity of their page's weightiest."""
    pages: dict[tuple[str, str], list[Payload]] = {}
    for one in sorted(payloads, key=lambda one: str(one["at"])):
        pages.setdefault((str(one.get("site", "")), str(one.get("url", ""))), []).append(dict(one))
    ranked = sorted(pages.items(), key=lambda page: (-_weightiest(page[1]), page[0][0], page[1][0]["at"], page[0][1]))
    return [one | {"group": _weightiest(changes)} for _, changes in ranked for one in changes]


def _weightiest(changes: Sequence[Payload]) -> int:
    return max(severity(one) for one in changes)


class Change(dict[str, Any]):
    """A change's payload that keeps what it looks like in a digest: each try to fit another number of changes into a
    message puts the same pieces together."""

    @cached_property
    def shown(self) -> Shown:
        return Shown(_short(change_view(self)))


def split(said: Payload, fits: Callable[[Payload], bool]) -> list[Payload]:
    """The digest in as many parts as it takes, each of which `fits`; all changes, in their order. A change that does
    not fit by itself is a part of its own. Sites whose silence says nothing stand in the last one."""
    return split_into(said, fits, max(len(said["changes"]), 1)) or []


def split_into(said: Payload, fits: Callable[[Payload], bool], most: int) -> list[Payload] | None:
    """The same in at most so many parts, None where they would be more."""
    said = said | {"changes": [Change(one) for one in said["changes"]]}
    changes, parts = said["changes"], list[list[Payload]]()
    if len(changes) <= _FEW and fits(said):
        return [said]
    count = _FEW
    while changes:
        if len(parts) == most:
            return None
        count = _most(said, changes, fits, len(parts) + 1, count)
        # A part says its number, too: what is whole may hold a little more.
        if not parts and count >= len(changes) - _NEARLY and fits(said):
            return [said]
        parts.append(changes[:count])
        changes = changes[count:]
    last = len(parts)
    return [_part(said, part, number, last, ends=number == last) for number, part in enumerate(parts, 1)]


def _most(said: Payload, changes: Sequence[Payload], fits: Callable[[Payload], bool], number: int, guess: int) -> int:
    """How many of the changes fit into a part, at least one; about as many as `guess`."""

    def good(count: int) -> bool:
        # With the foot that only the last one has, and a number as wide as any.
        return fits(_part(said, changes[:count], number, 99, ends=True))

    low, high = _around(guess, len(changes), good)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if good(middle) else (low, middle - 1)
    return low


def _around(guess: int, most: int, good: Callable[[int], bool]) -> tuple[int, int]:
    """The least and the most that it may be, by steps from a guess that double: thousands that are far too long are not
    put together for every part."""
    low, high, step = 1, most, 1
    at = min(max(guess, 2), most)
    grows = low < high and good(at)
    low, high = (at, high) if grows else (low, max(at - 1, low))
    while low < high:
        at = min(low + step, high) if grows else max(high + 1 - step, low + 1)
        if good(at) != grows:
            return (low, at - 1) if grows else (at, high)
        low, high, step = (at, high, 2 * step) if grows else (low, at - 1, 2 * step)
    return low, high


def _part(said: Payload, changes: Sequence[Payload], number: int, of: int, *, ends: bool) -> Payload:
    if of == 1:
        return said
    own = {"id": f"{said['id']}-{number}", "part": {"number": number, "of": of}, "changes": list(changes)}
    made = said | own | ({} if ends else {"health": []})
    return made | {"title": f"{said['title']} ({number}/{of})"}


def digest_view(said: Said) -> DigestView:
    changes: Sequence[Said] = said.get("changes") or ()
    groups = groupby(changes, key=lambda one: int(one.get("group") or severity(one)))
    shown = tuple(Group(weight, words.weight(weight), tuple(_shown(one) for one in some)) for weight, some in groups)
    part = said.get("part") or {}
    return DigestView(
        headline=headline(said),
        part=f"{int(part['number'])}/{int(part['of'])}" if part else "",
        span=span(said),
        groups=shown,
        more=int(said.get("more") or 0),
        link=web_address(said.get("link")),
        severity=max((one.severity for one in shown), default=1),
    )


def _shown(change: Said) -> Shown:
    return change.shown if isinstance(change, Change) else Shown(_short(change_view(change)))


def _short(view: ChangeView) -> ChangeView:
    """A line or two: the first places, or what happened, or how the text begins."""
    left_out = max(len(view.spots) - _SPOTS, 0)
    return replace(
        view,
        spots=view.spots[:_SPOTS],
        more_spots=view.more_spots + left_out,
        happened=view.happened[:1],
        excerpt="" if view.spots or view.happened else cut(view.excerpt, _EXCERPT),
    )
