"""A query in words, or where it stops making sense."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from domain.desk import Explained
from domain.errors import ConfigurationError
from web.desk.protocol import Desk


@runtime_checkable
class Pointed(Protocol):
    """An error that knows its place: `position` counts characters of `text` from 0."""

    text: str
    position: int
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a query. `before`, `at` and `after` are the query around the place; all empty where the
    error names none. `at` is "" at the query's end."""

    chinese: str
    english: str
    hint: str
    number: int = 0
    before: str = ""
    at: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One of both."""

    explained: Explained | None = None
    problem: Problem | None = None


def reading(desk: Desk, query: str) -> Reading:
    """How a query is understood."""
    try:
        return Reading(explained=desk.explain(query))
    except ConfigurationError as error:
        return Reading(problem=problem(error))


def problem(error: ConfigurationError) -> Problem:
    hint = error.hint or ""
    if not isinstance(error, Pointed):
        return Problem(str(error), "", hint)
    text, place = error.text, error.position
    around = text[:place], text[place : place + 1], text[place + 1 :]
    return Problem(error.chinese, error.english, hint, place + 1, *around)
