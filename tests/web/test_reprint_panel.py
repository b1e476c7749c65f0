"""The panel of a page's reprints, and the same for scripts."""

from pathlib import Path

import pytest
from publishing import Publisher, article, shown
from starlette.testclient import TestClient

from catalogue import Catalogue
from pipeline.clustering import settle
from storage import Archive

ORIGINAL, COPY, ALONE = (f"http://news.example.cn/2026/{name}.html" for name in ("r1", "r2", "r3"))
TEXT = (
    "市交通运输局昨日公布城区道路养护计划，全年共安排四十六条道路，总长一百二十公里，分三批实施。",
    "第一批十五条道路将于四月开工，主要分布在老城区，施工尽量避开早晚高峰，减少对出行的影响。",
    "市民可通过服务热线查询施工路段和绕行方案，沿线公交线路的临时调整将提前三天公告。",
)
FIRST = article("城区道路养护计划公布", *TEXT)
SECOND = article("今年修这些路<b>", *TEXT, source="阿尔法新闻网")


@pytest.fixture
def both(catalogue: Catalogue, archive: Archive, tmp_path: Path, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST, ORIGINAL), shown(0, article("另一篇", "只有一句话。"), ALONE))
    Publisher(catalogue, archive, tmp_path / "beta", "beta").publish(shown(2, SECOND, COPY))
    assert settle(catalogue) == ()


@pytest.mark.usefixtures("both")
def test_a_copy_shows_its_original_and_the_original_its_copies(client: TestClient) -> None:
    copy, original = (client.get("/page", params={"url": url}).text for url in (COPY, ORIGINAL))
    assert "first published by" in copy
    assert "阿尔法新闻网" in copy
    assert "可信度" in copy
    assert "此页为首发" in original
    assert "今年修这些路&lt;b&gt;" in original
    assert "转载自" in copy, "the change names it too"


@pytest.mark.usefixtures("both")
def test_a_page_alone_has_no_panel(client: TestClient) -> None:
    assert "Reprints" not in client.get("/page", params={"url": ALONE}).text


@pytest.mark.usefixtures("both")
def test_reprints_for_scripts(client: TestClient) -> None:
    said = client.get("/api/reprints", params={"url": COPY}).json()
    assert said["reprint_of"] == said["first"]["url"] == ORIGINAL
    assert [(page["url"], page["first"]) for page in said["pages"]] == [(ORIGINAL, True), (COPY, False)]
    assert 0 < said["confidence"] <= 1
    assert all(reason["zh"] and reason["en"] for reason in said["reasons"])
    assert client.get("/api/reprints", params={"url": ALONE}).json()["pages"] == []
    (change,) = (one for one in client.get("/api/changes").json() if one["url"] == COPY)
    assert change["reprint_of"] == ORIGINAL
    assert client.get("/api/reprints", params={"url": "http://news.example.cn/none"}).status_code == 404
