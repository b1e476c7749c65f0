"""Names that there are not: what was probably meant, and what there is."""

from collections.abc import Iterable
from difflib import get_close_matches

from alerts.query.errors import QueryError
from alerts.query.fields import FIELDS, NAMES, Field


def unknown_field(text: str, position: int, name: str) -> QueryError:
    """A field that there is not, or a word with a colon in it."""
    meant = _close(name.lower(), NAMES)
    listed = [*meant, *(f"{one.chinese} {one.name}" for one in FIELDS)]
    return QueryError(
        text,
        position,
        f"没有“{name}”这个字段。{_perhaps(meant, '是不是')}",
        f"there is no field {name}.{_perhaps(meant, ' Did you mean', english=True)}",
        hint=f"字段有 Fields: {', '.join(dict.fromkeys(listed))}. "
        "冒号若是词的一部分，请加引号。 Where the sign belongs to the word, put it in quotes.",
    )


def unknown_value(text: str, position: int, field: Field, value: str) -> QueryError:
    """A value that a field cannot have."""
    meant = _close(value.lower(), field.values)
    both: dict[str, list[str]] = {}
    for name, means in field.values.items():
        both.setdefault(means, []).append(name)
    listed = [*meant, *(" ".join(names[1::-1]) for names in both.values())]
    return QueryError(
        text,
        position,
        f"{field.chinese}没有“{value}”这个值。{_perhaps(meant, '是不是')}",
        f"{field.name} has no value {value}.{_perhaps(meant, ' Did you mean', english=True)}",
        hint=f"{field.chinese}的值有 Values of {field.name}: {', '.join(dict.fromkeys(listed))}.",
    )


def _close(name: str, names: Iterable[str]) -> list[str]:
    known = list(names)
    return get_close_matches(name, known, 3, 0.6) or [one for one in known if name in one or one in name][:3]


def _perhaps(meant: list[str], begin: str, *, english: bool = False) -> str:
    if not meant:
        return ""
    return f"{begin} {' or '.join(meant)}?" if english else f"{begin}“{'”“'.join(meant)}”？"
