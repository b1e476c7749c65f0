"""Entry pages of six kinds: their articles in order, each once, and where they go on."""

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


RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{HOME}"><link>{HOME}</link></channel>
<item rdf:about="{HOME}news/1.html"><title>第一条</title><link>{HOME}news/1.html</link>
<dc:date>2024-05-06T07:08:09+08:00</dc:date></item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "next_url": HOME + "feed.json?page=2",
        "items": [
            {
                "id": HOME + "news/1.html",
                "title": "第一条",
                "content_html": f"<p>见 <a href='{HOME}news/7.html'>前文</a></p>",
                "date_published": "2024-05-06T07:08:09+08:00",
            },
            {"url": HOME + "news/2.html", "external_url": HOME + "news/8.html"},
            "nonsense",
        ],
    }
)


@pytest.mark.parametrize(("text", "count"), [(RDF, 1), (JSON_FEED, 2)])
def test_rss_one_and_json_feed(text: str, count: int) -> None:
    found = read(text, Entry(url=HOME + "feed", kind="feed"))
    assert [link.url for link in found.articles] == [f"{HOME}news/{n}.html" for n in range(1, count + 1)]
    assert found.articles[0].title == "第一条"
    assert found.articles[0].published == datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)
    assert found.next == ((HOME + "feed.json?page=2",) if text == JSON_FEED else ())


@pytest.mark.parametrize("text", ["{", "[]", '{"items": 3}', '{"items": [{"url": 7}]}'])
def test_a_json_feed_that_is_none(text: str) -> None:
    assert read(text, Entry(url=HOME + "feed", kind="feed")) == Listing()


TRS = Entry(url=HOME + "xw/", kind="trs", pages=3)
TRS_PAGE = """<ul><li><a href="/news/2.html">第二条</a><span>2024-05-06</span></li></ul><a href="/xw/">下一页</a>
<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){{ document.write("x") }}
{call};</script>"""


@pytest.mark.parametrize(
    ("call", "url", "following"),
    [
        ('createPageHTML(12, 0, "index", "html")', "xw/", ("xw/index_1.html",)),
        ("createPageHTML(12,1,'index','shtml','black2',621)", "xw/index_1.shtml", ("xw/index_2.shtml",)),
        ('createPageHTML(12, 2, "index", "html")', "xw/index_2.html", ()),
        ('createPageHTML(2, 1, "index", "html")', "xw/index_1.html", ()),
        ('createPageHTML(1, 0, "index", "html")', "xw/", ()),
        ("createPageHTML('page_div',5, 1,'list','htm',89)", "xw/", ("xw/list_2.htm",)),
        ("createPageHTML('page_div',5, 3,'list','htm',89)", "xw/list_3.htm", ()),
    ],
)
def test_trs_goes_on_as_the_script_says(call: str, url: str, following: tuple[str, ...]) -> None:
    found = read(TRS_PAGE.format(call=call), TRS, HOME + url)
    assert [link.url for link in found.articles] == [HOME + "news/2.html"]
    assert found.next == tuple(HOME + name for name in following)


def test_trs_by_declaration_and_without_script() -> None:
    declared = Entry(url=HOME + "xw/", kind="trs", more=HOME + "xw/list_{page}.htm")
    page = TRS_PAGE.format(call='createPageHTML(12, 0, "index", "html")')
    assert read(page, declared).next == (HOME + "xw/list_2.htm",)
    assert read(HTML, Entry(url=HOME + "list.html", kind="trs")).next == (HOME + "sub/list_2.html",)


def test_html_falls_back_on_the_script() -> None:
    page = TRS_PAGE.format(call='createPageHTML(12, 0, "index", "html")').replace("下一页", "")
    assert read(page, Entry(url=HOME + "xw/")).next == (HOME + "xw/index_1.html",)


NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACE} {NEWS}>{"".join(entries)}</urlset>'


def test_sitemap_newest_first() -> None:
    page = urlset(
        f"<url><loc>{HOME}news/1.html</loc><lastmod>2024-05-06T07:08:09+08:00</lastmod></url>",
        f"<url><loc> {HOME}news/3.html </loc><lastmod>2024-05-08</lastmod></url>",
        f"<url><loc>{HOME}about.html</loc></url><url/>",
        f"<url><loc>{HOME}news/2.html</loc><n:news><n:publication_date>2024-05-07T08:00:00+08:00</n:publication_date>"
        "<n:title>第二条</n:title></n:news><lastmod>2024-05-09</lastmod></url>",
    )
    found = read(page, Entry(url=HOME + "sitemap.xml", kind="sitemap"))
    assert [(link.url[len(HOME) :], link.title) for link in found.articles] == [
        ("news/3.html", ""),
        ("news/2.html", "第二条"),
        ("news/1.html", ""),
    ]
    assert found.articles[1].published == datetime(2024, 5, 7, 0, 0, tzinfo=UTC)
    assert (found.next, found.index) == ((), False)


def test_sitemap_of_a_whole_archive_is_bounded() -> None:
    entries = (f"<url><loc>{HOME}news/{n}.html</loc></url>" for n in range(5000))
    found = read(urlset(*entries), Entry(url=HOME + "sitemap.xml", kind="sitemap"))
    assert len(found.articles) == 2000


@pytest.mark.parametrize(("pages", "expected"), [(1, ()), (2, ("s3",)), (3, ("s3", "s2")), (9, ("s3", "s2", "s1"))])
def test_sitemap_index_the_newest_within_pages(pages: int, expected: tuple[str, ...]) -> None:
    nested = "".join(
        f"<sitemap><loc>{HOME}s{n}.xml.gz</loc><lastmod>2024-05-0{n}</lastmod></sitemap>" for n in (1, 3, 2)
    )
    page = f"<sitemapindex {NAMESPACE}>{nested}<sitemap><loc>http://elsewhere.cn/s.xml</loc></sitemap></sitemapindex>"
    found = read(page, Entry(url=HOME + "sitemap.xml", kind="sitemap", pages=pages))
    assert found == Listing(next=tuple(f"{HOME}{name}.xml.gz" for name in expected), index=True)


@pytest.mark.parametrize("text", ["", "nothing", "<html><p>x</html>", "<urlset><url><loc>x:y</loc></url></urlset>"])
def test_a_sitemap_that_is_none(text: str) -> None:
    assert read(text, Entry(url=HOME + "sitemap.xml", kind="sitemap")) == Listing()


def test_jcms_records_in_rows_in_several_cdata_and_escaped_twice() -> None:
    row = "<tr><td><a href='/news/1.html' title='第1条'>第1…</a></td><td>2024-05-06</td></tr>"
    split = "<li><a href='/news/2.html'>第2条 ]]]]><![CDATA[> 续</a></li>"
    twice = "&lt;li&gt;&lt;a href=&quot;/news/3.html&quot;&gt;第3条&lt;/a&gt;&lt;/li&gt;"
    records = f"<record><![CDATA[{row}]]></record><record><![CDATA[{split}]]></record><record>{twice}</record>"
    found = read(f"<datastore><recordset>{records}</recordset></datastore>", ENTRY)
    assert [(link.url[len(HOME) :], link.title) for link in found.articles] == [
        ("news/1.html", "第1条"),
        ("news/2.html", "第2条 ]]> 续"),
        ("news/3.html", "第3条"),
    ]
    assert found.articles[0].published == datetime(2024, 5, 5, 16, tzinfo=UTC)


def test_jcms_a_group_keeps_what_it_does_not_change() -> None:
    query = "startrecord=16&amp;endrecord=30&amp;perpage=15&amp;webname=%C6%DC%BA%D3"
    group = f'<a href="/module/web/jpage/dataproxy.jsp?{query}">'
    (following,) = read(jcms(1, 15, group), ENTRY).next
    assert following.endswith("?startrecord=16&endrecord=30&perpage=15&webname=%C6%DC%BA%D3")


POSTED = """<script>jQuery("#247686").jpage({{themeName:'default', totalRecord:{total}, perPage:20,
proxyUrl:'/module/web/jpage/dataproxy.jsp', proxyParam:{{"col":"1","appid":"1","webid":"39","path":"/",
"columnid":"61490","unitid":247686,"webname":"栖河市"}}, groupSize:3}});</script>"""


def test_jcms_what_the_script_would_post_is_asked_for() -> None:
    page = jcms(1, 60, "") + POSTED.format(total=75)
    (following,) = read(page, Entry(url=ENTRY.url, kind="jcms", pages=9)).next
    assert following.startswith(HOME + "module/web/jpage/dataproxy.jsp?startrecord=61&endrecord=80&perpage=20&col=1&")
    assert "columnid=61490&unitid=247686" in following
    assert read(jcms(1, 60, "") + POSTED.format(total=60), Entry(url=ENTRY.url, kind="jcms", pages=9)).next == ()


OLDER = HOME + "module/jpage/dataproxy.jsp?page={}&appid=1&webid=1934&columnid=1389975&unitid=4455560"


@pytest.mark.parametrize(("here", "total", "following"), [(1, None, (2,)), (2, None, (3,)), (3, None, ()), (2, 20, ())])
def test_jcms_the_older_proxy_counts_pages(here: int, total: int | None, following: tuple[int, ...]) -> None:
    found = read(jcms(1, 15, "", total), ENTRY, OLDER.format(here))
    assert found.next == tuple(OLDER.format(number) for number in following)
