"""Where queries stand in the index: under facts, of which a document makes a few hundred true.

Queries and facts are numbers in arrays, and each question is put to all that stand there at once (chain, compress,
sets): an article of 10,000 characters comes by thousands, and what it costs is the objects that have to be fetched from
memory, more than the steps.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress

from alerts.query.facts import Fact


class Under:
    """Numbers under facts, of which there are `facts`."""

    def __init__(self, facts: int) -> None:
        self._held: list[Sequence[int]] = [()] * facts

    def put(self, fact: Fact, numbers: Iterable[int]) -> None:
        held = self._held[fact]
        if not isinstance(held, array):
            held = self._held[fact] = array("i")
        held.extend(numbers)

    def all(self, true: Iterable[Fact]) -> Iterator[int]:
        """What stands under facts, in their order."""
        return chain.from_iterable(filter(None, map(self._held.__getitem__, true)))


class Pairs:
    """Numbers that want two facts, each under the first, which leads to few; beside it stands the second."""

    def __init__(self, facts: int) -> None:
        self._numbers, self._seconds = Under(facts), Under(facts)

    def put(self, first: Fact, second: Fact, numbers: Sequence[int]) -> None:
        self._numbers.put(first, numbers)
        self._seconds.put(first, [second] * len(numbers))

    def met(self, true: list[Fact], flags: bytearray) -> Iterator[int]:
        """Those whose two facts are true, as often as they were put; `flags` has a 1 in the place of each that is."""
        return compress(self._numbers.all(true), map(flags.__getitem__, self._seconds.all(true)))


class Crossing:
    """Numbers that want one fact at least of each of two lists."""

    def __init__(self, facts: int) -> None:
        self._first, self._second = Under(facts), Under(facts)

    def put(self, first: Iterable[Fact], second: Iterable[Fact], numbers: Sequence[int]) -> None:
        for held, facts in ((self._first, first), (self._second, second)):
            for fact in facts:
                held.put(fact, numbers)

    def met(self, true: list[Fact]) -> set[int]:
        """Those for which both lists have what is true."""
        return set(self._first.all(true)).intersection(self._second.all(true))
