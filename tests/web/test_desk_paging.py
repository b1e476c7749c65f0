"""Lists by pages: every row once, the newest first, whatever happens between two pages."""

import re

import pytest
from desk_house import Known, People, Receiver, matter
from making_matters import PAGE
from sqlalchemy import text
from starlette.testclient import TestClient


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def api(people: People, wang: Known) -> TestClient:
    return TestClient(people.room, base_url="http://127.0.0.1", headers=wang.bearer)


def pages(api: TestClient, path: str) -> list[list[str]]:
    """Ids, by page, as somebody finds them who follows the links."""
    found: list[list[str]] = []
    while path:
        answer = api.get(path)
        assert answer.status_code == 200, answer.text
        found.append([row["id"] for row in answer.json()])
        path = answer.links.get("next", {}).get("url", "")
    return found


def test_subscriptions_come_by_pages(api: TestClient, people: People, wang: Known) -> None:
    made = [people.subscribe(wang, f"第{number}号").id for number in range(5)]
    people.subscribe(people.add("李雷"))
    assert pages(api, "/api/subscriptions?limit=2") == [made[:2:-1], made[2:0:-1], made[:1]]
    assert pages(api, "/api/subscriptions?limit=5") == [made[::-1]]


def test_rows_of_one_moment_are_each_shown_once(api: TestClient, people: People, wang: Known) -> None:
    made = {people.subscribe(wang, f"第{number}号").id for number in range(5)}
    with people.engine.begin() as connection:
        connection.execute(text("UPDATE subscriptions SET created_at = '2026-03-01T00:00:00Z'"))
    found = [id for page in pages(api, "/api/subscriptions?limit=2") for id in page]
    assert len(found) == 5
    assert set(found) == made


def test_what_comes_and_goes_between_two_pages_hides_nothing(api: TestClient, people: People, wang: Known) -> None:
    made = [people.subscribe(wang, f"第{number}号").id for number in range(5)]
    first = api.get("/api/subscriptions?limit=2")
    people.desk.remove(wang.who, made[3])  # the mark itself
    people.subscribe(wang, "新来的")
    second = api.get(first.links["next"]["url"])
    assert [row["id"] for row in second.json()] == [made[2], made[1]]


def test_channels_come_by_pages(api: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    made = [people.hook(wang, f"{receiver.url}/{number}").id for number in range(3)]
    assert pages(api, "/api/channels?limit=2") == [made[:0:-1], made[:1]]


def test_deliveries_come_by_pages(api: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    ways = [people.hook(wang, f"{receiver.url}/{number}").id for number in range(5)]
    people.subscribe(wang, channels=tuple(ways))
    people.tell([matter(title="招商引资大会")])
    found = pages(api, "/api/deliveries?limit=2")
    assert [len(page) for page in found] == [2, 2, 1]
    assert len({id for page in found for id in page}) == 5, "one change, so all are of one moment"
    assert found == pages(api, "/api/deliveries?limit=2&state=waiting")
    assert pages(api, "/api/deliveries?limit=2&state=dead") == [[]]


@pytest.mark.parametrize("after", ["40", "20260301T000000000000-x;y", "99999999T000000000000-a", "x" * 200, "-"])
@pytest.mark.parametrize("place", ["subscriptions", "channels", "deliveries"])
def test_what_is_no_mark_is_refused(api: TestClient, people: People, wang: Known, place: str, after: str) -> None:
    assert api.get(f"/api/{place}", params={"after": after}).status_code == 422
    assert people.signed_in(wang).get(f"/{place}", params={"after": after}).status_code in (400, 422)


def test_pages_lead_from_one_to_the_next(people: People, wang: Known, receiver: Receiver) -> None:
    client = people.signed_in(wang)
    ways = [people.hook(wang, f"{receiver.url}/{number}", f"第{number}条") for number in range(41)]
    people.subscribe(wang, "都要", channels=tuple(way.id for way in ways))
    first = client.get("/channels").text
    assert ">41</span>" in first
    assert first.count("用于 1 个订阅") == 40
    assert "第0条" not in first
    (older,) = re.findall(r'href="(/channels\?after=[^"]+)"', first)
    assert "第0条" in client.get(older).text
    tried = client.post(f"/channels/{ways[0].id}/test").text
    assert "测试消息已被接受" in tried, "of a channel that is on another page, too"


def test_older_deliveries_keep_their_state_and_open(people: People, wang: Known, receiver: Receiver) -> None:
    client = people.signed_in(wang)
    people.subscribe(wang, channels=(people.hook(wang, receiver.url).id,))
    people.tell([matter(f"招商引资{n}", url=f"{PAGE}?n={n}", minutes=n) for n in range(51)])
    people.give_up()
    first = client.get("/deliveries?state=dead").text
    assert first.count('<li id="d-') == 50
    (older,) = re.findall(r'href="(/deliveries\?state=dead&amp;after=[^"]+)"', first)
    second = client.get(older.replace("&amp;", "&")).text
    assert second.count('<li id="d-') == 1
    (opens,) = re.findall(r'href="(/deliveries\?open=[^"#]+)#', second)
    assert 'class="message"' in client.get(opens.replace("&amp;", "&")).text
