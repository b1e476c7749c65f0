"""Conditions that several questions share."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Text, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY


def within(column: Any, values: Iterable[str]) -> Any:
    """`column` is one of `values`, as one array: no limit to how many."""
    return column == any_(literal(list(values), ARRAY(Text)))
