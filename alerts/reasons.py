"""Why a change is for a query, or is not: in one sentence, Chinese and English."""

from alerts.query import Document, Query, explain, holds
from alerts.query.meaning import meaning
from alerts.query.phrases import CHINESE, ENGLISH, Saying
from alerts.query.tree import And, Node
from domain.desk import Explained


def explained(query: Query) -> Explained:
    """What a query looks for."""
    said = explain(query)
    return Explained(chinese=said.chinese, english=said.english)


def reasons(query: Query, document: Document) -> Explained:
    """What decided it: where the change is for the query, all that it asks; else those of its parts that fail."""
    if holds(query, document):
        chinese, english = _conditions(query)
        return Explained(chinese=f"符合：{chinese}。", english=f"It matches: {english}.")
    parts = query.root.items if isinstance(query.root, And) else (query.root,)
    failing = [one for part in parts if not holds(one := _query(query, part), document)]
    said = [_conditions(one) for one in failing or [query]]
    return Explained(
        chinese=f"不符合，以下条件不成立：{'；'.join(chinese for chinese, _ in said)}。",
        english=f"It does not match; these do not hold: {'; '.join(english for _, english in said)}.",
    )


def _query(whole: Query, part: Node) -> Query:
    return Query(whole.text, part, meaning(part))


def _conditions(query: Query) -> tuple[str, str]:
    """What a query asks, without the words that make a sentence of it."""
    said = explain(query)
    return _bare(said.chinese, CHINESE), _bare(said.english, ENGLISH)


def _bare(sentence: str, saying: Saying) -> str:
    before, _, after = saying.begin.partition("{}")
    return sentence.removesuffix(saying.stop).removeprefix(before).removesuffix(after)
