"""All queries against one document in one pass.

First an automaton finds every term of every query in the document's texts (Aho and Corasick, CACM 1975). Then an index
leads from what is true to the queries it may make true: a query is put down as a few alternatives, each under the two
facts that the fewest queries ask for, so that of a conjunction the index sees two members before anything is looked at;
one with too many alternatives stands under each member of two of its disjunctions. What is left is the boolean.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Generic, TypeVar

from alerts.query.checking import Rest, Resting, Seen, holding, is_clause
from alerts.query.disjuncts import Alternative, alternatives
from alerts.query.document import Document, Reading
from alerts.query.facts import ALWAYS, Facts, facts_of, is_fact
from alerts.query.fields import HEALTH
from alerts.query.query import Query
from alerts.query.standing import Crossing, Pairs
from alerts.query.tree import And, Near, Node, Not, Or, Severity, Value

Key = TypeVar("Key", bound=Hashable)
# What any page has one of, so that it tells pages apart the least; a document's number, a site tell them well.
_COMMON = frozenset({"type", "status", "cluster", "class"})


class Matcher(Generic[Key]):
    """Made once of all subscriptions, asked for each change; never changed. Keys are distinct."""

    def __init__(self, queries: Iterable[tuple[Key, Query]]) -> None:
        slots: dict[Node, list[int]] = {}
        self._keys: list[Key] = []
        wanting: list[Key] = []
        for slot, (key, query) in enumerate(queries):
            slots.setdefault(query.meaning, []).append(slot)
            self._keys.append(key)
            wanting += [key] if query.wants_health else []
        self._health = frozenset(wanting)
        self._index = _Index(slots)

    def matching(self, document: Document) -> list[Key]:
        """The keys of the queries that hold, each once, in no order."""
        found = map(self._keys.__getitem__, self._index.holding(Reading(document)))
        return list(filter(self._health.__contains__, found) if document.type == HEALTH else found)


class _Index:
    """Meanings, each with the slots of its queries, which are their places among all.

    What needs no more than the index sees, and stands in one place alone, is `_sure`, or `_crossed` if under lists;
    what stands in several places is `_repeated`. What has to be looked at is in `_rests`, and its places there are
    `_looked`, or `_crossed_looked`.
    """

    def __init__(self, slots: dict[Node, list[int]]) -> None:
        self._asked = Counter(fact for meaning in slots for fact in facts_of(meaning))
        self._facts = Facts(self._asked)
        self._resting = Resting(self._facts)
        self._sure, self._repeated, self._looked = (Pairs(self._facts.many) for _ in range(3))
        self._crossed, self._crossed_looked = (Crossing(self._facts.many) for _ in range(2))
        self._rests: list[Rest] = []
        for meaning, theirs in slots.items():
            self._put(theirs, meaning, alone=True)

    def holding(self, reading: Reading) -> Iterator[int]:
        """The slots of those that hold, each once."""
        facts = self._facts.true(reading)
        true, flags = list(facts), bytearray(self._facts.many)
        for fact in true:
            flags[fact] = 1
        places = chain(self._looked.met(true, flags), self._crossed_looked.met(true))
        looked = holding(map(self._rests.__getitem__, places), Seen(reading, facts))
        several = set(self._repeated.met(true, flags)).union(looked)
        return chain(self._sure.met(true, flags), self._crossed.met(true), several)

    def _put(self, slots: Sequence[int], meaning: Node, *, alone: bool) -> None:
        """Any of several by itself; all of several as their alternatives, or under a cover."""
        if isinstance(meaning, Or) and not is_fact(meaning):
            for item in meaning.items:
                self._put(slots, item, alone=False)
            return
        found = alternatives(meaning)
        if found is None and isinstance(meaning, And):
            self._cover(slots, meaning, alone=alone)
        for one in found or ():
            self._alternative(slots, one, alone=alone and len(found or ()) == 1)

    def _alternative(self, slots: Sequence[int], one: Alternative, *, alone: bool) -> None:
        """Under its two rarest facts."""
        rarest = sorted(one.needs, key=self._weight)[:2]
        first, second = [*map(self._facts.fact, rarest), ALWAYS, ALWAYS][:2]
        rest = self._resting.alternative(one, rarest, slots)
        if not rest.is_bare:
            self._looked.put(first, second, [len(self._rests)])
            self._rests.append(rest)
        else:
            (self._sure if alone else self._repeated).put(first, second, slots)

    def _cover(self, slots: Sequence[int], meaning: And, *, alone: bool) -> None:
        """Under every fact of which one must be true, for the two members that ask for the rarest."""
        covers = [(item, cover) for item in meaning.items if (cover := self._smallest(item)) is not None]
        best = sorted(covers, key=lambda one: self._sum(one[1]))[:2]
        met = [item for item, _ in best if is_clause(item)]
        rest = self._resting.whole((item for item in meaning.items if item not in met), slots)
        first, second = [*(map(self._facts.fact, cover) for _, cover in best), [ALWAYS], [ALWAYS]][:2]
        if rest.is_bare and alone:
            self._crossed.put(first, second, slots)
        else:
            self._crossed_looked.put(first, second, [len(self._rests)])
            self._rests.append(rest)

    def _smallest(self, node: Node) -> frozenset[Node] | None:
        """Facts of which at least one is true wherever a meaning is; the rarest such; None where there are none."""
        if isinstance(node, Not):
            return None
        if isinstance(node, Near):
            return frozenset({min(node.left + node.right, key=self._weight)})
        if not isinstance(node, And | Or) or is_fact(node):
            return frozenset({node})
        parts = [self._smallest(item) for item in node.items]
        known = [part for part in parts if part is not None]
        if isinstance(node, Or):
            return frozenset[Node]().union(*known) if len(known) == len(parts) else None
        return min(known, key=self._sum, default=None)

    def _sum(self, cover: frozenset[Node]) -> int:
        return sum(map(self._weight, cover))

    def _weight(self, fact: Node) -> int:
        """How common a fact is taken to be: as common as it is asked for; what every page has, more than all."""
        items = fact.items if isinstance(fact, Or) else (fact,)
        common = any(isinstance(one, Severity) or (isinstance(one, Value) and one.kind in _COMMON) for one in items)
        return self._asked[fact] + common * 1_000_000
