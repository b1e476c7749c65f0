"""A query's text as tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from alerts.query.errors import QueryError
from alerts.query.fields import NAMES, Field
from alerts.query.naming import unknown_field
from alerts.query.tree import Kind
from domain.matching import BRACKET, without_readings

NEAR = 10
FARTHEST = 1000


class Sign(StrEnum):
    WORD = "word"
    PHRASE = "phrase"
    OPEN = "("
    CLOSE = ")"
    AND = "and"
    OR = "or"
    NOT = "not"
    NEAR = "near"
    FIELD = "field"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what stands there, without its quotes; `distance` is a NEAR's, `field` and `compares` a FIELD's."""

    sign: Sign
    text: str
    start: int
    distance: int = NEAR
    field: Field | None = None
    compares: str = ":"


_QUOTES = {"「": "」", "『": "』"} | dict.fromkeys('"“”＂', '"“”＂')
_OPEN, _CLOSE = "(（", ")）"
_ENDS = re.compile(rf'[\s{_OPEN}{_CLOSE}|｜"“”＂「『]')
# What may stand within R&D and AT&T joins words elsewhere.
_AMPERSAND = re.compile(r"(?<![A-Za-z0-9])[&＆]+|[&＆]+(?![A-Za-z0-9])")
_SYMBOLS = {"|": Sign.OR, "｜": Sign.OR, "&": Sign.AND, "＆": Sign.AND, "!": Sign.NOT, "！": Sign.NOT}
_OPERATORS = {
    **dict.fromkeys(("与", "且", "and"), Sign.AND),
    **dict.fromkeys(("或", "or"), Sign.OR),
    **dict.fromkeys(("非", "not"), Sign.NOT),
}
_NEAR = re.compile(r"(?:near|近)(?:[/／](?P<distance>.*))?", re.IGNORECASE)
_COMPARES = {"：": ":", "＞": ">", "＜": "<", "＝": "=", "≥": ">=", "≤": "<="}
_COMPARING = r"(?P<op>[:：]|[>＞][=＝]|[<＜][=＝]|[>＞<＜=＝≥≤])"
_KNOWN = re.compile(rf"(?P<name>{'|'.join(NAMES)})\s*{_COMPARING}\s*", re.IGNORECASE)
_UNKNOWN = re.compile(rf"(?P<name>[^\W\d]+){_COMPARING}")
# Brackets belong to a document's number where they close within it: 鲁政办发（2017）7号.
_NUMBER = re.compile(r"(?:[^\s()（）]|[(（][^\s()（）]*[)）])+")
_SEPARATOR = re.compile("[，、；。;]|,(?![0-9])")


def tokens(text: str) -> Iterator[Token]:
    """The tokens, an END last. Raises QueryError for what cannot be one."""
    start, before = 0, Token(Sign.END, "", 0)
    numbers: list[bool] = []
    while True:
        start = _after_blanks(text, start)
        in_number = _is_number(before) or (bool(numbers) and numbers[-1])
        before, start = _token(text, start, in_number)
        if before.sign is Sign.OPEN:
            numbers.append(in_number)
        elif before.sign is Sign.CLOSE and numbers:
            numbers.pop()
        yield before
        if before.sign is Sign.END:
            return


def _is_number(token: Token) -> bool:
    return token.field is not None and token.field.holds is Kind.NUMBER


def _after_blanks(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _token(text: str, start: int, in_number: bool) -> tuple[Token, int]:
    """The token that begins there, and where it ends."""
    if start == len(text):
        return Token(Sign.END, "", start), start
    sign = text[start]
    if sign in _OPEN or sign in _CLOSE:
        return Token(Sign.OPEN if sign in _OPEN else Sign.CLOSE, sign, start), start + 1
    if sign in _QUOTES:
        return _phrase(text, start)
    if sign in _SYMBOLS:
        return _symbol(text, start)
    if sign in "-－−" and text[start + 1 : start + 2].strip():
        return Token(Sign.NOT, sign, start), start + 1
    return _field(text, start) or _word(text, start, in_number)


def _symbol(text: str, start: int) -> tuple[Token, int]:
    """&& is &, and || is |; !! is twice not."""
    meant = _SYMBOLS[text[start]]
    end = start + 1
    while meant is not Sign.NOT and end < len(text) and _SYMBOLS.get(text[end]) is meant:
        end += 1
    return Token(meant, text[start:end], start), end


def _phrase(text: str, start: int) -> tuple[Token, int]:
    """Up to the quote that closes; a backslash makes the next character a plain one."""
    closing, said, place = _QUOTES[text[start]], "", start + 1
    while place < len(text) and text[place] not in closing:
        place += text[place] == "\\" and place + 1 < len(text)
        said += text[place]
        place += 1
    if place == len(text):
        raise QueryError(
            text,
            start,
            f"这个引号没有收尾，应有 {closing[0]}。",
            f"this quote is never closed; expected {closing[0]}.",
            hint="在词尾补上引号。 Close the quote after the phrase.",
        )
    return Token(Sign.PHRASE, said, start), place + 1


def _field(text: str, start: int) -> tuple[Token, int] | None:
    if found := _KNOWN.match(text, start):
        named = NAMES[found["name"].lower()]
        compares = "".join(_COMPARES.get(sign, sign) for sign in found["op"])
        return Token(Sign.FIELD, found["name"], start, field=named, compares=compares), found.end()
    if found := _UNKNOWN.match(text, start):
        raise unknown_field(text, start, found["name"])
    return None


def _word(text: str, start: int, in_number: bool) -> tuple[Token, int]:
    if in_number and (found := _NUMBER.match(text, start)):
        return _operator(text, start, found.end()) or (Token(Sign.WORD, found[0], start), found.end())
    end = _word_end(text, start)
    return _operator(text, start, end) or (Token(Sign.WORD, text[start:end], start), end)


def _word_end(text: str, start: int) -> int:
    """Up to a blank, a bracket, a quote or a sign that joins; a reading in brackets, 濟(jì)寧, is part of the word."""
    end = start
    while True:
        ends = (found.start() for kind in (_ENDS, _AMPERSAND) if (found := kind.search(text, end)))
        end = min(ends, default=len(text))
        reading = BRACKET.match(text, end) if end > start else None
        if reading is None or without_readings(text[end - 1 : reading.end()]) != text[end - 1]:
            return end
        end = reading.end()


def _operator(text: str, start: int, end: int) -> tuple[Token, int] | None:
    """与, 或, 非, 近 and their like, where they stand alone: 非遗 and 与会 are words."""
    said = text[start:end]
    if meant := _OPERATORS.get(said.lower()):
        return Token(meant, said, start), end
    if found := _NEAR.fullmatch(said):
        return Token(Sign.NEAR, said, start, distance=_distance(text, start, found["distance"])), end
    return None


def _distance(text: str, start: int, said: str | None) -> int:
    if said is None:
        return NEAR
    if said.isdecimal() and len(said) <= 4 and int(said) <= FARTHEST:
        return int(said)
    raise QueryError(
        text,
        start,
        f"近/ 后面应是 0 到 {FARTHEST} 的字数。",
        f"NEAR/ is followed by a number of characters, 0 to {FARTHEST}.",
        hint="例如 For example: 招商 近/10 项目, 招商 NEAR/10 项目.",
    )


def separator(token: Token) -> int | None:
    """Where in a word a comma or the like stands, which people mean as an operator and which would find nothing."""
    found = _SEPARATOR.search(token.text)
    return found.start() if found else None
