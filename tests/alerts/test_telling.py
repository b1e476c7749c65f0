"""The verb notify and the command subscriptions, over a catalogue that captures were read into."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alert_endpoints import Postbox, Receiver
from making_matters import LATER, PAGE
from typer.testing import CliRunner, Result

from alerts import Via, outbox, subscriptions
from catalogue import Reading
from domain.article import Article, Block
from domain.capture import Capture, Role
from domain.change import Observation, Outcome
from domain.errors import ConfigurationError, DeliveryError, NotFound
from domain.settings import Settings
from domain.urls import urlkey
from monitor.judge import judge
from pipeline.cli import subscribing
from pipeline.house import House
from pipeline.telling import Told, tell

SITE = "alpha"


@pytest.fixture
def house(database: str, postbox: Postbox) -> Iterator[House]:
    """A house without a bucket: telling never looks into one."""
    chosen = Settings(database=database, smtp=postbox.server, web="http://room.example")
    with ExitStack() as stack:
        yield House(chosen, None, stack)


def seen(house: House, hours: float, body: str | None, title: str = "招商引资", url: str = PAGE) -> None:
    """A page as it showed itself, captured, read and compared; missing where `body` is None."""
    at = LATER + timedelta(hours=hours)
    held = Capture(
        id=hashlib.sha256(f"{url} {hours}".encode()).hexdigest(),
        site=SITE,
        run=f"r{hours}",
        url=url,
        urlkey=urlkey(url),
        at=at,
        role=Role.PAGE,
        status=200 if body else 404,
        payload_digest="sha256:00",
        payload_length=1,
        segment="x",
        offset=0,
        length=1,
    )
    article = Article(title=title, body=(Block(text=body),)) if body else None
    outcome = Outcome.ARTICLE if article else Outcome.MISSING
    digest = article.digest if article else None
    reason = "" if body else "status 404"
    observation = Observation(capture=held.id, at=at, outcome=outcome, digest=digest, reason=reason)
    catalogue = house.catalogue
    catalogue.record(SITE, catalogue.progress(SITE).read_seq + 1, [Reading(held, article, observation)])
    upto, keys = catalogue.pages_to_compare(SITE)
    histories = [judge(SITE, *_page(house, key)) for key in keys]
    catalogue.put_histories(SITE, upto, histories)


def _page(house: House, key: str) -> tuple[str, str, tuple[Observation, ...], dict[str, Article]]:
    url, observations, articles = house.catalogue.observations(SITE, key)
    return url, key, observations, articles


def test_the_way_of_a_change_to_its_subscribers(house: House, receiver: Receiver, postbox: Postbox) -> None:
    engine = house.catalogue.engine
    subscriptions.add(engine, "edits", Via.WEBHOOK, receiver.url, types=["edited"])
    subscriptions.add(engine, "money", Via.EMAIL, "desk@example.com", words=["亿元"])
    seen(house, 1, "总投资2000万元。")
    assert tell(house) == Told(0, 0, 0)
    seen(house, 2, "总投资2000亿元。")
    assert tell(house) == Told(2, 2, 0)
    assert tell(house) == Told(0, 0, 0)
    assert [post.body["fields"][0]["after"] for post in receiver.posts] == ["总投资2000亿元。"]
    assert [message["Subject"] for message in postbox.messages] == ["[通鉴] 改 edited: 招商引资"]
    seen(house, 3, None)
    seen(house, 4, None)
    assert tell(house) == Told(1, 1, 0)
    assert postbox.messages[-1]["Subject"] == "[通鉴] 删 removed: 招商引资"
    assert "status 404" in postbox.messages[-1].get_content()


def test_typesetting_is_told_to_nobody(house: House, receiver: Receiver) -> None:
    seen(house, 1, "总投资2000万元,很好")
    subscriptions.add(house.catalogue.engine, "all", Via.WEBHOOK, receiver.url)
    tell(house)
    seen(house, 2, "总投资２０００万元，很好")
    assert house.catalogue.changes()[0].cosmetic
    assert tell(house) == Told(0, 0, 0)


def test_a_late_capture_brings_a_change_of_an_earlier_time(house: House, receiver: Receiver) -> None:
    subscriptions.add(house.catalogue.engine, "all", Via.WEBHOOK, receiver.url)
    seen(house, 5, "甲")
    assert tell(house).matched == 1
    seen(house, 3, "乙", url="http://commerce.example.cn/late")
    assert tell(house).matched == 1


def test_a_rebuild_tells_nothing_again(house: House, receiver: Receiver) -> None:
    subscriptions.add(house.catalogue.engine, "all", Via.WEBHOOK, receiver.url)
    seen(house, 1, "甲")
    seen(house, 2, "乙")
    assert tell(house).delivered == 2
    house.catalogue.clear()
    seen(house, 1, "甲")
    seen(house, 2, "乙")
    assert tell(house) == Told(0, 0, 0)


def test_an_endpoint_that_is_down_is_not_an_error(house: House, receiver: Receiver) -> None:
    subscriptions.add(house.catalogue.engine, "all", Via.WEBHOOK, receiver.url)
    receiver.stop()
    seen(house, 1, "甲")
    assert tell(house) == Told(1, 0, 1)
    assert tell(house) == Told(0, 0, 1)


def test_a_change_that_is_gone_between_two_looks_is_left_out(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriptions.add(house.catalogue.engine, "all", Via.WEBHOOK, receiver.url)
    seen(house, 1, "甲")
    real = outbox.untold(house.catalogue.engine)
    monkeypatch.setattr(outbox, "untold", lambda _: ("judged-away", *real))
    assert tell(house) == Told(1, 1, 0)


@pytest.fixture
def command(house: House, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs `tongjian subscriptions …` in this house."""

    @contextmanager
    def opened() -> Iterator[House]:
        yield house

    monkeypatch.setattr(subscribing, "house", opened)
    return CliRunner()


def said(command: CliRunner, *arguments: str) -> Result:
    return command.invoke(subscribing.app, list(arguments))


def test_add_list_remove(command: CliRunner, receiver: Receiver, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    given = [
        "--name",
        "商务 desk",
        "--webhook",
        receiver.url + "?token=t0p",
        "--word",
        "商务",
        "--word",
        "退款",
        "--type",
        "edited",
        "--secret",
        str(file),
        "--json",
    ]
    made = said(command, "add", *given)
    assert made.exit_code == 0, made.output
    shape = json.loads(made.stdout)
    assert (shape["name"], shape["channel"], shape["signed"]) == ("商务 desk", "webhook", True)
    assert (shape["words"], shape["types"]) == (["商务", "退款"], ["edited"])
    assert json.loads(said(command, "list", "--json").stdout) == [shape]
    table = said(command, "list").stdout
    assert shape["id"] in table
    assert "t0p" not in table + made.stdout
    assert said(command, "remove", shape["id"]).exit_code == 0
    assert json.loads(said(command, "list", "--json").stdout) == []
    assert isinstance(said(command, "remove", shape["id"]).exception, NotFound)


def test_wrong_usage_teaches(command: CliRunner, tmp_path: Path) -> None:
    assert said(command, "add", "--name", "x").exit_code == 2
    assert said(command, "add", "--name", "x", "--webhook", "http://a.example/", "--email", "a@b.c").exit_code == 2
    for wrong in (["--type", "changed"], ["--secret", str(tmp_path / "none")]):
        refused = said(command, "add", "--name", "x", "--webhook", "http://a.example/", *wrong).exception
        assert isinstance(refused, ConfigurationError)
        assert refused.hint


def test_a_test_message_says_what_came_back(command: CliRunner, receiver: Receiver, postbox: Postbox) -> None:
    for target in (["--webhook", receiver.url], ["--email", "desk@example.com"]):
        shape = json.loads(said(command, "add", "--name", "x", *target, "--json").stdout)
        done = said(command, "test", shape["id"])
        assert done.exit_code == 0, done.output
        assert "took the test message" in done.stdout
    assert receiver.posts[0].body["type"] == "test"
    assert postbox.messages[0]["Subject"].startswith("[通鉴] 试 test: x")
    postbox.refused.add("desk@example.com")
    failed = said(command, "test", shape["id"])
    assert failed.exit_code == 1
    assert isinstance(failed.exception, DeliveryError)
    assert failed.exception.hint


def test_deliveries_show_what_waits_and_why(command: CliRunner, house: House, receiver: Receiver) -> None:
    subscriptions.add(house.catalogue.engine, "all", Via.WEBHOOK, receiver.url)
    receiver.status = 503
    seen(house, 1, "甲", title="一则 [公告]")
    tell(house)
    (shape,) = json.loads(said(command, "deliveries", "--state", "waiting", "--json").stdout)
    assert (shape["title"], shape["last_error"], shape["attempts"]) == ("一则 [公告]", "503 Service Unavailable", 1)
    assert json.loads(said(command, "deliveries", "--state", "dead", "--json").stdout) == []
    assert "503" in said(command, "deliveries").stdout
    assert said(command, "deliveries", "--state", "lost").exit_code == 2
