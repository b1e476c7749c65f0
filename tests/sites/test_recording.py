"""tongjian sites record, expect, test: from a page of a site to a test that fails until somebody looked at it."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sites
from demo.content import SHIPPED
from demo.server import Replica
from domain.clock import now
from domain.errors import ConfigurationError, FetchError
from domain.settings import settings
from pipeline import fixtures
from pipeline.cli import app
from pipeline.fetching import Answer
from pipeline.fixtures import store

SITE = r"""
from domain.site import Entry, Site
from parsers.declare import SiteReader, one


class Reader(SiteReader):
    title = one("h1.title")


SITE = Site(
    name="my-site",
    title="一家",
    homepage="http://www.zibotv.com/",
    entries=(Entry(url="http://www.zibotv.com/qdzb/zbgd/ds/yspd/", more="http://www.zibotv.com/index_{page}.html"),),
    article=r"/\d{4}/\d{4}/\d+\.html$",
    readers=(Reader,),
)
"""
LIST = "http://www.zibotv.com/qdzb/zbgd/ds/yspd/"
Run = Callable[..., Result]


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    with Replica(SHIPPED, state=tmp_path / "replica") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "my_site.py").write_text(SITE, encoding="utf-8")
    return folder


@pytest.fixture
def run(replica: Replica, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `tongjian …` with that site, led to the replica."""
    monkeypatch.setenv("TONGJIAN_SITES", str(folder))
    monkeypatch.setenv("TONGJIAN_CONNECT_TO", replica.connect_to)
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, list(words))
    settings.cache_clear()


@pytest.fixture
def url(replica: Replica) -> str:
    return next(record.url for record in replica.articles() if record.slug == "xiaofang-jiancha")


def recorded(run: Run, url: str, folder: Path) -> Path:
    """The fixture's folder, after recording an article as «qiaomen»."""
    done = run("sites", "record", url, "--site", "my-site", "--name", "qiaomen")
    assert done.exit_code == 0, done.output
    return folder / "fixtures" / "my_site" / "qiaomen"


def expected(case: Path) -> dict[str, object]:
    return dict(json.loads((case / "expected.json").read_text(encoding="utf-8")))


def test_a_page_is_kept_as_served(run: Run, replica: Replica, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    said = json.loads((case / "answer.json").read_text(encoding="utf-8"))
    assert (case / said["payload"]).read_bytes() == replica.payload(url)
    assert (said["url"], said["status"]) == (url, 200)
    assert [name for name, _ in said["headers"]][:2] == ["Content-Type", "Server"]
    assert said["fetched_at"].endswith("Z")
    assert store.answer(case).payload == replica.payload(url)


def test_it_fails_until_somebody_looked(run: Run, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    assert expected(case)["looked_at"] is False
    assert expected(case)["title"] == "栖河市开展冬季消防安全“敲门行动”"
    assert run("sites", "record", LIST, "--site", "my-site").exit_code == 0
    first = run("sites", "test", "my-site")
    assert first.exit_code == 1
    assert first.stdout.count("nobody has looked at it yet") == 2
    assert "tongjian sites expect my-site qiaomen --looked-at" in first.stdout
    for name in ("qiaomen", "yspd"):
        assert run("sites", "expect", "my-site", name, "--looked-at").exit_code == 0
    last = run("sites", "test", "my-site")
    assert last.exit_code == 0, last.output
    assert "my-site/qiaomen: as expected" in last.stdout


def test_a_list_page_keeps_its_links(run: Run, replica: Replica, folder: Path) -> None:
    run("sites", "record", LIST, "--site", "my-site", "--name", "list")
    held = expected(folder / "fixtures" / "my_site" / "list")
    known = {record.url: record.title for record in replica.articles() if record.site == "qidian-zibo"}
    links = held["links"]
    assert isinstance(links, list)
    assert len(links) > 4
    assert all(known[link["url"]] == link["title"] for link in links)


def test_what_is_lacking_is_said(run: Run, url: str, folder: Path) -> None:
    empty = run("sites", "test", "my-site")
    assert empty.exit_code == 1
    assert "no article of it is recorded" in empty.stdout
    assert f"tongjian sites record {LIST} --site my-site" in empty.stdout
    checked = run("sites", "check", "my-site")
    assert checked.exit_code == 0, "a site without fixtures still runs"
    assert "no list page of it is recorded" in checked.stdout
    recorded(run, url, folder)
    assert "no article of it" not in run("sites", "test", "my-site").stdout


def test_a_missing_expectation_is_written_once_and_fails(run: Run, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    before = expected(case)
    (case / "expected.json").unlink()
    first = run("sites", "test", "my-site")
    assert "it had no expectation; what is read now was written down" in first.stdout
    assert expected(case) == before
    assert "nobody has looked at it yet" in run("sites", "test", "my-site").stdout


def test_differences_are_named_field_by_field(run: Run, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    wanted = expected(case)
    body = wanted["body"]
    assert isinstance(body, list)
    store.write(case / "expected.json", {**wanted, "looked_at": True, "source": "另一家", "body": body[1:]})
    done = run("sites", "test", "my-site", "--json")
    assert done.exit_code == 1
    (verdict,) = json.loads(done.stdout)["fixtures"]
    assert verdict["problem"] == "reads otherwise than expected: source, body"
    source, blocks = verdict["differences"]
    assert (source["expected"], source["read"]) == (["另一家"], ["栖河消防"])
    assert (blocks["expected"], [json.loads(line) for line in blocks["read"]]) == ([], body[:1])
    shown = run("sites", "expect", "my-site", "qiaomen").stdout
    assert "  - 另一家" in shown
    assert "  + 栖河消防" in shown


def test_looking_does_not_overwrite_what_a_person_wrote(run: Run, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    store.write(case / "expected.json", {**expected(case), "source": "另一家"})
    assert run("sites", "expect", "my-site", "qiaomen", "--looked-at").exit_code == 1
    assert expected(case)["source"] == "另一家"
    done = run("sites", "expect", "my-site", "qiaomen", "--as-read", "--looked-at")
    assert done.exit_code == 0
    assert "  - 另一家" in done.stdout
    assert (expected(case)["source"], expected(case)["looked_at"]) == ("栖河消防", True)


def test_a_field_taken_out_is_free(run: Run, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    store.write(case / "expected.json", {"looked_at": True, "title": expected(case)["title"]})
    assert "my-site/qiaomen: as expected" in run("sites", "test", "my-site").stdout
    run("sites", "expect", "my-site", "qiaomen", "--as-read")
    assert list(expected(case)) == ["looked_at", "title"]


def test_a_page_fetched_again_is_held_to_its_expectation(run: Run, replica: Replica, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    run("sites", "expect", "my-site", "qiaomen", "--looked-at")
    assert run("sites", "record", "--again", "qiaomen").exit_code == 0
    replica.edit("xiaofang-jiancha", "96万元", "69万元")
    again = run("sites", "record", "--again", "my-site/qiaomen")
    assert again.exit_code == 1
    assert "69万元" in again.stdout
    assert store.answer(case).payload == replica.payload(url)
    replica.remove("xiaofang-jiancha")
    kept = store.answer(case)
    assert isinstance(run("sites", "record", "--again", "qiaomen").exception, FetchError)
    assert store.answer(case) == kept, "what is gone does not take the record with it"


def test_what_a_server_insists_on_compressing_is_kept_so(tmp_path: Path) -> None:
    site = sites.get("toudeng", [])
    plain = "<h1 class='entry-title'>压缩过的一页</h1><div class='entry-content'><p>一句话。</p></div>".encode()
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"))
    served = Answer("https://www.toudeng.cc/archives/1", 200, headers, gzip.compress(plain), now())
    store.keep(tmp_path / "case", served)
    assert (tmp_path / "case" / "page.bin").read_bytes() == served.payload
    assert store.answer(tmp_path / "case") == served
    assert fixtures.reading_of(served, site)["title"] == "压缩过的一页"


def test_a_redirect_is_followed_and_said(run: Run, replica: Replica, url: str, folder: Path) -> None:
    replica.remove("xiaofang-jiancha", "home")
    done = run("sites", "record", url, "--site", "my-site", "--name", "moved")
    assert done.exit_code == 0, done.output
    assert f"{url} led to http://www.zibotv.com/" in done.stderr
    assert "neither an article nor a list page of this site" in done.stderr
    assert expected(folder / "fixtures" / "my_site" / "moved")["kind"] == "home"


def test_spoilt_files_are_named(run: Run, url: str, folder: Path) -> None:
    case = recorded(run, url, folder)
    page = case / "page.html"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert "the bytes are not those that were served" in run("sites", "test", "my-site").stdout
    page.unlink()
    assert "the recorded page is not there" in run("sites", "test", "my-site").stdout
    (case / "expected.json").write_text("{", encoding="utf-8")
    refused = run("sites", "test", "my-site").exception
    assert isinstance(refused, ConfigurationError)
    assert str(case / "expected.json") in str(refused)


def test_wrong_usage_teaches(run: Run, url: str, folder: Path) -> None:
    recorded(run, url, folder)
    assert run("sites", "record").exit_code == 2
    assert run("sites", "record", url, "--again", "qiaomen").exit_code == 2
    for words, says in (
        (("record", url, "--site", "my-site", "--name", "qiaomen"), "recorded already"),
        (("record", url, "--site", "my-site", "--name", "../x"), "no name for a case"),
        (("record", "http://nowhere.example/"), "no site has that host"),
        (("record", "--again", "nothing"), "no page is recorded as «nothing»"),
        (("expect", "my-site", "nothing"), "no page is recorded as «nothing»"),
        (("test", "nobody"), "no site called nobody"),
    ):
        refused = run("sites", *words).exception
        assert isinstance(refused, ConfigurationError), words
        assert says in str(refused)
        assert refused.hint


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://a.cn/art/2024/3/18/art_21482_8628040.html", "art-21482-8628040"),
        ("http://a.cn/yaowen/index.html", "yaowen"),
        ("http://a.cn/yaowen/?page=2", "yaowen"),
        ("http://a.cn/", "front"),
        ("http://a.cn/要闻/", "front"),
    ],
)
def test_a_case_is_called_by_its_address(url: str, name: str) -> None:
    from pipeline.fixtures.recording import case_name

    assert case_name(url) == name
