"""Where a crawl goes on from an entry page: the next list page, or the sitemaps of an index."""

import gzip

from scrapy.http import HtmlResponse, Request, Response

from domain.site import Entry, Expectation, Site
from spiders.crawl import SiteSpider

HOME = "http://www.example.cn/"


def spider(entry: Entry) -> SiteSpider:
    expect = Expectation(links=1)
    return SiteSpider(
        Site(name="example", title="例", homepage=HOME, entries=(entry,), article=r"/news/\d+", expect=expect)
    )


def requests(crawl: SiteSpider, entry: Entry, body: str, number: int = 1, *, packed: bool = False) -> list[Request]:
    payload = gzip.compress(body.encode()) if packed else body.encode()
    response: Response = HtmlResponse(entry.url, body=payload, encoding="utf-8")
    return list(crawl.parse_entry(response, entry, number))


def index(*names: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{HOME}{name}</loc></sitemap>' for name in names)}</sitemapindex>"


def test_the_sitemaps_of_an_index_are_followed_within_pages_and_lead_no_further() -> None:
    entry = Entry(url=HOME + "sitemap.xml", kind="sitemap", pages=3)
    crawl = spider(entry)
    found = requests(crawl, entry, index("a.xml", "b.xml", "c.xml"))
    assert [(item.url, item.cb_kwargs["number"]) for item in found] == [(HOME + "a.xml", 3), (HOME + "b.xml", 3)]
    assert crawl.issues == []
    assert requests(crawl, entry, index("d.xml"), 3) == []


def test_a_packed_sitemap_gives_its_articles() -> None:
    entry = Entry(url=HOME + "sitemap.xml.gz", kind="sitemap")
    body = f"<urlset><url><loc>{HOME}news/1.html</loc></url><url><loc>{HOME}about.html</loc></url></urlset>"
    assert [item.url for item in requests(spider(entry), entry, body, packed=True)] == [HOME + "news/1.html"]


def test_an_index_of_nothing_leads_nowhere_and_a_list_of_nothing_is_an_issue() -> None:
    entry = Entry(url=HOME + "sitemap.xml", kind="sitemap")
    assert requests(spider(entry), entry, index()) == []
    crawl = spider(entry)
    assert requests(crawl, entry, "<urlset></urlset>") == []
    assert [issue.kind for issue in crawl.issues] == ["no-links"]


def test_a_list_goes_on_by_one_page_while_there_is_something_new() -> None:
    entry = Entry(url=HOME + "list.html", pages=2)
    crawl = spider(entry)
    body = '<a href="/news/1.html">第一条新闻</a><a href="list_2.html">下一页</a>'
    assert [item.url for item in requests(crawl, entry, body)] == [HOME + "news/1.html", HOME + "list_2.html"]
    assert requests(crawl, entry, body) == []
