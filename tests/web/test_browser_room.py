"""The room in a real browser: Debian's Chromium against a real uvicorn."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from publishing import URL, Publisher, article, confirmed, missing, shown

from domain.article import Block

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
STAYS = [
    "本次集中开工的项目共十二个，涵盖高端装备、新材料与现代物流，全部位于高新区东片区。",
    "项目负责人介绍，前期手续已经办结，施工单位已进场，预计明年三季度陆续投产。",
    "高新区管委会表示，将为企业派驻服务专员，办理事项实行限时办结、一次告知。",
    "当地居民关心的道路改造同步实施，施工期间交通绕行方案另行公布。",
]
FIRST = article("高新区十二个项目集中开工", *STAYS, "总投资2000万元，占地300亩。", source="淄博日报", authors=("王一",))
SECOND = article(
    "高新区十二个项目集中开工", *STAYS, "总投资2000亿元，占地300亩。", source="淄博日报", authors=("王一", "李二")
)
LONG_TITLE = "柯桥区纺博会签约额再创新高：面料、印花与数码三个展区全部满馆"
RICH: dict[str, object] = {
    "body": (
        Block(kind="heading", text="一、总体情况"),
        *(Block(text=text) for text in STAYS),
        Block(kind="caption", text="图为签约现场"),
    ),
    "document_numbers": ("淄发〔2017〕17号",),
    "attachments": ({"href": "http://news.example.cn/f/1.pdf", "name": "奖励办法.pdf"},),
    "provenance": {"title": {"where": "h1.title", "confidence": 0.98}, "source": {"where": "p", "confidence": 0.7}},
}
# {evil} is a server of the test's own that nothing may ask.
WICKED = (
    "<script>parent.postMessage('ran','*');document.body.dataset.ran='yes'</script><script src='{evil}/s.js'></script>"
    "<img src='{evil}/p.gif' onerror=\"document.body.dataset.ran='yes'\"><link rel=stylesheet href='{evil}/s.css'>"
    "<iframe src='{evil}/frame'></iframe><a href='{evil}/ping'>点这里</a>"
    "<meta http-equiv=refresh content='0;url={evil}/refresh'>"
)
# WCAG 2.2, 1.4.3: the contrast of every piece of text with what is behind it; gives those under 4.5.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const linear = (c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = (colour) => colour.slice(0, 3).map((c) => linear(c / 255))
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (node) => { for (; node; node = node.parentElement) {
    const colour = rgba(getComputedStyle(node).backgroundColor); if (colour[3] === 255) return colour; } };
  const texts = [...document.querySelectorAll('body *')].filter((node) => [...node.childNodes]
    .some((child) => child.nodeType === 3 && child.data.trim()) && node.checkVisibility());
  const ratio = (node) => {
    const pair = [rgba(getComputedStyle(node).color), behind(node)].map(light).sort((a, b) => b - a);
    return (pair[0] + .05) / (pair[1] + .05); };
  return texts.map((node) => [node.textContent.trim().slice(0, 20), ratio(node)]).filter((pair) => pair[1] < 4.5);
}"""


@dataclass
class Seen:
    """A page, and what it complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="load")


@pytest.fixture(params=["light", "dark"])
def seen(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Seen]:
    context = browser.new_context(viewport=DESKTOP, color_scheme=request.param, locale="zh-CN")
    opened = Seen(context.new_page(), address)
    opened.page.on("console", lambda said: opened.complaints.append(said.text) if said.type == "error" else None)
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


@pytest.fixture
def evil() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback, and the paths it was asked for."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def take(page: Page, folder: Path, name: str) -> None:
    """A picture at desktop and at phone width, where nothing may need scrolling sideways."""
    for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} at {width}"
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def test_a_change_appears_by_itself(seen: Seen, publisher: Publisher, pictures: Path) -> None:
    seen.open("/")
    expect(seen.page.get_by_text("tongjian run --all")).to_be_visible()
    take(seen.page, pictures, "empty")
    publisher.publish(shown(0, FIRST))
    expect(seen.page.locator("#changes li")).to_have_count(1)
    expect(seen.page.get_by_text("tongjian run --all")).not_to_be_visible()
    publisher.publish(shown(1, SECOND), shown(0.5, FIRST, URL + "?p=2"))
    expect(seen.page.locator("#changes li")).to_have_count(3)
    times = seen.page.locator("#changes > li > time").all_inner_texts()
    assert times == sorted(times, reverse=True)
    expect(seen.page.locator("#changes li").first.locator("del")).to_have_text("2000万元")
    expect(seen.page.locator("#changes li").first.locator("ins").first).to_have_text("2000亿元")
    expect(seen.page.locator("#arrivals")).to_contain_text("2 条新变化")
    assert seen.complaints == []


def test_a_lost_connection_is_said(seen: Seen) -> None:
    seen.open("/")
    lost = seen.page.get_by_text("连接中断")
    expect(lost).not_to_be_visible()
    seen.page.context.set_offline(True)
    expect(lost).to_be_visible()
    seen.page.context.set_offline(False)
    expect(lost).not_to_be_visible()


def test_every_page_reads_well(seen: Seen, publisher: Publisher, pictures: Path) -> None:
    later = SECOND.model_copy(update={"published_at": FIRST.published_at.replace(day=28)})  # type: ignore[union-attr]
    publisher.publish(shown(0, FIRST), shown(1, SECOND), shown(2, later))
    publisher.publish(confirmed(3, publisher.captures()[2]), missing(4), missing(5), shown(6, later))
    titles = ("关于印发《招商引资奖励办法》的通知", "市商务局召开一季度外贸形势分析会", LONG_TITLE)
    pages = [article(title, "正文。", **(RICH if number == 0 else {})) for number, title in enumerate(titles)]
    publisher.publish(*(shown(7 + n, read, f"http://news.example.cn/2026/t{n}.html") for n, read in enumerate(pages)))
    capture = publisher.captures()[1]
    paths = {
        "changes": "/",
        "page": f"/page?url={URL}",
        "notice": "/page?url=http://news.example.cn/2026/t0.html",
        "diff": f"/diff?url={URL}&a=1&b=2",
        "capture": f"/capture/{capture.id}",
        "confirming": f"/capture/{publisher.captures()[3].id}",
        "search": "/search?q=项目",
    }
    for name, path in paths.items():
        seen.open(path)
        take(seen.page, pictures, name)
        assert seen.page.evaluate(CONTRAST) == [], name
    assert seen.complaints == []
    seen.open("/page?url=http://nowhere.example/")
    take(seen.page, pictures, "failure")


def test_the_difference_shows_what_went_and_came(seen: Seen, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(1, SECOND))
    seen.open(f"/page?url={URL}")
    seen.page.get_by_role("button", name="比较").click()
    expect(seen.page.locator(".difference del")).to_have_text(["2000万元"])
    expect(seen.page.locator(".difference ins")).to_have_text(["2000亿元", "¶", "李二"])
    seen.page.get_by_text("段未变").click()
    expect(seen.page.get_by_text(STAYS[0])).to_be_visible()


def test_a_capture_runs_nothing(seen: Seen, publisher: Publisher, evil: tuple[str, list[str]]) -> None:
    address, asked = evil
    publisher.publish(shown(0, FIRST, extra=WICKED.format(evil=address)))
    (capture,) = publisher.captures()
    seen.page.add_init_script("addEventListener('message', () => document.documentElement.dataset.heard = 'yes')")
    seen.open(f"/capture/{capture.id}")
    inside = seen.page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name=FIRST.title)).to_be_visible()
    assert inside.locator("body").get_attribute("data-ran") is None
    assert seen.page.locator("html").get_attribute("data-heard") is None
    inside.get_by_text("点这里").click()
    seen.page.wait_for_timeout(500)
    seen.open(f"/capture/{capture.id}/raw")
    expect(seen.page.get_by_role("heading", name=FIRST.title)).to_be_visible()
    seen.page.wait_for_timeout(500)
    assert seen.page.locator("body").get_attribute("data-ran") is None
    assert asked == []


def test_the_keyboard_is_enough(seen: Seen, publisher: Publisher) -> None:
    publisher.publish(shown(0, FIRST), shown(1, SECOND))
    seen.open("/")
    seen.page.keyboard.press("Tab")
    expect(seen.page.locator(".skip")).to_be_focused()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#main")).to_be_focused()
    seen.page.locator("#by-type").select_option("edited")
    expect(seen.page.locator("#changes li")).to_have_count(1)
    seen.page.locator("#changes .title").press("Enter")
    expect(seen.page.get_by_role("heading", level=1)).to_have_text(FIRST.title or "")
