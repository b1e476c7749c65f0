"""A site from a folder of TONGJIAN_SITES runs like the five; the commands that help to make one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk

from demo.server import Replica
from domain.settings import ROOT

SITE = r"""
from domain.site import Entry, Site

SITE = Site(
    name="another-eye",
    title="另一只眼",
    homepage="http://www.zibotv.com/",
    entries=(Entry(url="http://www.zibotv.com/qdzb/zbgd/ds/yspd/"),),
    article=r"/\d{4}/\d{4}/\d+\.html$",
)
"""


@pytest.fixture
def replica(desk: Desk) -> Iterator[Replica]:
    with Replica(ROOT / "demo" / "content") as running:
        desk.environment["TONGJIAN_CONNECT_TO"] = running.connect_to
        yield running


def test_a_site_of_ones_own_runs_like_the_five(desk: Desk, replica: Replica, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "another_eye.py").write_text(SITE, encoding="utf-8")
    desk.environment["TONGJIAN_SITES"] = str(tmp_path / "mine")
    assert "another-eye" in {site["name"] for site in desk.json("sites", "list")}
    desk.run("sites", "check", "another-eye")
    desk.run("run", "another-eye")
    expected = {record.url: record.title for record in replica.articles() if record.site == "qidian-zibo"}
    assert {change["url"] for change in desk.json("changes", "--site", "another-eye")} == set(expected)
    for url, title in expected.items():
        assert desk.json("article", url, "--site", "another-eye")["title"] == title
        break


def test_a_starter_file_is_written_and_is_a_site(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    desk.run("sites", "new", "qihe-ribao", "http://news.example.cn/yaowen/", "--folder", str(folder))
    desk.environment["TONGJIAN_SITES"] = str(folder)
    assert "qihe-ribao" in {site["name"] for site in desk.json("sites", "list")}
    desk.run("sites", "new", "qihe-ribao", "http://news.example.cn/yaowen/", "--folder", str(folder), expect=(1,))


def test_a_broken_site_file_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("SITE = 1/0", encoding="utf-8")
    desk.environment["TONGJIAN_SITES"] = str(tmp_path)
    desk.run("sites", "list", expect=(1,))


def test_doctor_finds_all_in_order(desk: Desk) -> None:
    findings = {item["what"]: item for item in desk.json("doctor")}
    assert {"sites", "s3", "catalogue", "spool", "connect-to"} <= findings.keys()
    assert all(item["ok"] for item in findings.values()), findings
