"""Makes the pictures of the README anew: `make pictures`. Runs everything for some minutes and looks at it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
SECONDS = 300
_COLOURS = {"新 new": "green", "改 edited": "yellow", "删 removed": "red", "复 restored": "cyan", "抓 captured": "dim"}
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# The messages that tests/alerts/test_messages_golden.py holds: their file, the picture's name, its width and height.
_MAILS = (("edited", "mail-edit", 640, 900), ("daily", "mail-digest", 390, 1000))


def main() -> None:
    """Writes terminal.svg and the screenshots beside this file."""
    _mails()
    with tempfile.TemporaryDirectory(prefix="tj-") as state:
        lines: list[str] = []
        for line in _up(Path(state)):
            lines.append(line)
            if "删 removed" in line and any("改 edited" in earlier for earlier in lines):
                time.sleep(4)
                _screenshots(_room(lines))
                _desk(_room(lines), state)
                break
        _terminal([line.replace(state, "var") for line in lines])


def _up(state: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "pipeline", "up", "--seconds", str(SECONDS)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=HERE.parents[1],
        env=os.environ | {"TONGJIAN_STATE": str(state), "COLUMNS": "200"},
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "…" not in line[:2]:
                yield line.rstrip()
    finally:
        process.terminate()
        process.wait()


def _room(lines: list[str]) -> str:
    return next(found[0] for line in lines if "阅览室" in line and (found := re.search(r"http://\S+", line)))


def _terminal(lines: list[str]) -> None:
    console = Console(record=True, width=118, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for line in ["$ make run", *lines]:
        text = Text(line[:116])
        for word, colour in _COLOURS.items():
            text.highlight_words([word], colour)
        console.print(text)
    svg = console.export_svg(title="通鉴 Tongjian", theme=MONOKAI)
    # Forced lengths would squeeze Chinese text where the reader's font has other widths.
    (HERE / "terminal.svg").write_text(re.sub(r' textLength="[^"]*"', "", svg), encoding="utf-8")


def _mails() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        for name, picture, width, height in _MAILS:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto((HERE.parents[1] / "tests" / "alerts" / "messages" / f"{name}.html").resolve().as_uri())
            page.screenshot(path=str(HERE / f"{picture}.png"))
        browser.close()


def _screenshots(room: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(room)
        page.wait_for_timeout(1500)
        page.screenshot(path=str(HERE / "room.png"))
        _follow(page, "a[href*='/diff']", "difference.png")
        browser.close()


def _desk(room: str, state: str) -> None:
    """A query tried before it is switched on."""
    command = [sys.executable, "-m", "pipeline", "people", "add", "王芳", "--json"]
    environment = os.environ | {"TONGJIAN_STATE": state}
    made = subprocess.run(command, cwd=HERE.parents[1], env=environment, capture_output=True, check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        page = browser.new_page(viewport={"width": 1200, "height": 900}, locale="zh-CN")
        page.goto(f"{room.rstrip('/')}/subscriptions/new?query=项目 与 (签约 或 投资) 非 招聘")
        page.get_by_label("令牌").fill(json.loads(made.stdout)["token"])
        page.get_by_role("button", name="登录").click()
        page.get_by_label("名称").fill("项目签约")
        page.get_by_role("button", name="回测").click()
        page.locator("#outcome .bars").wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=str(HERE / "subscription.png"))
        browser.close()


def _follow(page: Page, selector: str, name: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_timeout(800)
    page.screenshot(path=str(HERE / name))


if __name__ == "__main__":
    main()
