"""A Memento client written from RFC 7089 and RFC 8288: knows nothing of our addresses but the TimeGate's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import httpx

LINK_FORMAT = "application/link-format"
_TARGET = re.compile(r"\s*<([^>]*)>\s*")
_PARAMETER = re.compile(r';\s*([A-Za-z][A-Za-z*-]*)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^;,\s"]+))?\s*')
_DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@dataclass(frozen=True)
class Link:
    """One link value."""

    target: str
    rels: frozenset[str]
    attributes: dict[str, str] = field(hash=False)

    def time(self, name: str = "datetime") -> datetime:
        return date(self.attributes[name])


def date(text: str) -> datetime:
    """RFC 1123 and GMT, as section 2.1 wants each date."""
    assert _DATE.fullmatch(text), text
    return parsedate_to_datetime(text).astimezone(UTC)


def links(text: str, base: str) -> list[Link]:
    """Every link value of a header or of a document in link format; anything left over is an error."""
    found, place = list[Link](), 0
    while place < len(text):
        target = _TARGET.match(text, place)
        assert target, text[place : place + 80]
        place, attributes = target.end(), dict[str, str]()
        while parameter := _PARAMETER.match(text, place):
            attributes.setdefault(parameter[1].lower(), (parameter[2] or "").strip('"'))
            place = parameter.end()
        assert place == len(text) or text[place] == ",", text[place : place + 80]
        place += 1
        rels = frozenset(attributes.pop("rel").lower().split())
        found.append(Link(urljoin(base, target[1]), rels, attributes))
    return found


class Answer:
    """An answer with its links."""

    def __init__(self, got: httpx.Response, body: bytes) -> None:
        self.status, self.headers, self.uri, self.body = got.status_code, got.headers, str(got.url), body
        self.links = links(got.headers.get("Link", ""), self.uri)

    def all(self, *rels: str) -> list[Link]:
        return [link for link in self.links if link.rels >= set(rels)]

    def one(self, *rels: str) -> Link:
        (found,) = self.all(*rels)
        return found

    @property
    def at(self) -> datetime:
        """Memento-Datetime."""
        return date(self.headers["Memento-Datetime"])


class Client:
    """Follows links as the RFC tells a user agent to; nothing is undone that the wire carried."""

    def __init__(self, gates: str) -> None:
        """`gates`: the TimeGates' address before the original's (a user agent may know one, section 4.5.1)."""
        self._gates = gates
        self._http = httpx.Client(trust_env=False, headers={"Accept-Encoding": "identity"}, timeout=30)

    def close(self) -> None:
        self._http.close()

    def get(self, uri: str, method: str = "GET", **headers: str) -> Answer:
        with self._http.stream(method, uri, headers=headers) as got:
            return Answer(got, b"".join(got.iter_raw()))

    def gate(self, original: str, at: datetime | None = None) -> Answer:
        """Step 3 of figure 1: the TimeGate, asked for a time."""
        asked = {"Accept-Datetime": at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")} if at else {}
        return self.get(f"{self._gates}{original}", **asked)

    def at(self, original: str, at: datetime | None = None) -> Answer:
        """Steps 3 to 6, pattern 2.1: TimeGate, 302, memento."""
        gate = self.gate(original, at)
        assert gate.status == 302
        assert "accept-datetime" in gate.headers["Vary"].lower()
        assert "Memento-Datetime" not in gate.headers, "section 4.2.1: a TimeGate is no memento"
        assert gate.all("original")
        memento = self.get(urljoin(gate.uri, gate.headers["Location"]))
        assert memento.headers["Memento-Datetime"]
        assert memento.one("original"), "section 2.2.2: a memento must link to its original"
        return memento

    def timemap(self, uri: str) -> list[Link]:
        got = self.get(uri)
        assert got.status == 200
        assert got.headers["Content-Type"].split(";")[0] == LINK_FORMAT
        return links(got.body.decode("utf-8"), uri)

    def mementos(self, uri: str) -> Iterator[Link]:
        """Every memento a TimeMap leads to, through the TimeMaps it names (section 5), each TimeMap once."""
        waiting, seen = [uri], set[str]()
        while waiting:
            uri = waiting.pop(0)
            if uri in seen:
                continue
            seen.add(uri)
            listed = self.timemap(uri)
            waiting += [link.target for link in listed if "timemap" in link.rels]
            yield from (link for link in listed if "memento" in link.rels)
