"""What subscribers look for: a language of words, operators and fields, and all of their queries held against a change
in one pass. The language is told in docs/queries.md."""

from alerts.query.document import Document
from alerts.query.errors import QueryError
from alerts.query.explaining import Explained, explain
from alerts.query.holding import holds
from alerts.query.matching import Matcher
from alerts.query.query import Query, parse
from alerts.query.words import from_words

__all__ = [
    "Document",
    "Explained",
    "Matcher",
    "Query",
    "QueryError",
    "explain",
    "from_words",
    "holds",
    "parse",
]
