"""The commands subscriptions, channels, people and teams, over a paper that was captured, read and compared."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
from newspaper import SITE, START, Newspaper, page, url
from sqlalchemy import insert
from typer.testing import CliRunner, Result

import sites as site_files
from alerts import past, schema, subscriptions
from alerts.listening import document
from alerts.payload import payload
from alerts.query import QueryError
from alerts.switching import OFF
from catalogue.connection import transaction
from domain.clock import iso, now
from domain.errors import ConfigurationError, DeliveryError, NotFound
from domain.settings import settings
from pipeline import matters as made_matters
from pipeline import room
from pipeline.cli import channelling, desks, peopling, subscribing, teaming
from pipeline.desking import desk
from pipeline.house import House

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ROOMS = {
    "subscriptions": subscribing.app,
    "channels": channelling.app,
    "people": peopling.app,
    "teams": teaming.app,
}


class Hook:
    """A webhook on loopback: `status` is what it answers, `bodies` what it was sent."""

    def __init__(self) -> None:
        self.status, self.bodies = 200, list[Any]()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(hook.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook?token=t0p"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.stop()


@pytest.fixture
def tongjian(house: House, monkeypatch: pytest.MonkeyPatch) -> "Tongjian":
    chosen = house.settings.model_copy(update={"webhook_allow": "127.0.0.0/8", "web": "http://room.example"})
    allowed = House(chosen, house.keys, house.stack)

    @contextmanager
    def opened() -> Iterator[House]:
        yield allowed

    monkeypatch.setattr(desks, "house", opened)
    for place in (site_files, made_matters):
        monkeypatch.setattr(place, "load", lambda *_: {SITE.name: SITE})
    return Tongjian(allowed)


class Tongjian:
    """Runs commands in this house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.source = house.catalogue.engine

    def __call__(self, group: str, *arguments: str, **more: Any) -> Result:
        return CliRunner().invoke(ROOMS[group], list(arguments), **more)

    def out(self, group: str, *arguments: str, **more: Any) -> str:
        done = self(group, *arguments, **more)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.stdout

    def json(self, group: str, *arguments: str, **more: Any) -> Any:
        return json.loads(self.out(group, *arguments, "--json", **more))

    def refused(self, group: str, *arguments: str) -> Exception:
        done = self(group, *arguments)
        assert done.exit_code == 1
        assert done.exception is not None
        return done.exception if isinstance(done.exception, Exception) else AssertionError(done.output)


def test_add_list_show_remove(tongjian: Tongjian, hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    options = ["--word", "商务", "--word", "退款", "--type", "edited", "--secret", str(file), "--site", SITE.name]
    made = tongjian.json("subscriptions", "add", "--name", "商务 desk", "--webhook", hook.url, *options)
    assert (made["name"], made["channel"], made["signed"], made["active"]) == ("商务 desk", "webhook", True, True)
    assert made["query"] == "site:paper type:edited 商务 退款"
    assert "商务" in made["explained"]["zh"]
    assert made["owner"] == {"kind": "person", "id": "operator", "name": "operator"}
    assert tongjian.json("subscriptions", "list") == [made]
    assert tongjian.json("subscriptions", "show", made["id"]) == made | {"matches": []}
    table = tongjian.out("subscriptions", "list") + tongjian.out("subscriptions", "show", made["id"])
    assert made["id"] in table
    for text in (table, json.dumps(made), tongjian.out("channels", "list"), tongjian.out("channels", "list", "--json")):
        assert "t0p" not in text
        assert SECRET not in text
    tongjian.out("subscriptions", "remove", made["id"])
    assert tongjian.json("subscriptions", "list") == []
    assert isinstance(tongjian.refused("subscriptions", "remove", made["id"]), NotFound)
    assert [one["id"] for one in tongjian.json("channels", "list")] == [made["channels"][0]["id"]]


def test_a_query_stands_beside_the_old_options(tongjian: Tongjian) -> None:
    said = ["--name", "x", "--feed", "--type", "edited"]
    assert tongjian.json("subscriptions", "add", *said, "招商 或 投资")["query"] == "(招商 或 投资) (type:edited)"
    assert tongjian.json("subscriptions", "add", *said, "--query", "")["query"] == "type:edited"
    assert tongjian.json("subscriptions", "add", "--name", "x", "--feed")["query"] == ""
    assert tongjian("subscriptions", "add", *said, "招商", "--query", "投资").exit_code == 2
    wrong = tongjian.refused("subscriptions", "add", *said, "招商 与")
    assert isinstance(wrong, QueryError)
    assert wrong.position == 4
    assert isinstance(tongjian.refused("subscriptions", "add", "--name", "x", "--feed", "site:nowhere"), QueryError)
    assert isinstance(
        tongjian.refused("subscriptions", "add", "--name", "x", "--feed", "--site", "no"), ConfigurationError
    )


def test_wrong_usage_teaches(tongjian: Tongjian, hook: Hook, tmp_path: Path) -> None:
    nobody = tongjian("subscriptions", "add", "--name", "x")
    assert nobody.exit_code == 2
    assert "--webhook" in nobody.output
    for wrong in (
        ["--type", "changed"],
        ["--secret", str(tmp_path / "none")],
        ["--timezone", "Mars"],
        ["--channel", "none"],
        ["--webhook", "http://192.168.1.1/"],
        ["--webhook", f"@{tmp_path / 'none'}"],
        ["--webhook", f"{hook.url}2", "--secret", __file__],
        ["--email", "a@example.com", "--secret", __file__],
    ):
        refused = tongjian.refused("subscriptions", "add", "--name", "x", "--webhook", hook.url, *wrong)
        assert isinstance(refused, ConfigurationError), wrong
        assert refused.hint
        assert "t0p" not in str(refused)
    assert tongjian.json("subscriptions", "list") == []
    for wrong in (["--quiet", "22-25"], ["--quiet", "22:00"], ["--hour", "24"], ["--rhythm", "weekly"]):
        assert tongjian("subscriptions", "add", "--name", "x", "--feed", *wrong).exit_code == 2


def test_a_secret_is_for_the_channel_that_is_signed(tongjian: Tongjian, hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    ways = ["--webhook", hook.url, "--email", "a@example.com", "--secret", str(file)]
    made = tongjian.json("subscriptions", "add", "--name", "x", *ways)
    assert [(one["via"], one["signed"]) for one in made["channels"]] == [("webhook", True), ("email", False)]


def test_an_address_need_not_stand_on_the_command_line(tongjian: Tongjian, hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text(f"{hook.url}\n")
    by_file = tongjian.json("subscriptions", "add", "--name", "x", "--webhook", f"@{file}")
    by_input = tongjian.json("subscriptions", "add", "--name", "y", "--webhook", "-", input=f"{hook.url}\n")
    assert by_file["channels"] == by_input["channels"]
    assert isinstance(tongjian("channels", "add", "--webhook", "-", input="").exception, ConfigurationError)


def test_a_change_leaves_what_it_does_not_say(tongjian: Tongjian, hook: Hook) -> None:
    said = ["--rhythm", "daily", "--hour", "7", "--quiet", "22:00-07:00", "--timezone", "Asia/Urumqi"]
    made = tongjian.json("subscriptions", "add", "--name", "x", "招商", "--webhook", hook.url, *said)
    assert (made["rhythm"], made["hour"], made["quiet"], made["timezone"]) == ("daily", 7, "22:00-07:00", "Asia/Urumqi")
    named = tongjian.json("subscriptions", "change", made["id"], "--name", "y")
    assert named == made | {"name": "y"}
    other = tongjian.json("subscriptions", "change", made["id"], "投资", "--email", "a@example.com", "--quiet", "off")
    assert (other["query"], other["quiet"]) == ("投资", None)
    assert [one["via"] for one in other["channels"]] == ["webhook", "email"]
    fewer = tongjian.json("subscriptions", "change", made["id"], "--drop", made["channels"][0]["id"])
    assert [one["via"] for one in fewer["channels"]] == ["email"]
    tongjian.out("subscriptions", "pause", made["id"])
    assert not tongjian.json("subscriptions", "show", made["id"])["active"]
    assert "paused" in tongjian.out("subscriptions", "list")
    tongjian.out("subscriptions", "resume", made["id"])
    assert tongjian.json("subscriptions", "show", made["id"])["created_at"] > made["created_at"]
    assert isinstance(tongjian.refused("subscriptions", "change", made["id"], "招商 与"), QueryError)


def test_feeds_have_a_private_address_shown_once(tongjian: Tongjian) -> None:
    made = tongjian.json("subscriptions", "add", "--name", "x", "--feed")
    assert made["feed"]
    assert made["feeds"]["atom"].startswith("http://room.example/feeds/")
    assert made["feeds"]["json"].endswith(".json")
    assert "feeds" not in tongjian.json("subscriptions", "show", made["id"])
    again = tongjian.json("subscriptions", "feed", made["id"])
    assert again["atom"] != made["feeds"]["atom"]
    token = again["atom"].rpartition("/")[2].removesuffix(".atom")
    assert subscriptions.by_feed_token(tongjian.source, token).id == made["id"]
    assert token not in tongjian.out("subscriptions", "list", "--json")


def test_a_test_message_says_what_came_back(tongjian: Tongjian, hook: Hook) -> None:
    made = tongjian.json("subscriptions", "add", "--name", "x", "--webhook", hook.url)
    channel = made["channels"][0]["id"]
    assert "took the test message" in tongjian.out("subscriptions", "test", made["id"])
    assert "took the test message" in tongjian.out("channels", "test", channel)
    assert [body["type"] for body in hook.bodies] == ["test", "test"]
    hook.status = 500
    for failed in (
        tongjian.refused("subscriptions", "test", made["id"]),
        tongjian.refused("channels", "test", channel),
    ):
        assert isinstance(failed, DeliveryError)
        assert failed.hint
        assert "t0p" not in str(failed)
    silent = tongjian.json("subscriptions", "add", "--name", "y", "--feed")
    assert isinstance(tongjian.refused("subscriptions", "test", silent["id"]), DeliveryError)
    assert tongjian("subscriptions", "test").exit_code == 2
    assert tongjian("subscriptions", "test", "--query", "招商").exit_code == 2


def test_explain(tongjian: Tongjian) -> None:
    said = tongjian.json("subscriptions", "explain", "标题:招商 非 广告 site:paper")
    assert "招商" in said["zh"]
    assert "招商" in said["en"]
    assert "广告" in tongjian.out("subscriptions", "explain", "招商 非 广告")
    assert isinstance(tongjian.refused("subscriptions", "explain", "标题:"), QueryError)
    assert tongjian.json("subscriptions", "explain", "--query", "招商") == tongjian.json(
        "subscriptions", "explain", "招商"
    )
    assert tongjian("subscriptions", "explain").exit_code == 2
    assert tongjian("subscriptions", "explain", "招商", "--query", "投资").exit_code == 2


@pytest.fixture
def read(tongjian: Tongjian, paper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newspaper]:
    """A paper of seven pages, one of which was edited, some days ago."""
    paper.answers = {url(number): page(number) for number in range(1, 8)}
    paper.round()
    paper.answers[url(3)] = page(3, "第3次会议通报了利用外资的进展，全市新签约项目30亿元，较上月增加。")
    paper.round(3)
    monkeypatch.setenv("TONGJIAN_NOW", iso(START + timedelta(days=3)))
    settings.cache_clear()
    yield paper
    monkeypatch.delenv("TONGJIAN_NOW")
    settings.cache_clear()


def test_a_query_is_held_against_a_page(tongjian: Tongjian, read: Newspaper) -> None:
    yes = tongjian.json("subscriptions", "test", "--query", "30亿元 type:edited", "--url", url(3))
    assert yes["matches"]
    assert yes["title"] == "全市商务工作第3次会议召开"
    no = tongjian.json("subscriptions", "test", "--query", "利用外资 火箭", "--url", url(4))
    assert not no["matches"]
    assert "火箭" in no["why"]["zh"]
    assert "外资" not in no["why"]["zh"]
    made = tongjian.json("subscriptions", "add", "--name", "x", "--feed", "30亿元")
    assert "matches" in tongjian.out("subscriptions", "test", made["id"], "--url", url(3))
    assert isinstance(tongjian.refused("subscriptions", "test", made["id"], "--url", "http://no.example/"), NotFound)


def test_a_backtest_holds_queries_against_what_notify_does(tongjian: Tongjian, read: Newspaper) -> None:
    read.answers[url(8)] = page(8, "云政发〔2026〕5号</p><p>现将《云川市招商引资办法》印发给你们，请认真贯彻执行。")
    read.answers[url(2)] = None
    read.round(2, 8)
    read.round(2, 8)
    ids = [one.id for one in tongjian.house.catalogue.changes(limit=None)]
    told = list(made_matters.matters(tongjian.house.catalogue, ids))
    held = list(past.matters(tongjian.source, {SITE.name: SITE}, ids))
    assert {one.change.type.value for one in told} == {"new", "edited", "removed"}
    assert [document(one) for one in held] == [document(one) for one in told]
    assert any(one.numbers for one in held)
    assert [payload(one, "") for one in held] == [payload(one, "") for one in told]


def test_a_backtest_counts_messages(tongjian: Tongjian, read: Newspaper) -> None:
    found = tongjian.json("subscriptions", "backtest", "--query", "利用外资")
    # Seven new pages in one run are one digest; the edit an hour later is a message of its own.
    assert (found["looked"], found["changes"], found["messages"]) == (8, 8, 2)
    assert found["newest"][0]["type"] == "edited"
    assert sum(day["messages"] for day in found["by_day"]) == 2
    daily = tongjian.json("subscriptions", "backtest", "--query", "利用外资", "--rhythm", "daily")
    assert daily["messages"] == 1
    made = tongjian.json("subscriptions", "add", "--name", "x", "--feed", "30亿元", "--rhythm", "hourly")
    mine = tongjian.json("subscriptions", "backtest", made["id"], "--days", "5")
    assert (mine["rhythm"], mine["changes"], mine["messages"]) == ("hourly", 1, 1)
    assert tongjian.json("subscriptions", "backtest", made["id"], "--days", "1")["changes"] == 0
    assert "messages" in tongjian.out("subscriptions", "backtest", made["id"])
    robot = tongjian.json("subscriptions", "backtest", made["id"], "--via", "wecom", "--quiet", "00:01-00:00")
    assert [one["via"] for one in robot["channels"]] == ["wecom"]
    assert robot["busiest_hour"]["messages"] == robot["messages"] == 1
    assert robot["busiest_hour"]["at"] != mine["busiest_hour"]["at"]
    hour = tongjian.json("subscriptions", "backtest", "--query", "", "--rhythm", "daily", "--hour", "5")["busiest_hour"]
    assert hour["at"].endswith("T21:00:00.000000Z")
    assert tongjian("subscriptions", "backtest").exit_code == 2


def give_up(tongjian: Tongjian, channel: str, id: str, error: str) -> None:
    times = dict.fromkeys(("at", "next_try_at", "made_at"), now())
    counts = {"changes": 1, "attempts": 3, "refusals": 1}
    payload = {"id": "c", "title": "一则 [公告]", "subscriptions": [{"id": "s", "name": "x"}]}
    said = {"id": id, "channel": channel, "pages": [], "language": "both", "payload": payload, "last_error": error}
    with transaction(tongjian.source) as connection:
        connection.execute(insert(schema.deliveries).values(said | times | counts | {"state": "dead"}))


def test_what_was_given_up_is_seen_and_sent_again(tongjian: Tongjian, hook: Hook) -> None:
    made = tongjian.json("subscriptions", "add", "--name", "x", "--webhook", hook.url)
    channel = made["channels"][0]["id"]
    for id in ("a" * 64, "b" * 64):
        give_up(tongjian, channel, id, "413 Content Too Large")
    (first, second) = tongjian.json("subscriptions", "deliveries", "--state", "dead")
    assert (first["title"], first["last_error"], first["subscription"]) == ("一则 [公告]", "413 Content Too Large", "s")
    assert (first["channel"], first["changes"], first["attempts"], second["state"]) == (channel, 1, 3, "dead")
    assert "[公告]" in tongjian.out("subscriptions", "deliveries")
    assert len(tongjian.json("subscriptions", "deliveries", "--channel", channel, "--limit", "1")) == 1
    assert tongjian.json("subscriptions", "deliveries", "--channel", "none") == []
    assert tongjian.json("subscriptions", "deliveries", "--subscription", made["id"]) == []
    tongjian.out("subscriptions", "resend", "a" * 12)
    assert [one["id"] for one in tongjian.json("subscriptions", "deliveries", "--state", "waiting")] == ["a" * 64]
    tongjian.out("subscriptions", "resend", "--channel", channel)
    assert tongjian.json("subscriptions", "deliveries", "--state", "dead") == []
    assert tongjian("subscriptions", "resend").exit_code == 2
    assert isinstance(tongjian.refused("subscriptions", "resend", "c" * 12), NotFound)
    assert tongjian("subscriptions", "deliveries", "--state", "lost").exit_code == 2


def test_a_channel_that_is_off_is_shown_and_switched_on(tongjian: Tongjian, hook: Hook) -> None:
    (made,) = tongjian.json("channels", "add", "--webhook", hook.url, "--name", "值班")
    assert (made["name"], made["address"].endswith("?…")) == ("值班", True)
    with transaction(tongjian.source) as connection:
        connection.execute(schema.channels.update().values(active=False, disabled_why="410 Gone"))
    give_up(tongjian, made["id"], "a" * 64, OFF + "410 Gone")
    assert "410 Gone" in tongjian.out("channels", "list")
    assert isinstance(tongjian.refused("subscriptions", "resend", "--channel", made["id"]), ConfigurationError)
    tongjian.out("channels", "enable", made["id"])
    assert [one["state"] for one in tongjian.json("subscriptions", "deliveries")] == ["waiting"]
    held = tongjian.json("subscriptions", "add", "--name", "x", "--channel", made["id"])
    assert held["id"] in tongjian("channels", "remove", made["id"]).stderr
    assert tongjian.json("channels", "list") == []
    assert tongjian("channels", "add").exit_code == 2


def test_people_and_teams(tongjian: Tongjian, hook: Hook) -> None:
    made = tongjian.json("people", "add", "王芳", "--timezone", "Asia/Urumqi", "--language", "zh")
    assert made["token"].startswith("tj_")
    assert tongjian.json("people", "token", "王芳")["token"] != made["token"]
    assert "token" not in tongjian.json("people", "list")[1]
    team = tongjian.json("teams", "add", "商务组", "--owner", "王芳")
    assert [one["role"] for one in team["members"]] == ["owner"]
    tongjian.json("people", "add", "李娜")
    joined = tongjian.json("teams", "member", "商务组", "李娜", "--role", "editor")
    assert [one["role"] for one in joined["members"]] == ["owner", "editor"]
    assert isinstance(tongjian.refused("teams", "member", "商务组", "王芳", "--remove"), ConfigurationError)
    said = ["add", "--name", "x", "--webhook", hook.url]
    own = tongjian.json("subscriptions", *said, "--for", "王芳")
    assert (own["owner"]["name"], own["timezone"], own["language"]) == ("王芳", "Asia/Urumqi", "zh")
    theirs = tongjian.json("subscriptions", *said, "--team", "商务组")
    assert theirs["owner"] == {"kind": "team", "id": team["id"], "name": "商务组"}
    assert own["channels"][0]["id"] != theirs["channels"][0]["id"]
    assert [one["id"] for one in tongjian.json("subscriptions", "list", "--for", "李娜")] == [theirs["id"]]
    assert "李娜" in tongjian.out("teams", "list")
    assert isinstance(tongjian.refused("people", "remove", "王芳"), ConfigurationError)
    tongjian.out("people", "remove", "王芳", "--deactivate")
    assert "off" in tongjian.out("people", "list")
    tongjian.out("people", "restore", "王芳")
    assert tongjian("teams", "remove", "商务组", input="n\n").exit_code == 1
    tongjian.out("teams", "remove", "商务组", "--yes")
    tongjian.out("people", "remove", "王芳", "--whole")
    assert tongjian.json("subscriptions", "list") == []
    assert isinstance(tongjian.refused("people", "remove", "operator"), ConfigurationError)
    assert tongjian("people", "remove", "李娜", "--whole", "--deactivate").exit_code == 2


def test_the_reading_room_is_given_the_desk(tongjian: Tongjian, house: House) -> None:
    assert room.reading_room(tongjian.house).state.desk is not None
    assert desk(house).people(desks.Office(house, desk(house)).person(None))


@pytest.mark.parametrize("group", ROOMS)
def test_every_command_explains_itself(group: str) -> None:
    for command in typer.main.get_group(ROOMS[group]).commands.values():
        assert command.help, command.name
