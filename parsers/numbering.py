"""How the addresses of an article's further pages are made from the address of its first."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

# Parameters that count pages, lower case; p alone behind its mark.
PAGE_WORDS = (b"page", b"pageno", b"pageindex", b"pagenum", b"pg", b"?p", b"&p", b";p")
_COUNTING = frozenset({"page", "pageno", "pageindex", "pagenum", "pg", "p", "curpage", "nowpage", "currentpage"})
_SMALL = re.compile(r"[1-9]?\d")
# An address that is numbered from its first page on: an id of five digits or more, then _0 or _1.
_FIRST = re.compile(r"(?P<stem>.*\d{5,})(?P<mark>[_-])(?P<number>[01])")

_AT_END = re.compile(r"\d{1,2}(?=(?:\.\w{2,6})?/?$)")
_IN_QUERY = re.compile(rf"((?:^|&)(?:{'|'.join(sorted(_COUNTING))})=)\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of an article's first page, taken apart. `folder` ends in a slash; `ending` without its dot.

    `stem` is what further pages' names begin with; `own` the number the first page itself carries, or None.
    """

    parts: SplitResult
    folder: str
    stem: str
    ending: str
    own: int | None = None

    @classmethod
    def of(cls, url: str) -> Self | None:
        """None for what is no address on the web."""
        try:
            parts = urlsplit(url)
            counted = [value for name, value in parse_qsl(parts.query) if name.lower() in _COUNTING]
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not parts.netloc or any(value != "1" for value in counted):
            return None
        folder, _, name = parts.path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, ending) if dot else (name, "")
        first = _FIRST.fullmatch(stem)
        own = int(first["number"]) if first else None
        return cls(parts, f"{folder}/", (first["stem"] if first else stem) or "index", ending, own)

    @property
    def stems(self) -> tuple[bytes, ...]:
        """What stands before a further page's number, wherever it is written."""
        stem = self.stem.encode("utf-8", "replace")
        return (stem,) if len(stem) > 3 else tuple(mark + stem for mark in (b"/", b'"', b"'", b"="))

    @property
    def shifts(self) -> tuple[int, ...]:
        """By how much pages' numbers may be ahead of those in their addresses: TRS counts from 0."""
        return (0, 1) if self.own is None else (1 - self.own,)

    def at(self, number: int) -> str:
        """The address with `_number` in its name."""
        path = f"{self.folder}{self.stem}_{number}" + (f".{self.ending}" if self.ending else "")
        return urlunsplit(self.parts._replace(path=path, fragment=""))

    def bare(self, url: str) -> bool:
        """True where `url` is the address without the number that this one carries."""
        name = urlsplit(url).path.removeprefix(self.folder)
        return self.own is not None and name == self.stem + (f".{self.ending}" if self.ending else "")

    def like(self, sample: str, number: int) -> str:
        """Another page's address, made as `sample` is."""
        parts = urlsplit(sample)
        if parts.path.rstrip("/") != self.parts.path.rstrip("/"):
            return urlunsplit(parts._replace(path=_AT_END.sub(str(number), parts.path, count=1)))
        return urlunsplit(parts._replace(query=_IN_QUERY.sub(rf"\g<1>{number}", parts.query, count=1)))

    def number(self, url: str) -> int | None:
        """The number that makes `url` a further page of this one; None where it is something else."""
        try:
            other = urlsplit(url)
            if _host(other) != _host(self.parts):
                return None
            counted = self._counted(other)
        except ValueError:
            return None
        if counted is not None:
            return counted
        if other.query != self.parts.query:
            return None
        found = self._named(other.path)
        found = self._below(other.path) if found is None else found
        return found if found is not None and found > (self.own or 0) else None

    def _counted(self, other: SplitResult) -> int | None:
        """The number in ?page=2, all else being the same."""
        if other.path.rstrip("/") != self.parts.path.rstrip("/") or not other.query:
            return None
        pairs = parse_qsl(other.query, keep_blank_values=True)
        counts = [value for name, value in pairs if name.lower() in _COUNTING]
        own = parse_qsl(self.parts.query, keep_blank_values=True)
        if len(counts) != 1 or not _SMALL.fullmatch(counts[0]) or int(counts[0]) < 2:
            return None
        same = _uncounted(pairs) == _uncounted(own)
        return int(counts[0]) if same else None

    def _named(self, path: str) -> int | None:
        """The number in 12345_2.html."""
        folder, _, name = path.rpartition("/")
        found = _pattern(self.stem, self.ending).fullmatch(name) if f"{folder}/" == self.folder else None
        return int(found["number"]) if found else None

    def _below(self, path: str) -> int | None:
        """The number in 12345/2, 12345.html/2 and 12345/2.html."""
        if self.own is not None or self.stem == "index":
            return None
        own = self.parts.path.rstrip("/")
        bare = own.removesuffix(f".{self.ending}") if self.ending else own
        if not path.startswith(f"{bare}/") and not path.startswith(f"{own}/"):
            return None
        rest = path.removeprefix(f"{own}/").removeprefix(f"{bare}/").removeprefix("page/").rstrip("/")
        rest = rest.removesuffix(f".{self.ending}") if self.ending else rest
        return int(rest) if _SMALL.fullmatch(rest) and int(rest) > 1 else None


@lru_cache(maxsize=64)
def _pattern(stem: str, ending: str) -> re.Pattern[str]:
    pages = ending in ("html", "htm", "shtml", "shtm")
    tail = r"\.s?html?" if pages else rf"\.{re.escape(ending)}" if ending else r"(?:\.s?html?)?"
    return re.compile(rf"{re.escape(stem)}[_-][pP]?(?P<number>[1-9]?\d){tail}")


def _uncounted(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pair for pair in pairs if pair[0].lower() not in _COUNTING)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")
