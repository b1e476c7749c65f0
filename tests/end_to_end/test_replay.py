"""Mending a site's file is another reader: no false edit, and the past is read again when told to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from demo.server import Replica
from domain.settings import ROOT

# A first try at the site: its headline is taken from where the time of publication stands.
FIRST = r"""
from domain.site import Entry, Site
from parsers.declare import SiteReader, one


class Reader(SiteReader):
    title = one("div.info span.time")


SITE = Site(
    name="another-eye",
    title="另一只眼",
    homepage="http://www.zibotv.com/",
    entries=(Entry(url="http://www.zibotv.com/qdzb/zbgd/ds/yspd/"),),
    article=r"/\d{4}/\d{4}/\d+\.html$",
    readers=(Reader,),
)
"""
MENDED = FIRST.replace("div.info span.time", "h1.title")


@pytest.fixture
def replica(desk: Desk) -> Iterator[Replica]:
    with Replica(ROOT / "demo" / "content") as running:
        desk.environment["TONGJIAN_CONNECT_TO"] = running.connect_to
        yield running


def test_a_mended_site_file_raises_no_false_edit_and_the_past_is_read_again(
    desk: Desk, replica: Replica, tmp_path: Path
) -> None:
    file = tmp_path / "mine" / "another_eye.py"
    file.parent.mkdir()
    file.write_text(FIRST, encoding="utf-8")
    desk.environment["TONGJIAN_SITES"] = str(file.parent)
    desk.run("run", "another-eye")
    before = desk.changes()
    assert {kind for kind, _, _ in before} == {"new"}
    file.write_text(MENDED, encoding="utf-8")
    records = {record.url: record.title for record in replica.articles() if record.site == "qidian-zibo"}
    _replayed(desk, records)
    file.write_text(FIRST, encoding="utf-8")
    desk.run("run", "another-eye", "--recheck")
    assert desk.changes() == before, "pages captured since were read again before they were compared"
    file.write_text(MENDED, encoding="utf-8")
    desk.run("run", "another-eye", "--recheck")
    assert desk.changes() == before
    assert desk.json("replay", "another-eye") == [{"site": "another-eye", "switched": False, "report": None}]


def _replayed(desk: Desk, titles: dict[str, str]) -> None:
    said = _report(desk.json("replay", "another-eye", "--dry-run"), switched=False)
    assert said["fields"]["title"]["number"] == len(titles)
    for example in said["fields"]["title"]["examples"]:
        assert example["after"] == titles[example["url"]] != example["before"]
    assert said["appearing"] == said["disappearing"] == {}
    url = next(iter(titles))
    assert desk.json("search", titles[url]) == []
    assert _report(desk.json("replay", "another-eye"), switched=True) == said
    assert [found["url"] for found in desk.json("search", titles[url])] == [url]
    back = _report(desk.json("replay", "another-eye", "--back"), switched=True)
    assert back["fields"].keys() == said["fields"].keys()
    assert desk.json("search", titles[url]) == []
    assert b"switched to" in desk.run("replay")


def _report(done: Any, *, switched: bool) -> dict[str, Any]:
    [item] = done
    assert item["switched"] == switched
    report: dict[str, Any] = item["report"]
    return report
