"""One real article of each site, as labelled by hand, served by the replica and read back.

The texts belong to their publishers and stay outside the repository, in its sibling folder shared/.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import sites
from demo.server import Replica
from domain.article import Article, Kind, Precision
from parsers import read

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the labelled articles are not here: {SEEDS}")

NAMES = ("diyang-keqiao", "iqilu-jining", "qidian-zibo", "shandong-commerce", "toudeng")
OPTIONAL = {"点击观看精彩视频"}


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(content=SEEDS) as running:
        yield running


def fetch(replica: Replica, url: str) -> httpx.Response:
    """One page from the replica, under the site's own name, by plain HTTP."""
    parts = httpx.URL(url)
    target = parts.copy_with(scheme="http", host="127.0.0.1", port=replica.port)
    with httpx.Client(follow_redirects=False) as client:
        return client.get(target, headers={"Host": parts.host, "X-Forwarded-Proto": parts.scheme})


def article(replica: Replica, name: str) -> Article:
    url = next(record.url for record in replica.articles() if record.site == name)
    answer = fetch(replica, url)
    assert answer.status_code == 200, answer.text[:200]
    return read(answer.content, url, answer.headers.get("content-type"), sites.get(name))


def gold(name: str) -> dict[str, Any]:
    return json.loads((SEEDS / f"{name}.gold.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def paragraphs(texts: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts if text.strip() and text.strip() not in OPTIONAL]


@pytest.mark.parametrize("name", NAMES)
def test_reads_as_labelled(replica: Replica, name: str) -> None:
    want, got = gold(name), article(replica, name)
    assert got.kind is Kind.ARTICLE
    assert got.title == want["title"]
    assert got.source == want["source"]
    assert list(got.authors) == want["authors"]
    assert list(got.editors) == want["editors"]
    assert list(got.document_numbers) == want["document_numbers"]
    assert paragraphs([block.text for block in got.body]) == paragraphs(want["body"])
    assert not got.issues


@pytest.mark.parametrize("name", NAMES)
def test_publication_time_as_labelled(replica: Replica, name: str) -> None:
    want, got = gold(name), article(replica, name)
    if want["published_at"] is None:
        assert (got.published_at, got.published_precision) == (None, Precision.FIRST_SEEN)
        return
    assert got.published_at == datetime.fromisoformat(want["published_at"])
    assert got.published_precision == want.get("published_precision", "second")


@pytest.mark.parametrize("name", NAMES)
def test_no_boilerplate_in_the_body(replica: Replica, name: str) -> None:
    lines = article(replica, name).text.splitlines()
    assert not [line for line in lines for word in gold(name)["boilerplate"] if word in line]


@pytest.mark.parametrize("name", NAMES)
def test_two_fetches_have_one_digest(replica: Replica, name: str) -> None:
    first, second = article(replica, name), article(replica, name)
    assert first.digest == second.digest


@pytest.mark.parametrize("name", NAMES)
def test_the_generic_reader_alone_reads_the_same_body(replica: Replica, name: str) -> None:
    site = sites.get(name).model_copy(update={"readers": ()})
    url = next(record.url for record in replica.articles() if record.site == name)
    answer = fetch(replica, url)
    got = read(answer.content, url, answer.headers.get("content-type"), site)
    assert got.title == gold(name)["title"]
    assert paragraphs([block.text for block in got.body]) == paragraphs(gold(name)["body"])


def test_images_and_breadcrumb(replica: Replica) -> None:
    names = [src.split("?")[0].rsplit("/", 1)[-1] for src in article(replica, "toudeng").images]
    assert [httpx.URL(f"http://x/{name}").path[1:] for name in names] == gold("toudeng")["images"]
    for name in ("qidian-zibo", "shandong-commerce"):
        assert list(article(replica, name).breadcrumb) == gold(name)["breadcrumb"]


def test_summary_without_its_label(replica: Replica) -> None:
    assert article(replica, "toudeng").summary == gold("toudeng")["summary"]
