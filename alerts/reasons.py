"""Why a change is for a query, or is not: in one sentence, Chinese and English."""

from collections.abc import Iterable

from alerts.query import Document, Query, explain, holds
from alerts.query.meaning import meaning
from alerts.query.tree import And, Node
from domain.desk import Explained


def explained(query: Query) -> Explained:
    """What a query looks for."""
    said = explain(query)
    return Explained(chinese=said.chinese, english=said.english)


def reasons(query: Query, document: Document) -> Explained:
    """What decided it: where the change is for the query, all that it asks; else those of its parts that fail."""
    if holds(query, document):
        said = explain(query)
        return Explained(chinese=f"符合：{said.chinese}", english=f"It matches: {said.english}")
    failing = [part for part in _parts(query.root) if not holds(_query(query, part), document)]
    sentences = [explain(_query(query, part)) for part in failing or [query.root]]
    return Explained(
        chinese=f"不符合。它不是：{_joined((one.chinese for one in sentences), '；')}。",
        english=f"It does not match. It is none of these: {_joined((one.english for one in sentences), '; ')}.",
    )


def _parts(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, And) else (node,)


def _query(whole: Query, part: Node) -> Query:
    return Query(whole.text, part, meaning(part))


def _joined(sentences: Iterable[str], sign: str) -> str:
    return sign.join(one.rstrip("。.") for one in sentences)
