"""What the desk refuses: requests from elsewhere, guesses, bodies without end; and what it never shows."""

import asyncio
import html
import logging
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from desk_house import HERE, Known, People, Receiver, matter
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient
from starlette.types import Message

from alerts import people as registry
from catalogue import Catalogue
from domain.errors import CatalogueError
from domain.settings import settings
from domain.subscription import Role
from storage import Archive
from web import create
from web.desk.admitting import MOST
from web.desk.throttling import Rate, Throttle, network

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
FIELDS = {"name": "招商", "query": "招商引资", "rhythm": "instant"}


@pytest.fixture
def wang(people: People) -> Known:
    return people.add("王芳")


@pytest.fixture
def client(people: People, wang: Known) -> TestClient:
    return people.signed_in(wang)


@pytest.fixture
def elsewhere(client: TestClient) -> TestClient:
    """Her browser, with her cookie, on a page that is none of ours."""
    del client.headers["origin"]
    return client


FORGED = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "https://127.0.0.1"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://127.0.0.1@evil.example"},
    {"Origin": "http://[", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {},
)


@pytest.mark.parametrize("sent", FORGED)
def test_a_forged_request_changes_nothing(
    elsewhere: TestClient, people: People, wang: Known, sent: dict[str, str]
) -> None:
    held = people.subscribe(wang)
    for path in ("/subscriptions", f"/subscriptions/{held.id}/remove", "/channels", "/teams", "/deliveries/resend"):
        answer = elsewhere.post(path, data=FIELDS, headers=sent)
        assert answer.status_code == 403, path
    assert elsewhere.post("/sign-out", headers=sent).status_code == 403
    assert elsewhere.post("/sign-in", data={"token": wang.token}, headers=sent).status_code == 403
    assert people.desk.subscriptions(wang.who) == (held,)


@pytest.mark.parametrize("sent", [HERE, {"Origin": "http://127.0.0.1:8400"}, HERE | {"Sec-Fetch-Site": "same-origin"}])
def test_a_request_from_a_page_of_ours_is_let_in(elsewhere: TestClient, sent: dict[str, str]) -> None:
    assert elsewhere.post("/subscriptions", data=FIELDS, headers=sent).status_code == 303


def test_the_cookie_opens_no_interface_and_the_token_no_page(people: People, client: TestClient, wang: Known) -> None:
    assert client.get("/api/subscriptions").status_code == 401
    assert client.post("/api/subscriptions", json={"name": "x"}).status_code == 401
    bearer = TestClient(people.room, base_url="http://127.0.0.1", headers=wang.bearer, follow_redirects=False)
    assert bearer.get("/subscriptions").status_code == 303


def test_a_bearer_needs_no_origin(people: People, wang: Known) -> None:
    script = TestClient(people.room, base_url="http://127.0.0.1", headers=wang.bearer)
    assert script.post("/api/subscriptions", json={"name": "x"}).status_code == 201


def test_who_does_not_sign_in_gets_nothing(people: People, wang: Known) -> None:
    held = people.subscribe(wang)
    visitor = people.visitor()
    for path in ("/subscriptions", f"/subscriptions/{held.id}", "/channels", "/deliveries", "/teams"):
        assert visitor.get(path).headers["location"].startswith("/sign-in?next=")
        assert visitor.post(path, data=FIELDS).status_code in (303, 405)
    piece = visitor.get("/subscriptions/explain", headers={"HX-Request": "true"})
    assert (piece.status_code, piece.headers["hx-redirect"]) == (401, "/sign-in")
    assert people.desk.subscriptions(wang.who) == (held,)
    for path in ("subscriptions", f"subscriptions/{held.id}", "channels", "deliveries", "teams"):
        for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": f"Basic {wang.token}"}):
            answer = visitor.get(f"/api/{path}", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert set(answer.json()) == {"error", "hint"}


def test_the_cookie_is_for_this_room_alone(people: People, wang: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = people.visitor().post("/sign-in", data={"token": wang.token}).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=strict" in plain
    assert "secure" not in plain, "the room is not served over https"
    monkeypatch.setenv("TONGJIAN_WEB", "https://room.example")
    settings.cache_clear()
    visitor = people.visitor()
    sealed = visitor.post("/sign-in", data={"token": wang.token}, headers={"Origin": "https://room.example"})
    settings.cache_clear()
    assert "secure" in sealed.headers["set-cookie"].lower()


def test_a_session_ends(people: People, wang: Known) -> None:
    client = people.signed_in(wang)
    assert client.get("/teams").status_code == 200
    with people.engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET expires_at = now() - interval '1 second'"))
    assert client.get("/teams").status_code == 303
    client = people.signed_in(wang)
    registry.switch(people.engine, wang.who.id, active=False)
    assert client.get("/teams").status_code == 303, "who is no longer let in is out at once"
    assert people.visitor().post("/sign-in", data={"token": wang.token}).status_code == 403


def test_a_session_is_made_anew_at_each_sign_in(people: People, wang: Known) -> None:
    visitor = people.visitor()
    visitor.cookies.set("tongjian_session", "chosen-by-another")
    answer = visitor.post("/sign-in", data={"token": wang.token})
    assert "chosen-by-another" not in answer.headers["set-cookie"]
    assert people.desk.session("chosen-by-another") is None


def test_guessing_is_slow(people: People, wang: Known) -> None:
    visitor = people.visitor()
    for _ in range(10):
        assert visitor.post("/sign-in", data={"token": "tj_guess"}).status_code == 403
    waits = visitor.post("/sign-in", data={"token": wang.token})
    assert waits.status_code == 429, "a right one after ten wrong ones waits, too: nothing is to be learnt"
    assert 0 < int(waits.headers["retry-after"]) <= 30
    assert visitor.get("/api/teams", headers={"Authorization": "Bearer x"}).status_code == 429
    assert visitor.get("/").status_code == 200


def test_guessing_bearers_is_slow(people: People, wang: Known) -> None:
    visitor = people.visitor()
    answers = [visitor.get("/api/teams", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert "retry-after" in visitor.get("/api/teams", headers=wang.bearer).headers


def test_the_buckets_of_a_throttle() -> None:
    moment = [1000.0]
    throttle = Throttle(lambda: moment[0], Rate(2, 10), Rate(4, 1))
    for _ in range(2):
        assert throttle.wait("1.2.3.4") == 0
        throttle.failed("1.2.3.4")
    assert throttle.wait("1.2.3.4") == 10
    assert throttle.wait("1.2.3.5") == 0
    moment[0] += 10
    assert throttle.wait("1.2.3.4") == 0
    throttle.failed("1.2.3.4")
    assert throttle.wait("1.2.3.4") == 10
    for client in ("a", "b", "c"):
        throttle.failed(client)
    assert throttle.wait("nobody yet") == 1, "all together"
    moment[0] += 1000
    assert throttle.wait("1.2.3.4") == throttle.wait("a") == 0


def test_a_throttle_does_not_grow() -> None:
    throttle = Throttle(lambda: 0.0)
    for number in range(10_050):
        throttle.failed(f"client {number}")
    assert len(throttle._empty_until) <= 10_000


def test_a_household_is_one_client() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("10.0.0.1") != network("10.0.0.2")
    assert network("testclient") == "testclient"


def test_long_bodies_are_not_read(client: TestClient, wang: Known) -> None:
    fits = {"name": "x", "query": "招" * 10}
    assert client.post("/subscriptions", data=fits).status_code == 303
    assert client.post("/subscriptions", data={"name": "x" * MOST}).status_code == 413
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    endless = (b"x" * 8192 for _ in range(100))
    assert client.post("/subscriptions", content=endless, headers=form).status_code == 413
    assert client.post("/subscriptions", json=fits).status_code == 415
    assert client.post("/subscriptions", files={"name": b"x"}).status_code == 415
    assert client.post("/subscriptions", content=b"name=%ff%fe", headers=form).status_code == 422
    assert client.post("/subscriptions", content=b"name=%00", headers=form).status_code == 422
    many = "&".join(f"f{n}=1" for n in range(2000)).encode()
    assert client.post("/subscriptions", content=many, headers=form).status_code == 422


def test_a_body_that_breaks_off_is_no_body(people: People) -> None:
    sent: list[Message] = []
    told: list[Message] = [
        {"type": "http.request", "body": b"token=", "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/sign-in",
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"origin", b"http://127.0.0.1"),
            (b"content-length", b"60"),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }

    async def receive() -> Message:
        return told.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(people.room(scope, receive, send))
    assert sent[0]["status"] == 400


def test_a_body_that_never_ends_is_given_up(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.desk.admitting._SECONDS", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"token="
        await asyncio.sleep(30)

    async def ask() -> int:
        transport = httpx.ASGITransport(app=people.room)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HERE) as visitor:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return (await visitor.post("/sign-in", content=trickle(), headers=form)).status_code

    assert asyncio.run(ask()) == 408


def test_what_takes_long_is_done_by_two_at_a_time(people: People, client: TestClient, wang: Known) -> None:
    slots = people.room.state.slots
    with slots.taken(), slots.taken():
        page = client.post("/subscriptions/backtest", data=FIELDS)
        assert (page.status_code, "正忙" in page.text) == (200, True)
        script = client.post("/api/subscriptions/backtest", json={"query": "招商"}, headers=wang.bearer)
        assert script.status_code == 429
        assert int(script.headers["retry-after"]) > 0
    assert client.post("/api/subscriptions/backtest", json={"query": "招商"}, headers=wang.bearer).status_code == 200


def test_only_the_desk_is_written_to(client: TestClient) -> None:
    for path in ("/", "/page", "/search", "/api/changes", "/feeds/x.atom", "/static/room.css", "/subscriptionsx"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = client.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD"), (method, path)
    assert client.delete("/subscriptions").status_code == 405


def test_the_desks_pages_stay_with_who_asked(client: TestClient, people: People, wang: Known) -> None:
    for path in ("/subscriptions", "/sign-in", "/channels", "/subscriptions/nobodys"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["referrer-policy"] == "same-origin", "under no-referrer our own forms would come from null"
        assert "default-src 'self'" in headers["content-security-policy"]
    assert client.get("/api/teams", headers=wang.bearer).headers["cache-control"] == "no-store"
    assert client.get("/").headers["referrer-policy"] == "no-referrer"
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_hostile_names_are_text(client: TestClient, people: People, wang: Known, receiver: Receiver) -> None:
    team = people.desk.add_team(wang.who, EVIL)
    hook = people.hook(wang, receiver.url, EVIL)
    held = people.subscribe(wang, EVIL, '招商引资 非 "<script>alert(2)"', channels=(hook.id,))
    people.add(EVIL)
    people.tell([matter(title=f"招商引资{EVIL}")])
    people.give_up()
    (dead,) = people.desk.deliveries(wang.who, None, 1)
    paths = (
        "/subscriptions",
        f"/subscriptions/{held.id}",
        f"/subscriptions/{held.id}/remove",
        f"/subscriptions/new?query={EVIL}",
        f"/subscriptions/explain?query={EVIL}",
        "/channels",
        f"/channels/{hook.id}/remove",
        f"/deliveries?open={dead.id}",
        "/teams",
        f"/sign-in?next={EVIL}",
        f"/subscriptions?said={EVIL}",
        f"/subscriptions/{EVIL}",
    )
    for path in paths:
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert html.escape(EVIL[2:10]) in client.get("/teams").text
    assert team.name in html.unescape(client.get("/teams").text)


def test_roles_hold_in_every_corner(people: People, wang: Known, receiver: Receiver) -> None:
    li = people.add("李雷")
    team = people.desk.add_team(wang.who, "监测组")
    people.desk.put_member(wang.who, team.id, li.who.id, Role.EDITOR)
    held = people.subscribe(wang, team=team.id)
    own = people.subscribe(wang)
    editor = people.signed_in(li)
    assert editor.post(f"/subscriptions/{held.id}/pause").status_code == 303
    assert editor.post(f"/teams/{team.id}/members", data={"person": li.who.id, "role": "owner"}).status_code == 403
    assert editor.post(f"/subscriptions/{own.id}/pause").status_code == 404
    assert editor.post("/subscriptions", data=FIELDS | {"team": "other"}).status_code == 404
    people.desk.remove_member(wang.who, team.id, li.who.id)
    assert editor.get(f"/subscriptions/{held.id}").status_code == 404
    boss = people.signed_in(people.add("管理员", operator=True))
    assert boss.post(f"/subscriptions/{own.id}/pause").status_code == 303


class Away:
    """A desk whose database does not answer."""

    def __getattr__(self, _: str) -> object:
        raise CatalogueError("postgresql://house:5432 refused", hint="Start it.")


@pytest.fixture
def away(catalogue: Catalogue, archive: Archive) -> Iterator[TestClient]:
    room: FastAPI = create(catalogue, archive, lambda a, b: (), desk=Away())  # type: ignore[arg-type]
    with TestClient(room, base_url="http://127.0.0.1", headers=HERE) as opened:
        yield opened


def test_a_database_that_is_away_is_told_and_nothing_of_it(away: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    away.cookies.set("tongjian_session", "x")
    with caplog.at_level(logging.DEBUG):
        page = away.get("/subscriptions")
        script = away.get("/api/teams", headers={"Authorization": "Bearer x"})
        feed = away.get("/feeds/verysecrettoken.atom")
    assert page.status_code == script.status_code == feed.status_code == 503
    assert "postgresql" not in page.text + script.text + feed.text
    assert "verysecrettoken" not in "".join(record.getMessage() for record in caplog.records if record.name != "httpx")


@pytest.mark.parametrize("url", ["", "http://[", "http://a:b:c/", "javascript:alert(1)", "http://" + "x" * 5000, "招"])
def test_a_strange_address_is_none_that_is_kept(client: TestClient, wang: Known, url: str) -> None:
    page = client.post("/subscriptions/test", data=FIELDS | {"url": url})
    assert page.status_code == 200
    assert "没有留存" in page.text
    said = client.post("/api/subscriptions/test", json={"query": "招商", "url": url}, headers=wang.bearer)
    assert said.status_code == 404


@pytest.mark.parametrize(
    "query", ["(" * 3000, "招 或 " * 3000 + "招", "\x01\x02", "a" * 60_000, "title:" * 200, "NEAR/9999"]
)
def test_a_strange_query_breaks_nothing(client: TestClient, wang: Known, query: str) -> None:
    for path in ("explain", "backtest"):
        said = client.post(f"/api/subscriptions/{path}", json={"query": query}, headers=wang.bearer)
        assert said.status_code in (200, 413, 422), path
    page = client.post("/subscriptions/backtest", data=FIELDS | {"query": query})
    assert page.status_code in (200, 413)
    saved = client.post("/api/subscriptions", json={"name": "x", "query": query}, headers=wang.bearer)
    assert saved.status_code in (201, 413, 422)
    assert client.get("/subscriptions").status_code == 200


@pytest.mark.parametrize("via", ["webhook", "email", "dingtalk", "wecom", "feishu", "apprise"])
def test_a_strange_channel_is_refused_and_its_secret_not_repeated(client: TestClient, wang: Known, via: str) -> None:
    for address in (
        "",
        "http://[",
        "word",
        "https://x:y:z/path",
        "javascript://word",
        "招" * 5000,
        "a@b@c\n",
    ):
        for secret in (None, "", "verysecret", "whsec_!!!", "x" * 9000):
            body = {"via": via, "address": address, "secret": secret}
            said = client.post("/api/channels", json=body, headers=wang.bearer)
            assert said.status_code == 422, (via, address)
            assert "verysecret" not in said.text
