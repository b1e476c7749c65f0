"""A document's page in the room: found by its number in any form, its policy through time, linked from articles."""

from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser
from publishing import Publisher, article, shown
from starlette.testclient import TestClient

RULE = "云川市招商引资办法"
NUMBER = "云政发〔2024〕5号"
SITE = "http://news.example.cn/2026/"


def publish(publisher: Publisher) -> None:
    pages = {
        "draft": article(
            f"云川市商务局关于公开征求《{RULE}（征求意见稿）》意见的公告",
            "现面向社会公开征求意见。",
            published_at="2024-01-05T09:00:00+08:00",
        ),
        "own": article(
            f"云川市人民政府关于印发《{RULE}》的通知",
            NUMBER,
            f"现将《{RULE}》印发给你们。根据国办发〔2017〕7号制定。《云川市招商引资暂行办法》（云政发〔2018〕3号）同时废止。",
            document_numbers=(NUMBER, "国办发〔2017〕7号", "云政发〔2018〕3号"),
            written_on=date(2024, 4, 28),
        ),
        "reading": article(f"《{RULE}》政策解读", "现解读如下。", published_at="2024-05-03T09:00:00+08:00"),
        "repeal": article(
            "云川市人民政府关于废止部分规范性文件的决定",
            "云政发〔2026〕1号",
            "决定对下列文件予以废止：",
            f"1.《{RULE}》（{NUMBER}）",
            published_at="2026-02-01T09:00:00+08:00",
        ),
        "news": article(
            "招商引资再提速", f"按照{NUMBER}文件，企业可获奖励。", published_at="2024-06-01T09:00:00+08:00"
        ),
        "four": article("关于甲事的通知", "云政发〔2024〕4号", "正文。"),
        "eight": article("关于乙事的通知", "云政发〔2024〕8号", "正文。"),
        "seven": article("关于丙事的通知", "云政发〔2024〕7号", "正文。"),
    }
    publisher.publish(*(shown(hours, read, f"{SITE}{name}.html") for hours, (name, read) in enumerate(pages.items())))


def test_a_policy_through_time(client: TestClient, publisher: Publisher) -> None:
    publish(publisher)
    answer = client.get(f"/number/{quote(NUMBER)}")
    assert answer.status_code == 200
    text = answer.text
    places = [text.index(f'<span class="badge {word}">') for word in ("drafts", "is", "interprets", "repeals", "cites")]
    assert places == sorted(places), "in time order, the citing pages after them"
    assert "2024-04-28" in text, "the day the document gives itself"
    assert f"/number/{quote('云政发〔2026〕1号')}" in text, "the number of what repeals it"
    assert f"/number/{quote('国办发〔2017〕7号')}" in text, "what it names itself"
    assert "缺号" in text
    assert "6</p>" in text.replace("\n", "")


@pytest.mark.parametrize("form", ["云政发[2024]5号", "云政发（2024）第5号", "云政发 2024 5"])
def test_any_form_leads_to_the_normal_one(client: TestClient, publisher: Publisher, form: str) -> None:
    publish(publisher)
    answer = client.get(f"/number/{quote(form)}", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"/number/{quote(NUMBER)}"


def test_a_number_nobody_names_and_what_is_no_number(client: TestClient) -> None:
    unknown = client.get(f"/number/{quote('云政发〔2099〕1号')}")
    assert unknown.status_code == 200
    assert "尚未留存原文" in unknown.text
    assert client.get("/number/abc").status_code == 404


def test_an_articles_numbers_lead_there(client: TestClient, publisher: Publisher) -> None:
    publish(publisher)
    text = client.get("/page", params={"url": f"{SITE}own.html"}).text
    for number in (NUMBER, "国办发〔2017〕7号"):
        assert f'<a href="/number/{quote(number)}"><bdi>{number}</bdi></a>' in text


def test_the_same_as_json(client: TestClient, publisher: Publisher) -> None:
    publish(publisher)
    said = client.get(f"/api/number/{quote('云政发[2024]5号')}").json()
    assert (said["number"], said["held"], said["names"]) == (NUMBER, True, [RULE])
    assert [item["relation"] for item in said["timeline"]] == ["drafts", "is", "interprets", "repeals"]
    assert said["timeline"][-1]["own_numbers"] == ["云政发〔2026〕1号"]
    assert [item["url"] for item in said["cited_by"]] == [f"{SITE}news.html"]
    assert {item["number"]: item["relation"] for item in said["links"]} == {
        "国办发〔2017〕7号": "cites",
        "云政发〔2018〕3号": "repeals",
    }


def test_searching_for_a_number_leads_there(client: TestClient) -> None:
    assert f'href="/number/{quote(NUMBER)}"' in client.get("/search", params={"q": "云政发[2024]5号"}).text
    assert "/number/" not in client.get("/search", params={"q": "招商引资"}).text


@pytest.mark.browser
def test_it_fits_a_phone_and_a_desk(address: str, publisher: Publisher, browser: Browser, tmp_path: Path) -> None:
    publish(publisher)
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{address}/number/{quote(NUMBER)}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=tmp_path / f"number-{width}.png", full_page=True)
        page.close()
