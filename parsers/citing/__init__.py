"""Document numbers and 《titles》: which document an article is, and what it does to those it names."""

from parsers.citing.collecting import citations
from parsers.citing.numbering import parse

__all__ = ["citations", "parse"]
