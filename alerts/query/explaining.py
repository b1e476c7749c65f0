"""A query in one plain sentence, Chinese and English."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from alerts.query import phrases
from alerts.query.phrases import Saying
from alerts.query.query import Query
from alerts.query.tree import And, Near, Node, Not, Or, Severity, Term, Value


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence each."""

    chinese: str
    english: str


def explain(query: Query) -> Explained:
    """What a query looks for, in the order in which it is written."""
    chinese, english = (_sentence(query, saying) for saying in (phrases.CHINESE, phrases.ENGLISH))
    return Explained(chinese, english)


def _sentence(query: Query, saying: Saying) -> str:
    said = _said(query.root, saying, inner=False) if query.root != And(()) else ""
    sentence = saying.begin.format(said) if said else saying.everything
    return sentence + saying.stop


def _said(node: Node, saying: Saying, *, inner: bool) -> str:
    match node:
        case And() | Or():
            parts = list(_parts(node, saying))
            joined = (saying.also if isinstance(node, And) else saying.otherwise).join(parts)
            return saying.bracket.format(joined) if inner and len(parts) > 1 else joined
        case Not():
            return _denied(node.item, saying)
        case _:
            return _leaf((node,), saying, "one")


def _parts(node: And | Or, saying: Saying) -> Iterable[str]:
    """Neighbours of one kind are said together: 出现“甲”和“乙”."""
    how = "all" if isinstance(node, And) else "any"
    for kind, group in groupby(node.items, _kind):
        items = list(group)
        if kind is None or len(items) == 1:
            yield from (_said(item, saying, inner=True) for item in items)
        else:
            yield _leaf(items, saying, how)


def _kind(node: Node) -> object:
    return node.zone if isinstance(node, Term) else node.kind if isinstance(node, Value) else None


def _denied(node: Node, saying: Saying) -> str:
    if isinstance(node, Not):
        return _said(node.item, saying, inner=True)
    if isinstance(node, Or) and len({_kind(item) for item in node.items}) == 1 and _kind(node.items[0]) is not None:
        return _leaf(node.items, saying, "none")
    if isinstance(node, Term | Value):
        return _leaf((node,), saying, "none")
    return saying.unless.format(_said(node, saying, inner=False))


def _leaf(items: Sequence[Node], saying: Saying, how: str) -> str:
    first = items[0]
    match first:
        case Term():
            said = [saying.quote.format(item.shown) for item in items if isinstance(item, Term)]
            return _filled(saying.zones[first.zone, how == "none"], saying, said, how)
        case Value():
            said = [saying.value(item) for item in items if isinstance(item, Value)]
            return _filled(saying.kinds[first.kind, how == "none"], saying, said, how)
        case Severity():
            return saying.severity(first.least, first.most)
        case Near():
            left, right = (_listed(side, saying) for side in (first.left, first.right))
            return saying.near[first.left[0].zone].format(left, right, first.distance)
        case _:
            raise TypeError(f"{type(first).__name__} is no leaf")


def _listed(terms: Iterable[Term], saying: Saying) -> str:
    return _joined([saying.quote.format(term.shown) for term in terms], saying, saying.either)


def _filled(pattern: str, saying: Saying, said: list[str], how: str) -> str:
    return pattern.format(_joined(said, saying, saying.both if how == "all" else saying.either))


def _joined(said: list[str], saying: Saying, last: str) -> str:
    return said[0] if len(said) == 1 else saying.comma.join(said[:-1]) + last + said[-1]
