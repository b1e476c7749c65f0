"""What bench/fuzz found: the smallest input that did it, each. Time limits are for matchers that never end."""

import pytest

from domain.article import Article, Block
from domain.site import Entry, Site
from parsers import read
from parsers.joining import join
from parsers.lists import Listing, links

URL = "http://www.example.cn/news/1.html"
MIRRORED = "<p>" + "濟(jì)南" * 20
NEVER_ENDS = pytest.mark.timeout(60)


def _listed(payload: bytes, kind: str) -> Listing:
    entry = Entry.model_validate({"url": "http://www.example.cn/list", "kind": kind})
    site = Site(name="a", title="a", homepage="http://www.example.cn/", entries=(entry,), article=r"/\d+\.html$")
    return links(payload, entry.url, None, entry, site)


@pytest.mark.parametrize("url", ["http://[::", "http://www.example.cn:99999/1.html", ""])
def test_an_address_that_is_none_spoils_no_article(url: str) -> None:
    assert read(b"<p>x", url).text == "x"


@pytest.mark.parametrize("reference", ["&#1;", "&#x1F;", "&#xFFFE;", "&#xFFFF;"])
@pytest.mark.parametrize("place", ["<p>济{}</p>", '<img alt="济{}">', "<b></b>济{}"])
def test_folding_meets_characters_that_no_tree_may_hold(place: str, reference: str) -> None:
    assert "济南" in read((MIRRORED + place.format(reference)).encode(), URL, "text/html; charset=utf-8").text


@NEVER_ENDS
@pytest.mark.parametrize("line", ["9" * 60 + "x", "更多分享" * 25 + "x", "1 " * 55 + "x"])
def test_a_line_like_a_row_of_controls_is_judged_in_time(line: str) -> None:
    assert line in read(f"<h1>标题</h1><p>{line}</p><p>{'会议讨论了工作安排。' * 9}</p>".encode(), URL).text


@NEVER_ENDS
@pytest.mark.parametrize("line", ["9" * 80 + "x", "一" * 80 + "x", "上一" * 40 + "x"])
def test_a_line_like_a_pager_is_judged_in_time(line: str) -> None:
    first, further = (Article(title="标题", body=(Block(text=text), Block(text=line))) for text in ("甲。", "乙。"))
    assert join(first, [further]).text.split("\n")[0] == "甲。"


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize("payload", [b"\0\0\0\0\0\0\0:", b"x", b"<:/", b"<p:/", b"<a:b:c><item/>", b"<url>\x8c:>"])
def test_what_is_hardly_xml_is_an_empty_list(payload: bytes, kind: str) -> None:
    assert _listed(payload, kind) == Listing()


@pytest.mark.parametrize("port", ["99999", "x", "-1"])
def test_a_link_to_no_port_is_no_link(port: str) -> None:
    page = f'<a href="http://www.example.cn:{port}/1.html">甲</a><a href="/2.html">乙</a>'
    assert [link.url for link in _listed(page.encode(), "html").articles] == ["http://www.example.cn/2.html"]


def test_half_a_character_in_an_answer_of_an_api_is_left_out() -> None:
    listed = _listed(b'[{"url":"/1.html","title":"a\\ud800\\u0000b"},{"url":"/\\ud800/2.html","title":"c"}]', "json")
    assert [(link.url, link.title) for link in listed.articles] == [("http://www.example.cn/1.html", "ab")]
