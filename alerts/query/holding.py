"""One query held against one document, the plain way: leaf by leaf, as it is written."""

from alerts.query.document import Document, Reading
from alerts.query.fields import HEALTH
from alerts.query.folding import occurs, places
from alerts.query.query import Query
from alerts.query.tree import And, Leaf, Near, Node, Not, Or, Severity, Term, Value


def holds(query: Query, document: Document) -> bool:
    """Is this change for that query? A site's health is only for those who ask for it."""
    return holds_of(query, Reading(document))


def holds_of(query: Query, reading: Reading) -> bool:
    """The same, of a document made ready once for many queries."""
    if reading.document.type == HEALTH and not query.wants_health:
        return False
    return _holds(query.root, reading)


def _holds(node: Node, reading: Reading) -> bool:
    if isinstance(node, And):
        return all(_holds(item, reading) for item in node.items)
    if isinstance(node, Or):
        return any(_holds(item, reading) for item in node.items)
    if isinstance(node, Not):
        return not _holds(node.item, reading)
    return _is_so(node, reading)


def _is_so(leaf: Leaf, reading: Reading) -> bool:
    match leaf:
        case Term():
            return any(occurs(leaf.term, text) for text in reading.of(leaf.zone))
        case Value():
            return (leaf.kind, leaf.value) in reading.values
        case Severity():
            return leaf.least <= reading.document.severity <= leaf.most
        case Near():
            return any(_is_near(one, other, leaf.distance, reading) for one in leaf.left for other in leaf.right)


def _is_near(one: Term, other: Term, distance: int, reading: Reading) -> bool:
    """Do two terms stand beside each other in one text of their zone, at most `distance` characters between?"""
    return any(
        _follows(one.term, other.term, distance, text) or _follows(other.term, one.term, distance, text)
        for text in reading.of(one.zone)
    )


def _follows(first: str, second: str, distance: int, text: str) -> bool:
    """Both lists rise, and so does what each end may reach: one walk through the two."""
    behind = places(second, text)
    next_one = next(behind, -1)
    for start in places(first, text) if next_one >= 0 else ():
        end = start + len(first)
        while 0 <= next_one < end:
            next_one = next(behind, -1)
        if next_one < 0:
            return False
        if next_one - end <= distance:
            return True
    return False
