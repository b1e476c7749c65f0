"""The desk's interface for scripts, over a real desk; and its page in the documents, held to it."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_house import Known, People, Receiver, matter
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from domain.clock import parse
from domain.subscription import Role, State
from web.desk.api import ROUTERS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture
def room(people: People) -> FastAPI:
    return people.room


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def api(people: People, wang: Known) -> Iterator[TestClient]:
    with TestClient(people.room, base_url="http://127.0.0.1", headers=wang.bearer) as opened:
        yield opened


def test_a_subscription_from_beginning_to_end(api: TestClient, people: People, wang: Known) -> None:
    said = {"name": "招商", "query": "招商引资", "quiet_from": "22:00", "quiet_to": "7:05", "rhythm": "hourly"}
    made = api.post("/api/subscriptions", json=said)
    assert made.status_code == 201
    shape = made.json()
    assert api.get(made.headers["location"]).json() == shape
    assert shape | said | {"quiet_to": "07:05"} == shape
    assert shape["person"] == wang.who.id
    assert shape["created_at"].endswith("Z")
    assert parse(shape["created_at"]) == people.desk.subscription(wang.who, shape["id"]).created_at
    assert api.get("/api/subscriptions").json() == [shape]

    place = f"/api/subscriptions/{shape['id']}"
    changed = api.patch(place, json={"name": "招商二", "quiet_from": None, "quiet_to": None}).json()
    assert changed == shape | {"name": "招商二", "quiet_from": None, "quiet_to": None}
    assert api.patch(place, json={"active": False}).json() == changed | {"active": False}
    assert api.patch(place, json={"active": True, "rhythm": "daily"}).json()["active"] is True
    assert people.desk.subscription(wang.who, shape["id"]).rhythm == "daily"

    people.tell([matter(title="招商引资大会")])
    (match,) = api.get(f"{place}/matches").json()
    assert match["payload"]["title"] == "招商引资大会"
    assert parse(match["at"]) < parse(match["found_at"]) or match["at"].endswith("Z")
    feed = api.post(f"{place}/feed").json()
    path = feed["atom"].removeprefix("http://127.0.0.1:8400")
    assert "招商引资大会" in api.get(path).text
    assert api.get(place).json()["has_feed"] is True
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404
    assert api.get(path).status_code == 404


def test_a_query_is_tried(api: TestClient) -> None:
    well = api.post("/api/subscriptions/explain", json={"query": "招商引资"}).json()
    assert set(well) == {"chinese", "english"}
    ill = api.post("/api/subscriptions/explain", json={"query": "招商 与 )"})
    assert ill.status_code == 422
    assert ill.json()["position"] == 5
    assert ill.json()["zh"]
    assert api.post("/api/subscriptions", json={"name": "x", "query": "招商 与 )"}).json()["position"] == 5
    nowhere = api.post("/api/subscriptions/test", json={"query": "招商", "url": "http://nowhere.example/"})
    assert nowhere.status_code == 404
    looked = api.post("/api/subscriptions/backtest", json={"query": "招商", "days": 7}).json()
    assert (looked["days"], looked["changes"], looked["complete"], looked["newest"]) == (7, 0, True, [])


def test_channels(api: TestClient, receiver: Receiver) -> None:
    draft = {"via": "webhook", "address": receiver.url + "?key=verysecret", "name": "值班"}
    made = api.post("/api/channels", json=draft)
    assert made.status_code == 201
    place = f"/api/channels/{made.json()['id']}"
    assert made.json()["via"] == "webhook"
    assert "verysecret" not in made.text + api.get("/api/channels").text
    assert "answer" in api.post(f"{place}/test").json()
    receiver.status = 500
    assert api.post(f"{place}/test").status_code == 502
    assert api.post(f"{place}/enable").json()["active"] is True
    assert api.delete(place).status_code == 204
    assert api.delete(place).status_code == 404


def test_deliveries(api: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    hook = people.hook(wang, receiver.url)
    people.subscribe(wang, channels=(hook.id,))
    people.tell([matter(title="招商引资大会")])
    people.give_up()
    (dead,) = api.get("/api/deliveries", params={"state": "dead"}).json()
    assert dead["payload"]["title"] == "招商引资大会"
    assert dead["at"].endswith("Z")
    assert api.get("/api/deliveries", params={"state": "waiting"}).json() == []
    assert api.post("/api/deliveries/resend", json={"ids": [dead["id"]]}).json() == {"resent": 1}
    assert api.post("/api/deliveries/resend", json={"ids": [dead["id"]]}).json() == {"resent": 0}
    assert api.post("/api/deliveries/resend", json={"ids": ["0" * 64]}).status_code == 404


def test_teams(api: TestClient, people: People, wang: Known) -> None:
    li = people.add("李雷")
    made = api.post("/api/teams", json={"name": "监测组"})
    assert made.status_code == 201
    members = f"/api/teams/{made.json()['id']}/members"
    team = api.put(f"{members}/{li.who.id}", json={"role": "editor"}).json()
    assert [(one["name"], one["role"]) for one in team["members"]] == [("王芳", "owner"), ("李雷", "editor")]
    assert api.put(f"{members}/{wang.who.id}", json={"role": "reader"}).status_code == 422, "the last owner"
    assert api.delete(f"{members}/{li.who.id}").json()["members"][0]["person"] == wang.who.id
    assert api.get("/api/teams").json()[0]["name"] == "监测组"
    assert api.put(f"{members}/nobody", json={"role": "reader"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": "{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": "name=x", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 415),
        ({"content": "{}", "headers": {}}, 415),
        ({"json": []}, 422),
        ({"json": {}}, 422),
        ({"json": {"name": "x", "hour": 24}}, 422),
        ({"json": {"name": "x", "rhythm": "often"}}, 422),
        ({"json": {"name": "x", "quiet_from": "25:00", "quiet_to": "7:00"}}, 422),
        ({"json": {"name": "x", "owner": "me"}}, 422),
        ({"json": {"name": "x\0"}}, 422),
        ({"content": b'{"name": "x \\ud800"}', "headers": {"content-type": "application/json"}}, 422),
        ({"json": {"name": "x" * 70_000}}, 413),
    ],
)
def test_a_wrong_body_is_told_apart(api: TestClient, sent: dict[str, object], status: int) -> None:
    answer = api.post("/api/subscriptions", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert set(answer.json()) >= {"error", "hint"}
    assert api.get("/api/subscriptions").json() == []


def test_patch_takes_only_what_there_is(api: TestClient, people: People, wang: Known) -> None:
    held = people.subscribe(wang)
    wrong: tuple[dict[str, object], ...] = (
        {"id": "x"},
        {"hour": "late"},
        {"active": 3},
        {"query": "("},
        {"name": None},
    )
    for given in wrong:
        assert api.patch(f"/api/subscriptions/{held.id}", json=given).status_code == 422, given
    assert people.desk.subscription(wang.who, held.id) == held


def test_other_methods_say_which_there_are(api: TestClient) -> None:
    answer = api.request("TRACE", "/api/subscriptions")
    assert answer.status_code == 405
    assert "PATCH" in answer.headers["allow"]
    assert set(answer.json()) == {"error", "hint"}
    assert set(api.get("/api/subscriptions/x%00").json()) == {"error", "hint"}
    assert api.put("/api/subscriptions", json={}).status_code == 405
    assert api.head("/api/subscriptions").status_code == 200


def test_others_things_are_not_there(api: TestClient, people: People, receiver: Receiver) -> None:
    li = people.add("李雷")
    held, hook = people.subscribe(li), people.hook(li, receiver.url)
    team = people.desk.add_team(li.who, "他们")
    assert api.get("/api/subscriptions").json() == api.get("/api/channels").json() == api.get("/api/teams").json() == []
    for method, path in (
        ("GET", f"subscriptions/{held.id}"),
        ("GET", f"subscriptions/{held.id}/matches"),
        ("DELETE", f"subscriptions/{held.id}"),
        ("POST", f"subscriptions/{held.id}/feed"),
        ("POST", f"channels/{hook.id}/test"),
        ("DELETE", f"channels/{hook.id}"),
        ("DELETE", f"teams/{team.id}/members/{li.who.id}"),
    ):
        there, nowhere = api.request(method, f"/api/{path}"), api.request(method, f"/api/{path.replace('/', '/0', 1)}")
        assert there.status_code == nowhere.status_code == 404, path
    assert api.post("/api/subscriptions", json={"name": "x", "team": team.id}).status_code == 404
    assert api.post("/api/subscriptions", json={"name": "x", "channels": [hook.id]}).status_code == 422


def test_a_reader_is_told_so(people: People, wang: Known) -> None:
    li = people.add("李雷")
    team = people.desk.add_team(li.who, "他们")
    people.desk.put_member(li.who, team.id, wang.who.id, Role.READER)
    held = people.subscribe(li, team=team.id)
    reader = TestClient(people.room, base_url="http://127.0.0.1", headers=wang.bearer)
    assert reader.get(f"/api/subscriptions/{held.id}").status_code == 200
    refused = reader.patch(f"/api/subscriptions/{held.id}", json={"active": False})
    assert refused.status_code == 403
    assert "editor" in refused.json()["hint"]


def test_the_page_names_every_address_and_no_other() -> None:
    told = {
        (method, path.partition("?")[0]) for method, path in re.findall(r"^\| `([A-Z]+) (/\S+)` \|", DOCUMENT, re.M)
    }
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    there = {(method, route.path) for route in routes for method in route.methods if method != "HEAD"}
    assert told == there


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_do_what_they_say(
    example: str, address: str, people: People, wang: Known, receiver: Receiver
) -> None:
    hook = people.hook(wang, receiver.url)
    held = people.subscribe(wang, channels=(hook.id,))
    team, li = people.desk.add_team(wang.who, "监测组"), people.add("李雷")
    people.tell([matter(title="招商引资大会")])
    people.give_up()
    (dead,) = people.desk.deliveries(wang.who, State.DEAD, 1)
    names = {"ID": held.id, "CHANNEL": hook.id, "DELIVERY": dead.id, "TEAM": team.id, "PERSON": li.who.id}
    ran = subprocess.run(
        ["bash", "-euc", example],
        env=os.environ | names | {"ROOM": address, "TOKEN": wang.token, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)
