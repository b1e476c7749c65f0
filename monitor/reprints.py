"""Clusters of pages that carry the same article (转载), and who had it first. Pure: the same pages give the same
clusters, whatever order they come in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.article import Article
from domain.change import ChangeType, History
from monitor.alikeness import Likeness, Side, side

PageId = tuple[str, str]
Links = Mapping[tuple[PageId, PageId], Likeness]


@dataclass(frozen=True)
class Member:
    """A page of a cluster: its history, its articles by digest, the names its site goes by (title, publisher), and
    whether that is a government's."""

    history: History
    articles: Mapping[str, Article]
    names: tuple[str, ...] = ()
    official: bool = False

    @property
    def id(self) -> PageId:
        """Site and urlkey."""
        return self.history.site, self.history.urlkey

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """Its articles as they are held against others', by digest."""
        return {digest: side(self.history.site, self.names, item) for digest, item in self.articles.items()}

    @property
    def first(self) -> Side:
        """What it showed first."""
        return self.sides[self.history.versions[0].article_digest]

    @property
    def current(self) -> Side:
        """What it showed last."""
        return self.sides[self.history.versions[-1].article_digest]

    @property
    def gone(self) -> bool:
        ended = [change.type for change in self.history.changes if change.type in _ENDS]
        return bool(ended) and ended[-1] is ChangeType.REMOVED


_ENDS = frozenset({ChangeType.REMOVED, ChangeType.RESTORED})


class Joined:
    """Which of many belong together, as they are joined two by two; each group goes by its smallest."""

    def __init__(self) -> None:
        self._root: dict[PageId, PageId] = {}

    def of(self, id: PageId) -> PageId:
        """The smallest of those it is joined to; itself where to none."""
        root = self._root
        while (above := root.get(id, id)) != id:
            root[id] = root.get(above, above)
            id = above
        return id

    def join(self, one: PageId, other: PageId) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        if low != high:
            self._root[high] = low

    def same(self, one: PageId, other: PageId) -> bool:
        return self.of(one) == self.of(other)


def clusters(members: Iterable[Member], links: Links) -> tuple[tuple[Member, ...], ...]:
    """Groups of two pages or more, their members by site and urlkey. `links` are the likenesses between pages.

    Pages that hold the whole article of each other belong together, and so do those. A group that holds a part of
    another's article is joined to it; where one page holds several articles that have nothing in common (要闻汇总,
    a roundup), only the longest of them is.
    """
    by_id = {member.id: member for member in sorted(members, key=lambda item: item.id)}
    groups = _joined(by_id, [pair for pair, found in links.items() if found.whole])
    roots = _attached(groups, links, by_id)
    made: dict[PageId, list[Member]] = {}
    for id, member in by_id.items():
        made.setdefault(roots[groups[id]], []).append(member)
    return tuple(tuple(group) for group in made.values() if len(group) > 1)


def _joined(ids: Iterable[PageId], pairs: Sequence[tuple[PageId, PageId]]) -> dict[PageId, PageId]:
    """For each page the smallest id of those it is joined to."""
    held = Joined()
    for pair in pairs:
        held.join(*pair)
    return {id: held.of(id) for id in ids}


def _attached(groups: Mapping[PageId, PageId], links: Links, by_id: Mapping[PageId, Member]) -> dict[PageId, PageId]:
    """For each group the one it is a part of, itself where it is none's: longer articles first."""
    length = dict.fromkeys(groups.values(), 0)
    for id, group in groups.items():
        length[group] = max(length[group], *(len(one.text.signs) for one in by_id[id].sides.values()))
    near: dict[PageId, dict[PageId, float]] = {group: {} for group in length}
    for pair, found in links.items():
        one, other = (groups[id] for id in pair)
        if one != other:
            near[one][other] = near[other][one] = max(found.contained, near[one].get(other, 0.0))
    roots: dict[PageId, PageId] = {}
    for group in sorted(length, key=lambda item: (-length[item], item)):
        roots[group] = _root(group, near, roots)
    return roots


def _root(group: PageId, near: Mapping[PageId, Mapping[PageId, float]], roots: Mapping[PageId, PageId]) -> PageId:
    longer = sorted((other for other in near[group] if other in roots), key=lambda item: (-near[group][item], item))
    for target in map(roots.__getitem__, longer):
        parts = [other for other, root in roots.items() if root == target and other != target]
        if not parts or any(part in near[group] for part in parts):
            return target
    return group
