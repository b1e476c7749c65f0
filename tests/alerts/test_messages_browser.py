"""The HTML mails in Debian's Chromium: on a phone and on a desk, by day and by night."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from message_stories import edited
from playwright.sync_api import Browser, Request, sync_playwright

from alerts.messages import render

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
MAILS = sorted(Path(__file__).with_name("messages").glob("*.html"))
# WCAG 2.2, 1.4.3: pieces of text whose contrast with what is behind them is under 4.5.
FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((c) => c / 255)
    .map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (node) => { for (; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor; if (parts(colour)[3] !== 0) return colour; }
    return 'rgb(255, 255, 255)'; };
  const said = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  return [...document.querySelectorAll('body *')].filter((node) => said(node) && node.checkVisibility()).map((node) => {
    const pair = [getComputedStyle(node).color, behind(node)].map(light).sort((a, b) => b - a);
    return [node.textContent.trim().slice(0, 20), (pair[0] + .05) / (pair[1] + .05)];
  }).filter((pair) => pair[1] < 4.5);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: tests/browser.sh installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 800])
def test_every_mail_is_read_with_ease_and_asks_for_nothing(browser: Browser, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    assert MAILS
    for mail in MAILS:
        page.goto(mail.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, mail.name
        assert page.evaluate(FAINT) == [], mail.name
    assert asked == [mail.as_uri() for mail in MAILS]
    page.close()


def test_words_without_end_do_not_widen_a_mail(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    said = edited()
    endless = dict.fromkeys(("title", "site_title", "region", "source", "excerpt", "url"), "W" * 500)
    named = [one | {"name": "W" * 500} for one in said["subscriptions"]]
    sites = [one | {"title": "W" * 500, "zh": "W" * 500, "en": "W" * 500} for one in said["health"]]
    page.set_content(
        render(said | endless | {"subscriptions": named, "health": sites, "notes": ["W" * 500]}).html or ""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
