"""All queries against one document in one pass.

First an automaton finds every term of every query in the document's texts (Aho and Corasick, CACM 1975). Then an index
leads from what is true to the queries it may make true: a query is put down as a few alternatives, each under the two
facts that the fewest queries ask for, so that of a conjunction the index sees two members before anything is looked at;
one with too many alternatives stands under each member of one of its disjunctions. What is left is the boolean.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from typing import Generic, TypeVar

from alerts.query.checking import Rest, Resting, Seen, holding, is_clause
from alerts.query.disjuncts import Alternative, alternatives
from alerts.query.document import Document, Reading
from alerts.query.facts import Fact, Facts
from alerts.query.fields import HEALTH
from alerts.query.meaning import leaves
from alerts.query.query import Query
from alerts.query.tree import And, Leaf, Near, Node, Not, Or, Severity, Value

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
# What any page has one of, so that it tells pages apart the least; a document's number, a site tell them well.
_COMMON = frozenset({"type", "status", "cluster", "class"})


class Matcher(Generic[Key]):
    """Made once of all subscriptions, asked for each change; never changed. Keys are distinct."""

    def __init__(self, queries: Iterable[tuple[Key, Query]]) -> None:
        slots: dict[Node, int] = {}
        self._keys: list[Key] = []
        self._others: dict[int, list[Key]] = {}
        wanting: set[int] = set()
        for key, query in queries:
            slot = slots.setdefault(query.meaning, len(slots))
            if slot == len(self._keys):
                self._keys.append(key)
                wanting.update([slot] if query.wants_health else ())
            else:
                self._others.setdefault(slot, []).append(key)
        self._health = frozenset(wanting)
        self._index = _Index(list(slots))

    def matching(self, document: Document) -> list[Key]:
        """The keys of the queries that hold, each once, in no order."""
        found = self._index.holding(Reading(document))
        if document.type == HEALTH:
            found &= self._health
        keys = list(map(self._keys.__getitem__, found))
        for slot in self._others.keys() & found:
            keys += self._others[slot]
        return keys


class _Index:
    """Meanings by their place in a list, their slot.

    Under one fact or two: the slots that need no more, and what has to be looked at. Under each fact of one cover, or
    of two, both of which must be met: the places in `_wholes` of what has to be looked at. `_always` and `_otherwise`
    stand under nothing.
    """

    def __init__(self, meanings: list[Node]) -> None:
        self._asked = Counter(leaf for meaning in meanings for leaf in _facts(meaning))
        self._facts = Facts(self._asked)
        self._rests = Resting(self._facts)
        self._one: dict[Fact, list[int]] = {}
        self._two: dict[Fact, dict[Fact, list[int]]] = {}
        self._one_looked: dict[Fact, list[Rest]] = {}
        self._two_looked: dict[Fact, dict[Fact, list[Rest]]] = {}
        self._covered: dict[Fact, list[int]] = {}
        self._crossed: tuple[dict[Fact, list[int]], dict[Fact, list[int]]] = ({}, {})
        self._wholes: list[Rest] = []
        self._always: list[int] = []
        self._otherwise: list[Rest] = []
        for slot, meaning in enumerate(meanings):
            self._put(slot, meaning)

    def holding(self, reading: Reading) -> set[int]:
        """The slots of those that hold."""
        true = self._facts.true(reading)
        found = set(self._always).union(*_under(self._one, true), *_under_two(self._two, true))
        first, second = (set[int]().union(*_under(held, true)) for held in self._crossed)
        covered = (first & second).union(*_under(self._covered, true))
        looked = chain(
            self._otherwise,
            *_under(self._one_looked, true),
            *_under_two(self._two_looked, true),
            map(self._wholes.__getitem__, covered),
        )
        found.update(holding(looked, Seen(reading, true)))
        return found

    def _put(self, slot: int, meaning: Node) -> None:
        """Any of several by itself; all of several as their alternatives, or under a cover."""
        if isinstance(meaning, Or):
            for item in meaning.items:
                self._put(slot, item)
            return
        found = alternatives(meaning)
        if found is None and isinstance(meaning, And):
            self._cover(slot, meaning)
        for one in found or ():
            self._alternative(slot, one)

    def _alternative(self, slot: int, one: Alternative) -> None:
        """Under its two rarest facts, or the one it has."""
        rarest = sorted(one.needs, key=self._weight)[:2]
        rest = self._rests.alternative(one, rarest, slot)
        match [self._facts.fact(leaf) for leaf in rarest], rest.is_bare:
            case [], True:
                self._always.append(slot)
            case [], _:
                self._otherwise.append(rest)
            case [fact], True:
                self._one.setdefault(fact, []).append(slot)
            case [fact], _:
                self._one_looked.setdefault(fact, []).append(rest)
            case [fact, second], True:
                self._two.setdefault(fact, {}).setdefault(second, []).append(slot)
            case [fact, second], _:
                self._two_looked.setdefault(fact, {}).setdefault(second, []).append(rest)

    def _cover(self, slot: int, meaning: And) -> None:
        """Under every fact of which one must be true, for the two members that ask for the rarest; looked at each time
        where there are none such."""
        covers = [(item, cover) for item in meaning.items if (cover := self._smallest(item)) is not None]
        best = sorted(covers, key=lambda one: self._sum(one[1]))[:2]
        met = [item for item, _ in best if is_clause(item)]
        rest = self._rests.whole((item for item in meaning.items if item not in met), slot)
        if not best:
            self._otherwise.append(rest)
            return
        self._wholes.append(rest)
        for held, (_, cover) in zip(self._crossed if best[1:] else (self._covered,), best, strict=True):
            for leaf in cover:
                held.setdefault(self._facts.fact(leaf), []).append(len(self._wholes) - 1)

    def _smallest(self, node: Node) -> frozenset[Leaf] | None:
        """Leaves of which at least one is true wherever a meaning is; the rarest such; None where there are none."""
        if isinstance(node, Not):
            return None
        if isinstance(node, Near):
            return frozenset({min(node.left + node.right, key=self._weight)})
        if not isinstance(node, And | Or):
            return frozenset({node})
        parts = [self._smallest(item) for item in node.items]
        known = [part for part in parts if part is not None]
        if isinstance(node, Or):
            return frozenset[Leaf]().union(*known) if len(known) == len(parts) else None
        return min(known, key=self._sum, default=None)

    def _sum(self, cover: frozenset[Leaf]) -> int:
        return sum(map(self._weight, cover))

    def _weight(self, leaf: Leaf) -> int:
        """How common a fact is taken to be: as common as it is asked for; what every page has, more than all."""
        common = isinstance(leaf, Severity) or (isinstance(leaf, Value) and leaf.kind in _COMMON)
        return self._asked[leaf] + common * 1_000_000


def _under(held: dict[Fact, list[Item]], true: set[Fact]) -> Iterator[list[Item]]:
    return map(held.__getitem__, held.keys() & true)


def _under_two(held: dict[Fact, dict[Fact, list[Item]]], true: set[Fact]) -> Iterator[list[Item]]:
    for fact in held.keys() & true:
        under = held[fact]
        for second in under.keys() & true:
            yield under[second]


def _facts(meaning: Node) -> Iterator[Leaf]:
    """The leaves that are seen without looking at places: a Near's terms are."""
    for leaf, _ in leaves(meaning):
        if isinstance(leaf, Near):
            yield from leaf.left + leaf.right
        else:
            yield leaf
