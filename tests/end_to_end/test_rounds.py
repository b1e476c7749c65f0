"""The main job without the scheduler: publish, edit, remove, restore on the replica, command by command."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from desk import Desk, make_database

from catalogue import Catalogue
from demo.server import Replica
from domain.settings import ROOT
from pipeline.embedded.shared import Endpoints

CONTENT = ROOT / "demo" / "content"
ALL = ("run", "--all", "--recheck")


@pytest.fixture
def replica(desk: Desk) -> Iterator[Replica]:
    with Replica(CONTENT) as running:
        desk.environment["TONGJIAN_CONNECT_TO"] = running.connect_to
        yield running


def urls(replica: Replica, site: str) -> list[str]:
    return [record.url for record in replica.articles() if record.site == site]


def longest_line(replica: Replica, url: str) -> str:
    """The longest paragraph of an article; the site's own closing words are no part of it."""
    closing = ("热线", "版权", "许可证", "爆料")
    return max((line for line in replica.text(url).splitlines() if not any(word in line for word in closing)), key=len)


def test_moving_counters_make_captures_but_no_version(desk: Desk, replica: Replica) -> None:
    desk.run("run", "--all")
    before = desk.changes()
    assert {kind for kind, _, _ in before} == {"new"}
    assert {url for _, url, _ in before} == {record.url for record in replica.articles()}
    for _ in range(2):
        desk.run(*ALL)
    assert desk.changes() == before
    history = desk.json("history", urls(replica, "qidian-zibo")[0])
    assert len(history["versions"]) == 1
    digests = {capture["payload_digest"] for capture in history["captures"]}
    assert len(digests) == 3, "the counters of this page must have moved, or this test proves nothing"


def test_exactly_what_happened_and_no_other(desk: Desk, replica: Replica) -> None:
    edited, number, missing = (
        urls(replica, "iqilu-jining")[0],
        urls(replica, "diyang-keqiao")[0],
        urls(replica, "toudeng")[0],
    )
    soft, home = urls(replica, "qidian-zibo")[0], urls(replica, "shandong-commerce")[0]
    late = urls(replica, "qidian-zibo")[1]
    replica.hold(late)
    desk.run("run", "--all")
    base = desk.changes()
    line = longest_line(replica, edited)
    replica.edit(edited, line, line[:-2] + "丑" + line[-1])
    paragraph = longest_line(replica, number)
    replica.edit(number, paragraph, paragraph + "另外安排资金3,000万元。")
    replica.publish(late)
    for url, mode in ((missing, "404"), (soft, "soft404"), (home, "home")):
        replica.remove(url, mode)
    desk.run(*ALL)
    assert desk.changes() - base == {("edited", edited, 2), ("edited", number, 2), ("new", late, 1)}
    desk.run(*ALL)
    gone = {("removed", missing, 1), ("removed", soft, 1), ("removed", home, 1)}
    assert desk.changes() - base == {("edited", edited, 2), ("edited", number, 2), ("new", late, 1)} | gone
    replica.revert(edited)
    replica.restore(missing)
    desk.run(*ALL)
    desk.run(*ALL)
    later = {("edited", edited, 3), ("restored", missing, 1)}
    assert desk.changes() - base - gone == {("edited", edited, 2), ("edited", number, 2), ("new", late, 1)} | later
    reverted = next(change for change in desk.json("changes", "--type", "edited") if change["version"] == 3)
    assert reverted["reverts_to"] == 1
    _removals_carry_evidence(desk, {missing: "404", soft: "soft 404", home: "home page"})
    _differences_are_exact(desk, number)


def _removals_carry_evidence(desk: Desk, reasons: dict[str, str]) -> None:
    removed = {change["url"]: change for change in desk.json("changes", "--type", "removed")}
    assert set(removed) == set(reasons)
    for url, reason in reasons.items():
        assert reason in removed[url]["reason"]
        assert len(removed[url]["evidence"]) >= 2
    assert desk.json("history", next(iter(reasons)))["status"] == "restored"


def _differences_are_exact(desk: Desk, url: str) -> None:
    fields = desk.json("diff", url)["fields"]
    assert [item["name"] for item in fields] == ["body"]
    inserted = "".join(span["text"] for span in fields[0]["spans"] if span["op"] == "insert")
    deleted = "".join(span["text"] for span in fields[0]["spans"] if span["op"] == "delete")
    assert (inserted, deleted) == ("另外安排资金3,000万元。", "")


def test_bytes_are_kept_as_served(desk: Desk, replica: Replica) -> None:
    desk.run("run", "--all")
    for record in {record.site: record for record in replica.articles()}.values():
        raw = desk.run("show", record.url, "--raw")
        assert raw == replica.payload(record.url), record.url
        digest = desk.json("history", record.url)["captures"][0]["payload_digest"]
        assert digest == "sha256:" + hashlib.sha256(raw).hexdigest()
    assert desk.json("verify", "--deep")["findings"] == []


def test_a_rebuilt_catalogue_has_identical_rows(desk: Desk, replica: Replica, endpoints: Endpoints) -> None:
    url = urls(replica, "shandong-commerce")[2]
    desk.run("run", "--all")
    line = longest_line(replica, url)
    replica.edit(url, line, line.replace(line[5], "〇", 1))
    replica.remove(urls(replica, "toudeng")[1], "404")
    desk.run(*ALL)
    desk.run(*ALL)
    before = _rows(desk.database)
    assert before["changes"]
    assert before["versions"]
    desk.environment["TONGJIAN_DATABASE"] = again = make_database(endpoints, desk.environment["TONGJIAN_BUCKET"] + "b")
    desk.run("rebuild")
    after = _rows(again)
    assert before.keys() == after.keys()
    for table, rows in before.items():
        assert rows == after[table], table


def _rows(database: str) -> dict[str, list[dict[str, Any]]]:
    with Catalogue(database) as catalogue:
        return catalogue.dump()


def test_commands_answer_in_the_agreed_shapes(desk: Desk, replica: Replica) -> None:
    desk.run("run", "shandong-commerce", "toudeng")
    change = desk.json("changes", "--site", "toudeng")[0]
    assert {"url", "site", "type", "at", "severity", "version", "cosmetic", "reprint_of", "fields"} <= change.keys()
    history = desk.json("history", change["url"])
    assert {"url", "status", "versions", "captures"} <= history.keys()
    assert {"version", "first_seen", "last_seen", "article_digest", "change"} <= history["versions"][0].keys()
    assert {"at", "status", "payload_digest"} <= history["captures"][0].keys()
    article = desk.json("show", change["url"])["article"]
    assert article["published_precision"] == "first_seen"
    found = desk.json("search", article["title"])
    assert found[0]["url"] == change["url"]
    assert {"url", "site", "title", "published_at"} <= found[0].keys()
    desk.run("show", change["url"], "--raw", "--at", "2020-01-01", expect=(1,))
    assert desk.run("show", change["url"], "--raw", "--at", change["at"]) == desk.run("show", change["url"], "--raw")
    now = desk.json("article", change["url"])
    assert now["digest"] == article["digest"]


def test_errors_say_what_to_do(desk: Desk) -> None:
    desk.run("history", "http://nowhere.example/1", expect=(1,))
    desk.run("run", "no-such-site", expect=(1,))
    desk.run("frobnicate", expect=(2,))
    desk.run("show", "http://nowhere.example/1", "--at", "yesterday", expect=(1,))
