"""Two who change one subscription at once: nobody's words are lost without being told."""

import threading

import pytest
from desk_house import Known, People, Receiver
from sqlalchemy import text
from starlette.testclient import TestClient

from alerts import subscriptions
from domain.errors import Stale
from domain.subscription import Role, Subscription
from web.desk.forms import kept
from web.desk.versions import version


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def api(people: People, wang: Known) -> TestClient:
    return TestClient(people.room, base_url="http://127.0.0.1", headers=wang.bearer)


def form(held: Subscription, **more: object) -> dict[str, object]:
    """What a browser sends that was shown `held`."""
    said = {"id": held.id, "name": held.name, "query": held.query, "version": version(kept(held))}
    when = {"rhythm": "instant", "hour": "8", "timezone": held.timezone, "language": held.language}
    return {**said, **when, "channels": list(held.channels), **more}


def test_a_stale_write_is_refused(api: TestClient, people: People, wang: Known) -> None:
    place = f"/api/subscriptions/{people.subscribe(wang).id}"
    read = api.get(place).headers["etag"]
    first = api.patch(place, json={"hour": 9}, headers={"If-Match": read})
    assert first.status_code == 200
    assert first.headers["etag"] == api.get(place).headers["etag"] != read
    second = api.patch(place, json={"query": "补贴"}, headers={"If-Match": read})
    assert second.status_code == 412
    assert set(second.json()) == {"error", "hint"}
    assert (api.get(place).json()["hour"], api.get(place).json()["query"]) == (9, "招商引资")
    assert api.delete(place, headers={"If-Match": read}).status_code == 412
    assert api.delete(place, headers={"If-Match": first.headers["etag"]}).status_code == 204


@pytest.mark.parametrize(
    ("sent", "status"), [("*", 200), ('"x", {tag}', 200), ("W/{tag}", 412), ('"x"', 412), ("", 412)]
)
def test_if_match_is_read_as_the_standard_says(
    api: TestClient, people: People, wang: Known, sent: str, status: int
) -> None:
    place = f"/api/subscriptions/{people.subscribe(wang).id}"
    header = sent.format(tag=api.get(place).headers["etag"])
    assert api.patch(place, json={"active": False}, headers={"If-Match": header}).status_code == status


def test_who_does_not_ask_writes_as_before(api: TestClient, people: People, wang: Known) -> None:
    place = f"/api/subscriptions/{people.subscribe(wang).id}"
    assert api.patch(place, json={"hour": 9}).status_code == 200
    assert api.patch(place, json={"query": "补贴", "active": False}).status_code == 200
    assert api.get(place).json()["hour"] == 9


def test_one_that_is_made_says_its_version(api: TestClient) -> None:
    made = api.post("/api/subscriptions", json={"name": "招商"})
    assert made.headers["etag"] == api.get(made.headers["location"]).headers["etag"]


def test_of_two_at_the_same_moment_one_is_told(people: People, wang: Known) -> None:
    """Both have read the same; each holds on until the other has begun."""
    held = people.subscribe(wang)
    told: list[str] = []

    def write(name: str) -> None:
        try:
            subscriptions.change(people.engine, held.id, kept(held).model_copy(update={"name": name}), wang.who, held)
            told.append("saved")
        except Stale:
            told.append("stale")

    with people.engine.begin() as holding:
        holding.execute(text("SELECT 1 FROM subscriptions WHERE id = :id FOR UPDATE"), {"id": held.id})
        writers = [threading.Thread(target=write, args=(name,)) for name in ("甲", "乙")]
        for one in writers:
            one.start()
    for one in writers:
        one.join()
    assert sorted(told) == ["saved", "stale"]
    assert people.desk.subscription(wang.who, held.id).name in ("甲", "乙")


def test_the_page_shows_both(people: People, wang: Known, receiver: Receiver) -> None:
    li = people.add("李雷")
    team = people.desk.add_team(wang.who, "监测组")
    people.desk.put_member(wang.who, team.id, li.who.id, Role.EDITOR)
    held = people.subscribe(wang, team=team.id)
    hook = people.hook(li, receiver.url, "夜班群", team=team.id)
    place, client = f"/subscriptions/{held.id}", people.signed_in(wang)
    shown = client.get(place).text
    assert f'name="version" value="{version(kept(held))}"' in shown
    theirs = form(held, query="招商引资 与 淄博", channels=[hook.id], team=team.id)
    assert people.signed_in(li).post(place, data=theirs).status_code == 303

    mine = form(held, query="招商引资 与 济宁", team=team.id)
    refused = client.post(place, data=mine)
    assert refused.status_code == 409
    assert "其间有人改过" in refused.text
    assert "招商引资 与 淄博" in refused.text
    assert "招商引资 与 济宁</textarea>" in refused.text
    assert "夜班群" in refused.text
    assert people.desk.subscription(wang.who, held.id).query == "招商引资 与 淄博"

    now = people.desk.subscription(wang.who, held.id)
    assert f'name="version" value="{version(kept(now))}"' in refused.text
    again = client.post(place, data=mine | {"version": version(kept(now))})
    assert again.status_code == 303
    assert people.desk.subscription(wang.who, held.id).query == "招商引资 与 济宁"


def test_trying_and_mistaking_keep_what_was_read(people: People, wang: Known) -> None:
    """Without scripts each is a page anew: it must not forget which version it began with."""
    held = people.subscribe(wang)
    place, client, mine = f"/subscriptions/{held.id}", people.signed_in(wang), form(held, query="补贴")
    people.desk.change(wang.who, held.id, kept(held).model_copy(update={"hour": 9}))
    for path in ("/subscriptions/backtest", "/subscriptions/test"):
        assert f'name="version" value="{mine["version"]}"' in client.post(path, data=mine).text
    assert client.post(place, data=mine).status_code == 409


def test_a_pause_is_no_conflict(people: People, wang: Known) -> None:
    """What the form does not have, somebody else may switch meanwhile."""
    held = people.subscribe(wang)
    mine = form(held, query="补贴")
    people.desk.switch(wang.who, held.id, active=False)
    assert people.signed_in(wang).post(f"/subscriptions/{held.id}", data=mine).status_code == 303
    saved = people.desk.subscription(wang.who, held.id)
    assert (saved.query, saved.active) == ("补贴", False)
