"""How sites stand, in the reading room: on the front page, on a page of their own, for programs."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser
from publishing import Publisher, article, shown
from starlette.testclient import TestClient

from catalogue import Catalogue
from domain.health import HealthOrder, Measure, Sign, Standing, State
from domain.site import Entry, Site
from monitor.differences import characters
from pipeline.embedded import ports
from storage import Archive
from web import create

TITLES = {"alpha": "阿尔法新闻网", "beta": "贝塔市商务局", "gamma": "伽马在线·区县频道", "delta": "德尔塔日报"}
SITES = {
    name: Site(
        name=name,
        title=title,
        homepage=f"http://{name}.example.cn/",
        entries=(Entry(url=f"http://{name}.example.cn/list.html"),),
        article=r"/2026/",
    )
    for name, title in TITLES.items()
}
SINCE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ENTRY = "http://alpha.example.cn/list.html"
_ZERO = Sign(
    kind="no-links",
    level="error",
    zh="列表页上一个链接也没有，版式可能变了（平常 40 个）",
    en="zero links on an entry page: its layout may have changed (40 are usual)",
    value=0,
    usual=40,
    entry=ENTRY,
)
_FEWER = Sign(
    kind="fewer",
    level="note",
    zh="24 小时内新文章 0 篇，平常 21 篇",
    en="0 new articles in 24 hours, where 21 are usual",
)
_NUMBERS = (
    Measure(name="links", zh="列表页链接", en="links on the entry page", value=0, usual=40, samples=12, entry=ENTRY),
    Measure(name="bodied", zh="有正文", en="with a body", value=0.975, usual=1, samples=20, weekday=True),
    Measure(name="failed", zh="出错的回应", en="failed answers"),
)
_SILENCE = HealthOrder(
    site="gamma", action="silence", at=SINCE, by="李 <li>", reason="改版 <b>中</b>", until=SINCE + timedelta(days=400)
)


def _standing(site: str, state: State, *signs: Sign, beneath: State | None = None, **more: object) -> Standing:
    said = {"site": site, "state": state, "beneath": beneath or state, "since": SINCE, "checked": SINCE, "signs": signs}
    return Standing.model_validate(said | more)


STANDINGS = {
    "alpha": _standing("alpha", State.BROKEN, _ZERO, numbers=_NUMBERS),
    "beta": _standing("beta", State.QUIET, _FEWER),
    "gamma": _standing("gamma", State.SILENCED, _ZERO, beneath=State.BROKEN, silence=_SILENCE),
}


@pytest.fixture
def watched_room(catalogue: Catalogue, archive: Archive) -> FastAPI:
    return create(catalogue, archive, characters, sites=SITES, health=lambda: STANDINGS)


@pytest.fixture
def visitor(watched_room: FastAPI) -> Iterator[TestClient]:
    with TestClient(watched_room, base_url="http://127.0.0.1") as opened:
        yield opened


def test_the_front_page_says_how_each_site_stands_and_why(visitor: TestClient) -> None:
    shown_page = visitor.get("/").text
    assert "故障" in shown_page
    assert "列表页上一个链接也没有" in shown_page
    assert "zero links on an entry page" in shown_page
    assert "安静" in shown_page
    assert "改版 &lt;b&gt;中&lt;/b&gt;" in shown_page
    assert 'href="/health"' in shown_page


def test_people_get_a_page_and_probes_an_answer(visitor: TestClient) -> None:
    page = visitor.get("/health", headers={"accept": "text/html,application/xhtml+xml"}).text
    for words in (
        "阿尔法新闻网",
        "故障",
        "broken",
        ENTRY,
        "98%",
        "尚未检查",
        "24 小时内新文章 0 篇，平常 21 篇",
        "&lt;li&gt;",
    ):
        assert words in page, words
    assert "failed answers" not in page, "of what nothing was found nothing is said"
    assert visitor.get("/health").json()["status"] == "ok"
    assert visitor.head("/health").status_code == 200


def test_programs_get_the_same(visitor: TestClient) -> None:
    found = {one["site"]: one for one in visitor.get("/api/health").json()}
    assert (found["alpha"]["state"], found["alpha"]["stale"]) == ("broken", False)
    assert found["gamma"]["silence"]["by"] == "李 <li>"


def test_a_room_that_knows_nothing_of_health_opens(client: TestClient) -> None:
    assert "尚未检查" in client.get("/health", headers={"accept": "text/html"}).text
    assert client.get("/api/health").json() == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well(
    watched_room: FastAPI, publisher: Publisher, browser: Browser, tmp_path: Path, scheme: str
) -> None:
    publisher.publish(shown(0, article("高新区十二个项目集中开工", "总投资2000万元。")))
    folder = Path(os.environ.get("TONGJIAN_PICTURES") or tmp_path)
    with _served(watched_room) as address:
        page = browser.new_page(color_scheme=scheme, locale="zh-CN")  # type: ignore[arg-type]
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        for name, path in {"front": "/", "health": "/health"}.items():
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address + path, wait_until="load")
                if name == "health":
                    page.locator("summary").first.click()
                page.screenshot(path=folder / f"health-{name}-{scheme}-{width}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide <= 0, f"{name} at {width}"
        page.close()
    assert complaints == []


class _served:
    """The room over real HTTP, on a loopback port."""

    def __init__(self, room: FastAPI) -> None:
        (self._port,) = ports.free(1)
        self._server = uvicorn.Server(uvicorn.Config(room, host="127.0.0.1", port=self._port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.05)
        return f"http://127.0.0.1:{self._port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
