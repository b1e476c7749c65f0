"""Entry pages of four kinds: their articles in order, each once, and where they go on."""

import json
from datetime import UTC, datetime

import pytest

from domain.site import Entry, Site
from parsers.lists import Listing, links

HOME = "http://www.example.cn/"


def site(entry: Entry, article: str = r"/news/\d+\.html$") -> Site:
    return Site(name="example", title="例", homepage=HOME, entries=(entry,), article=article)


def read(text: str, entry: Entry, url: str | None = None, article: str = r"/news/\d+\.html$") -> Listing:
    return links(text.encode(), url or entry.url, "text/html; charset=utf-8", entry, site(entry, article))


HTML = """<base href="http://www.example.cn/sub/"><ul>
<li><a href="../news/2.html"><img src="x"></a><a href="/news/2.html" title="第二条新闻的全题">第二条新闻…</a>
<span>2024-05-06 07:08</span></li>
<li><a href="/news/1.html#top">第一条</a> 2024年5月5日</li>
<li><a href="http://elsewhere.cn/news/9.html">别家</a><a href="/about.html">关于</a>
<a href="javascript:void(0)">x</a></li>
</ul><a href="list_2.html">下一页</a>"""


def test_html_anchors() -> None:
    found = read(HTML, Entry(url=HOME + "list.html"))
    assert [(link.url, link.title) for link in found.articles] == [
        (HOME + "news/2.html", "第二条新闻的全题"),
        (HOME + "news/1.html", "第一条"),
    ]
    assert [link.published for link in found.articles] == [
        datetime(2024, 5, 5, 23, 8, tzinfo=UTC),
        datetime(2024, 5, 4, 16, tzinfo=UTC),
    ]
    assert found.next == (HOME + "sub/list_2.html",)


@pytest.mark.parametrize(
    ("url", "following"), [("list.html", ("list_2.html",)), ("list_2.html", ("list_3.html",)), ("list_3.html", ())]
)
def test_more_goes_as_far_as_pages(url: str, following: tuple[str, ...]) -> None:
    entry = Entry(url=HOME + "list.html", pages=3, more=HOME + "list_{page}.html")
    assert read(HTML, entry, HOME + url).next == tuple(HOME + name for name in following)


def test_a_page_without_articles_leads_nowhere() -> None:
    entry = Entry(url=HOME + "list.html", more=HOME + "list_{page}.html")
    assert read("<p>您访问的页面不存在</p>", entry) == Listing()


def jcms(start: int, count: int, following: str, total: int | None = None) -> str:
    records = "".join(
        f"<record><![CDATA[<li><a href='/news/{n}.html' title='第{n}条'>第{n}…</a><span>2024-05-06</span></li>]]>"
        "</record>"
        for n in range(start, start + count)
    )
    whole = "" if total is None else f"<totalrecord>{total}</totalrecord>"
    return (
        f"<datastore><nextgroup><![CDATA[{following}]]></nextgroup>{whole}<recordset>{records}</recordset></datastore>"
    )


PROXY = "/module/web/jpage/dataproxy.jsp?startrecord={}&endrecord={}&perpage=15&unitid=58414&webid=79&columnid=21482"
ENTRY = Entry(url=HOME + "col/col21482/index.html", kind="jcms", pages=3)


def test_jcms_records_and_the_next_group() -> None:
    group = f'<a href="{PROXY.format(16, 30)}"></a>'
    page = f"<html><body><script type='text/xml'>{jcms(1, 15, group)}</script>"
    found = read(page, ENTRY)
    assert [link.url for link in found.articles] == [f"{HOME}news/{n}.html" for n in range(1, 16)]
    assert found.articles[0].title == "第1条"
    assert found.next == (HOME.rstrip("/") + PROXY.format(16, 30),)


def test_jcms_proxy_goes_on_until_pages_or_the_end() -> None:
    second = HOME.rstrip("/") + PROXY.format(16, 30)
    assert read(jcms(16, 15, ""), ENTRY, second).next == (HOME.rstrip("/") + PROXY.format(31, 45),)
    third = HOME.rstrip("/") + PROXY.format(31, 45)
    assert read(jcms(31, 15, ""), ENTRY, third).next == ()
    assert read(jcms(16, 4, ""), ENTRY, second).next == ()
    assert read(jcms(16, 15, "", total=30), ENTRY, second).next == ()


def test_jcms_a_group_that_names_the_records_already_here() -> None:
    group = f'<a href="{PROXY.format(1, 45)}"></a>'
    assert read(jcms(1, 15, group), ENTRY).next == (HOME.rstrip("/") + PROXY.format(16, 30),)


def test_jcms_without_a_datastore_is_html() -> None:
    assert len(read(HTML, ENTRY).articles) == 2


JSON = Entry(url=HOME + "api/list?page=1", kind="json", more=HOME + "api/list?page={page}")


def answer(**data: object) -> str:
    records = [
        {"id": 1, "title": "第一条", "url": HOME + "news/1.html", "publishTime": "2024-05-06 07:08:09", "clicks": 4},
        {"name": "第二条", "link": {"href": "/news/2.html"}},
        {"title": "专题", "url": HOME + "special/3"},
    ]
    return json.dumps({"code": 0, "data": {"list": records, **data}}, ensure_ascii=False)


def test_json_any_string_that_is_an_article() -> None:
    found = read(answer(hasMore=True), JSON)
    assert [(link.url, link.title) for link in found.articles] == [
        (HOME + "news/1.html", "第一条"),
        (HOME + "news/2.html", ""),
    ]
    assert found.articles[0].published == datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)
    assert found.next == (HOME + "api/list?page=2",)


def test_json_says_when_it_ends() -> None:
    assert read(answer(hasMore=False), JSON).next == ()


@pytest.mark.parametrize("text", ["", "{", "<html>", "[" * 100_000])
def test_json_that_is_none(text: str) -> None:
    assert read(text, JSON) == Listing()


RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><link>{HOME}</link>
<item><title>第一条</title><link>{HOME}news/1.html</link><pubDate>Mon, 06 May 2024 07:08:09 +0800</pubDate></item>
<item><title><![CDATA[第二条]]></title><guid>{HOME}news/2.html</guid></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="{HOME}"/><entry><title>第一条</title>
<link rel="enclosure" href="{HOME}a.mp3"/><link href="{HOME}news/1.html"/>
<updated>2024-05-06T07:08:09+08:00</updated></entry></feed>"""


@pytest.mark.parametrize(("text", "count"), [(RSS, 2), (ATOM, 1)])
def test_feeds(text: str, count: int) -> None:
    found = read(text, Entry(url=HOME + "feed", kind="feed"))
    assert [link.url for link in found.articles] == [f"{HOME}news/{n}.html" for n in range(1, count + 1)]
    assert (found.articles[0].title, found.articles[0].published) == (
        "第一条",
        datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC),
    )


def test_a_feed_that_is_none() -> None:
    entry = Entry(url=HOME + "feed", kind="feed")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><item><title>&b;</title></item></rss>'
    for text in ("", "nothing", "<html><p>x</html>", bomb):
        assert read(text, entry) == Listing()
