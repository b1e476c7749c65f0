"""What is left to look at once an index said that a query may hold."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from alerts.query.disjuncts import Alternative
from alerts.query.facts import Facts, Occurrences
from alerts.query.tree import And, Leaf, Near, Node, Not, Or, Zone


class Seen:
    """One document as the index sees it: what is true of it, and where its terms stand."""

    __slots__ = ("_texts", "true")

    def __init__(self, true: set[int], texts: list[tuple[frozenset[Zone], Occurrences]]) -> None:
        self.true = true
        self._texts = texts

    def near(self, one: "_Place", other: "_Place", distance: int) -> bool:
        """Do two terms stand at most so far from each other in one text of their zone?"""
        for zones, found in self._texts:
            if one.zone in zones and _near(found.of(*one[:2]), one.long, found.of(*other[:2]), other.long, distance):
                return True
        return False


class _Place(NamedTuple):
    """A term in the automaton: its place there, its length, its zone."""

    place: int
    long: int
    zone: Zone


def _near(these: list[int], this_long: int, those: list[int], that_long: int, distance: int) -> bool:
    """Both rise. The fewer are gone through, the others looked up."""
    if len(these) > len(those):
        these, this_long, those, that_long = those, that_long, these, this_long
    for start in these:
        after = bisect_left(those, start + this_long)
        if after < len(those) and those[after] - start - this_long <= distance:
            return True
        before = bisect_right(those, start - that_long)
        if before and start - those[before - 1] - that_long <= distance:
            return True
    return False


Check = Callable[[Seen], bool]


class Rest(NamedTuple):
    """What else a query asks, in numbers of facts: all of `needs`, none of `bans`, one at least of each clause, and
    what only a look at the text or a nested boolean tells. Tuples, not sets: of a hundred thousand queries most are
    not in the processor's cache, and a set is ten times as large."""

    needs: tuple[int, ...]
    bans: tuple[int, ...]
    clauses: tuple[tuple[int, ...], ...]
    more: Check | None
    slot: int

    @property
    def is_bare(self) -> bool:
        return not (self.needs or self.bans or self.clauses or self.more)


def holding(rests: Iterable[Rest], seen: Seen) -> Iterator[int]:
    """The slots of those that hold."""
    without, all_of = seen.true.isdisjoint, seen.true.issuperset
    for needs, bans, clauses, more, slot in rests:
        if needs and not all_of(needs):
            continue
        if bans and not without(bans):
            continue
        if not any(map(without, clauses)) and (more is None or more(seen)):
            yield slot


class Resting:
    """Makes the Rests of many queries; what is the same are held once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._held: dict[tuple[int, ...], tuple[int, ...]] = {}

    def alternative(self, one: Alternative, known: Iterable[Leaf], slot: int) -> Rest:
        """An alternative but for the leaves that are known to be true."""
        looks = [check(pair, self._facts) for pair in one.near]
        looks += [check(Not(pair), self._facts) for pair in one.apart]
        return Rest(self._numbers(one.needs.difference(known)), self._numbers(one.bans), (), _both(looks), slot)

    def whole(self, meaning: And, known: frozenset[Leaf], slot: int) -> Rest:
        """All of a meaning but for a member of which it is known that one of its leaves is true."""
        needs = [item for item in meaning.items if _is_fact(item)]
        bans = [item.item for item in meaning.items if isinstance(item, Not) and _is_fact(item.item)]
        clauses = [item for item in meaning.items if isinstance(item, Or) and all(map(_is_fact, item.items))]
        looked = {*needs, *map(Not, bans), *clauses}
        more = [check(item, self._facts) for item in meaning.items if item not in looked]
        asked = (self._numbers(clause.items) for clause in clauses if known != set(clause.items))
        return Rest(self._numbers(needs), self._numbers(bans), tuple(asked), _both(more), slot)

    def _numbers(self, leaves: Iterable[Node]) -> tuple[int, ...]:
        numbers = tuple(sorted(map(self._facts.number, leaves)))
        return self._held.setdefault(numbers, numbers)


def _both(checks: list[Check]) -> Check | None:
    if len(checks) > 1:
        return lambda seen: all(one(seen) for one in checks)
    return checks[0] if checks else None


def _is_fact(node: Node) -> bool:
    return not isinstance(node, And | Or | Not | Near)


def check(node: Node, facts: Facts) -> Check:
    """Part of a meaning as one function."""
    if isinstance(node, Not):
        inner = check(node.item, facts)
        return lambda seen: not inner(seen)
    if isinstance(node, Near):
        one, other = (_Place(facts.place(term), len(term.term), term.zone) for (term,) in (node.left, node.right))
        return lambda seen: seen.near(one, other, node.distance)
    if isinstance(node, And | Or):
        inners, whether = [check(item, facts) for item in node.items], all if isinstance(node, And) else any
        return lambda seen: whether(inner(seen) for inner in inners)
    number = facts.number(node)
    return lambda seen: number in seen.true
