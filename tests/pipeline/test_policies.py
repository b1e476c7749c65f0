"""From served pages to a policy through time, by the real verbs; read again and rebuilt it is the same."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from listeners import listener
from newspaper import SITE, Newspaper, page, url
from typer.testing import CliRunner

from alerts import ledger
from catalogue.kinds import Policy
from domain.citation import DocumentNumber
from pipeline.cli import app, numbering
from pipeline.house import House
from pipeline.rebuilding import rebuild
from pipeline.replaying import replay
from pipeline.telling import tell

NUMBER = "云政发〔2026〕5号"
RULE = "云川市招商引资办法"
PAGES = {
    1: page(1, f"{NUMBER}</p><p>现将《{RULE}》印发给你们，请认真贯彻执行。", f"云川市人民政府关于印发{RULE}的通知"),
    2: page(2, f"近日，市政府印发《{RULE}》，现解读如下。", f"《{RULE}》政策解读"),
    3: page(3, f"按照{NUMBER}文件，符合条件的企业可以获得奖励。"),
    4: page(4),
}
REPEALED = page(4, f"本通知自发布之日起施行，《{RULE}》（云政发[2026]第5号）同时废止。")


def policy(house: House) -> Policy:
    number = DocumentNumber.of(NUMBER)
    assert number is not None
    return house.catalogue.policy(number)


def told(house: House) -> dict[str, str]:
    return {item.url: item.relation.value for item in policy(house).pages}


@pytest.fixture
def issued(paper: Newspaper) -> Newspaper:
    paper.answers.update({url(number): body for number, body in PAGES.items()})
    paper.round()
    return paper


def test_pages_are_joined_as_they_are_read(house: House, issued: Newspaper) -> None:
    assert told(house) == {url(1): "is", url(2): "interprets", url(3): "cites"}
    issued.answers[url(4)] = REPEALED
    issued.round()
    assert told(house)[url(4)] == "repeals"


def test_a_rebuild_and_another_reader_say_the_same(house: House, issued: Newspaper) -> None:
    before = policy(house)
    rows = house.catalogue.dump()["citations"]
    rebuild(house, {SITE.name: SITE})
    assert house.catalogue.dump()["citations"] == rows
    issued.reader("9.9")
    assert replay(house, SITE).switched
    assert policy(house) == before


def test_whoever_follows_the_number_hears_of_its_repeal(house: House, issued: Newspaper) -> None:
    listener(house, "desk", "文号：云政发（2026）5号", since="2026-03-01 09:30+00")
    issued.answers[url(4)] = REPEALED
    issued.round(4)
    assert tell(house).matched == 1
    (delivery,) = ledger.listed(house.catalogue.engine)
    assert delivery.payload["summary"].startswith(f"废止 repeals {NUMBER}: ")


def test_the_command_shows_it(house: House, issued: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened() -> Iterator[House]:
        yield house

    monkeypatch.setattr(numbering, "house", opened)
    run = CliRunner().invoke(app, ["number", "云政发[2026]5号", "--json"])
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout)
    assert [item["relation"] for item in said["timeline"]] == ["is", "interprets"]
    assert [item["url"] for item in said["cited_by"]] == [url(3)]
    shown = CliRunner().invoke(app, ["number", NUMBER])
    assert "原文 is" in shown.stdout
    gaps = CliRunner().invoke(app, ["number", "--gaps", "云政发", "--json"])
    assert json.loads(gaps.stdout)[0]["held"] == [5]
    assert CliRunner().invoke(app, ["number"]).exit_code == 2
