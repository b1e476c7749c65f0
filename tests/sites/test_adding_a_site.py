"""docs/adding-a-site.md does what it says: its file is a site, and reads pages of both layouts."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sites
from domain.site import Entry, Expectation, Manners, Site
from parsers import declare, platforms, read

DOC = (Path(__file__).resolve().parents[2] / "docs" / "adding-a-site.md").read_text(encoding="utf-8")
URL = "http://news.example.cn/2024/0506/1001.html"
PROSE = "".join(f"<p>第{n}段。会议讨论了工作安排,要求各部门抓好落实。</p>" for n in range(4))
PAGE = f"""<title>栖河日报</title><meta name="description" content="栖河日报,栖河人自己的报纸和网站">
<div>2024年05月15日 星期三</div><div class="wz">首页 > 要闻</div><p class="bt">会议讨论了工作安排</p>
<span class="time">2024-05-06 07:08:09</span> <span class="ly">来源:栖河日报</span> <span class="zz">记者 温予墨</span>
<div id="nr"><div class="fx">分享给朋友们看一看吧</div>{PROSE}<p class="tj">推荐您再看一篇别的文章。</p></div>"""
OLD = f"<table><tr><td class='title'>旧版的标题在表格里</td></tr><tr><td class='content'>{PROSE}</td></tr></table>"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (source,) = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    (tmp_path / "qihe_ribao.py").write_text(source, encoding="utf-8")
    return sites.get("qihe-ribao", [tmp_path])


def test_the_example_reads_its_layout(site: Site) -> None:
    got = read(PAGE.encode(), URL, site=site, at=datetime(2024, 5, 15, tzinfo=UTC))
    assert got.issues == ()
    assert (got.title, got.source, got.authors) == ("会议讨论了工作安排", "栖河日报", ("温予墨",))
    assert got.published_at == datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)
    assert (got.breadcrumb, got.summary) == (("首页", "要闻"), None)
    assert [block.text[:3] for block in got.body] == ["第0段", "第1段", "第2段", "第3段"]


def test_the_example_reads_the_layout_before(site: Site) -> None:
    got = read(OLD.encode(), URL, site=site, at=datetime(2022, 5, 15, tzinfo=UTC))
    assert got.title == "旧版的标题在表格里"
    assert got.provenance["body"].where == "td.content"
    assert "reader: published: expected one span.time, found 0" in got.issues


def test_every_option_is_told() -> None:
    fields = {*Site.model_fields, *Manners.model_fields, *Expectation.model_fields, *Entry.model_fields}
    assert not [name for name in fields if not re.search(rf"\b{name}\b", DOC)]


def test_every_function_field_and_family_is_told() -> None:
    told = [name for name in declare.__all__ if name.islower() and name != "chosen"]
    families = [family.__name__ for family in platforms.KNOWN]
    assert {"one", "meta", "blocks"} <= set(told)
    assert not [name for name in (*told, *declare.NAMES, *families) if f"`{name}" not in DOC]
