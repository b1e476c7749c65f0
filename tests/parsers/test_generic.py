"""The generic reader on pages of strangers: what is the headline, when, from where, and what is the text."""

import pytest
from generic_pages import HOT, SENTENCES, TITLE, URL, page, paragraphs, reading, texts

from domain.article import Kind, Precision
from domain.clock import SHANGHAI
from parsers import explain

LINE = "<div class='info'>2024-05-06 10:20 来源：栖河日报</div>"
BODY = f"<div id='nr'>{paragraphs()}</div>"


def day(article_time: object) -> str:
    return article_time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    "markup",
    [
        page(f"<h1>{TITLE}</h1>{LINE}{BODY}"),
        page(f"<td class='bt'>{TITLE}</td>{LINE}{BODY}", head=""),
        page(f"<p align='center'><b>{TITLE}</b></p>{LINE}{BODY}", head=""),
        page(f"<h1>栖河市召开老城<br>改造推进会</h1>{LINE}{BODY}"),
        page(f"<h3>{TITLE}</h3>{LINE}{BODY}", head="<title>栖河召开老城改造推进会_要闻_栖河新闻网</title>"),
        page(f"<h1>首页 &gt; 要闻 &gt; {TITLE}</h1><div>{TITLE}</div>{LINE}{BODY}"),
        page(
            f"<h1>老城改造</h1>{LINE}{BODY}", head="<title>老城改造</title><meta property='og:title' content='x'>"
        ).replace("<h1>老城改造</h1>", f"<div class='title'>{TITLE}</div>"),
        page(f"<h1>栖河新闻网</h1><div class='c'><p class='headline'>{TITLE}</p>{LINE}{BODY}</div>", head=""),
    ],
)
def test_the_headline(markup: str) -> None:
    assert "".join((reading(markup).title or "").split()) == TITLE


def test_a_heading_within_the_text_is_not_the_headline() -> None:
    body = f"{paragraphs(SENTENCES[:2])}<h2>一期工程的经验值得总结</h2>{paragraphs(SENTENCES[2:])}"
    got = reading(page(f"<div class='t'>{TITLE}</div>{LINE}<div>{body}</div>", head=""))
    assert got.title == TITLE
    assert "一期工程的经验值得总结" in texts(got)


def test_a_topic_s_name_gives_way_to_the_whole_title() -> None:
    got = reading(page(f"<h1>老城改造</h1>{LINE}{BODY}", head="<title>老城改造遇难题怎么办市民献计,栖河网</title>"))
    assert got.title == "老城改造遇难题怎么办市民献计"


def test_kicker_and_subtitle() -> None:
    got = reading(page(f"<p class='yinti'>民生工程再提速</p><h1>{TITLE}</h1><p>——写在一期工程完工之际</p>{LINE}{BODY}"))
    assert (got.kicker, got.title, got.subtitle) == ("民生工程再提速", TITLE, "写在一期工程完工之际")
    assert texts(got) == list(SENTENCES)


@pytest.mark.parametrize(
    ("line", "when", "precision"),
    [
        ("http://www.qihe.example/ 2024-05-06 10:20 <a href='/'>栖河网</a> <a href='#'>评论(0)</a>", "10:20", "minute"),
        ("发布于 2024年5月6日 10时20分 栖河", "10:20", "minute"),
        ("【 2024-05-06 10:20 】", "10:20", "minute"),
        ("2024.05.0610:20", "10:20", "minute"),
        ("中華民國113年5月6日", "00:00", "day"),
        ("二〇二四年五月六日", "00:00", "day"),
        ("(2024-5-6)", "00:00", "day"),
        ("<time datetime='2024-05-06T10:20:30+08:00'>5月6日</time>", "10:20", "second"),
        ("更新时间：2024-05-07 08:00 发布时间：2024-05-06 10:20:30", "10:20", "second"),
    ],
)
def test_the_time_of_publication(line: str, when: str, precision: str) -> None:
    got = reading(page(f"<h1>{TITLE}</h1><div>{line}</div>{BODY}"), "http://www.qihe.example/a.html")
    assert got.published_at is not None, got.provenance
    assert (day(got.published_at), got.published_precision) == (f"2024-05-06 {when}", Precision(precision))


def test_the_last_update_is_not_the_publication() -> None:
    line = "<div>发布时间：2024-05-06 10:20 更新时间：2024-05-09 08:00</div>"
    got = reading(page(f"<h1>{TITLE}</h1>{line}{BODY}"))
    assert day(got.published_at) == "2024-05-06 10:20"
    assert day(got.updated_at) == "2024-05-09 08:00"


@pytest.mark.parametrize(
    "beside",
    [
        "<div>相关新闻 <a href='/n/1.html'>昨天的另一条新闻标题</a> 2023-01-01 08:00</div>",
        "<div>版权所有 2008-01-01 栖河传媒</div>",
        "<div>许可证有效期至2027年12月31日</div>",
    ],
)
def test_no_date_is_better_than_a_neighbour_s(beside: str) -> None:
    got = reading(page(f"<h1>{TITLE}</h1>{BODY}", foot=beside), "http://www.qihe.example/a.html")
    assert (got.published_at, got.published_precision) == (None, Precision.FIRST_SEEN)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("2024-05-06 10:20 来源：栖河日报 作者：温予墨", "栖河日报"),
        ("2024-05-06 10:20 稿源： <a href='/x'>栖河晚报</a> 浏览次数：12", "栖河晚报"),
        ("2024-05-06 10:20:01 栖河新闻网", "栖河新闻网"),
        ("栖河新闻客户端 2024-05-06 10:20", "栖河新闻客户端"),
        ("发表于2024-05-06 10:20| 12次阅读| 来源QHDN| 作者温予墨", "QHDN"),
        ("鉅亨 (來源：栖河資訊，摘自：栖河經濟報) 2024-05-06 10:20", "栖河資訊，摘自：栖河經濟報"),
        ("2024-05-06 10:20 来源：东澜日报 记者 温予墨", "东澜日报"),
        ("<span class='source'>栖河日报·要闻版</span> <span>5月6日</span>", "栖河日报·要闻版"),
        ("<table><tr><td>来源</td><td>市交通运输局</td></tr></table>", "市交通运输局"),
    ],
)
def test_the_stated_source(line: str, source: str) -> None:
    assert reading(page(f"<h1>{TITLE}</h1><div>{line}</div>{BODY}")).source == source


def test_the_opening_s_medium_stands_in_where_no_source_is_stated() -> None:
    opening = "【栖河晚报记者温予墨报道】" + SENTENCES[0]
    got = reading(page(f"<h1>{TITLE}</h1><div>{paragraphs([opening, *SENTENCES[1:]])}</div>"))
    assert (got.source, got.provenance["source"].confidence) == ("栖河晚报", 0.5)


def test_publisher_and_channel_are_not_the_source() -> None:
    head = f"<title>{TITLE}</title><meta property='og:site_name' content='栖河新闻网'>"
    trail = "<div>您的位置：<a href='/'>首页</a> &gt; <a href='/yw/'>要闻</a> &gt; 正文</div>"
    got = reading(page(f"{trail}<h1>{TITLE}</h1>{LINE}{BODY}", head=head))
    assert (got.publisher, got.channel, got.source) == ("栖河新闻网", "要闻", "栖河日报")


TEASERS = "".join(
    f"<li><h3><a href='/n/{n}.html'>第{n}条别的新闻的标题</a></h3><p>这是第{n}条新闻的摘要，讲的是别处发生的别的事情，"
    "和本页的文章没有关系，但是写得很长，也有句号。</p></li>"
    for n in range(30)
)


@pytest.mark.parametrize(
    "markup",
    [
        page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}<p>(责任编辑：白芷)</p><p>{SENTENCES[0]}另一篇。</p></div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}<p>推荐阅读</p><ul>{HOT}</ul></div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div><ul>{HOT}</ul>{paragraphs()}</div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<article>{paragraphs()}</article><ul>{TEASERS}</ul>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div><a href='/full.html'>{'<br>'.join(SENTENCES * 2)}</a></div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}<p>【打印】【关闭窗口】 字号：大 中 小</p></div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}<p>【免责声明】本文仅代表作者观点，与本网无关。</p></div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}<p><img src='/qr.png'></p><p>扫码下载客户端</p></div>"),
        page(f"<center><div>广告</div>{LINE}<h1>{TITLE}</h1>{LINE}{paragraphs()}<p>第1页/共1页 下一页</p></center>"),
        page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs(SENTENCES[:3])}<p>{SENTENCES[3]}（编辑：白芷）</p></div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<p class='dd'>{SENTENCES[0]}</p><div>{paragraphs(SENTENCES[1:])}</div>"),
        page(f"<h1>{TITLE}</h1>{LINE}<p>摘要：市里开会，部署改造，听取汇报，时间表已定。</p><div>{paragraphs()}</div>"),
        page(f"<table><tr><td><table><tr><td><h1>{TITLE}</h1>{LINE}{paragraphs()}</td></tr></table></td></tr></table>"),
    ],
    ids=[
        "editor ends it",
        "recommended",
        "list at its head",
        "stream of teasers",
        "in one anchor",
        "tools",
        "disclaimer",
        "code",
        "centre",
        "editor in brackets",
        "lead",
        "summary",
        "tables",
    ],
)
def test_the_body_is_the_article_s_and_nothing_else(markup: str) -> None:
    assert list(dict.fromkeys(texts(reading(markup)))) == list(SENTENCES)


def test_links_to_files_are_part_of_the_article() -> None:
    files = "".join(f"<p><a href='/f/{n}.docx'>附件{n}：申报表.docx</a></p>" for n in range(1, 5))
    got = reading(page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}{files}</div>"))
    assert len(got.attachments) == 4
    assert texts(got)[-1] == "附件4：申报表.docx"


def test_a_traditional_page_is_read_by_the_same_rules() -> None:
    text = "臺北市政府今天召開會議，聽取各單位對於春節期間醫療服務的報告，要求確保急診不打烊。"
    line = "<div>發表時間：2012-01-12 11:40 來源：醒報 瀏覽次數：12</div>"
    tail = "<p>（責任編輯：溫予墨）</p><p>關鍵字: 春節 醫療</p>"
    got = reading(
        page(
            f"<h1>春節急診不打烊</h1>{line}<div><p>記者溫予墨／台北報導</p>{paragraphs([text] * 3)}{tail}</div>",
            head="",
        )
    )
    assert texts(got) == [text] * 3
    assert (got.source, got.authors, got.editors) == ("醒報", ("溫予墨",), ("溫予墨",))
    assert got.language == "zh-Hant"


def test_a_list_claims_no_article_s_fields() -> None:
    got = reading(page("<h1>要闻</h1>", head="<title>要闻_栖河新闻网</title>"), "http://www.qihe.example/yw/")
    assert got.kind is Kind.LIST
    assert (got.published_at, got.source, got.authors) == (None, None, ())


def test_a_short_notice_with_its_own_time_is_an_article() -> None:
    notice = "<p>因管网检修，明日8时至12时望山街停水，请提前储水。请登录网站查询。</p><input type='password'>"
    got = reading(page(f"<h1>望山街停水通知</h1>{LINE}<div>{notice}</div>", head="<title>望山街停水通知</title>"))
    assert got.kind is Kind.ARTICLE


def test_what_was_weighed_and_what_was_left_out_is_told() -> None:
    markup = page(f"<h1>{TITLE}</h1>{LINE}<div>{paragraphs()}<p>(责任编辑：白芷)</p></div>")
    seen = explain(markup.encode(), URL, "text/html; charset=utf-8")
    assert {item.where for item in seen.alternatives["published_at"]} == {"address"}
    assert seen.alternatives["title"][0].where == "<title>"
    assert [(item.text, item.why) for item in seen.dropped] == [("(责任编辑：白芷)", "the article's end")]
