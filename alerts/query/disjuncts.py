"""A meaning as alternatives, each a conjunction: what has to be there, what must not be, what stands near what."""

from itertools import product
from typing import NamedTuple, Self

from alerts.query.facts import is_fact
from alerts.query.tree import And, Near, Node, Not, Or

MOST = 8


class Alternative(NamedTuple):
    """Of `needs` all have to hold, of `bans` none may; `near` and `apart` are what has to be looked at in the text."""

    needs: frozenset[Node]
    bans: frozenset[Node]
    near: frozenset[Near]
    apart: frozenset[Near]

    @classmethod
    def of(cls, leaf: Node, *, plain: bool) -> Self:
        """One leaf or fact, or its contrary. Two terms that stand near each other are both there."""
        nothing: frozenset[Node] = frozenset()
        if isinstance(leaf, Near):
            near = frozenset({leaf})
            terms: frozenset[Node] = frozenset(leaf.left + leaf.right)
            return cls(terms, nothing, near, frozenset()) if plain else cls(nothing, nothing, frozenset(), near)
        alone: frozenset[Node] = frozenset({leaf})
        return cls(alone if plain else nothing, nothing if plain else alone, frozenset(), frozenset())

    def __and__(self, other: "Alternative") -> "Alternative":
        return Alternative(
            self.needs | other.needs, self.bans | other.bans, self.near | other.near, self.apart | other.apart
        )

    @property
    def possible(self) -> bool:
        return self.needs.isdisjoint(self.bans) and self.near.isdisjoint(self.apart)


_TRUE = Alternative(frozenset(), frozenset(), frozenset(), frozenset())


def alternatives(node: Node) -> list[Alternative] | None:
    """Those of a meaning; None where there are more than MOST. What contradicts itself is left out."""
    if isinstance(node, Not):
        return [Alternative.of(node.item, plain=False)] if not isinstance(node.item, And | Or | Not) else None
    if not isinstance(node, And | Or) or is_fact(node):
        return [Alternative.of(node, plain=True)]
    found: list[Alternative] | None = [] if isinstance(node, Or) else [_TRUE]
    for item in node.items:
        more = alternatives(item)
        if found is None or more is None:
            return None
        found = _joined(found, more, both=isinstance(node, And))
    return found


def _joined(found: list[Alternative], more: list[Alternative], *, both: bool) -> list[Alternative] | None:
    if len(found) * len(more) > MOST if both else len(found) + len(more) > MOST:
        return None
    if not both:
        return found + more
    return [one for left, right in product(found, more) if (one := left & right).possible]
