"""The replica inside this process, and its pages as a reader gets them."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import sites
from demo.content import SHIPPED
from demo.replica import Replica
from domain.site import Site


@dataclass(frozen=True, slots=True)
class Page:
    """One page as served."""

    url: str
    payload: bytes
    content_type: str | None
    site: Site | None


@contextmanager
def running(state: Path) -> Iterator[Replica]:
    """The replica with all its texts published; nothing happens by itself but that counters move."""
    with Replica(SHIPPED, 0, state / "replica.json", timeline=False) as replica:
        yield replica


def articles(replica: Replica) -> list[Page]:
    """Every article's page, fetched once."""
    known = sites.load()
    return [_fetch(replica.port, record.url, known[record.site]) for record in replica.articles() if record.live]


def fronts(replica: Replica) -> list[Page]:
    """Every home page and entry, fetched once."""
    return [
        _fetch(replica.port, url, site)
        for site in sites.load().values()
        for url in (site.homepage, *(entry.url for entry in site.entries))
    ]


def _fetch(port: int, url: str, site: Site) -> Page:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Host": parts.netloc, "Accept-Encoding": "identity"})
    answer = connection.getresponse()
    page = Page(url, answer.read(), answer.getheader("Content-Type"), site)
    connection.close()
    return page
