"""What clustering looks at: pages, and all pages within reach of them from one copy to the next."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue import Catalogue, crowding, fingerprinting, reprinting
from catalogue.fingerprinting import Node
from catalogue.reprinting import Page
from domain.article import Article
from domain.change import History
from domain.site import Site
from domain.urls import host
from monitor.alikeness import Likeness, Side, likeness, side
from monitor.reprints import Joined, Member
from parsers.fingerprint import fingerprint

_OFFICIAL_TAGS = frozenset({"government", "official", "gov"})


@dataclass
class Near:
    """Pages and articles within reach of some pages, from one copy to the next."""

    catalogue: Catalogue
    known: Mapping[str, Site]
    histories: dict[Page, History] = field(default_factory=dict)
    articles: dict[Node, Article] = field(default_factory=dict)
    pairs: dict[tuple[Node, Node], Likeness] = field(default_factory=dict)
    sides: dict[Node, Side] = field(default_factory=dict)
    _asked: set[Node] = field(default_factory=set)
    _refused: set[tuple[Node, Node]] = field(default_factory=set)
    _joined: Joined = field(default_factory=Joined)

    def look(self, pages: Collection[Page]) -> None:
        """Takes these pages in, and all pages that carry an article of theirs, and those of these."""
        engine = self.catalogue.engine
        while fresh := set(pages) - self.histories.keys():
            self.histories |= (found := reprinting.histories(engine, fresh))
            nodes = {
                (history.site, version.article_digest) for history in found.values() for version in history.versions
            } - self._asked
            nodes -= self._short(nodes) | crowding.crowded(engine, nodes)
            self._asked |= nodes
            alike = self._alike(fingerprinting.candidates(engine, nodes))
            pages = reprinting.showing(engine, nodes | alike)

    def _short(self, nodes: set[Node]) -> set[Node]:
        """Those too short to be known again. Makes the sketches of those put down before there were any."""
        lacking = fingerprinting.without(self.catalogue.engine, nodes)
        found = reprinting.articles(self.catalogue.engine, lacking)
        sketches = {node: fingerprint(article) for node, article in found.items()}
        fingerprinting.put_sketches(self.catalogue.engine, sketches)
        return {node for node in lacking if not sketches.get(node)}

    def _alike(self, pairs: Iterable[tuple[Node, Node]]) -> set[Node]:
        """Those articles of the candidates that are copies indeed, told from the texts. Two that are joined already,
        over copies of the whole article, are not held against each other: a thousand copies are a thousand looks."""
        wanted = sorted({(min(pair), max(pair)) for pair in pairs} - self.pairs.keys() - self._refused)
        nodes = {node for pair in wanted for node in pair}
        self._load(nodes)
        found: set[Node] = set()
        for pair in wanted:
            if not all(node in self.sides for node in pair) or self._joined.same(*pair):
                continue
            alike = likeness(*(self.sides[node] for node in pair))
            if alike is None:
                self._refused.add(pair)
            else:
                self.pairs[pair] = alike
                found |= set(pair)
                if alike.whole:
                    self._joined.join(*pair)
        return found

    def _load(self, nodes: Collection[Node]) -> None:
        fresh = reprinting.articles(self.catalogue.engine, set(nodes) - self.articles.keys())
        self.articles |= fresh
        self.sides |= {node: side(node[0], self._names(node[0]), article) for node, article in fresh.items()}

    def _names(self, site: str) -> tuple[str, ...]:
        said = self.known.get(site)
        return tuple(filter(None, (said.title, said.publisher))) if said else ()

    def members(self) -> list[Member]:
        """The pages that showed a text long enough to be known again."""
        self._load({(history.site, one.article_digest) for history in self._linked() for one in history.versions})
        return [self._member(history) for history in self._linked() if self._is_whole(history)]

    def _linked(self) -> list[History]:
        """Pages with an article that is a copy, or that another page shows too."""
        shown: dict[Node, int] = {}
        for history in self.histories.values():
            for node in {(history.site, version.article_digest) for version in history.versions} & self._asked:
                shown[node] = shown.get(node, 0) + 1
        told = {node for pair in self.pairs for node in pair} | {node for node, count in shown.items() if count > 1}
        return [
            history
            for history in self.histories.values()
            if any((history.site, version.article_digest) in told for version in history.versions)
        ]

    def _is_whole(self, history: History) -> bool:
        return all((history.site, version.article_digest) in self.articles for version in history.versions)

    def _member(self, history: History) -> Member:
        digests = {version.article_digest for version in history.versions}
        articles = {digest: self.articles[history.site, digest] for digest in digests}
        official = _is_official(history, self.known.get(history.site), articles.values())
        return Member(history, articles, self._names(history.site), official)

    def links(self) -> dict[tuple[Page, Page], Likeness]:
        """The likenesses between pages: of two versions those most alike."""
        pages: dict[Node, list[Page]] = {}
        for page, history in self.histories.items():
            for digest in {version.article_digest for version in history.versions}:
                pages.setdefault((history.site, digest), []).append(page)
        found: dict[tuple[Page, Page], Likeness] = {}
        same = {(node, node): Likeness(1.0, 1.0, 1.0) for node, shown in pages.items() if len(shown) > 1}
        for (one, other), alike in {**same, **self.pairs}.items():
            if one == other and one not in self._asked:
                continue
            for mine, theirs in _spanning(pages.get(one, ()), pages.get(other, ())):
                key = (min(mine, theirs), max(mine, theirs))
                if mine != theirs and (key not in found or found[key].similarity < alike.similarity):
                    found[key] = alike
        return found


def _spanning(ones: Sequence[Page], others: Sequence[Page]) -> Iterator[tuple[Page, Page]]:
    """Pairs that tie all pages of two articles together: not every page with every other, of which a text that
    stands at a thousand addresses has a million."""
    if ones and others:
        yield from ((ones[0], other) for other in others)
        yield from ((one, others[0]) for one in ones)


def _is_official(history: History, site: Site | None, articles: Iterable[Article]) -> bool:
    """A government's page: by its host (.gov.cn), its site's tags, or the cover of an official document."""
    if host(history.url).endswith(".gov.cn") or (site and _OFFICIAL_TAGS & set(site.tags)):
        return True
    return any(article.index_number or (article.agency and article.document_numbers) for article in articles)
