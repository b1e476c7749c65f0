"""A word or phrase in its field as a leaf of the query."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import lru_cache

from alerts.query.errors import QueryError
from alerts.query.fields import OF, SEVERITY, Field
from alerts.query.folding import fold
from alerts.query.naming import unknown_value
from alerts.query.scanning import Sign, Token, separator
from alerts.query.tree import MOST_SEVERE, Kind, Node, Or, Severity, Term, Value, Zone
from domain.matching import matchable
from parsers.citing import parse as document_number

_SEPARATORS = re.compile("[，、；,;]")


def leaf(text: str, token: Token, field: Field | None, sites: Collection[str], compares: str = ":") -> Node:
    """`field` None is a word of the text; `sites` those there are, where known. Raises QueryError."""
    holds = field.holds if field else Zone.TEXT
    if isinstance(holds, Zone):
        return _term(text, token, holds)
    if isinstance(holds, Kind):
        return _values(text, token, holds, sites)
    return _severity(text, token, compares)


def _term(text: str, token: Token, zone: Zone) -> Term:
    if token.sign is Sign.WORD and (place := separator(token)) is not None:
        raise QueryError(
            text,
            token.start + place,
            f"“{token.text[place]}”不是运算符：应写“与”“或”或空格。",
            f"{token.text[place]} is no operator: write AND, OR or a blank.",
            hint="它若是词的一部分，请加引号。 Where it belongs to the word, put the word in quotes.",
        )
    term = _known(zone, token.text)
    if not term.term:
        raise QueryError(text, token.start, "引号里应有字。", "expected something to look for.", hint='"招商引资"')
    return term


@lru_cache(maxsize=20_000)
def _known(zone: Zone, shown: str) -> Term:
    """The same words are in very many queries: folded once, held once."""
    folded = fold(shown)
    return Term(zone, shown if folded == shown else folded, shown)


def _values(text: str, token: Token, kind: Kind, sites: Collection[str]) -> Node:
    found = tuple(_value(text, start, said, kind, sites) for start, said in _listed(token))
    if not found:
        field = OF[kind]
        raise QueryError(
            text,
            token.start,
            f"{field.chinese}后面应有值。",
            f"expected a value of {field.name}.",
            hint="例如 For example: 类型:改, site:(a 或 b).",
        )
    return found[0] if len(found) == 1 else Or(found)


def _listed(token: Token) -> Iterator[tuple[int, str]]:
    """`新、改` is two values; a phrase is one."""
    if token.sign is Sign.PHRASE:
        yield token.start, token.text.strip()
        return
    start = 0
    for part in _SEPARATORS.split(token.text):
        if part:
            yield token.start + start, part
        start += len(part) + 1


def _value(text: str, start: int, said: str, kind: Kind, sites: Collection[str]) -> Value:
    if kind is Kind.NUMBER:
        return _number(text, start, said)
    name = matchable(said)
    if kind is Kind.SITE:
        return _site(text, start, name, said, sites)
    field = OF[kind]
    if name not in field.values:
        raise unknown_value(text, start, field, said)
    return Value(kind, field.values[name], said)


def _site(text: str, start: int, name: str, said: str, sites: Collection[str]) -> Value:
    if sites and name not in sites:
        listed = [*get_close_matches(name, sites, 3, 0.4), *sorted(sites)][:20]
        raise QueryError(
            text,
            start,
            f"没有“{said}”这个站点。",
            f"there is no site {said}.",
            hint=f"站点有 Sites: {', '.join(dict.fromkeys(listed))}.",
        )
    return Value(Kind.SITE, name, said)


def _number(text: str, start: int, said: str) -> Value:
    number = document_number(said)
    if number is None:
        raise QueryError(
            text,
            start,
            f"“{said}”不是文号。",
            f"{said} is no document number.",
            hint="例如 For example: 文号:鲁政办发〔2017〕7号, number:鲁政办发[2017]7号; "
            '有空格时加引号 quoted where it has blanks: number:"鲁政办发 2017 7".',
        )
    return Value(Kind.NUMBER, number.key, number.text)


def _severity(text: str, token: Token, compares: str) -> Severity:
    said = matchable(token.text)
    level = int(said) if said.isascii() and said.isdigit() and len(said) == 1 else 0
    if not 1 <= level <= MOST_SEVERE:
        raise QueryError(
            text,
            token.start,
            f"级别是 1（几乎不要紧）到 {MOST_SEVERE}（马上看）的整数。",
            f"severity is a whole number from 1 (hardly matters) to {MOST_SEVERE} (look at once).",
            hint="例如 For example: 级别>=3, severity>=3.",
        )
    least, most = _range(compares, level)
    if least > most:
        raise QueryError(
            text,
            token.start,
            f"没有这样的级别：级别是 1 到 {MOST_SEVERE}。",
            f"there is no such {SEVERITY.name}: it goes from 1 to {MOST_SEVERE}.",
            hint="例如 For example: 级别>=3, severity>=3.",
        )
    return Severity(least, most)


def _range(compares: str, level: int) -> tuple[int, int]:
    if compares in (":", "="):
        return level, level
    beyond = 0 if compares.endswith("=") else 1
    return (level + beyond, MOST_SEVERE) if compares.startswith(">") else (1, level - beyond)
