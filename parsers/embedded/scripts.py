"""Scripts to values: what a page's scripts hold that could be an article, each with a name for where it stood."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from lxml import html

from parsers.embedded import literals
from parsers.embedded.literals import Name, Value

MAX_SCANNED = 2_000_000
"""Characters of scripts that are looked at, in the page's order."""

_SCRIPTS = 400
_VALUES = 60  # values a page, read with care
_SCALARS = 400
_HANZI = re.compile(r"[\u3400-\u9fff]|\\u[3-9][0-9a-fA-F]{3}|%E[4-9]%[89ABab]", re.ASCII)
_ENOUGH = 40
_ASSIGNED = re.compile(
    r"(?<![=!<>+])=\s*(?:(?P<object>[{\[])|(?P<parse>JSON\.parse\(\s*(?:decodeURIComponent\(\s*|unescape\(\s*)?)(?=['\"`])"
    r"|(?P<call>\(?\s*function\s*\((?P<parameters>[\w$,\s]{0,4000})\)\s*\{[^{}]{0,2000}?return\s*)(?=[{\[])"
    r"|(?:htmlDecode\(\s*|decodeURIComponent\(\s*|unescape\(\s*)?(?P<string>['\"`]))"
)
_NAMED = re.compile(r"[\w$\]['\".-]")
_PUSHED = re.compile(r"__next_f\.push\(\s*(?=\[)")
_OPENING = re.compile(r"[\s;})]*\(")
_ROW = re.compile(r"^[0-9a-f]{1,6}:(?=[\[{])", re.MULTILINE)
_NUMBERED = ("__NUXT_DATA__",)


@dataclass(frozen=True, slots=True)
class Script:
    """An inline script: its type and id in lower case as written, and its text."""

    type: str
    id: str
    text: str

    @property
    def is_data(self) -> bool:
        """True for a script that is JSON as a whole."""
        return "json" in self.type


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the name of what held it. `linked`: it is linked data (JSON-LD); `cut`: the script ended first."""

    name: str
    value: Value
    linked: bool = False
    cut: bool = False


def scripts(root: html.HtmlElement) -> tuple[Script, ...]:
    """The inline scripts of a page whose scripts are still in the tree."""
    inline = ((item, item.text) for item in root.iter("script"))
    return tuple(
        Script((item.get("type") or "").strip().lower(), (item.get("id") or "").strip(), text)
        for item, text in islice(((item, text) for item, text in inline if text and len(text) > 40), _SCRIPTS)
    )


def values(given: Sequence[Script]) -> Iterator[Found]:
    """What the scripts hold, in order: linked data, JSON, objects and strings that variables are set to."""
    room, left = MAX_SCANNED, _VALUES
    scalars: dict[str, Value] = {}
    pushed: list[str] = []
    for script in given:
        text, room = script.text[: max(room, 0)], room - len(script.text)
        if not text:
            break
        for found in islice(_in_script(script, text, scalars, pushed), max(left, 0)):
            left -= 1
            yield found
    yield from _rows("".join(pushed))
    if scalars:
        yield Found("variables", scalars)


def _in_script(script: Script, text: str, scalars: dict[str, Value], pushed: list[str]) -> Iterator[Found]:
    if script.is_data:
        yield from _data(script, text)
    elif _is_worth(text):
        if "__next_f" in text:
            pushed += _pushed(text)
        yield from _assigned(text, scalars)


def _is_worth(text: str) -> bool:
    """True for a script with some Chinese in it, plain or escaped."""
    if text.isascii() and "\\u" not in text and "%E" not in text:
        return False
    return sum(1 for _ in islice(_HANZI.finditer(text), _ENOUGH)) >= _ENOUGH


def _data(script: Script, text: str) -> Iterator[Found]:
    linked = "ld+json" in script.type
    if not linked and not _is_worth(text):
        return
    name = script.id or ("ld+json" if linked else "json")
    got = literals.loads(text)
    if got is not None:
        value = _unflattened(got.value) if name in _NUMBERED else got.value
        yield Found(name, value, linked, got.cut)


def _assigned(text: str, scalars: dict[str, Value]) -> Iterator[Found]:
    place = 0
    while found := _ASSIGNED.search(text, place):
        place = found.end()
        quoted = found["string"] is not None
        start = place - 1 if quoted or found["object"] else place
        if text.startswith(("{}", "[]", "''", '""'), start):
            continue
        name, got = _name(text, found.start()), literals.read(text, start)
        place = max(got.end, place)
        if quoted:
            if name and len(scalars) < _SCALARS:
                scalars.setdefault(name, _decoded(str(got.value)))
        elif found["parse"]:
            inner = literals.loads(_decoded(str(got.value)))
            if inner is not None:
                yield Found(name, inner.value, cut=got.cut or inner.cut)
        else:
            if found["call"]:
                got = _called(text, got, found["parameters"])
                place = max(got.end, place)
            yield Found(name, got.value, cut=got.cut)


def _name(text: str, end: int) -> str:
    """What stands before an equals sign."""
    before = text[max(end - 100, 0) : end].rstrip()
    first = len(before)
    while first and _NAMED.match(before[first - 1]):
        first -= 1
    return before[first:].removeprefix("window.")


def _decoded(text: str) -> str:
    """A text that was put through encodeURIComponent."""
    return unquote(text) if re.match(r"\s*(?:%[0-9a-fA-F]{2}){2}", text) else text


def _called(text: str, body: literals.Read, parameters: str) -> literals.Read:
    """What (function(a,b){return {…}})(1,2) gives: Nuxt 2 writes its state so."""
    opening = _OPENING.match(text, body.end)
    if opening is None:
        return body
    given = literals.arguments(text, opening.end() - 1)
    names = [name.strip() for name in parameters.split(",")]
    values = given.value if isinstance(given.value, list) else []
    known = dict(zip(names, values, strict=False))
    return literals.Read(_put_in(body.value, known), given.end, body.cut or given.cut)


def _put_in(value: Value, known: dict[str, Value]) -> Value:
    """The value with its names replaced, in place; depth is bounded by how it was read."""
    stack: list[Value] = [value]
    while stack:
        item = stack.pop()
        pairs = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
        for key, inner in list(pairs):
            if isinstance(inner, Name):
                item[key] = known.get(inner.name)  # type: ignore[index]
            else:
                stack.append(inner)
    return value


def _unflattened(value: Value) -> Value:
    """The state of Nuxt 3: one array whose objects name their values by place."""
    if not isinstance(value, list):
        return value
    rows = [item if isinstance(item, (dict, list)) else None for item in value]

    def at(place: Value) -> Value:
        return value[place] if isinstance(place, int) and 0 <= place < len(value) else None

    for row in rows:
        if isinstance(row, dict):
            for key, place in row.items():
                row[key] = at(place)
    for row in rows:
        if isinstance(row, list) and row and all(isinstance(item, int) for item in row):
            row[:] = [at(item) for item in row]
    return [row for row in rows if isinstance(row, dict)]


def _pushed(text: str) -> list[str]:
    """What Next's app router sends in pieces."""
    pieces = []
    for found in _PUSHED.finditer(text):
        value = literals.read(text, found.end()).value
        if isinstance(value, list):
            pieces += [item for item in value if isinstance(item, str)]
    return pieces


def _rows(text: str) -> Iterator[Found]:
    for row in islice(_ROW.finditer(text), _VALUES):
        got = literals.read(text, row.end())
        yield Found("__next_f", got.value, cut=got.cut)
