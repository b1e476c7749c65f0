"""Copies that say something else than the first publisher: a `diverged` change of the copy, once a divergence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.change import Change, ChangeType, EditClass, FieldEdit, Version
from monitor.reprints import Member
from monitor.severity import severity
from monitor.substance import Item, substance, without_paragraphs


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a copy and the first publisher showed from a time on; None for one that showed nothing."""

    at: datetime
    capture: str
    own: Version | None
    other: Version | None
    removed: str | None  # the capture that proves the first publisher's removal


def divergences(copy: Member, first: Member, members: Sequence[Member]) -> tuple[Change, ...]:
    """What is told of a copy beside the first publisher of its cluster, in time order.

    An official copy that differs from the first publisher in substance, or a copy that differs from an official
    first publisher; a copy of any kind that stays as the first publisher was before an edit, or stays where that
    was removed (and shows the article nowhere else on its site). `at` and the first of `evidence` are of the
    capture from which on it is so.
    """
    told: set[object] = set()
    found: list[Change] = []
    for moment in _moments(copy, first):
        if moment.own is None or moment.other is None:
            continue
        sign = _removed(moment, copy, first, members) or _different(moment, copy, first)
        if sign and sign not in told:
            told.add(sign)
            found.append(_change(moment, moment.own, moment.other, copy, first, sign))
    return tuple(found)


def _moments(copy: Member, first: Member) -> Iterator[_Moment]:
    times = sorted({item for member in (copy, first) for item in _times(member)})
    for at, capture in times:
        own, other = _shown(copy, at), _shown(first, at)
        yield _Moment(at, capture, None if _removal(copy, at) else own, other, _removal(first, at))


def _times(member: Member) -> Iterator[tuple[datetime, str]]:
    yield from ((version.first_seen, version.capture) for version in member.history.versions)
    yield from ((change.at, change.evidence[-1]) for change in _ends(member))


def _ends(member: Member) -> list[Change]:
    kinds = (ChangeType.REMOVED, ChangeType.RESTORED)
    return [change for change in member.history.changes if change.type in kinds and change.evidence]


def _shown(member: Member, at: datetime) -> Version | None:
    return next((item for item in reversed(member.history.versions) if item.first_seen <= at), None)


def _removal(member: Member, at: datetime) -> str | None:
    """The capture that proves that a page was gone at a time."""
    ended = [change for change in _ends(member) if change.at <= at]
    return ended[-1].evidence[-1] if ended and ended[-1].type is ChangeType.REMOVED else None


def _removed(moment: _Moment, copy: Member, first: Member, members: Sequence[Member]) -> str | None:
    site = first.history.site
    if moment.removed is None or copy.history.site == site:
        return None
    elsewhere = (one for one in members if one is not first and one.history.site == site)
    still = any(_shown(one, moment.at) and not _removal(one, moment.at) for one in elsewhere)
    return None if still else moment.removed


def _different(moment: _Moment, copy: Member, first: Member) -> tuple[Item, ...]:
    if moment.own is None or moment.other is None or moment.removed:
        return ()
    own, other = copy.sides[moment.own.article_digest], first.sides[moment.other.article_digest]
    if own.text.signs == other.text.signs:
        return ()
    items = substance(own, other)
    if copy.official and first.official:
        return items
    plain = without_paragraphs(items)
    if copy.official or first.official:
        return plain or _stayed(moment, copy, first, items)
    return _stayed(moment, copy, first, items)


def _stayed(moment: _Moment, copy: Member, first: Member, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """What the first publisher changed after the copy was made: the copy says what an earlier version said."""
    assert moment.own is not None
    assert moment.other is not None
    own = copy.sides[moment.own.article_digest]
    for version in reversed(first.history.versions[: moment.other.number - 1]):
        before = substance(own, first.sides[version.article_digest])
        fresh = tuple(item for item in items if item not in before)
        if fresh and not without_paragraphs(before):
            return fresh
    return ()


def _change(
    moment: _Moment, own: Version, other: Version, copy: Member, first: Member, sign: str | tuple[Item, ...]
) -> Change:
    page = copy.history
    items = () if isinstance(sign, str) else sign
    fields = _fields(items)
    kinds = tuple(dict.fromkeys(item.kind for item in items))
    proof = own.capture if own.capture != moment.capture else other.capture
    return Change(
        site=page.site,
        url=page.url,
        urlkey=page.urlkey,
        type=ChangeType.DIVERGED,
        at=moment.at,
        version=own.number,
        severity=severity(ChangeType.DIVERGED, kinds),
        reprint_of=first.history.url,
        reason=_reason(items, first.history.url),
        evidence=tuple(dict.fromkeys((moment.capture, proof))),
        fields=fields,
        classes=kinds,
    )


def _fields(items: Sequence[Item]) -> tuple[FieldEdit, ...]:
    """The body as the first publisher has it (before) and as this page has it (after): what differs alone."""
    if not items:
        return ()
    before, after = (
        "\n".join(dict.fromkeys(text for text in texts if text))
        for texts in ([item.other for item in items], [item.own for item in items])
    )
    return (FieldEdit(name="body", before=before or None, after=after or None),)


def _reason(items: Sequence[Item], url: str) -> str:
    if not items:
        return f"首发已删，此页仍在 still here, removed by the first publisher {url}"
    kinds: tuple[EditClass, ...] = tuple(dict.fromkeys(item.kind for item in items))
    said = "、".join(f"{kind.chinese} {kind.value}" for kind in kinds)
    return f"与首发不同：{said}；differs from the first publisher {url}"
