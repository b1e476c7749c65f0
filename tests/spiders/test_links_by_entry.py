"""How many links each entry page has, counted by itself: what its health is told from."""

from scrapy.http import HtmlResponse

from domain.site import Entry, Site
from spiders.crawl import SiteSpider

HOME = "http://www.example.cn/"
NEWS, NOTICES = Entry(url=HOME + "news.html"), Entry(url=HOME + "notices.html")
SITEMAP = Entry(url=HOME + "sitemap.xml", kind="sitemap")


def _answered(crawl: SiteSpider, entry: Entry, body: str, number: int = 1, status: int = 200) -> None:
    list(crawl.parse_entry(HtmlResponse(entry.url, status=status, body=body.encode(), encoding="utf-8"), entry, number))


def _list(*numbers: int) -> str:
    return "".join(f'<li><a href="/news/{number}.html">第{number}条新闻标题</a></li>' for number in numbers)


def test_each_entry_counts_its_own_first_page() -> None:
    site = Site(name="example", title="例", homepage=HOME, entries=(NEWS, NOTICES, SITEMAP), article=r"/news/\d+")
    crawl = SiteSpider(site)
    _answered(crawl, NEWS, _list(1, 2, 3))
    _answered(crawl, NEWS, _list(4), number=2)
    _answered(crawl, NOTICES, "<p>正在改版</p>")
    _answered(crawl, SITEMAP, f"<sitemapindex><sitemap><loc>{HOME}a.xml</loc></sitemap></sitemapindex>")
    assert crawl.lists == {NEWS.url: 3, NOTICES.url: 0}
    assert crawl.links == 4


def test_an_entry_that_does_not_answer_has_no_number() -> None:
    crawl = SiteSpider(Site(name="example", title="例", homepage=HOME, entries=(NEWS,), article=r"/news/\d+"))
    _answered(crawl, NEWS, "", status=503)
    assert crawl.lists == {}
