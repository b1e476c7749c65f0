"""Metadata tables of government pages in every shape, and what must not be taken for one. All texts invented."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.article import Validity
from domain.clock import SHANGHAI
from parsers import government
from parsers.document import document
from parsers.government import Official

TITLE = "云川省商务厅关于做好冬季市场保供工作的通知"
BODY = "<p>各市商务局：</p>" + "<p>为做好冬季市场保供工作，现就有关事项通知如下，请认真抓好落实。</p>" * 4

ROWS = {
    "索 引 号": "015001/2019-00012",
    "主题分类": "商贸、海关、旅游\\国内贸易",
    "发文机关": "云川省商务厅",
    "成文日期": "2019年01月07日",
    "标　　题": TITLE,
    "发文字号": "云商发〔2019〕3号",
    "发布日期": "2019年01月08日",
    "有效性": "有效",
}


NAMES = (
    "index_number",
    "agency",
    "document_numbers",
    "written_on",
    "effective_on",
    "expires_on",
    "title",
    "validity",
)


def cells(columns: int) -> str:
    parts = [f"<td><b>{label}：</b></td><td>{value}</td>" for label, value in ROWS.items()]
    half = columns // 2
    rows = ("".join(parts[start : start + half]) for start in range(0, len(parts), half))
    return "<table id=meta>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def items(shape: str) -> str:
    return "".join(shape.format(label=label, value=value) for label, value in ROWS.items())


SHAPES = {
    "two columns": cells(2),
    "four columns": cells(4),
    "six columns": cells(6),
    "a cell for both": f"<table id=meta><tr>{items('<td>{label}：{value}</td>')}</tr></table>",
    "cells of paragraphs": "<table id=meta>"
    + items("<tr><td><p>{label}</p></td><td><p><span>{value}</span></p></td></tr>")
    + "</table>",
    "li with p": f"<ul id=meta>{items('<li>{label}:<p>{value}</p></li>')}</ul>",
    "spaced square brackets": f"<ul id=meta>{items('<li>[ {label} ] {value}</li>')}</ul>",
    "th": f"<table id=meta>{items('<tr><th>{label}</th><td>{value}</td></tr>')}</table>",
    "dl": f"<dl id=meta>{items('<dt>{label}</dt><dd>{value}</dd>')}</dl>",
    "dl in divs": f"<dl id=meta>{items('<div><dt>{label}:</dt><dd>{value}</dd></div>')}</dl>",
    "li with b": f"<ul id=meta>{items('<li><b>{label}：</b>{value}</li>')}</ul>",
    "li with span, no colon": f"<ul id=meta>{items('<li><span>{label}</span>{value}</li>')}</ul>",
    "li with square brackets": f"<ol id=meta>{items('<li>[{label}] <span>{value}</span></li>')}</ol>",
    "lenticular brackets": f"<div id=meta>{items('<p>【{label}】{value}</p>')}</div>",
    "divs": f"<div id=meta>{items('<div><div class=k>{label}</div><div class=v>{value}</div></div>')}</div>",
    "spans": f"<div id=meta>{items('<span>{label}</span><em>{value}</em>')}</div>",
    "lines": f"<div id=meta>{items('{label}：{value}<br>')}</div>",
    "one line": f"<div id=meta>{items('{label}：{value} &nbsp; ')}</div>",
    "labels above": "<table id=meta><tr>"
    + "".join(f"<th>{label}</th>" for label in ROWS)
    + "</tr><tr>"
    + "".join(f"<td>{value}</td>" for value in ROWS.values())
    + "</tr></table>",
}


def page(meta: str, head: str = "") -> str:
    main = f"<div class=main>{meta}<h1>{TITLE}</h1><div id=doc>{BODY}</div></div>"
    return f"<html><head>{head}</head><body>{main}</body></html>"


def official(markup: str) -> Official:
    return government.find(document(markup, "http://www.example.gov.cn/art/1.html"))


def stated(found: Official) -> dict[str, object]:
    return {name: getattr(found, name).value for name in NAMES if getattr(found, name)}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_table(shape: str) -> None:
    found = official(page(SHAPES[shape]))
    assert stated(found) == {
        "index_number": "015001/2019-00012",
        "agency": "云川省商务厅",
        "document_numbers": ("云商发〔2019〕3号",),
        "written_on": date(2019, 1, 7),
        "title": TITLE,
        "validity": Validity.IN_FORCE,
    }
    assert found.published is not None
    assert found.published.value.at.astimezone(SHANGHAI).date() == date(2019, 1, 8)
    assert found.topics is not None
    assert found.topics.value == ("商贸、海关、旅游", "国内贸易")
    assert [element.get("id") for element in found.table] == ["meta"]
    assert found.is_document


def test_two_of_the_same_are_one_and_both_are_the_table() -> None:
    found = official(page(cells(2) + cells(4).replace("id=meta", "id=again")))
    assert [element.get("id") for element in found.table] == ["meta", "again"]
    assert found.index_number is not None


@pytest.mark.parametrize(
    ("label", "value", "name", "want"),
    [
        ("发布机构", "云川省商务厅", "agency", "云川省商务厅"),
        ("公开责任部门", "云川省商务厅办公室", "agency", "云川省商务厅办公室"),
        ("制发机关", "云川省商务厅 云川省财政厅", "agency", "云川省商务厅、云川省财政厅"),
        ("文　　号", "云商发[2019]3号", "document_numbers", ("云商发〔2019〕3号",)),
        ("文号", "2019年第7号", "document_numbers", ("2019年第7号",)),
        (
            "文号",
            "云商发〔2019〕3号；云商发〔2019〕4号",
            "document_numbers",
            ("云商发〔2019〕3号", "云商发〔2019〕4号"),
        ),
        ("生成日期", "2019-01-07", "written_on", date(2019, 1, 7)),
        ("成文日期", "二〇一九年一月七日", "written_on", date(2019, 1, 7)),
        ("发文日期", "2019/1/7", "written_on", date(2019, 1, 7)),
        ("发文日期", "20190107", "written_on", date(2019, 1, 7)),
        ("实施日期", "2019.05.01", "effective_on", date(2019, 5, 1)),
        ("施行日期", "2019年5月1日", "effective_on", date(2019, 5, 1)),
        ("生效日期", "2019-05-01 00:00", "effective_on", date(2019, 5, 1)),
        ("废止日期", "2024-04-30", "expires_on", date(2024, 4, 30)),
        ("有效期", "2019-05-01至2024-04-30", "expires_on", date(2024, 4, 30)),
        ("有效期", "有效", "validity", Validity.IN_FORCE),
        ("效力状态", "现行有效", "validity", Validity.IN_FORCE),
        ("时 效 性", "已废止", "validity", Validity.REPEALED),
        ("有效性", "失效", "validity", Validity.EXPIRED),
        ("有效性", "部分失效", "validity", Validity.AMENDED),
        ("文件状态", "已修改", "validity", Validity.AMENDED),
        ("时效状态", "尚未施行", "validity", Validity.PENDING),
        ("是否有效", "是", "validity", Validity.IN_FORCE),
        ("信息名称", TITLE, "title", TITLE),
    ],
)
def test_words_and_values(label: str, value: str, name: str, want: object) -> None:
    table = f"<table><tr><td>索引号</td><td>015001/2019-00012</td><td>{label}</td><td>{value}</td></tr></table>"
    assert stated(official(page(table))) == {"index_number": "015001/2019-00012", name: want}


@pytest.mark.parametrize("nothing", ["", "无", "暂无", "-", "——", "/", "&nbsp;", "null"])
def test_values_that_say_nothing(nothing: str) -> None:
    table = (
        f"<table><tr><td>索引号：</td><td>015001/2019-00012</td></tr><tr><td>文号：</td><td>{nothing}</td></tr>"
        f"<tr><td>有效性：</td><td>{nothing}</td></tr><tr><td>实施日期：</td><td>{nothing}</td></tr></table>"
    )
    assert stated(official(page(table))) == {"index_number": "015001/2019-00012"}


def test_a_month_is_no_day_and_no_day_is_guessed() -> None:
    table = "<ul><li>索引号：015001/2019-00012</li><li>成文日期：2019年1月</li><li>实施日期：2019年2月30日</li></ul>"
    assert stated(official(page(table))) == {"index_number": "015001/2019-00012"}


def test_the_surest_word_wins() -> None:
    table = (
        "<ul><li>索引号：015001/2019-00012</li><li>公开责任部门：云川省商务厅办公室</li><li>发文机关：云川省商务厅</li>"
        "<li>发布机构：云川省政务公开办公室</li></ul>"
    )
    found = official(page(table))
    assert found.agency is not None
    assert (found.agency.value, found.agency.where) == ("云川省商务厅", "metadata 发文机关")


def test_index_number_alone_is_enough() -> None:
    found = official(page("<p class=m>索引号：SZ0100-01-2019-0123</p>"))
    assert stated(found) == {"index_number": "SZ0100-01-2019-0123"}
    assert [element.get("class") for element in found.table] == ["m"]


def test_traditional_characters() -> None:
    rows = "<tr><td>索引號：</td><td>015001/2019-00012</td></tr><tr><td>發文機關：</td><td>雲川省商務廳</td></tr>"
    assert stated(official(page(f"<table>{rows}</table>")))["agency"] == "雲川省商務廳"


def test_rows_that_no_list_knows_belong_to_the_table() -> None:
    rows = items("<tr><td>{label}：</td><td>{value}</td></tr>")
    more = "<tr><td>承办处室：</td><td>市场运行处</td></tr><tr><td>公开方式：</td><td>主动公开</td></tr>"
    found = official(page(f"<table id=meta>{rows}{more}</table>"))
    assert [element.get("id") for element in found.table] == ["meta"]


def test_a_layout_table_round_all_is_not_the_metadata() -> None:
    rows = items("<tr><td>{label}：</td><td>{value}</td></tr>")
    found = official(f"<body><table id=page>{rows}<tr><td colspan=2 id=doc>{BODY}</td></tr></table></body>")
    inside = {id(element) for place in found.table for element in place.iter()}
    assert stated(found)["index_number"] == "015001/2019-00012"
    assert found.table
    assert not any(element.get("id") in ("page", "doc") for place in found.table for element in place.iter())
    assert len(inside) > 1


def test_lines_in_the_element_of_the_text_are_told_by_their_places() -> None:
    markup = f"<body><div id=doc>索引号：015001/2019-00012<br>文号：云商发〔2019〕3号<br>{BODY}</div></body>"
    doc = document(markup, "http://www.example.gov.cn/1.html")
    found = government.find(doc)
    assert found.table == ()
    assert [doc.lines[place].text for place in found.places] == ["索引号：015001/2019-00012", "文号：云商发〔2019〕3号"]


def test_the_headline_below_is_no_part() -> None:
    found = official(page(f"<div>{cells(4)}<h1>{TITLE}</h1></div><p>发布日期：2019-01-08 浏览次数：3</p>"))
    assert not any(element.tag == "h1" for place in found.table for element in place.iter())
    assert "meta" in [element.get("id") for element in found.table]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<p>申请公开时应当写明信息的名称、文号、索引号和发布机构。</p>", id="a sentence"),
        pytest.param("<p>索引号：由地区编号、部门编号、信息类别号和生成日期组成，用于检索。</p>", id="an explanation"),
        pytest.param("<p>发布时间：2019-01-08 来源：云川日报 作者：甲某</p>", id="publish line"),
        pytest.param("<p>发布机构：云川市教育局 发布日期：2019-01-08 浏览次数：12</p>", id="publish line of an office"),
        pytest.param("<p>名称：云川甲公司</p><p>有效期至：2024-04-30</p>", id="a licence"),
        pytest.param("<form>索引号：<input><br>文号：<input><br>标题：<input></form>", id="a search form"),
        pytest.param(
            "<table><tr><th>序号</th><th>文件名称</th><th>发文字号</th><th>废止日期</th></tr>"
            "<tr><td>1</td><td>甲办法</td><td>云政发〔2001〕3号</td><td>2019-01-08</td></tr>"
            "<tr><td>2</td><td>乙办法</td><td>云政发〔2002〕4号</td><td>2019-01-08</td></tr></table>",
            id="a list of repealed documents",
        ),
        pytest.param(
            "".join(
                f"<ul><li>索引号：015001/2019-0001{n}</li><li>名称：第{n}件</li><li>发布日期：2019-01-0{n}</li></ul>"
                for n in range(1, 5)
            ),
            id="a list page",
        ),
        pytest.param("<p>成文日期：</p><p>发文字号：</p>", id="labels without values"),
    ],
)
def test_not_a_table(body: str) -> None:
    found = official(f"<html><body><h1>{TITLE}</h1>{body}{BODY}</body></html>")
    assert stated(found) == {}
    assert (found.table, found.places, found.published) == ((), (), None)


def test_metas_of_the_state_councils_rules() -> None:
    head = (
        f'<meta name="SiteIDCode" content="1234567890"><meta name="ArticleTitle" content="{TITLE}">'
        '<meta name="PubDate" content="2019-01-08 10:20"><meta name="索引号" content="015001/2019-00012">'
    )
    found = official(page("", head))
    assert stated(found) == {"index_number": "015001/2019-00012", "title": TITLE}
    assert found.published is not None
    assert found.published.where == "meta pubdate"
    assert found.table == ()


def test_metas_of_other_pages_are_left_to_others() -> None:
    assert official(page("", '<meta name="PubDate" content="2019-01-08 10:20">')).published is None


def test_the_table_before_the_metas() -> None:
    head = '<meta name="SiteIDCode" content="1"><meta name="PubDate" content="2020-02-02 10:20">'
    found = official(page(cells(4), head))
    assert found.published is not None
    assert found.published.where == "metadata 发布日期"


FORCE = [
    ("本办法自2019年5月1日起施行，有效期至2024年4月30日。", date(2019, 5, 1), date(2024, 4, 30)),
    ("本通知自2019年5月1日起实施，有效期5年。", date(2019, 5, 1), date(2024, 4, 30)),
    ("本通知自2019年5月1日起实施。有效期五年。", date(2019, 5, 1), None),
    ("本办法由省商务厅负责解释，自2020年2月29日起施行，有效期为两年。", date(2020, 2, 29), date(2022, 2, 27)),
    ("本规定自二〇一九年五月一日起施行。", date(2019, 5, 1), None),
    ("现予公布，自2019年5月1日起施行。", date(2019, 5, 1), None),
    ("本办法有效期自2019年5月1日起至2024年4月30日止。", date(2019, 5, 1), date(2024, 4, 30)),
    ("本意见自2019年5月1日至2024年4月30日施行。", date(2019, 5, 1), date(2024, 4, 30)),
    ("本细则有效期至2024年4月30日。", None, date(2024, 4, 30)),
    ("本办法自发布之日起施行。", None, None),
    ("新修订的《云川省甲条例》自2019年5月1日起施行。", None, None),
    ("根据自2019年5月1日起施行的甲条例。", None, None),
    ("甲公司取得的许可证，有效期至2024年4月30日。", None, None),
    ("会议自2019年5月1日开始报名，至2019年5月3日。", None, None),
    ("本办法自2019年13月1日起施行。", None, None),
]


@pytest.mark.parametrize(("text", "start", "end"), FORCE)
def test_in_force(text: str, start: date | None, end: date | None) -> None:
    effective, expires = government.in_force(["第一条 为规范管理，制定本办法。", text])
    assert (effective and effective.value, expires and expires.value) == (start, end)
    assert all(found.confidence < 0.8 for found in (effective, expires) if found)


def test_in_force_disagreeing_is_less_sure() -> None:
    effective, _ = government.in_force(["本通知自2019年4月1日起施行。", "第九条 本办法自2019年5月1日起施行。"])
    assert effective is not None
    assert (effective.value, effective.confidence) == (date(2019, 5, 1), 0.4)


TEXTS = (
    "索引号",
    "索 引 号：",
    "文号:",
    "[发文机关]",
    "成文日期：2019年1月7日",
    "有效性",
    "标题：",
    "无",
    "。",
    "：",
    "&nbsp;",
)
VALUES = ("云商发〔2019〕3号", "有效", "2019-01-07", "015001/2019-00012", "\ud800", "\u202e", "x" * 700)
TAGS = (
    "<td>",
    "</td>",
    "<tr>",
    "<table>",
    "</table>",
    "<li>",
    "<br>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<dl><dt>",
    "<dd>",
)
WORDS = st.sampled_from((*TEXTS, *VALUES, *TAGS, "<h1>"))


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_any_markup_gives_elements_of_the_body(markup: str) -> None:
    doc = document(markup, "http://www.example.gov.cn/1.html")
    found = government.find(doc)
    inside = set(doc.body.iter())
    assert all(element in inside and element is not doc.body for element in found.table)
    assert all(0 <= place < len(doc.lines) for place in found.places)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="本办法自至有效期起施行，。2019年5月1日0二〇一", max_size=80), max_size=8))
def test_in_force_reads_any_text(texts: list[str]) -> None:
    for found in government.in_force(texts):
        assert found is None or isinstance(found.value, date)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p>索引号</p>" * 50_000, id="labels"),
        pytest.param("<div><p>索引号</p>" * 1_500 + "x" * 500_000, id="nested labels"),
        pytest.param("索 引 号：" * 200_000, id="one line of labels"),
        pytest.param("<table>" + "<tr><td>文号</td><td>云商发〔2019〕3号</td></tr>" * 20_000 + "</table>", id="rows"),
        pytest.param("<b>索引号</b>x" * 100_000, id="inline labels"),
        pytest.param("<br>索引号 1" * 50_000, id="lines in one element"),
        pytest.param("<table><tr>" + "<td>索引号</td>" * 50_000 + "</tr></table>", id="a wide row"),
    ],
)
@pytest.mark.timeout(20)
def test_a_megabyte_of_anything(markup: str) -> None:
    assert official(markup).agency is None
