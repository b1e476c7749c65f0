"""From each site's entry pages to every article of the replica, and what missing ones look like."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import sites
from demo.content import SHIPPED
from demo.server import Replica
from domain.article import Kind
from domain.site import Entry, Site
from parsers import read
from parsers.fold import folded
from parsers.lists import links

NAMES = ("diyang-keqiao", "iqilu-jining", "qidian-zibo", "shandong-commerce", "toudeng")


@pytest.fixture(scope="module")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    state: Path = tmp_path_factory.mktemp("replica")
    with Replica(content=SHIPPED, state=state) as running:
        yield running


def fetch(replica: Replica, url: str) -> httpx.Response:
    parts = httpx.URL(url)
    target = parts.copy_with(scheme="http", host="127.0.0.1", port=replica.port)
    return httpx.get(target, headers={"Host": parts.host})


def walked(replica: Replica, site: Site, entry: Entry) -> list[list[str]]:
    """The articles on each list page, following `next` as far as it goes."""
    found, queue = [], [entry.url]
    while queue and len(found) < 10:
        url = queue.pop(0)
        answer = fetch(replica, url)
        listing = links(answer.content, url, answer.headers.get("content-type"), entry, site)
        found.append([link.url for link in listing.articles])
        queue.extend(listing.next)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_article_is_found(replica: Replica, name: str) -> None:
    site = sites.get(name)
    pages = [page for entry in site.entries for page in walked(replica, site, entry)]
    known = {record.url for record in replica.articles() if record.site == name and record.live}
    assert known
    assert {url for page in pages for url in page} == known
    assert len(pages) > 1, "the shipped content no longer fills two list pages"
    assert len(pages) <= site.entries[0].pages
    assert len(pages[0]) >= site.expect.links


@pytest.mark.parametrize("name", NAMES)
def test_list_pages_carry_titles(replica: Replica, name: str) -> None:
    site = sites.get(name)
    answer = fetch(replica, site.entries[0].url)
    listing = links(answer.content, site.entries[0].url, answer.headers["content-type"], site.entries[0], site)
    titles = {record.url: folded(record.title) for record in replica.articles()}
    assert [link.title for link in listing.articles] == [titles[link.url] for link in listing.articles]


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_article_reads_whole(replica: Replica, name: str) -> None:
    site = sites.get(name)
    for record in replica.articles():
        if record.site == name and record.live:
            answer = fetch(replica, record.url)
            got = read(answer.content, record.url, answer.headers["content-type"], site)
            again = read(fetch(replica, record.url).content, record.url, answer.headers["content-type"], site)
            assert (got.kind, got.title, got.issues) == (Kind.ARTICLE, folded(record.title), ())
            assert got.digest == again.digest
            assert got.fidelity == 1.0


@pytest.mark.parametrize("name", NAMES)
def test_fronts_and_missing_pages(replica: Replica, name: str) -> None:
    site = sites.get(name)
    record = next(item for item in replica.articles() if item.site == name and item.live)
    home = fetch(replica, site.homepage)
    assert read(home.content, site.homepage, home.headers["content-type"], site).kind is Kind.HOME
    for mode in ("soft404", "404"):
        replica.remove(record.url, mode)
        gone = fetch(replica, record.url)
        assert read(gone.content, record.url, gone.headers["content-type"], site).kind is Kind.MISSING
        replica.restore(record.url)
    entry = site.entries[0]
    listing = fetch(replica, entry.url)
    assert read(listing.content, entry.url, listing.headers["content-type"], site).kind is Kind.LIST
