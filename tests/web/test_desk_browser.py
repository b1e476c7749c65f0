"""The desk in a real browser, as somebody uses it for the first time; and every page of it, looked at."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from desk_house import Known, People, Receiver, edited, matter
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from publishing import Publisher, article, shown
from sqlalchemy import text
from test_browser_room import CONTRAST, DESKTOP, take

from domain.article import Article
from domain.clock import SHANGHAI
from domain.desk import Draft
from domain.settings import settings
from domain.subscription import Role

pytestmark = pytest.mark.browser

TITLE = "关于印发《淄博市招商引资项目奖励办法》的通知"


@pytest.fixture
def room(people: People) -> FastAPI:
    """The room that `address` serves: the one with a desk."""
    return people.room


@pytest.fixture
def in_march(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Plans go by a day some weeks after what the publisher publishes."""
    monkeypatch.setenv("TONGJIAN_NOW", "2026-03-24T20:00:00+08:00")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def past(publisher: Publisher, in_march: None) -> None:
    """Three weeks of news, of which some are of projects."""
    for day in range(20):
        told = [
            shown(
                24 * day + n, article(f"招商引资项目{day}之{n}签约", f"第{day}日，总投资{n + 1}000万元。"), page(day, n)
            )
            for n in range(day * 7 % 5)
        ]
        other = shown(24 * day + 8, article(f"第{day}日天气", "晴。"), page(day, 99))
        publisher.publish(*told, other)


def project(day: int, number: int) -> Article:
    return article(f"招商引资项目{day}之{number}签约", f"第{day}日，总投资{number + 1}000万元。")


def page(day: int, number: int) -> str:
    return f"http://news.example.cn/2026/{day}-{number}.html"


@pytest.fixture
def screen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme = getattr(request, "param", "light")
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme, locale="zh-CN")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def sign_in(screen: Page, address: str, known: Known) -> None:
    screen.goto(f"{address}/subscriptions")
    screen.get_by_label("令牌").fill(known.token)
    screen.get_by_role("button", name="登录").click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("订阅")


def test_a_first_subscription(screen: Page, address: str, people: People, receiver: Receiver, past: None) -> None:
    complaints: list[str] = []
    screen.on("pageerror", lambda error: complaints.append(str(error)))
    screen.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(screen, address, people.add("王芳"))

    screen.get_by_role("link", name="渠道").click()
    screen.get_by_role("link", name="添加渠道").click()
    screen.get_by_role("link", name="网络钩子").click()
    screen.get_by_label("地址").fill(receiver.url)
    screen.get_by_label("名称").fill("值班群")
    screen.get_by_role("button", name="添加").click()
    screen.get_by_role("button", name="发测试消息").click()
    expect(screen.get_by_text("测试消息已被接受")).to_be_visible()
    assert [post.body["type"] for post in receiver.posts] == ["test"]

    screen.get_by_role("navigation", name="订阅").get_by_role("link", name="订阅").click()
    screen.get_by_role("link", name="新建订阅").click()
    screen.get_by_label("名称").fill("招商引资项目")
    query = screen.get_by_label("查询")
    query.press_sequentially("招商引资 与 (签约")
    expect(screen.locator("#explained mark")).to_be_visible()
    expect(screen.locator("#explained")).to_contain_text("个字符")
    query.press_sequentially(" 或 开工)")
    expect(screen.locator("#explained .sentence")).to_contain_text("签约")
    screen.get_by_role("button", name="回测").click()
    expect(screen.locator("#outcome .bars")).to_be_visible()
    expect(screen.locator("#outcome .totals strong").first).not_to_have_text("0")
    expect(screen.get_by_label("名称")).to_have_value("招商引资项目")
    screen.get_by_label("值班群").check()
    screen.get_by_role("button", name="启用").click()
    expect(screen.get_by_text("已订阅")).to_be_visible()
    expect(screen.locator(".list > li")).to_have_count(1)
    expect(screen.locator(".list > li")).to_contain_text("招商引资项目")
    expect(screen.locator(".list > li")).to_contain_text("值班群")
    assert complaints == []


@pytest.mark.parametrize("screen", ["light", "dark"], indirect=True)
def test_every_page_reads_well(
    screen: Page, address: str, people: People, receiver: Receiver, past: None, pictures: Path
) -> None:
    wang, li = people.add("王芳", operator=True), people.add("李雷")
    told_of = furnished(people, wang, li, receiver)
    screen.goto(f"{address}/channels")
    looked_at(screen, pictures, "sign-in")
    sign_in(screen, address, wang)
    paths = {
        "subscriptions": "/subscriptions",
        "new": "/subscriptions/new?query=招商引资 与 (淄博",
        "subscription": f"/subscriptions/{told_of}",
        "remove": f"/subscriptions/{told_of}/remove",
        "channels": "/channels",
        "channel": "/channels/new?via=dingtalk",
        "deliveries": "/deliveries",
        "teams": "/teams",
    }
    for name, path in paths.items():
        screen.goto(address + path)
        looked_at(screen, pictures, name)
    screen.goto(f"{address}/deliveries?state=dead")
    screen.locator(".list .title").first.click()
    screen.get_by_text("原始 JSON").click()
    looked_at(screen, pictures, "payload")
    screen.goto(f"{address}/subscriptions/{told_of}")
    screen.get_by_role("button", name="回测").click()
    expect(screen.locator("#outcome .bars")).to_be_visible()
    looked_at(screen, pictures, "backtest")
    screen.goto(f"{address}/subscriptions/{told_of}")
    screen.get_by_placeholder("http://").fill(page(1, 0))
    screen.get_by_role("button", name="试一页").click()
    expect(screen.locator("#outcome .verdict")).to_be_visible()
    looked_at(screen, pictures, "tested")
    screen.get_by_role("button", name="地址").click()
    looked_at(screen, pictures, "feed")
    screen.goto(f"{address}/")
    looked_at(screen, pictures, "changes")


def looked_at(screen: Page, pictures: Path, name: str) -> None:
    take(screen, pictures, name)
    assert screen.evaluate(CONTRAST) == [], name


def furnished(people: People, wang: Known, li: Known, receiver: Receiver) -> str:
    """Teams, channels in every state, subscriptions, messages; gives the id of one subscription."""
    team = people.desk.add_team(wang.who, "商务监测组")
    people.desk.put_member(wang.who, team.id, li.who.id, Role.READER)
    hook = people.hook(wang, receiver.url, "值班群")
    failing = people.hook(wang, receiver.url + "/2", "夜班")
    off = people.hook(wang, receiver.url + "/3", "旧系统", team=team.id)
    state(people, failing.id, "failing_since = now() - interval '2 hours', failures = 7, paused_until = now()")
    why = "连续 3 天、20 次没有接受 nothing accepted in 3 days and 20 attempts; last: HTTP 500"
    state(people, off.id, f"active = false, disabled_why = '{why}'")
    later = (datetime.now(SHANGHAI).hour + 6) % 24 * 60  # whatever the time, it is not quiet now
    quiet = {"quiet_from": later, "quiet_to": (later + 120) % 1440}
    query = "招商引资 与 (淄博 或 项目) 非 招聘"
    first = people.subscribe(wang, "淄博招商", query, channels=(hook.id,), **quiet)
    people.subscribe(li, "文件跟踪", "number:淄发〔2017〕17号 或 title:奖励办法", rhythm="daily", hour=9)
    paused = people.subscribe(wang, "周报", "济宁 type:edited", team=team.id, rhythm="hourly", channels=(off.id,))
    people.desk.switch(wang.who, paused.id, active=False)
    body = "淄博市招商引资项目总投资{}，占地300亩，预计明年投产。"
    change = edited("body", body.format("2000万元"), body.format("2000亿元"), title=TITLE)
    people.tell([change])
    people.give_up()
    people.tell(
        [matter("招商引资项目集中开工", "淄博高新区项目。", "http://commerce.example.cn/2026/b.html", 5)], send=True
    )
    receiver.status = 500
    people.tell([matter("招商引资项目签约仪式举行", "济宁。", "http://commerce.example.cn/2026/c.html", 10)], send=True)
    return first.id


def state(people: People, channel: str, values: str) -> None:
    with people.engine.begin() as connection:
        connection.execute(text(f"UPDATE channels SET {values} WHERE id = :id"), {"id": channel})


def test_enter_does_what_the_main_button_says(screen: Page, address: str, people: People, past: None) -> None:
    wang = people.add("王芳")
    sign_in(screen, address, wang)
    screen.goto(f"{address}/subscriptions/new")
    screen.get_by_label("名称").fill("招商引资项目")
    screen.get_by_placeholder("http://").fill(page(1, 0))
    screen.get_by_placeholder("http://").press("Enter")
    expect(screen.locator("#outcome .verdict")).to_be_visible()
    assert people.desk.subscriptions(wang.who) == (), "in the field of an address it tries that page"
    screen.get_by_label("名称").press("Enter")
    expect(screen.get_by_text("已订阅")).to_be_visible()
    (held,) = people.desk.subscriptions(wang.who)
    screen.goto(f"{address}/subscriptions/{held.id}")
    screen.get_by_label("名称").fill("招商项目")
    screen.get_by_label("名称").press("Enter")
    expect(screen.get_by_text("已保存")).to_be_visible()
    assert people.desk.subscription(wang.who, held.id).name == "招商项目"


def test_two_at_one_form(screen: Page, address: str, people: People, pictures: Path) -> None:
    wang = people.add("王芳")
    held = people.subscribe(wang, "招商引资项目", "招商引资 与 (签约 或 开工)")
    sign_in(screen, address, wang)
    screen.goto(f"{address}/subscriptions/{held.id}")
    people.desk.change(wang.who, held.id, Draft(name="招商引资项目", query="招商引资 与 淄博", hour=9))
    screen.get_by_label("查询").fill("招商引资 与 济宁")
    screen.get_by_role("button", name="保存").click()
    expect(screen.get_by_role("alert")).to_contain_text("招商引资 与 淄博")
    expect(screen.get_by_label("查询")).to_have_value("招商引资 与 济宁")
    looked_at(screen, pictures, "overtaken")
    screen.get_by_role("button", name="保存").click()
    expect(screen.get_by_text("已保存")).to_be_visible()
    assert people.desk.subscription(wang.who, held.id).query == "招商引资 与 济宁"
