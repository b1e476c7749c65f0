"""What a query is made of. Leaves compare by meaning: `shown`, how it was written, does not count."""

from dataclasses import dataclass, field
from enum import StrEnum

MOST_SEVERE = 5


class Zone(StrEnum):
    """Where a term is looked for. TEXT: title, body, and what an edit of any field took away or brought. The others are
    that field, with what an edit of it took away or brought."""

    TEXT = "text"
    TITLE = "title"
    BODY = "body"
    SOURCE = "source"
    AUTHOR = "author"
    REGION = "region"


class Kind(StrEnum):
    """A field whose values are compared whole."""

    SITE = "site"
    NUMBER = "number"
    TYPE = "type"
    STATUS = "status"
    CLUSTER = "cluster"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, folded."""

    zone: Zone
    term: str
    shown: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A field that has a value; a document number's is its key (domain.citation)."""

    kind: Kind
    value: str
    shown: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Severity:
    """From `least` to `most`, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Near:
    """One of the left terms and one of the right ones, in either order, beside each other with at most `distance`
    folded characters between them, in one text: the title, the body, one side of an edit."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All of them; of nothing: everything."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; of nothing: nothing."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    item: "Node"


Leaf = Term | Value | Severity | Near
Node = Leaf | And | Or | Not
EVERYTHING = And(())
