"""Who published an article first, told from what its copies state, when they say it appeared, and when we saw it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.article import Article, Frozen, Precision
from domain.clock import SHANGHAI
from monitor.alikeness import named
from monitor.reprints import Member

_EXACT = frozenset({Precision.SECOND, Precision.MINUTE})
_UNDATED = frozenset({Precision.MONTH, Precision.FIRST_SEEN})
# How much each finding says by itself; together as independent ones.
_STATED, _OWN, _TIME, _DAY, _SEEN, _DOCUMENT = 0.85, 0.3, 0.6, 0.5, 0.2, 0.3
# What the findings are still worth where the first publisher itself names somebody else, or another had it earlier.
_FOREIGN, _LATER = 0.6, 0.75


class Reason(Frozen):
    """One finding, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class First:
    """The first publisher, how sure that is (0..1) and why."""

    member: Member
    confidence: float
    reasons: tuple[Reason, ...]


def first_publisher(members: Sequence[Member]) -> First:
    """Of a cluster. Pages that state another member as their source come last; then come those stated most often,
    those that state nobody, the earliest day, offices before papers, the earliest minute, the first seen."""
    cluster = _cluster(members)
    chosen = min(members, key=lambda member: _place(member, cluster))
    others = [member for member in members if member is not chosen]
    found = [item for item in _findings(chosen, others, cluster) if item]
    doubts = [item for item in _doubts(chosen, others) if item]
    left = 1.0
    for weight, _ in found:
        left *= 1 - weight
    confidence = max(1 - left, 1 / len(members))
    for weight, _ in doubts:
        confidence *= weight
    return First(chosen, round(confidence, 2), tuple(reason for _, reason in (*found, *doubts)))


@dataclass(frozen=True)
class _Cluster:
    """What its pages state as their sources, and the names of their sites: each once, however many pages there are."""

    stated: Counter[tuple[str, str]]
    names: frozenset[tuple[str, tuple[str, ...]]]

    def naming(self, member: Member) -> int:
        """How many pages of other sites state this one's."""
        site, names = member.history.site, member.names
        return sum(count for (other, source), count in self.stated.items() if other != site and named(source, names))

    def is_copy(self, member: Member) -> bool:
        """It states another's site."""
        site, source = member.history.site, member.first.article.source
        return any(other != site and named(source, names) for other, names in self.names)


def _cluster(members: Sequence[Member]) -> _Cluster:
    stated = Counter((one.history.site, one.first.article.source or "") for one in members)
    return _Cluster(stated, frozenset((one.history.site, one.names) for one in members))


def _place(member: Member, cluster: _Cluster) -> tuple[object, ...]:
    day, exact = _published(member)
    return (
        cluster.is_copy(member),
        -cluster.naming(member),
        _is_foreign(member),
        day,
        not member.official,
        exact or datetime.max.replace(tzinfo=SHANGHAI),
        member.history.versions[0].first_seen,
        member.id,
    )


def _is_foreign(member: Member) -> bool:
    """It states a source, and that is not itself."""
    source = member.first.article.source
    return bool(source) and not named(source, member.names)


def _published(member: Member) -> tuple[date, datetime | None]:
    """The day (the day first seen where the page gives none) and, where it is known, the minute."""
    article: Article = member.first.article
    at, precision = article.published_at, article.published_precision
    if at is None or precision in _UNDATED:
        return member.history.versions[0].first_seen.astimezone(SHANGHAI).date(), None
    shown = at.astimezone(SHANGHAI)
    return shown.date(), shown if precision in _EXACT else None


_Finding = tuple[float, Reason] | None


def _findings(chosen: Member, others: Sequence[Member], cluster: _Cluster) -> tuple[_Finding, ...]:
    naming = cluster.naming(chosen)
    stated = Reason(
        zh=f"{naming} 份转载注明来源为该站", en=f"{naming} of {len(others)} others state it as their source"
    )
    own = Reason(zh="来源署本站", en="it states itself as the source")
    document = Reason(zh="官方网站，载有文号", en="an official site, with the document's number")
    seen = Reason(zh="最早被抓取到", en="seen before the others")
    return (
        (_STATED * (naming / len(others)) ** 0.5, stated) if naming else None,
        (_OWN, own) if named(chosen.first.article.source, chosen.names) else None,
        _earlier(chosen, others),
        (_DOCUMENT, document) if chosen.official and chosen.first.article.document_numbers else None,
        (_SEEN, seen) if all(_seen(chosen) < _seen(other) for other in others) else None,
    )


def _seen(member: Member) -> datetime:
    return member.history.versions[0].first_seen


def _earlier(chosen: Member, others: Sequence[Member]) -> _Finding:
    """Before all others by its own word: a day that all give, or a minute."""
    if not all(_dated(member) for member in (chosen, *others)):
        return None
    day, exact = _published(chosen)
    times = [_published(other) for other in others]
    if all(day < other for other, _ in times):
        return _DAY, Reason(zh=f"发布日期最早：{day}", en=f"the earliest day of publication: {day}")
    if exact and all(day < other or (minute and exact < minute) for other, minute in times):
        return _TIME, Reason(zh=f"发布时间最早：{exact:%F %R}", en=f"the earliest time of publication: {exact:%F %R}")
    return None


def _dated(member: Member) -> bool:
    article = member.first.article
    return article.published_at is not None and article.published_precision not in _UNDATED


def _doubts(chosen: Member, others: Sequence[Member]) -> tuple[_Finding, ...]:
    day, _ = _published(chosen)
    source = chosen.first.article.source
    foreign = Reason(zh=f"但其自注来源为{source}", en=f"but it states {source} as its source")
    later = Reason(zh="但有转载自称发布更早", en="but a copy says it was published earlier")
    earlier = any(_dated(other) and _published(other)[0] < day for other in others)
    return (
        (_FOREIGN, foreign) if _is_foreign(chosen) else None,
        (_LATER, later) if earlier and _dated(chosen) else None,
    )
