"""tongjian article: what was read and why, whole, in a terminal of 80 columns and in a pipe."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner, Result

from domain.article import Article, Block
from domain.errors import ConfigurationError
from domain.settings import ROOT
from parsers.explaining import Alternative, Dropped, Explained
from pipeline.articles import Seen, see
from pipeline.cli import app
from pipeline.cli.explaining import show
from pipeline.cli.labels import BLOCKS, FIELDS
from pipeline.cli.sheet import Sheet, harmless

RECORDED = ROOT / "sites" / "fixtures"
PROSE = "".join(f"<p>第{n}段。会议讨论了工作安排,要求各部门抓好落实。</p>" for n in range(4))
URL = "http://news.example.cn/2024/0506/1001.html"
LATER = Alternative("2024-05-07T00:00:00+00:00", "line 9", 0.4)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["article", *words])


def saved(folder: Path, body: str, title: str = "会议讨论了工作安排") -> Path:
    path = folder / "page.html"
    head = f"<meta charset=utf-8><title>{title}</title><h1>{title}</h1><div>2024-05-06 07:08 来源:栖河日报</div>"
    path.write_text(f"{head}<div>{body}</div>", encoding="utf-8")
    return path


def sheet(seen: Seen, explained: Explained, *, terminal: bool, everything: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=80, highlight=False, color_system=None)
    show(Sheet(console), seen, explained, everything=everything)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_fixture_is_read_as_it_was_served() -> None:
    done = run(str(RECORDED / "shandong_commerce" / "butie"))
    assert done.exit_code == 0, done.output
    assert "declared UTF-8 (HTTP), UTF-8 (page), read as utf-8" in done.stdout
    assert "shandong-commerce 山东省商务厅" in done.stdout
    assert "2024-03-18 Asia/Shanghai, the day 到日" in done.stdout
    assert "← td.title (0.95)" in done.stdout
    assert "not on the page 无" in done.stdout
    assert "\x1b" not in done.stdout


def test_every_value_is_there_whole() -> None:
    seen = see(str(RECORDED / "shandong_commerce" / "butie"))
    article = seen.explained().article
    for terminal in (False, True):
        shown = sheet(seen, seen.explained(), terminal=terminal, everything=True)
        bare = "".join(shown.split())
        wanted = [article.title or "", *article.document_numbers, *(block.text for block in article.body)]
        assert not [text for text in wanted if "".join(text.split()) not in bare]
        assert all(item.href in shown for item in article.attachments), "an address is never broken"


def test_lines_fit_eighty_columns() -> None:
    for case in ("shandong_commerce/butie", "toudeng/luntan", "iqilu_jining/pinyin"):
        seen = see(str(RECORDED / case))
        lines = sheet(seen, seen.explained(), terminal=True).splitlines()
        long = [line for line in lines if cell_len(line) > 80 and "http" not in line]
        assert not long


def test_alternatives_and_what_was_left_out(tmp_path: Path) -> None:
    weighed = tuple(Alternative(f"另一个标题{n}", f"line {n}", 0.5) for n in range(5))
    explained = Explained(Article(title="标题"), {"title": weighed}, (Dropped("责任编辑:甲某", "credit"),), "Reader")
    explained = replace(explained, alternatives={**explained.alternatives, "published_at": (LATER,)})
    seen = Seen(b"", URL)
    brief = sheet(seen, explained, terminal=False)
    assert "另一个标题2  ← line 2 (0.50)" in brief
    assert "2024-05-07 08:00:00 Asia/Shanghai  ← line 9 (0.40)" in brief
    assert "另一个标题3" not in brief
    assert "… 2 more: --all" in brief
    assert "1 line (--all shows them)" in brief
    assert "责任编辑" not in brief
    whole = sheet(seen, explained, terminal=False, everything=True)
    assert "另一个标题4" in whole
    assert "责任编辑:甲某  ← credit" in whole
    assert "layout Reader" in whole


def test_where_the_generic_reader_differs_is_said() -> None:
    done = run(str(RECORDED / "toudeng" / "luntan"))
    assert "generic reader 异见" in done.stdout
    assert done.stdout.index("summary 摘要") < done.stdout.index("generic reader 异见")


def test_a_long_table_is_bounded_and_counted(tmp_path: Path) -> None:
    table = Block(kind="table", text="\n".join(f"第{n}行\t{n}" for n in range(500)))
    explained = Explained(Article(title="标题", body=(*[Block(text="一段。")] * 99, table)))
    brief = sheet(Seen(b"", URL), explained, terminal=False)
    assert len(brief.splitlines()) < 100
    assert "… 40 more blocks: --all" in brief
    alone = sheet(Seen(b"", URL), Explained(Article(title="标题", body=(table,))), terminal=False)
    assert "… 492 more rows: --all" in alone
    assert "第7行 │ 7" in alone
    assert "第499行 │ 499" in sheet(Seen(b"", URL), explained, terminal=False, everything=True)


def test_a_page_cannot_steer_the_terminal() -> None:
    assert harmless("标题\x1b[31m\u202e反\n下") == "标题<U+001B>[31m<U+202E>反\n下"
    shown = sheet(Seen(b"", URL), Explained(Article(title="[red]红[/] \x1b]0;x\x07")), terminal=True)
    assert "[red]红[/] <U+001B>]0;x<U+0007>" in shown


def test_every_field_has_its_place_and_its_definition() -> None:
    elsewhere = {"kind", "language", "decoded_as", "fidelity", "published_precision", "body", "provenance", "issues"}
    assert {*FIELDS} | elsewhere == set(Article.model_fields)
    told = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`", told, re.MULTILINE)
    assert {*Article.model_fields, "text", "digest"} <= set(rows)
    assert set(BLOCKS) <= set(rows)
    assert not [name for name in FIELDS if f"`{name}` {FIELDS[name]}" not in told]


def test_json_is_the_article_alone(tmp_path: Path) -> None:
    done = run(str(saved(tmp_path, PROSE)), "--url", URL, "--json", "--all")
    document = json.loads(done.stdout)
    assert set(document) == {*Article.model_fields, "text", "digest"}
    assert (document["title"], document["source"]) == ("会议讨论了工作安排", "栖河日报")


def test_a_time_chooses_the_layout(tmp_path: Path) -> None:
    path = saved(tmp_path, PROSE)
    assert see(str(path), url=URL).at is None
    early = json.loads(run(str(path), "--url", URL, "--at", "2024-01-01", "--json").stdout)
    assert early["published_at"] is None, "a page cannot have been published after it was captured"
    assert json.loads(run(str(path), "--url", URL, "--json").stdout)["published_at"]


def test_mentions_are_shown(tmp_path: Path) -> None:
    path = saved(tmp_path, PROSE + "<p>总投资18亿元,申报截止日期为2024年8月20日。</p>")
    done = run(str(path), "--url", URL, "--mentions")
    assert done.exit_code == 0, done.output
    assert "mentions 文中提及" in done.stdout
    told = done.stdout.split("mentions 文中提及")[1]
    assert "18亿元  = 1800000000 元" in told
    assert "deadline 期限" in told
    assert "= 2024-08-20" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere.html",), "no such file"),
        ((str(RECORDED / "toudeng" / "luntan"), "--site", "nobody"), "no site called nobody"),
        ((str(RECORDED / "toudeng" / "luntan"), "--at", "yesterday"), "--at yesterday"),
    ],
)
def test_wrong_usage_teaches(words: tuple[str, ...], says: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, ConfigurationError)
    assert says in str(refused)
    assert refused.hint
