"""The five sites answer at their real addresses, in their own encodings, with all their noise."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from itertools import count
from urllib.parse import urljoin

import pytest
from replica_pages import Browser, Clock, Open, visible

from demo.hosts import HOSTS
from demo.replica import Record, Replica
from demo.splitters import SITES, split

ARTICLE = {
    "qidian-zibo": r"/\d{4}/\d{4}/\d+\.html$",
    "shandong-commerce": r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html$",
    "iqilu-jining": r"/\d{4}/\d{4}/\d+\.shtml$",
    "diyang-keqiao": r"/keqiao/news/\d+\.html$",
    "toudeng": r"/archives/\d+$",
}
LISTS = {
    "qidian-zibo": "http://www.zibotv.com/qdzb/zbgd/ds/yspd/",
    "iqilu-jining": "http://jining.iqilu.com/jnyaowen/list_564_1.shtml",
    "toudeng": "https://www.toudeng.cc/culture",
}
JCMS = "http://commerce.shandong.gov.cn/col/col21482/index.html"
API = "http://api.csp.chinamcloud.com/api/cms/list?catalog=keqiao&page={}"


def listing(page: str) -> str:
    """The list in a list page, without hot lists beside it."""
    return re.split(r'class="(?:pages?|pagination)"', re.split(r'class="(?:list|archive)"', page)[1])[0]


def walk(browser: Browser, entry: str) -> list[list[str]]:
    """The links of every list page, following 下一页."""
    found: list[list[str]] = []
    while entry:
        page = browser.ask(entry).text
        found.append([urljoin(entry, link) for link in re.findall(r'href="([^"]+)"', listing(page))])
        onward = re.search(r'href="([^"]+)">下一页', page)
        entry = urljoin(entry, onward[1]) if onward else ""
    return found


def records(browser: Browser) -> Iterator[str]:
    """Every record's link of the JCMS list, following the next group."""
    url = JCMS
    while url:
        page = browser.ask(url).text
        for link in re.findall(r"<record><!\[CDATA\[<li><a href=\"([^\"]+)\"", page):
            yield urljoin(url, link)
        onward = re.search(r'<nextgroup><!\[CDATA\[<a href="([^"]+)"', page)
        url = urljoin(url, onward[1]) if onward else ""


def listed(browser: Browser) -> Iterator[str]:
    for number in count(1):
        answer = json.loads(browser.ask(API.format(number)).body)
        yield from (item["url"] for item in answer["data"]["list"])
        if not answer["data"]["hasMore"]:
            return


def of(replica: Replica, site: str) -> list[Record]:
    return [item for item in replica.articles() if item.site == site]


def test_eight_texts_a_site_ship(replica: Replica) -> None:
    assert {site: len(of(replica, site)) for site in SITES} == dict.fromkeys(SITES, 8)


def test_every_article_answers_with_every_line_of_its_body(replica: Replica, browser: Open) -> None:
    for item in replica.articles():
        assert re.search(ARTICLE[item.site], item.url), item.url
        got = browser(replica).ask(item.url)
        assert got.status == 200
        shown = visible(got.text)
        parts = split(item.site, replica.text(item.url))
        assert parts.body
        for line in (*parts.body, parts.title, parts.source, parts.summary):
            pictures = re.fullmatch(r"\S+\.(jpg|png)", line)
            assert pictures or visible(line) in shown, (item.url, line)


@pytest.mark.parametrize("site", SITES)
def test_charsets_are_declared_where_the_site_declares_them(replica: Replica, browser: Open, site: str) -> None:
    got = browser(replica).ask(of(replica, site)[0].url)
    header = got.headers["Content-Type"].lower()
    declared = {"shandong-commerce": "utf-8", "iqilu-jining": "gb2312", "diyang-keqiao": "utf-8"}.get(site)
    assert header == (f"text/html; charset={declared}" if declared else "text/html")
    meta = b"gb2312" if site == "iqilu-jining" else b"utf-8"
    assert re.search(rb"<meta[^>]*charset=\"?" + meta, got.body.lower())


def test_iqilu_sends_four_byte_characters_under_a_gb2312_label(replica: Replica, browser: Open) -> None:
    item = next(item for item in of(replica, "iqilu-jining") if item.slug == "rencai-yinjin")
    body = browser(replica).ask(item.url).body
    assert "张䶮".encode("gb18030") in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("gbk")
    with pytest.raises(UnicodeEncodeError):
        "䶮㛃𬭚"[0].encode("gbk")


def test_counters_move_at_every_request_and_the_body_stays(replica: Replica, browser: Open) -> None:
    for site in SITES:
        item = of(replica, site)[0]
        one, two = (browser(replica).ask(item.url).text for _ in range(2))
        assert one != two
        number = r"浏览：<em>(\d+)|id=\"hits\">(\d+)|我要评论\(<em>(\d+)|阅读 (\d+)<|(\d+) 次浏览"
        before, after = (int("".join(found.groups(""))) for found in (re.search(number, one), re.search(number, two)))
        assert after > before
        for line in split(site, replica.text(item.url)).body:
            assert (visible(line) in visible(one)) == (visible(line) in visible(two))


@pytest.mark.parametrize("site", LISTS)
def test_lists_lead_page_by_page_to_every_article(replica: Replica, browser: Open, site: str) -> None:
    pages = walk(browser(replica), LISTS[site])
    assert [len(page) for page in pages] == [5, 3]
    assert sorted(url for page in pages for url in page) == sorted(item.url for item in of(replica, site))


def test_the_jcms_datastore_and_its_proxy_lead_to_every_article(replica: Replica, browser: Open) -> None:
    assert sorted(records(browser(replica))) == sorted(item.url for item in of(replica, "shandong-commerce"))
    proxy = "http://commerce.shandong.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=2&endrecord=3&perpage=2&columnid=21482"
    got = browser(replica).ask(proxy)
    assert got.headers["Content-Type"].startswith("text/xml")
    assert got.text.count("<record>") == 2


def test_the_api_leads_to_every_article(replica: Replica, browser: Open) -> None:
    assert sorted(listed(browser(replica))) == sorted(item.url for item in of(replica, "diyang-keqiao"))
    assert browser(replica).ask(API.format(1)).headers["Content-Type"] == "application/json"
    assert json.loads(browser(replica).ask(API.format(99)).body)["data"] == {"list": [], "hasMore": False}


def test_lists_show_the_newest_first(replica: Replica, browser: Open) -> None:
    page = browser(replica).ask(LISTS["qidian-zibo"]).text
    times = re.findall(r"<span>(2024-\d\d-\d\d \d\d:\d\d:\d\d)</span>", page)
    assert times == sorted(times, reverse=True)
    assert len(times) == 5


def test_homes_robots_and_missing_pages(replica: Replica, browser: Open) -> None:
    for host in HOSTS:
        ask = browser(replica).ask
        home = ask(host.homepage)
        assert home.status == 200
        assert re.search(ARTICLE[host.site].rstrip("$"), home.text)
        robots = ask(urljoin(host.homepage, "/robots.txt")).text
        assert robots.count("Disallow: /") == 1
        assert "crawl-delay" not in robots.lower()
        assert ask(urljoin(host.homepage, "/favicon.ico")).status == 404
        missing = ask(urljoin(host.homepage, "/no/such/page.html"))
        assert missing.status == 404
        assert "您访问的页面不存在或已被删除" in missing.text


def test_the_masthead_shows_the_day_of_the_request(replica: Replica, browser: Open, clock: Clock) -> None:
    item = of(replica, "toudeng")[0]
    assert "<span>2024年12月01日 星期日</span>" in browser(replica).ask(item.url).text
    clock.move(86400 * 2)
    assert "<span>2024年12月03日 星期二</span>" in browser(replica).ask(item.url).text


@pytest.mark.parametrize("site", ["shandong-commerce", "diyang-keqiao"])
def test_unchanged_pages_are_answered_with_304(replica: Replica, browser: Open, clock: Clock, site: str) -> None:
    item, ask = of(replica, site)[0], browser(replica).ask
    first = ask(item.url)
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        again = ask(item.url, **headers)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
    clock.move(60)
    replica.edit(item.url, "2024", "2025")
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        assert ask(item.url, **headers).status == 200


@pytest.mark.parametrize("site", ["qidian-zibo", "iqilu-jining", "toudeng"])
def test_sites_that_count_views_themselves_send_no_validators(replica: Replica, browser: Open, site: str) -> None:
    headers = browser(replica).ask(of(replica, site)[0].url).headers
    assert headers["ETag"] is None
    assert headers["Last-Modified"] is None


def test_head_sends_the_length_and_no_body(replica: Replica) -> None:
    item = of(replica, "qidian-zibo")[0]
    with socket.create_connection(("127.0.0.1", replica.port), timeout=10) as raw:
        path = item.url.removeprefix("http://www.zibotv.com")
        raw.sendall(f"HEAD {path} HTTP/1.1\r\nHost: www.zibotv.com\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 200 " in head
    assert int(re.search(rb"Content-Length: (\d+)", head)[1]) > 1000
    assert body == b""


def test_one_connection_carries_many_requests_plain_and_tls(replica: Replica, browser: Open) -> None:
    for host, path in (("jining.iqilu.com", "/robots.txt"), ("www.toudeng.cc", "/culture")):
        connection = browser(replica).connection("https" if "toudeng" in host else "http", host)
        for _ in range(3):
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            assert len(answer.read()) == int(answer.headers["Content-Length"])
        connection.close()


def test_a_silent_client_holds_up_no_one(replica: Replica, browser: Open) -> None:
    with socket.create_connection(("127.0.0.1", replica.port)):
        got = []
        thread = threading.Thread(target=lambda: got.append(browser(replica).ask(JCMS).status))
        thread.start()
        thread.join(10)
        assert got == [200]


def test_an_unknown_host_is_told_so(replica: Replica, browser: Open) -> None:
    got = browser(replica).ask("http://example.org/")
    assert got.status == 421
    assert "www.zibotv.com" in got.text


def test_payload_and_log_hold_what_was_sent(replica: Replica, browser: Open) -> None:
    url = of(replica, "iqilu-jining")[0].url
    got = browser(replica).ask(url)
    assert replica.payload(url) == got.body
    assert (replica.sent[-1].url, replica.sent[-1].status) == (url, 200)
