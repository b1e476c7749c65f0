"""What a query would have told, at the desk: by the times and the channels that the form or the request says."""

from collections.abc import Iterator

import pytest
from desk_house import Known, People
from lxml import html
from publishing import URL, Publisher, article, shown
from pydantic import SecretStr

from domain.desk import ChannelDraft
from domain.settings import settings
from domain.subscription import Via

FIELDS = {"name": "招商", "query": "招商引资", "timezone": "Asia/Shanghai", "language": "both"}
TOKEN = f"https://oapi.dingtalk.com/robot/send?access_token={'a' * 64}"


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def told(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three articles, two hours apart."""
    for hours in (0, 2, 4):
        title = f"招商引资大会第{hours}号公告"
        publisher.publish(shown(hours, article(title, f"正文{hours}。"), url=URL.replace(".html", f"{hours}.html")))
    monkeypatch.setenv("TONGJIAN_NOW", "2026-03-10T00:00:00Z")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("told")
def test_a_form_is_counted_by_its_own_times_and_channels(people: People, wang: Known) -> None:
    ways = ((Via.DINGTALK, TOKEN), (Via.EMAIL, "wang@example.com"))
    drafts = (ChannelDraft(via=via, address=SecretStr(address)) for via, address in ways)
    channels = [people.desk.add_channel(wang.who, draft).id for draft in drafts]

    def outcome(**fields: object) -> tuple[list[str], str]:
        answer = people.signed_in(wang).post("/subscriptions/backtest", data=FIELDS | fields)
        found = html.fromstring(answer.text).get_element_by_id("outcome")
        return found.xpath(".//p[@class='totals']/strong/text()"), " ".join(found.text_content().split())

    counted, said = outcome(rhythm="instant")
    assert counted == ["3", "3"]
    assert "最忙的一天 2026-" in said
    assert "：1 条 busiest day" in said
    assert outcome(rhythm="daily", hour="9")[0][0] in ("1", "2")
    assert "钉钉 dingtalk 3 · 邮件 email 3" in outcome(rhythm="instant", channels=channels)[1]
    quiet = {"quiet_from": "00:01", "quiet_to": "00:00"}
    assert outcome(rhythm="hourly", **quiet)[0][0] in ("1", "2")


@pytest.mark.usefixtures("told")
def test_a_script_says_them_too(people: People, wang: Known) -> None:
    client = people.visitor()

    def asked(**more: object) -> dict[str, object]:
        sent = client.post("/api/subscriptions/backtest", json={"query": "招商引资", **more}, headers=wang.bearer)
        found: dict[str, object] = sent.json()
        return found if sent.status_code == 200 else {"status": sent.status_code}

    found = asked(via=["webhook", "wecom"], hour=17, quiet_from="23:59", quiet_to="00:00")
    assert found["loads"] == [
        {"via": "wecom", "messages": 3, "estimated": 0},
        {"via": "webhook", "messages": 3, "estimated": 0},
    ]
    assert (found["via"], found["messages"], found["estimated"]) == ("wecom", 3, 0)
    assert found["busiest_hour"]["messages"] == 1  # type: ignore[index]
    assert asked(timezone="Mars/Olympus")["status"] == 422
    assert asked(via=["pigeon"])["status"] == 422
