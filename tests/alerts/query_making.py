"""Documents, and random queries with what they mean by themselves: nothing of alerts.query is used to judge it."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from alerts.query import Document

WORDS = ("招商", "引资", "招商引资", "山东", "东省", "山东省", "项目", "亿元", "的", "商引")
PIECES = (*WORDS, "济南", "，", "。", "开工")
SITES = ("alpha", "beta", "gamma-1")
TYPES = ("new", "edited", "removed")


@dataclass(frozen=True, repr=False)
class Asked:
    """A query's text, and whether it holds for a document, in the plainest words."""

    text: str
    holds: Callable[[Document], bool]

    def __repr__(self) -> str:
        return self.text


def said(document: Document) -> list[str]:
    """Where a word without a field is looked for."""
    edits = [text for _, before, after in document.edits for text in (before, after)]
    return [document.title, document.body, *edits]


def word(term: str) -> Asked:
    return Asked(term, lambda document: any(term in text for text in said(document)))


def titled(term: str) -> Asked:
    def holds(document: Document) -> bool:
        edits = [text for name, before, after in document.edits if name == "title" for text in (before, after)]
        return any(term in text for text in (document.title, *edits))

    return Asked(f"标题:{term}", holds)


def near(one: str, other: str, distance: int) -> Asked:
    def holds(document: Document) -> bool:
        return any(_near(text, one, other, distance) for text in said(document))

    return Asked(f"({one} 近/{distance} {other})", holds)


def _near(text: str, one: str, other: str, distance: int) -> bool:
    def begins(term: str) -> list[int]:
        return [start for start in range(len(text)) if text.startswith(term, start)]

    gaps = [second - first - len(one) for first in begins(one) for second in begins(other)]
    gaps += [first - second - len(other) for first in begins(one) for second in begins(other)]
    return any(0 <= gap <= distance for gap in gaps)


def both(one: Asked, other: Asked, sign: str) -> Asked:
    text = f"{one.text}{sign}{other.text}"
    return Asked(f"({text})", lambda document: one.holds(document) and other.holds(document))


def either(one: Asked, other: Asked, sign: str) -> Asked:
    text = f"({one.text}{sign}{other.text})"
    return Asked(text, lambda document: one.holds(document) or other.holds(document))


def without(one: Asked, sign: str) -> Asked:
    return Asked(f"{sign}({one.text})", lambda document: not one.holds(document))


LEAVES = st.one_of(
    st.sampled_from(WORDS).map(word),
    st.sampled_from(WORDS).map(titled),
    st.builds(near, st.sampled_from(WORDS), st.sampled_from(WORDS), st.integers(0, 6)),
    st.sampled_from(SITES).map(lambda site: Asked(f"site:{site}", lambda document: document.site == site)),
    st.sampled_from(TYPES).map(lambda kind: Asked(f"type:{kind}", lambda document: document.type == kind)),
    st.integers(1, 5).map(lambda level: Asked(f"级别>={level}", lambda document: document.severity >= level)),
    st.integers(1, 5).map(lambda level: Asked(f"severity<={level}", lambda document: document.severity <= level)),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner, st.sampled_from((" ", " 与 ", " AND ", " & ", " and "))).map(
            lambda parts: both(*parts)
        ),
        st.tuples(inner, inner, st.sampled_from((" 或 ", " OR ", "|", "｜"))).map(lambda parts: either(*parts)),
        st.tuples(inner, st.sampled_from(("非", "NOT ", "!", "-"))).map(lambda parts: without(*parts)),
    ),
    max_leaves=14,
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
DOCUMENTS = st.builds(
    Document,
    site=st.sampled_from(SITES),
    type=st.sampled_from(TYPES),
    severity=st.integers(1, 5),
    title=TEXTS,
    body=TEXTS,
    edits=st.lists(st.tuples(st.sampled_from(("title", "body", "summary")), TEXTS, TEXTS), max_size=2).map(tuple),
)
