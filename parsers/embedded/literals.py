"""Values out of scripts: JSON, JSON that is a little broken, and the literals of JavaScript, never run.

What is an expression and no literal is passed over and stands as None. Bounded: 64 levels of nesting are kept
(deeper ones are passed over), 300,000 tokens are read, then the value ends as if the text ended there.
"""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

MAX_DEPTH = 64
MAX_TOKENS = 300_000

Value = object

_BLANK = re.compile(r"(?:\s|//[^\n\r]*|<!--[^\n\r]*)*")
_STRING = {
    '"': re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL),
    "'": re.compile(r"'([^'\\]*(?:\\.[^'\\]*)*)'", re.DOTALL),
    "`": re.compile(r"`([^`\\]*(?:\\.[^`\\]*)*)`", re.DOTALL),
}
# A quote that no comma, colon or bracket follows is part of a JSON text that was put together by hand.
_UNQUOTED = re.compile(r'"([^"\\]*(?:(?:\\.|"(?!\s*(?:[,:}\]]|$)))[^"\\]*)*)"', re.DOTALL)
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?)(?![\w.])")
_NAME = re.compile(r"[A-Za-z_$\u0080-\uffff][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_KEY = re.compile(r"[\w$@-]+")
_OTHER = re.compile(r"""[^"'`{}()\[\],;/]+|/""")
_START = re.compile(r"\{|(?<!CDATA)\[(?!CDATA)")
_CALLED = re.compile(r"(\(\s*)(?=['\"`])")
_DECODER = re.compile(r"decode|unescape|String$", re.IGNORECASE)
_SLICE = re.compile(r"\s*\.\s*(?:slice|substring)\(\s*(-?\d{1,4})\s*(?:,\s*(-?\d{1,4})\s*)?\)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r": "", "\r\n": ""}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_OPEN, _CLOSE = "{[(", "}])"


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier where a value is wanted: a variable, or a function's parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """A value, where it ended, and whether the text ended before it did."""

    value: Value
    end: int
    cut: bool = False


def loads(text: str) -> Read | None:
    """A script's whole text as JSON, mended where it must be; None where it holds no object and no array."""
    start = _START.search(text, 0, 400)
    return read(text, start.end() - 1, lenient=True) if start else None


def read(text: str, start: int, *, lenient: bool = False) -> Read:
    """The value that begins at `start`. `lenient`: quotes inside strings may lack their backslash."""
    reader = _Reader(text, start, lenient)
    if text[start] in _STRING:
        return Read(reader.string(), reader.place, reader.cut)
    try:
        return Read(*json.JSONDecoder(strict=False).raw_decode(text, start))
    except (ValueError, RecursionError):
        return Read(reader.value(0), reader.place, reader.cut)


def arguments(text: str, start: int) -> Read:
    """What a function is called with, as a list; `start` is where the bracket opens."""
    reader = _Reader(text, start)
    return Read(reader.array(0, ")"), reader.place, reader.cut)


def unescaped(text: str) -> str:
    """A string literal's text without its backslashes."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_character, text)
    if any("\ud800" <= char <= "\udfff" for char in plain):
        return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _LETTERS.get(found[4], found[4])


@dataclass(slots=True)
class _Reader:
    """Reads one literal, tolerant of everything between literals. `place` is where it stands."""

    text: str
    place: int
    lenient: bool = False
    cut: bool = False
    tokens: int = field(default=0)

    def value(self, depth: int) -> Value:
        char = self._next()
        if char in ("{", "[") and depth >= MAX_DEPTH:
            self._pass_over()
            return None
        if char == "{":
            return self._object(depth)
        if char == "[":
            return self.array(depth)
        found = self.string() if char in _STRING else self._plain()
        if isinstance(found, Name) and self._next() == "(":
            found = self._wrapped(found)
        if self._next() not in ",}])":
            self._pass_over()
        return found

    def _next(self) -> str:
        """The next character that means something; empty at the end."""
        self.tokens += 1
        blank = _BLANK.match(self.text, self.place)
        self.place = blank.end() if blank else self.place
        while self.text.startswith("/*", self.place):
            end = self.text.find("*/", self.place + 2)
            blank = _BLANK.match(self.text, end + 2 if end >= 0 else len(self.text))
            self.place = blank.end() if blank else len(self.text)
        if self.tokens > MAX_TOKENS or self.place >= len(self.text):
            self.cut = True
            self.place = len(self.text)
            return ""
        return self.text[self.place]

    def _object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        self.place += 1
        while (char := self._next()) not in ("}", ""):
            before = self.place
            key = self._key(char)
            if key is not None and self._next() == ":":
                self.place += 1
                found[key] = self.value(depth + 1)
            elif self._next() not in (",", "}"):
                self._pass_over()
            self._separate(before)
        self.place += 1
        return found

    def array(self, depth: int, closing: str = "]") -> list[Value]:
        """The values up to the closing bracket; `place` is at the opening one."""
        found: list[Value] = []
        self.place += 1
        while (char := self._next()) not in (closing, ""):
            before = self.place
            if char != ",":
                found.append(self.value(depth + 1))
            self._separate(before)
        self.place += 1
        return found

    def _separate(self, before: int) -> None:
        if self._next() == ",":
            self.place += 1
        elif self.place == before:
            self.place += 1  # a closing bracket of another kind: passed over, or we would never end

    def _key(self, char: str) -> str | None:
        if char in ('"', "'"):
            return self._string()
        found = _KEY.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return found[0] if found else None

    def string(self) -> str:
        """The string at `place`, and those that + adds to it."""
        parts = [self._string()]
        while self._next() == "+":
            before = self.place
            self.place += 1
            if self._next() not in tuple(_STRING):
                self.place = before
                break
            parts.append(self._string())
        return "".join(parts)

    def _string(self) -> str:
        quote = self.text[self.place]
        pattern = _UNQUOTED if self.lenient and quote == '"' else _STRING[quote]
        found = pattern.match(self.text, self.place)
        if found is None:
            self.cut = True
            rest, self.place = self.text[self.place + 1 :], len(self.text)
            return unescaped(rest)
        self.place = found.end()
        value = unescaped(found[1])
        if part := _SLICE.match(self.text, self.place):
            self.place = part.end()
            value = value[int(part[1]) : int(part[2]) if part[2] else None]
        return value

    def _plain(self) -> Value:
        if number := _NUMBER.match(self.text, self.place):
            self.place = number.end()
            return _number(number[0])
        name = _NAME.match(self.text, self.place)
        if name is None:
            return None
        self.place = name.end()
        return _WORDS[name[0]] if name[0] in _WORDS else Name(name[0])

    def _wrapped(self, call: Name) -> Value:
        """The text in decode('…'), and nothing of any other call."""
        text = _CALLED.match(self.text, self.place) if _DECODER.search(call.name) else None
        if text is None:
            return None
        self.place = text.end(1)
        value = self.string()
        if self._next() == ")":
            self.place += 1
        return unquote(value) if "URI" in call.name else value

    def _pass_over(self) -> None:
        """On to the comma or the bracket that ends an expression, past what it encloses."""
        open_brackets = 0
        while char := self._next():
            if not open_brackets and char in ",;}])":
                return
            if char in _STRING:
                self._string()
            elif char in _OPEN or char in _CLOSE or char in ",;":
                open_brackets += (char in _OPEN) - (char in _CLOSE)
                self.place += 1
                if not open_brackets and char in _CLOSE and self._next() in ",;}])":
                    return
            else:
                other = _OTHER.match(self.text, self.place)
                self.place = other.end() if other else self.place + 1


def _number(text: str) -> int | float:
    """A number as scripts write it: 12, -3.5e2, 0x1f, and 007, which Python would refuse."""
    if "x" in text.lower():
        return int(text, 16)
    return float(text) if "." in text or "e" in text.lower() else int(text)
