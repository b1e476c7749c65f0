"""One page read now, without keeping it: fetched from its address, from a file, or from a recorded fixture."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.article import Article
from domain.errors import ConfigurationError
from domain.site import Site
from domain.urls import host
from parsers import read
from parsers.explaining import Explained, explain
from parsers.unpack import unpack
from pipeline import fixtures
from pipeline.fetching import Answer, fetch
from sites import load

_CHARSET = re.compile(rb"(?i)(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page's bytes and all that says how to read them. `answer` is None for a file that came without one."""

    payload: bytes
    url: str
    content_type: str | None = None
    content_encoding: str | None = None
    site: Site | None = None
    at: datetime | None = None

    def explained(self) -> Explained:
        """What is read, and why. Raises ReadError."""
        return explain(
            self.payload,
            self.url,
            self.content_type,
            self.site,
            at=self.at,
            content_encoding=self.content_encoding,
        )

    @property
    def declared(self) -> str | None:
        """The encodings the answer and the page declare, and where. Raises ReadError."""
        head = unpack(self.payload, self.content_encoding, self.url).data[:8192]
        places = (((self.content_type or "").encode("latin-1", "replace"), "HTTP"), (head, "page"))
        named = ((_CHARSET.search(place), where) for place, where in places)
        return ", ".join(f"{found[1].decode('latin-1')} ({where})" for found, where in named if found) or None

    def generic(self) -> Article | None:
        """What the generic reader alone makes of it; None where no reader of a site would be used anyway."""
        if self.site is None or not self.site.readers or not self.site.is_article(self.url):
            return None
        bare = self.site.model_copy(update={"readers": ()})
        coding = self.content_encoding
        return read(self.payload, self.url, self.content_type, bare, at=self.at, content_encoding=coding)


def see(where: str, *, site: str | None = None, url: str | None = None, at: datetime | None = None) -> Seen:
    """The page at an address, in a file, or in a fixture's folder; its site is found by its host unless named.

    An address is fetched once, within robots.txt, and read as of then unless `at` says otherwise.
    Raises FetchError, ConfigurationError, IntegrityError.
    """
    if where.startswith(("http://", "https://")):
        return _answered(fetch(where), site, at)
    path = Path(where)
    if fixtures.is_fixture(path):
        return _answered(fixtures.answer(path), site, at)
    if not path.is_file():
        raise ConfigurationError(
            f"{where}: no such file", hint="Give an address with http:// or https://, a file, or a fixture's folder."
        )
    return Seen(path.read_bytes(), url or "", site=site_for(site, url or ""), at=at)


def site_for(name: str | None, url: str) -> Site | None:
    """The site of that name, else the one whose host the address is on, else None.

    Raises ConfigurationError for a name that no site has.
    """
    known = load()
    if name is not None:
        if name not in known:
            raise ConfigurationError(f"no site called {name}", hint=f"There are: {', '.join(known)}.")
        return known[name]
    owners = [item for item in known.values() if host(url) in item.hosts]
    return next((item for item in owners if item.is_article(url)), owners[0] if owners else None)


def _answered(answer: Answer, site: str | None, at: datetime | None) -> Seen:
    return Seen(
        answer.payload,
        answer.url,
        answer.content_type,
        answer.content_encoding,
        site_for(site, answer.url),
        at or answer.at,
    )
