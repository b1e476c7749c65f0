"""The splitters go by a page's form: other texts of the same form come apart as well."""

import json
from pathlib import Path

import pytest
from replica_pages import Open, visible

from demo.addresses import numbered
from demo.model import Source
from demo.replica import Replica
from demo.splitters import SITES, split


def test_a_qidian_page_without_source_crumbs_or_editor() -> None:
    parts = split("qidian-zibo", "某县:一条新闻\n来自县里\n2023-01-02 03:04:05 字号:- +\n\n第一段。\n图说\n第二段。\n")
    assert parts.title == "某县:一条新闻 来自县里"
    assert (parts.source, parts.published, parts.body) == ("", "2023-01-02 03:04:05", ("第一段。", "图说", "第二段。"))
    assert parts.notes == parts.tail == ()


def test_a_qidian_publish_line_with_the_source_after_the_time() -> None:
    head = "标题\n2023-01-02 03:04:05 来源:甲 浏览:12 字号:- +\n"
    parts = split("qidian-zibo", f"{head}2020年1月2日 12:30,首段。\n编辑:乙\n分享至:\n")
    assert (parts.title, parts.source, parts.body) == ("标题", "甲", ("2020年1月2日 12:30,首段。",))
    assert parts.notes == ("编辑:乙",)


def test_a_toudeng_summary_under_its_label() -> None:
    parts = split("toudeng", "标题\n摘要\n一句话。\n首段。\n版权声明\n")
    assert (parts.summary, parts.body) == ("一句话。", ("首段。",))


def test_a_commerce_page_with_its_breadcrumb_in_one_line() -> None:
    head = "首页>新闻>要闻\n标题一\n发布时间：2023-11-02  来源：某处\n浏览次数：字体：【大 中 小】\n"
    text = f"{head}正文。\n\n版权与免责声明：\n甲\n"
    parts = split("shandong-commerce", text)
    assert parts.crumbs == ("首页", "新闻", "要闻")
    assert (parts.title, parts.source, parts.body) == ("标题一", "某处", ("正文。",))
    assert parts.moment.isoformat() == "2023-11-02T00:00:00"


def test_a_commerce_body_may_open_with_a_source_line_of_its_own() -> None:
    head = "首页\n>要闻\n标题\n发布日期: 2023- 1- 2 信息来源:甲\n信息来源:甲\n浏览次数 字体:【\n"
    assert split("shandong-commerce", f"{head}首段。\n来源:乙\n尾段。\n").body == ("首段。", "来源:乙", "尾段。")


@pytest.mark.parametrize(
    "head", ["来源:甲\n2023-01-02 03:04:05\n作者:乙\n编辑:丙", "2023-01-02 03:04:05 来源:甲 作者:乙 编辑:丙",
             "來(lái)源:甲\n2023-01-02 03:04:05\n作者:乙\n編(biān)輯(jí):丙"],
)  # fmt: skip
def test_an_iqilu_publish_line_in_one_line_or_many(head: str) -> None:
    parts = split("iqilu-jining", f"标题\n{head}\n首段。\n来源:甲\n想爆料?请登录\n热线\n")
    assert (parts.title, parts.source, parts.authors, parts.editor) == ("标题", "甲", "乙", "丙")
    assert (parts.published, parts.body) == ("2023-01-02 03:04:05", ("首段。",))
    assert (parts.notes, parts.tail) == (("来源:甲",), ("想爆料?请登录", "热线"))


def test_an_iqilu_headline_from_its_label() -> None:
    parts = split("iqilu-jining", "來源:甲\n2023-01-02 03:04:05\n原標(biāo)題:新舊(jiù)之間\n首段。\n")
    assert (parts.title, parts.headline) == ("", "新舊(jiù)之間")
    assert parts.body[0].startswith("原標")


def test_a_diyang_page_without_authors_or_boilerplate() -> None:
    parts = split("diyang-keqiao", "标题\n2023-01-02 03:04:05 编辑:abc\n首段。\n来源:甲\n编辑:\n")
    assert (parts.authors, parts.editor, parts.body) == ("", "abc", ("首段。",))
    assert parts.notes == ("来源:甲", "编辑:")


def test_a_toudeng_page_without_masthead_or_summary() -> None:
    parts = split("toudeng", "标题\n首段。\n2024年05月15日 星期三\n编辑:甲\n版权声明\n乙\n")
    assert (parts.title, parts.summary) == ("标题", "")
    assert parts.body == ("首段。", "2024年05月15日 星期三", "编辑:甲")


def test_ids_are_stable_and_distinct() -> None:
    texts = [Source("toudeng", slug, "标题\n正文。") for slug in ("toudeng", "39941", "a", "b")]
    numbers = {item.source.slug: item.number for item in numbered(texts)}
    assert numbers["toudeng"] == 39941
    assert len(set(numbers.values())) == 4
    assert numbers == {item.source.slug: item.number for item in numbered(reversed(texts))}


def test_the_seeds_are_served_at_their_addresses_line_by_line(shared: Path, browser: Open) -> None:
    with Replica(shared) as replica:
        urls = {item.site: item.url for item in replica.articles()}
        for site in SITES:
            gold = json.loads((shared / f"{site}.gold.json").read_text())
            text = (shared / f"{site}.txt").read_text()
            got = browser(replica).ask(urls[site])
            assert got.status == 200
            assert urls[site] == gold.get("url", urls[site])
            shown = visible(got.text)
            body = [line for line in gold["body"] if site != "iqilu-jining"] or split(site, text).body
            missing = [line for line in body if visible(line) not in shown]
            assert missing == []


def test_texts_of_a_folder_and_texts_beside_it(tmp_path: Path, browser: Open) -> None:
    (tmp_path / "toudeng").mkdir()
    (tmp_path / "toudeng.txt").write_bytes("\ufeff标题甲\r\n首段。\r\n".encode())
    (tmp_path / "toudeng" / "other.txt").write_text("标题乙\n首段。\n")
    (tmp_path / "toudeng.gold.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("not a page")
    with Replica(tmp_path) as replica:
        assert [(item.slug, item.title) for item in replica.articles()] == [("other", "标题乙"), ("toudeng", "标题甲")]
        assert browser(replica).ask("https://www.toudeng.cc/archives/39941").status == 200
