"""Mementos of the replica's own pages in a real browser: Chinese as it was written, and nothing that runs."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from publishing import Answered, Publisher, article

from demo.content import SHIPPED
from demo.replica import Record, Replica

pytestmark = pytest.mark.browser

RUNS = (
    "<script>document.title='ran';document.body.dataset.ran='yes'</script><img src=x onerror=\"document.title='ran'\">"
)
READ = article("标题", "正文。")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(SHIPPED) as running:
        yield running


def one_a_site(replica: Replica) -> list[Record]:
    return list({record.site: record for record in replica.articles() if record.live}.values())


def fetched(replica: Replica, url: str) -> tuple[bytes, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=10)
    connection.request("GET", parts.path or "/", headers={"Host": parts.netloc})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return body, answer.headers["Content-Type"]


def test_mementos_of_the_replica_read_as_they_were_written(
    page: Page, address: str, publisher: Publisher, replica: Replica, pictures: Path
) -> None:
    charsets = set()
    for number, record in enumerate(one_a_site(replica)):
        payload, kind = fetched(replica, record.url)
        payload = payload.replace(b"</body>", RUNS.encode("ascii") + b"</body>")
        publisher.publish(Answered(record.url, number, READ, payload, content_type=kind))
        answer = page.goto(f"{address}/timegate/{quote(record.url, safe=':/?=&')}", wait_until="load")
        assert answer is not None
        assert answer.headers["memento-datetime"]
        assert "/memento/" in page.url
        said = page.locator("body").inner_text()
        assert record.title in said, record.url
        assert "\ufffd" not in said
        assert page.title() != "ran"
        assert page.locator("body").get_attribute("data-ran") is None
        assert page.evaluate("self.origin") == "null", "an origin of its own, that of nobody"
        charsets.add(page.evaluate("document.characterSet"))
        page.screenshot(path=pictures / f"{record.site}.png")
    assert charsets == {"UTF-8", "GBK"}


def test_links_inside_a_memento_stay_in_its_time(page: Page, address: str, publisher: Publisher) -> None:
    old, new, other = (
        "http://news.example.cn/2026/a.html",
        *(f"http://news.example.cn/2026/b{n}.html" for n in (1, 2)),
    )
    linking = Answered(old, 0, READ, "<meta charset=utf-8><a href=b1.html>下一篇</a>".encode())
    targets = (Answered(new, hours, READ, f"<meta charset=utf-8>第{hours}时".encode()) for hours in (1, 50))
    publisher.publish(linking, *targets, Answered(other, 2, READ, b""))
    page.goto(f"{address}/timegate/{old}")
    page.get_by_text("下一篇").click()
    expect(page.get_by_text("第1时")).to_be_visible()
    assert page.url.endswith(f"/{new}")


def test_from_the_timeline_to_the_memento(page: Page, address: str, publisher: Publisher, pictures: Path) -> None:
    url = "http://news.example.cn/2026/a1.html"
    payload = "<meta charset=utf-8><h1>高新区项目开工</h1>".encode()
    publisher.publish(Answered(url, 0, READ, payload), Answered(url, 0.25 / 3600, READ, payload + b"<p>2"))
    page.goto(f"{address}/page?url={url}")
    page.screenshot(path=pictures / "timeline.png", full_page=True)
    links = page.locator("table.captures").get_by_role("link", name="memento")
    expect(links).to_have_count(2)
    links.first.click()
    expect(page.get_by_role("heading", name="高新区项目开工")).to_be_visible()
    expect(page.get_by_text("2", exact=True)).to_be_visible()
