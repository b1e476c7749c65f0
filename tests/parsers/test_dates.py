"""Times as pages write them, and which of a page's times is the publication's."""

from datetime import UTC, datetime

import pytest

from domain.article import Precision
from parsers import dates, read


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2019- 01- 07", "2019-01-06T16:00:00+00:00", "day"),
        ("2020-08-21 15:43:49", "2020-08-21T07:43:49+00:00", "second"),
        ("2012年1月12日 18:39", "2012-01-12T10:39:00+00:00", "minute"),
        ("2022.01.20 16:31", "2022-01-20T08:31:00+00:00", "minute"),
        ("２０２０年８月２１日", "2020-08-20T16:00:00+00:00", "day"),
        ("2020年8月21日 星期五 下午3时5分", "2020-08-21T07:05:00+00:00", "minute"),
        ("2019-01-07T08:30:00+08:00", "2019-01-07T00:30:00+00:00", "second"),
        ("2019-01-07T08:30:00Z", "2019-01-07T08:30:00+00:00", "second"),
        ("2019/1/7", "2019-01-06T16:00:00+00:00", "day"),
        ("20190107083015", "2019-01-07T00:30:15+00:00", "second"),
        ("2019年3月", "2019-02-28T16:00:00+00:00", "month"),
    ],
)
def test_forms(text: str, iso: str, precision: str) -> None:
    stamp = dates.parse(text)
    assert stamp is not None
    assert (stamp.at.isoformat(), stamp.precision) == (iso, precision)


@pytest.mark.parametrize("text", ["", "2019-13-07", "2019年2月30日", "电话 2019-0107123", "1899-01-01", "12019-01-07"])
def test_no_times(text: str) -> None:
    assert not list(dates.stamps(text))


def test_addresses() -> None:
    for url in (
        "http://a.cn/2020/0821/1.html",
        "http://a.cn/art/2020/8/21/art_1.html",
        "http://a.cn/x/t20200821_5.html",
    ):
        stamp = dates.in_address(url)
        assert stamp is not None
        assert (stamp.at, stamp.precision) == (datetime(2020, 8, 20, 16, tzinfo=UTC), Precision.DAY)
    assert dates.in_address("http://a.cn/archives/20201345/") is None


BODY = "".join(
    f"<p>第{n}段。2001年5月6日,会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>" for n in range(4)
)


def published(
    before: str = "", line: str = "", after: str = "", head: str = "", url: str = "http://a.cn/x"
) -> tuple[str | None, str]:
    page = (
        f"<head><title>会议讨论了工作安排</title>{head}</head><body>{before}<h1>会议讨论了工作安排</h1>"
        f"{line}<div>{BODY}</div>{after}</body>"
    )
    article = read(page.encode(), url, at=datetime(2022, 1, 1, tzinfo=UTC))
    return article.published_at and article.published_at.isoformat(), article.published_precision


def test_the_publish_line() -> None:
    line = "<div>2020-08-21 15:43:49 来源:某某网</div>"
    assert published("<div>2021年12月31日 星期五</div>", line) == ("2020-08-21T07:43:49+00:00", "second")


def test_none_from_the_masthead_related_links_copyright_or_the_body() -> None:
    related = "<ul><li><a href='/b'>别的新闻标题一二三</a><span>2021-03-04 10:00</span></li></ul>"
    footer = "<div>Copyright © 2010-01-01 版权所有</div>"
    assert published("<div>2021年12月31日 星期五</div>", after=related + footer) == (None, "first_seen")


def test_the_publication_not_the_document_or_the_update() -> None:
    table = "<table><tr><td>成文日期</td><td>2020-01-02</td><td>发布日期:2020-01-05</td></tr></table>"
    assert published(line=table)[0] == "2020-01-04T16:00:00+00:00"
    line = "<p>更新时间:2021-02-03 10:00 发布时间:2021-02-02 09:00</p>"
    assert published(line=line)[0] == "2021-02-02T01:00:00+00:00"


def test_metas_then_the_address() -> None:
    meta = '<meta name="PubDate" content="2020-08-21 15:43">'
    assert published(head=meta) == ("2020-08-21T07:43:00+00:00", "minute")
    assert published(url="http://a.cn/2020/0821/9.html") == ("2020-08-20T16:00:00+00:00", "day")


def test_a_time_after_the_capture_is_no_publication() -> None:
    assert published(line="<div>2022-06-01 10:00:00</div>") == (None, "first_seen")
