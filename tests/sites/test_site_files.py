"""Site files: found without a registry, and refused with the file's name where they are wrong."""

import re
from pathlib import Path

import pytest

import sites
from domain.errors import ConfigurationError
from domain.settings import settings
from domain.site import Site
from parsers import read

FIVE = ["diyang-keqiao", "iqilu-jining", "qidian-zibo", "shandong-commerce", "toudeng"]
FOLDER = Path(sites.__file__).parent
GOOD = """from domain.site import Entry, Site
SITE = Site(name="{name}", title="例", homepage="http://a.cn/", entries=(Entry(url="http://a.cn/l/"),), article="/x")
"""


def test_the_five_sites() -> None:
    assert list(sites.load([])) == FIVE


@pytest.mark.parametrize("name", FIVE)
def test_each_is_one_short_file_with_what_operators_ask_for(name: str) -> None:
    site = sites.get(name, [])
    assert site.every.total_seconds() == 1800
    assert site.tags
    assert site.expect.links >= 1
    assert site.platform
    lines = (FOLDER / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40
    assert any("#" in line for line in lines)


@pytest.mark.parametrize("name", FIVE)
def test_no_entry_is_taken_for_an_article(name: str) -> None:
    site = sites.get(name, [])
    assert not [url for url in (site.homepage, *(entry.url for entry in site.entries)) if site.is_article(url)]


def test_unconfirmed_hosts_are_marked() -> None:
    for name in ("qidian_zibo", "diyang_keqiao"):
        assert "Unconfirmed" in (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def test_a_folder_of_further_sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_site.py").write_text(GOOD.format(name="my-site"), encoding="utf-8")
    (tmp_path / "_helper.py").write_text("nonsense(", encoding="utf-8")
    assert list(sites.load([tmp_path])) == sorted([*FIVE, "my-site"])
    monkeypatch.setenv("TONGJIAN_SITES", str(tmp_path))
    settings.cache_clear()
    try:
        assert sites.get("my-site").title == "例"
        assert "my-site" in sites.load()
    finally:
        settings.cache_clear()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SITE = 3", "defines no SITE"),
        ("x = 1", "defines no SITE"),
        ("def (", "SyntaxError"),
        ("import no_such_module", "ModuleNotFoundError"),
        (GOOD.format(name="other-name"), "«other-name».*«my-site»"),
        (GOOD.format(name="my-site").replace('"/x"', '"("'), "unterminated subpattern"),
        (GOOD.format(name="my-site").replace("title=", "titel="), "titel"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "my_site.py"
    path.write_text(text, encoding="utf-8")
    for ask in (lambda: sites.load([tmp_path]), lambda: sites.get("my-site", [tmp_path])):
        with pytest.raises(ConfigurationError, match=f"(?s){re.escape(str(path))}.*{says}"):
            ask()


def test_a_name_twice(tmp_path: Path) -> None:
    (tmp_path / "toudeng.py").write_text(GOOD.format(name="toudeng"), encoding="utf-8")
    for ask in (lambda: sites.load([tmp_path]), lambda: sites.get("toudeng", [tmp_path])):
        with pytest.raises(ConfigurationError, match="already"):
            ask()


def test_an_unknown_name_and_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nobody") as caught:
        sites.get("nobody", [])
    assert "toudeng" in str(caught.value.hint)
    with pytest.raises(ConfigurationError, match="no folder"):
        sites.load([tmp_path / "gone"])


def test_the_starter_file_is_a_site_that_reads(tmp_path: Path) -> None:
    text = sites.scaffold("my-site", "http://news.example.cn/yaowen/index.html")
    (tmp_path / "my_site.py").write_text(text, encoding="utf-8")
    site: Site = sites.get("my-site", [tmp_path])
    assert (site.homepage, site.hosts) == ("http://news.example.cn/", frozenset({"news.example.cn"}))
    for url in ("2020/0821/1056321.html", "art/2019/1/7/art_21482_4415480.html", "yaowen/202001/t20200102_33.html"):
        assert site.is_article(site.homepage + url)
    assert not site.is_article(site.entries[0].url)
    prose = "<p>会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>" * 3
    page = f"<h1>会议讨论了工作安排</h1><div>2020-01-02 10:00 来源:例报</div><div>{prose}</div>"
    got = read(page.encode(), site.homepage + "yaowen/202001/t20200102_33.html", site=site)
    assert (got.kind, got.title, got.source) == ("article", "会议讨论了工作安排", "例报")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("My Site", "http://a.cn/"),
        ("a" * 41, "http://a.cn/"),
        ("a", "a.cn/list"),
        ("a", 'http://a.cn/"+x+"'),
        ("a", "ftp://a.cn/"),
    ],
)
def test_what_no_starter_file_can_be_made_of(name: str, url: str) -> None:
    with pytest.raises(ConfigurationError):
        sites.scaffold(name, url)
