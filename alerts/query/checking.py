"""What is left to look at once an index said that a query may hold."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from alerts.query.disjuncts import Alternative
from alerts.query.document import Reading
from alerts.query.facts import Fact, Facts, is_fact
from alerts.query.folding import places
from alerts.query.tree import And, Near, Node, Not, Or, Term


class Seen:
    """One document as the index sees it: what is true of it, and, found when first asked for, where terms stand."""

    __slots__ = ("_reading", "_starts", "true")

    def __init__(self, reading: Reading, true: set[Fact]) -> None:
        self._reading = reading
        self._starts: dict[tuple[str, str], list[int]] = {}
        self.true = true

    def near(self, one: Term, other: Term, distance: int) -> bool:
        """Do two terms stand at most so far from each other in one text of their zone?"""
        short, long = sorted((one.term, other.term), key=len)
        texts = (text for text, zones in self._reading.texts.items() if one.zone in zones)
        return any(self._near(long, short, distance, text) for text in texts)

    def _near(self, long: str, short: str, distance: int, text: str) -> bool:
        """The longer is found sooner, and in fewer places: the shorter is looked for around those, or, where that
        would be more than the text, everywhere."""
        starts, reach = self._of(long, text), distance + len(short)
        if 2 * reach * len(starts) > len(text):
            return _near(starts, len(long), self._of(short, text), len(short), distance)
        parts = (part for at in starts for part in ((max(0, at - reach), at), (at + len(long), at + len(long) + reach)))
        return any(next(places(short, text, begin, end), -1) >= 0 for begin, end in parts)

    def _of(self, term: str, text: str) -> list[int]:
        starts = self._starts.get((term, text))
        if starts is None:
            starts = self._starts[term, text] = list(places(term, text))
        return starts


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
    """What else a query asks, in facts: all of `needs`, none of `bans`, one at least of each clause, and
    what only a look at the text or a nested boolean tells. Tuples, not sets: of a hundred thousand queries most are
    not in the processor's cache, and a set is ten times as large."""

    needs: tuple[Fact, ...]
    bans: tuple[Fact, ...]
    clauses: tuple[tuple[Fact, ...], ...]
    more: Check | None
    slots: Sequence[int]

    @property
    def is_bare(self) -> bool:
        return not (self.needs or self.bans or self.clauses or self.more)


def holding(rests: Iterable[Rest], seen: Seen) -> Iterator[int]:
    """The slots of those that hold."""
    without, all_of = seen.true.isdisjoint, seen.true.issuperset
    for needs, bans, clauses, more, slots in rests:
        if needs and not all_of(needs):
            continue
        if bans and not without(bans):
            continue
        if not any(map(without, clauses)) and (more is None or more(seen)):
            yield from slots


class Resting:
    """Makes the Rests of many queries; what is the same are held once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._held: dict[tuple[Fact, ...], tuple[Fact, ...]] = {}

    def alternative(self, one: Alternative, known: Iterable[Node], slots: Sequence[int]) -> Rest:
        """An alternative but for the facts that are known to be true."""
        looks = [check(pair, self._facts) for pair in one.near]
        looks += [check(Not(pair), self._facts) for pair in one.apart]
        return Rest(self._all(one.needs.difference(known)), self._all(one.bans), (), _both(looks), slots)

    def whole(self, items: Iterable[Node], slots: Sequence[int]) -> Rest:
        """All of the members of a conjunction."""
        held = list(items)
        needs = [item for item in held if is_fact(item)]
        bans = [item.item for item in held if isinstance(item, Not) and is_fact(item.item)]
        clauses = [item for item in held if isinstance(item, Or) and is_clause(item) and not is_fact(item)]
        looked = {*needs, *map(Not, bans), *clauses}
        more = [check(item, self._facts) for item in held if item not in looked]
        asked = tuple(self._all(clause.items) for clause in clauses)
        return Rest(self._all(needs), self._all(bans), asked, _both(more), slots)

    def _all(self, leaves: Iterable[Node]) -> tuple[Fact, ...]:
        facts = tuple(map(self._facts.fact, leaves))
        return self._held.setdefault(facts, facts)


def _both(checks: list[Check]) -> Check | None:
    if len(checks) > 1:
        return lambda seen: all(one(seen) for one in checks)
    return checks[0] if checks else None


def is_clause(node: Node) -> bool:
    """Is it true as soon as one fact of it is?"""
    return is_fact(node) or (isinstance(node, Or) and all(map(is_fact, node.items)))


def check(node: Node, facts: Facts) -> Check:
    """Part of a meaning as one function."""
    if isinstance(node, Not):
        inner = check(node.item, facts)
        return lambda seen: not inner(seen)
    if isinstance(node, Near):
        (one,), (other,), distance = node.left, node.right, node.distance
        return lambda seen: seen.near(one, other, distance)
    if isinstance(node, And | Or) and not is_fact(node):
        inners, whether = [check(item, facts) for item in node.items], all if isinstance(node, And) else any
        return lambda seen: whether(inner(seen) for inner in inners)
    fact = facts.fact(node)
    return lambda seen: fact in seen.true
