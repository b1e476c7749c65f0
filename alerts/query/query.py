"""A query, read."""

from collections.abc import Collection
from dataclasses import dataclass, field

from alerts.query.errors import QueryError
from alerts.query.fields import HEALTH
from alerts.query.meaning import leaves, meaning, narrowed
from alerts.query.parsing import Parser
from alerts.query.tree import Kind, Node, Term, Value, Zone
from domain.citation import DocumentNumber


@dataclass(frozen=True, slots=True)
class Query:
    """Equal to another of the same meaning, however that is written. `root` is as written, `meaning` as compared."""

    text: str = field(compare=False)
    root: Node = field(compare=False, repr=False)
    meaning: Node = field(repr=False)

    @property
    def wants_health(self) -> bool:
        """Does it ask for a site's own health (type:health)? Only then is it told of it."""
        return (Kind.TYPE, HEALTH) in {(leaf.kind, leaf.value) for leaf in self._asked()}

    @property
    def numbers(self) -> tuple[DocumentNumber, ...]:
        """The documents that it follows."""
        texts = dict.fromkeys(leaf.shown for leaf in self._asked() if leaf.kind is Kind.NUMBER)
        return tuple(number for text in texts if (number := DocumentNumber.of(text)))

    @property
    def sites(self) -> frozenset[str]:
        """The sites that it names."""
        return frozenset(leaf.value for leaf in self._asked() if leaf.kind is Kind.SITE)

    def _asked(self) -> list[Value]:
        return [leaf for leaf, plain in leaves(self.meaning) if plain and isinstance(leaf, Value)]


def parse(text: str, *, sites: Collection[str] = ()) -> Query:
    """Reads a query; nothing but blanks means every change. Where `sites` are given, a site must be one of them.
    Raises QueryError."""
    root = Parser(text, sites).query()
    meant = meaning(root)
    if not narrowed(meant):
        at = next((_at(text, leaf) for leaf, plain in leaves(meant) if not plain and isinstance(leaf, Term)), 0)
        raise QueryError(
            text,
            at,
            "只说了不要什么，没说要什么：几乎每一条变更都符合。",
            "this says only what is not wanted: nearly every change would match.",
            hint="再加要找的词，或用字段收窄 Add a word to look for, or narrow it by a field: "
            "招商 非 广告, 站点:… 非 广告, type:(new 或 edited) 非 广告.",
        )
    return Query(text, root, meant)


def _at(text: str, leaf: Term) -> int:
    return max(0, text.find(leaf.shown)) if leaf.zone in Zone else 0
