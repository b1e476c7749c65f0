"""What passes between the replica's parts: a request, an answer, an article and what has become of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from demo.texts import Parts


class Removal(StrEnum):
    """How a site takes an article away: status 404; status 200 with a notice; a redirect to the home page."""

    NOT_FOUND = "404"
    SOFT = "soft404"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Source:
    """One text of a content folder. `slug` is its file's name without .txt."""

    site: str
    slug: str
    text: str


@dataclass(slots=True)
class Article:
    """An article of the replica as it stands. Times are aware, UTC; `number` is the id in its address."""

    site: str
    slug: str
    number: int
    url: str
    text: str
    parts: Parts
    appeared: datetime
    modified: datetime
    held: bool = False
    removed: Removal | None = None
    before: list[str] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """True where lists show it and its address answers with it."""
        return not self.held and self.removed is None

    @property
    def title(self) -> str:
        return self.parts.headline

    @property
    def shown(self) -> str:
        """The publication time as lists print it; empty where the page gives none."""
        if self.parts.moment is None:
            return ""
        return self.parts.moment.strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, its target taken apart. `host` and header names in lower case, `path` with its %XX undone."""

    method: str
    scheme: str
    host: str
    path: str
    query: Mapping[str, str]
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.raw_path}" + (f"?{self.raw_query}" if self.raw_query else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `stream` (with `length`) stands in for a body too large to hold; `length` alone announces more
    bytes than come; `reset` breaks the connection instead of answering."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    stream: Iterator[bytes] | None = None
    length: int | None = None
    reset: bool = False

    def having(self, *headers: tuple[str, str]) -> "Answer":
        """The same answer with these headers in place of any of the same name."""
        names = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in names)
        return replace(self, headers=(*kept, *headers))


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer as it left: when (aware, UTC), for which address, its status and its body's SHA-256 (hex)."""

    at: datetime
    url: str
    status: int
    sha256: str
