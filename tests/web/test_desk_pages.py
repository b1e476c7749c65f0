"""The desk's pages over a real desk, without any script: what people see, and what their buttons do."""

import re
from datetime import date

import pytest
from desk_house import Known, People, Receiver, edited, matter
from fastapi import FastAPI
from lxml import html
from publishing import URL, Publisher, article, shown
from sqlalchemy import text
from starlette.testclient import TestClient

from domain.desk import Backtest, Day
from domain.settings import settings
from domain.subscription import Role, State
from web.desk.charts import HEIGHT, chart
from web.desk.hours import clock, minutes

FIELDS = {"name": "招商", "query": "招商引资", "rhythm": "instant", "timezone": "Asia/Shanghai", "language": "both"}


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def client(people: People, wang: Known) -> TestClient:
    return people.signed_in(wang)


def said(page: str) -> str:
    """A page's text as people read it."""
    return " ".join(html.fromstring(page).text_content().split())


def test_a_room_without_a_desk_has_none(room: FastAPI) -> None:
    bare = TestClient(room, base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"})
    assert "Subscriptions" not in bare.get("/").text
    for path in ("/subscriptions", "/sign-in", "/channels", "/feeds/x.atom", "/api/subscriptions"):
        assert bare.get(path).status_code == 404
        assert bare.post(path).status_code == 405


def test_the_way_in_and_out(people: People, wang: Known) -> None:
    client = people.visitor()
    assert 'href="/subscriptions"' in client.get("/").text
    sent = client.get("/deliveries?state=dead")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Fdeliveries%3Fstate%3Ddead"
    asked = client.get(sent.headers["location"])
    assert 'name="next" value="/deliveries?state=dead"' in asked.text
    refused = client.post("/sign-in", data={"token": "tj_nobody", "next": "/deliveries?state=dead"})
    assert refused.status_code == 403
    assert "没有人持有这个令牌" in refused.text
    assert 'value="/deliveries?state=dead"' in refused.text
    let_in = client.post("/sign-in", data={"token": f" {wang.token}\n", "next": "/deliveries?state=dead"})
    assert let_in.status_code == 303
    assert let_in.headers["location"] == "/deliveries?state=dead"
    assert "王芳" in client.get("/deliveries").text
    cookie = client.cookies["tongjian_session"]
    assert client.post("/sign-out").status_code == 303
    assert "tongjian_session" not in client.cookies
    client.cookies.set("tongjian_session", cookie)
    assert client.get("/subscriptions").status_code == 303, "the session has ended, not the cookie alone"


GOALS = ("//evil.example/", "https://evil.example/", "/\\evil.example", "/", "/subscriptions\r\nX: y", "/sign-out")


@pytest.mark.parametrize("goal", GOALS)
def test_the_way_in_leads_nowhere_else(people: People, wang: Known, goal: str) -> None:
    answer = people.visitor().post("/sign-in", data={"token": wang.token, "next": goal})
    assert answer.headers["location"] == "/subscriptions"


def test_a_subscription_from_beginning_to_end(people: People, client: TestClient, wang: Known) -> None:
    made = client.post("/subscriptions", data=FIELDS | {"quiet_from": "22:00", "quiet_to": "07:30"})
    assert made.status_code == 303
    (held,) = people.desk.subscriptions(wang.who)
    assert (held.quiet_from, held.quiet_to) == (1320, 450)
    assert made.headers["location"] == f"/subscriptions?said=added#s-{held.id}"
    listed = said(client.get("/subscriptions?said=added").text)
    assert "已订阅" in listed
    assert "招商引资" in listed
    assert "没有渠道" in listed
    assert "还没有命中" in listed

    form = client.get(f"/subscriptions/{held.id}").text
    assert 'value="22:00"' in form
    client.post(f"/subscriptions/{held.id}", data=FIELDS | {"name": "招商二", "rhythm": "daily", "hour": "9"})
    held = people.desk.subscription(wang.who, held.id)
    assert (held.name, held.rhythm.value, held.hour, held.quiet_from) == ("招商二", "daily", 9, None)

    people.tell([matter(title="招商引资大会")])
    assert "招商引资大会" in client.get("/subscriptions").text
    assert "招商引资大会" in client.get(f"/subscriptions/{held.id}").text

    client.post(f"/subscriptions/{held.id}/pause")
    assert "已暂停" in client.get("/subscriptions").text
    client.post(f"/subscriptions/{held.id}/resume")
    assert people.desk.subscription(wang.who, held.id).active

    assert "不能恢复" in client.get(f"/subscriptions/{held.id}/remove").text
    assert people.desk.subscriptions(wang.who), "asking removes nothing"
    client.post(f"/subscriptions/{held.id}/remove")
    assert people.desk.subscriptions(wang.who) == ()
    assert client.get(f"/subscriptions/{held.id}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"query": "招商 与 ("}, "个字符"),
        ({"name": " "}, "没有名称"),
        ({"quiet_from": "22:00"}, "免打扰"),
        ({"timezone": "Mars/Base"}, "时区"),
        ({"channels": "nobodys"}, "没有这个渠道"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_in_it(
    client: TestClient, people: People, wang: Known, wrong: dict[str, str], told: str
) -> None:
    answer = client.post("/subscriptions", data=FIELDS | {"name": "我的招商"} | wrong)
    assert answer.status_code == 422
    assert told in said(answer.text)
    kept = html.fromstring(answer.text).xpath("string(//input[@id='name']/@value)")
    assert kept == wrong.get("name", "我的招商").strip()
    assert people.desk.subscriptions(wang.who) == ()


@pytest.mark.parametrize("wrong", [{"hour": "99"}, {"rhythm": "often"}, {"quiet_from": "25:00"}, {"language": "fr"}])
def test_what_no_form_of_ours_sends_is_refused(client: TestClient, wrong: dict[str, str]) -> None:
    assert client.post("/subscriptions", data=FIELDS | wrong).status_code == 422


def test_a_query_is_explained_as_it_is_typed(client: TestClient) -> None:
    well = client.get("/subscriptions/explain", params={"query": "招商引资 非 招聘"})
    assert "sentence" in well.text
    assert "<html" not in well.text, "a piece of a page"
    ill = client.get("/subscriptions/explain", params={"query": "招商 与 )淄博"})
    assert ill.status_code == 200, "htmx shows no other"
    assert html.fromstring(ill.text).xpath("string(//mark)") == ")"
    assert "第 6 个字符" in ill.text
    end = client.get("/subscriptions/explain", params={"query": "招商 与"})
    assert html.fromstring(end.text).xpath("string(//mark)").strip()


def test_a_query_is_tried_before_it_is_kept(
    client: TestClient, people: People, wang: Known, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.publish(shown(0, article("招商引资大会", "正文。")))
    monkeypatch.setenv("TONGJIAN_NOW", "2026-03-10T00:00:00Z")
    settings.cache_clear()
    fields = FIELDS | {"name": "先试"}
    matched = said(client.post("/subscriptions/test", data=fields | {"url": URL}).text)
    assert "命中 It matches" in matched
    assert "不命中" in said(client.post("/subscriptions/test", data=fields | {"url": URL, "query": "天气"}).text)
    assert "没有留存" in client.post("/subscriptions/test", data=fields | {"url": "http://nowhere.example/"}).text
    assert "个字符" in client.post("/subscriptions/test", data=fields | {"url": URL, "query": "("}).text
    looked = client.post("/subscriptions/backtest", data=fields)
    settings.cache_clear()
    page = html.fromstring(looked.text)
    assert page.xpath("//div[@id='outcome']//p[@class='totals']/strong/text()") == ["1", "1"]
    assert len(page.xpath("//*[local-name()='g']")) == 90
    assert page.xpath("string(//input[@id='name']/@value)") == "先试", "the form is as it was"
    assert people.desk.subscriptions(wang.who) == (), "nothing is kept"


def test_the_bars_of_a_backtest() -> None:
    days = (Day(day=date(2026, 3, 1), changes=8, messages=2), Day(day=date(2026, 3, 3), changes=4, messages=4))
    found = Backtest(days=5, looked=12, changes=12, messages=6, complete=True, days_told=days)
    drawn = chart(found, date(2026, 3, 4))
    assert [bar.day.day.day for bar in drawn.bars] == [28, 1, 2, 3, 4]
    assert [bar.changes for bar in drawn.bars] == [0, HEIGHT, 0, HEIGHT / 2, 0]
    assert [bar.messages for bar in drawn.bars] == [0, HEIGHT / 4, 0, HEIGHT / 2, 0]
    assert drawn.most == 8
    nothing = Backtest(days=3, looked=0, changes=0, messages=0, complete=True)
    assert [bar.changes for bar in chart(nothing, date(2026, 3, 4)).bars] == [0, 0, 0]


def test_a_feeds_address_is_shown_once(client: TestClient, people: People, wang: Known) -> None:
    held = people.subscribe(wang)
    shown_once = client.post(f"/subscriptions/{held.id}/feed").text
    (address,) = set(re.findall(r"/feeds/[\w-]+\.atom", shown_once))
    assert client.get(address).status_code == 200
    assert "/feeds/" not in client.get(f"/subscriptions/{held.id}").text
    client.post(f"/subscriptions/{held.id}/feed")
    assert client.get(address).status_code == 404, "a new address ends the old"


def test_channels_of_every_kind_have_their_form(client: TestClient, receiver: Receiver) -> None:
    for via in ("email", "dingtalk", "wecom", "feishu", "webhook", "apprise"):
        assert f'value="{via}"' in client.get("/channels/new", params={"via": via}).text
    assert client.get("/channels/new", params={"via": "pigeon"}).status_code == 400


def test_a_channel_from_beginning_to_end(client: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    secret = "whsec_" + "QUJD" * 10
    address = f"{receiver.url}?key=verysecret"
    wrong = client.post(
        "/channels",
        data={"via": "webhook", "address": "ftp://x.example/verysecret", "secret": secret, "name": "值班群"},
    )
    assert wrong.status_code == 422
    assert 'value="值班群"' in wrong.text
    for page in (wrong, client.post("/channels", data={"via": "webhook", "address": address, "secret": secret})):
        assert "verysecret" not in page.text
        assert "QUJD" not in page.text
    (held,) = people.desk.channels(wang.who)
    listed = client.get("/channels?said=added").text
    assert "verysecret" not in listed
    assert "127.0.0.1" in listed
    assert "签名" in listed
    assert "测试消息已被接受" in client.post(f"/channels/{held.id}/test").text
    assert receiver.posts[-1].body["type"] == "test"
    receiver.status = 500
    failed = client.post(f"/channels/{held.id}/test")
    assert failed.status_code == 502
    assert "没有被接受" in failed.text
    people.subscribe(wang, "要闻", channels=(held.id,))
    assert "要闻" in client.get(f"/channels/{held.id}/remove").text
    assert client.get("/channels/nobodys/remove").status_code == 404
    client.post(f"/channels/{held.id}/remove")
    assert people.desk.channels(wang.who) == ()


def test_a_channel_says_how_it_fares(client: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    held = people.hook(wang, receiver.url)
    assert "正常" in client.get("/channels").text
    with people.engine.begin() as connection:
        connection.execute(text("UPDATE channels SET failing_since = now(), failures = 3, paused_until = now()"))
    assert {"失败中", "3 次", "暂歇至"} <= set(re.findall("失败中|3 次|暂歇至", client.get("/channels").text))
    with people.engine.begin() as connection:
        connection.execute(text("UPDATE channels SET active = false, disabled_why = '410 Gone'"))
    assert "410 Gone" in client.get("/channels").text
    assert client.post(f"/channels/{held.id}/enable").status_code == 303
    assert people.desk.channels(wang.who)[0].active


def test_the_ledger_of_deliveries(client: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    hook = people.hook(wang, receiver.url)
    people.subscribe(wang, channels=(hook.id,))
    body = "招商引资项目总投资{}，占地300亩。"
    people.tell([edited("body", body.format("2000万元"), body.format("2000亿元"), title="招商引资大会")])
    assert "招商引资大会" in client.get("/deliveries?state=waiting").text
    assert "招商引资大会" not in client.get("/deliveries?state=delivered").text
    assert client.get("/deliveries?state=lost").status_code == 400
    people.give_up()
    (dead,) = people.desk.deliveries(wang.who, State.DEAD, 9)
    page = client.get("/deliveries?state=dead").text
    assert "HTTP 500" in page
    assert "2000亿元" not in page, "a message is opened one at a time"
    opened = html.fromstring(client.get(f"/deliveries?state=dead&open={dead.id}").text)
    assert "".join(opened.xpath("//ins/text()")) == "2000亿元"
    assert dead.payload["title"] in opened.xpath("string(//pre)")
    sent = client.post("/deliveries/resend", data={"id": [dead.id]})
    assert sent.headers["location"] == "/deliveries?state=dead&resent=1"
    assert "1 条将重发" in client.get(sent.headers["location"]).text
    assert people.desk.deliveries(wang.who, State.WAITING, 9)[0].id == dead.id


def test_teams_and_their_members(client: TestClient, people: People, wang: Known) -> None:
    li = people.add("李雷")
    client.post("/teams", data={"name": "商务监测组"})
    (team,) = people.desk.teams(wang.who)
    assert "李雷" in client.get("/teams").text, "an owner chooses among all"
    client.post(f"/teams/{team.id}/members", data={"person": li.who.id, "role": "reader"})
    assert "李雷" in client.get("/teams").text
    theirs = people.signed_in(li)
    assert "商务监测组" in theirs.get("/teams").text
    assert "移出" not in theirs.get("/teams").text
    last = client.post(f"/teams/{team.id}/members", data={"person": wang.who.id, "role": "reader"})
    assert last.status_code == 422
    assert "last owner" in last.text
    assert client.post(f"/teams/{team.id}/members", data={"person": li.who.id, "role": "king"}).status_code == 422
    client.post(f"/teams/{team.id}/members", data={"person": li.who.id, "role": ""})
    assert people.desk.teams(li.who) == ()


def test_a_reader_may_look_and_no_more(people: People, wang: Known, receiver: Receiver) -> None:
    li = people.add("李雷")
    team = people.desk.add_team(wang.who, "商务监测组")
    people.desk.put_member(wang.who, team.id, li.who.id, Role.READER)
    held = people.subscribe(wang, "组内", team=team.id)
    hook = people.hook(wang, receiver.url, "组群", team=team.id)
    theirs = people.signed_in(li)
    page = theirs.get(f"/subscriptions/{held.id}").text
    assert "只能查看" in page
    assert "保存" not in page
    assert "组群" in theirs.get("/channels").text
    for path in (f"/subscriptions/{held.id}", f"/subscriptions/{held.id}/pause", f"/subscriptions/{held.id}/remove"):
        assert theirs.post(path, data=FIELDS).status_code == 403, path
    for action in ("enable", "test", "remove"):
        assert theirs.post(f"/channels/{hook.id}/{action}").status_code == 403
    assert people.desk.subscription(wang.who, held.id).active
    assert receiver.posts == []


def test_many_subscriptions_come_in_pages(client: TestClient, people: People, wang: Known) -> None:
    for number in range(41):
        people.subscribe(wang, f"第{number}号")
    first = client.get("/subscriptions").text
    assert "第40号" in first
    assert "第0号" not in first
    (older,) = re.findall(r'href="(/subscriptions\?after=[^"]+)"', first)
    assert "第0号" in client.get(older).text
    assert client.get("/subscriptions?after=40").status_code == 422


def test_times_of_day() -> None:
    assert [minutes(text) for text in ("", "00:00", "7:05", "23:59")] == [None, 0, 425, 1439]
    assert [clock(minute) for minute in (None, 0, 425, 1439)] == ["", "00:00", "07:05", "23:59"]
