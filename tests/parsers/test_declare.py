"""Declared readers: one element or none, dated layouts, the generic reader for the rest."""

from datetime import UTC, date, datetime

import pytest

from domain.article import Precision
from domain.errors import ConfigurationError
from domain.site import Entry, Site
from parsers import declare, read
from parsers.declare import SiteReader, absent, blocks, names, one, text

URL = "http://www.example.cn/news/1.html"
BODY = "".join(f"<p>第{n}段。会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>" for n in range(3))
PAGE = f"""<title>会议讨论了工作安排-例</title><h1 class="title">会议讨论了工作安排</h1>
<div class="info"><b class="src">来源:例报</b> <i class="when">2024-05-06 07:08:09</i>
<u class="by">例报记者 温予墨</u></div>
<div id="content"><div class="share">分享的话,没有人要看的一段,说了很多也没有用。</div>{BODY}</div>"""


def site(*readers: type[SiteReader]) -> Site:
    entry = Entry(url="http://www.example.cn/")
    return Site(name="example", title="例", homepage=entry.url, entries=(entry,), article=r"/news/\d+", readers=readers)


class Whole(SiteReader):
    title = one("h1.title")
    published = declare.date("i.when")
    source = text("b.src")
    authors = names("u.by")
    body = blocks("#content", drop=(".share",))


def test_what_is_declared_is_read_there() -> None:
    got = read(PAGE.encode(), URL, site=site(Whole))
    assert (got.title, got.source, got.authors, got.issues) == ("会议讨论了工作安排", "例报", ("温予墨",), ())
    assert got.published_at == datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)
    assert [block.text[:3] for block in got.body] == ["第0段", "第1段", "第2段"]
    assert {got.provenance[name].where for name in ("title", "source", "body")} == {"h1.title", "b.src", "#content"}
    assert got.provenance["title"].confidence > 0.9


@pytest.mark.parametrize(
    ("page", "count"), [(PAGE.replace('class="title"', ""), 0), (PAGE + '<h1 class="title">别的标题在这里</h1>', 2)]
)
def test_none_or_two_falls_back_and_says_so(page: str, count: int) -> None:
    got = read(page.encode(), URL, site=site(Whole))
    assert got.title == "会议讨论了工作安排"
    assert got.issues == (f"reader: title: expected one h1.title, found {count}",)


def test_an_optional_field_may_be_missing_without_a_word() -> None:
    class Reader(SiteReader):
        source = text("b.other", optional=True)

    got = read(PAGE.encode(), URL, site=site(Reader))
    assert (got.source, got.issues) == ("例报", ())


def test_an_absent_field_is_not_looked_for() -> None:
    class Reader(SiteReader):
        published = absent("today's date only")

    got = read(PAGE.encode(), URL, site=site(Reader))
    assert (got.published_at, got.published_precision) == (None, Precision.FIRST_SEEN)


class Old(Whole):
    valid_until = date(2024, 6, 30)
    title = one("h2.old")


@pytest.mark.parametrize(
    ("at", "reader"),
    [
        (datetime(2024, 6, 30, 15, 59, tzinfo=UTC), Old),
        (datetime(2024, 6, 30, 16, 0, tzinfo=UTC), Whole),
        (None, Whole),
    ],
)
def test_the_layout_of_the_day_in_shanghai(at: datetime | None, reader: type[SiteReader]) -> None:
    assert declare.chosen((Whole, Old), at) is reader


def test_when_every_layout_is_over_the_generic_reader_reads() -> None:
    assert declare.chosen((Old,), None) is None
    assert read(PAGE.encode(), URL, site=site(Old)).title == "会议讨论了工作安排"


def test_a_selector_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="h1::"):
        one("h1::")


def test_a_missing_page_does_not_complain_of_its_layout() -> None:
    page = "<title>提示信息</title><div><p>您访问的页面不存在或已被删除</p></div>"
    assert read(page.encode(), URL, site=site(Whole)).issues == ()
