"""One form for queries that mean the same: negations at the leaves, nothing nested in its like, in one order.

Not every two equal queries share it (that would be SAT); those that differ in brackets, order, repetition, doubled
negation, De Morgan, spelling of words and names do.
"""

from collections.abc import Iterator

from alerts.query.tree import And, Leaf, Near, Node, Not, Or, Severity, Term, Value


def meaning(node: Node) -> Node:
    """Negations only before leaves; And and Or flat, sorted, without repetition; a Near of one term on each side."""
    return _meaning(node, plain=True)


def _meaning(node: Node, *, plain: bool) -> Node:
    if isinstance(node, Not):
        return _meaning(node.item, plain=not plain)
    if isinstance(node, And | Or):
        kind = type(node) if plain else (Or if isinstance(node, And) else And)
        return _flat(kind, (_meaning(item, plain=plain) for item in node.items))
    if isinstance(node, Near):
        pairs = (_pair(left, right, node.distance) for left in node.left for right in node.right)
        return _flat(Or if plain else And, (pair if plain else Not(pair) for pair in pairs))
    return node if plain else Not(node)


def _pair(left: Term, right: Term, distance: int) -> Near:
    first, second = sorted((left, right), key=repr)
    return Near((first,), (second,), distance)


def _flat(kind: type[And] | type[Or], items: Iterator[Node]) -> Node:
    found: dict[Node, str] = {}
    for item in items:
        for one in item.items if isinstance(item, kind) else (item,):
            found.setdefault(one, order(one))
    ordered = tuple(sorted(found, key=found.__getitem__))
    return ordered[0] if len(ordered) == 1 else kind(ordered)


def order(node: Node) -> str:
    """The same for nodes that are equal, another for others: what was shown is left out."""
    match node:
        case Term():
            return f"term {node.zone} {node.term!r}"
        case Value():
            return f"value {node.kind} {node.value!r}"
        case Severity():
            return f"severity {node.least} {node.most}"
        case Near():
            return f"near {node.distance} {'|'.join(map(order, node.left))} {'|'.join(map(order, node.right))}"
        case Not():
            return f"not {order(node.item)}"
        case _:
            return f"{type(node).__name__} ({' '.join(map(order, node.items))})"


def leaves(node: Node) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf of a meaning, and whether it stands there plain."""
    if isinstance(node, And | Or):
        for item in node.items:
            yield from leaves(item)
    elif isinstance(node, Not):
        yield from ((leaf, not plain) for leaf, plain in leaves(node.item))
    else:
        yield node, True


def narrowed(node: Node) -> bool:
    """False where a meaning holds for whatever does not say something: 非 广告, 甲 或 非 乙. A field that is negated
    narrows; a word that is negated does not."""
    if isinstance(node, Or):
        return all(map(narrowed, node.items))
    if isinstance(node, And):
        return not node.items or any(map(narrowed, node.items))
    return not (isinstance(node, Not) and isinstance(node.item, Term | Near))
