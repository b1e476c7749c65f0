"""Declared readers: one element or none, dated layouts, the generic reader for the rest."""

from datetime import UTC, date, datetime

import pytest

from domain.article import Precision, Validity
from domain.errors import ConfigurationError
from domain.site import Entry, Site
from parsers import declare, read
from parsers.dates import Stamp
from parsers.declare import SiteReader, absent, blocks, names, one, text
from parsers.document import document

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


def test_a_field_with_no_place_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="no place"):
        one()


ODD = f"""<title>会议讨论了工作安排-例</title><meta name="PubDate" content="2024-05-06 07:08">
<script>var ct = "1714950489"; var nickname = "例报";</script><h1>会议讨论了工作安排<span>2024年5月 例报</span></h1>
<i class="n">索引号：QH01/2024-7</i><i class="v">有效性：废止</i><i class="d">成文日期：2024年5月1日</i>
<time datetime="2024-05-06T07:08:09+08:00">今天</time><b class="two">甲</b><b class="two">乙</b><b class="none"></b>
<div class="c"><style>p{{}}</style><div class="c">{BODY}</div></div>"""


def read_by(**declared: declare.Spec) -> tuple[object, ...]:
    reader = type("Reader", (SiteReader,), dict(declared))
    got = reader.read(document(ODD, URL))
    found = [getattr(got, name) for name in declared]
    return (*(item.value if item else None for item in found), got.issues)


@pytest.mark.parametrize(
    ("field", "spec", "value"),
    [
        ("title", declare.own("h1"), "会议讨论了工作安排"),
        ("title", one("h1.title", "b.none", "b.two", declare.meta("pubdate")), "2024-05-06 07:08"),
        ("source", text(declare.variable("nickname")), "例报"),
        ("index_number", text("i.n"), "QH01/2024-7"),
        ("validity", declare.validity("i.v"), Validity.REPEALED),
        ("validity", declare.validity("h1", optional=True), None),
        ("written_on", declare.day("i.d"), date(2024, 5, 1)),
        ("written_on", declare.day("h1", optional=True), None),
    ],
)
def test_places_and_kinds(field: str, spec: declare.Spec, value: object) -> None:
    assert read_by(**{field: spec}) == (value, ())


@pytest.mark.parametrize(
    ("place", "at", "precision"),
    [
        (declare.meta("PubDate"), datetime(2024, 5, 5, 23, 8, tzinfo=UTC), Precision.MINUTE),
        (declare.variable("ct"), datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC), Precision.SECOND),
        (declare.attribute("time", "datetime"), datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC), Precision.SECOND),
    ],
)
def test_times_beyond_the_text(place: str, at: datetime, precision: Precision) -> None:
    stamp, issues = read_by(updated=declare.date("time.gone", place))
    assert isinstance(stamp, Stamp)
    assert (stamp.at, stamp.precision, issues) == (at, precision, ())


@pytest.mark.parametrize(
    ("spec", "issue"),
    [
        (one("h1.title", "b.two"), "reader: title: expected one of h1.title, b.two, found 0, 2"),
        (one("h1.title", "b.none"), "reader: title: nothing to read in b.none"),
        (one("b.two", optional=True), "reader: title: expected one b.two, found 2"),
    ],
)
def test_alternatives_that_all_fail_are_told(spec: declare.Spec, issue: str) -> None:
    assert read_by(title=spec) == (None, (issue,))


def test_a_body_nested_in_one_of_its_own_name_is_one_body() -> None:
    got = type("Reader", (SiteReader,), {"body": blocks("div.c", drop=("style",))}).read(document(ODD, URL))
    assert got.region is not None
    assert (got.region.value.getparent().tag, got.issues) == ("body", ())


def test_a_missing_page_does_not_complain_of_its_layout() -> None:
    page = "<title>提示信息</title><div><p>您访问的页面不存在或已被删除</p></div>"
    assert read(page.encode(), URL, site=site(Whole)).issues == ()
