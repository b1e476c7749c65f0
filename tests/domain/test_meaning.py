"""The words of the house: addresses, digests, clock, settings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.article import Article, Block, Precision, Provenance
from domain.clock import iso, parse, planning_now, shown
from domain.errors import TongjianError
from domain.settings import settings
from domain.site import Entry, Site
from domain.urls import absolute, urlkey


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.cn/a/B.html", "https://example.cn/a/B.html#top"),
        ("http://example.cn:80/", "http://EXAMPLE.cn"),
        ("http://example.cn/a?b=1&a=2", "http://example.cn/a?a=2&b=1"),
        ("http://example.cn/a;jsessionid=0A1B?x=1", "http://example.cn/a?x=1"),
        ("http://example.cn/a?x=1&utm_source=wx", "http://example.cn/a?x=1"),
        ("http://example.cn/新闻/1", "http://example.cn/%E6%96%B0%E9%97%BB/1"),
    ],
)
def test_two_spellings_one_page(one: str, other: str) -> None:
    assert urlkey(one) == urlkey(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.cn/a", "http://example.cn/A"),
        ("http://example.cn/a", "http://news.example.cn/a"),
        ("http://example.cn/a?id=1", "http://example.cn/a?id=2"),
        ("http://example.cn:8080/a", "http://example.cn/a"),
    ],
)
def test_two_pages_two_keys(one: str, other: str) -> None:
    assert urlkey(one) != urlkey(other)


def test_keys_sort_by_site() -> None:
    assert urlkey("http://commerce.shandong.gov.cn/art/1.html") == "cn,gov,shandong,commerce)/art/1.html"


def test_absolute() -> None:
    assert absolute("http://Example.cn/a/b.html", " ../c.html#x ") == "http://example.cn/c.html"


ARTICLE = Article(
    title="关于申报的通知",
    published_at=datetime(2024, 3, 18, tzinfo=ZoneInfo("Asia/Shanghai")),
    published_precision=Precision.DAY,
    body=(Block(text="单个企业最高200万元。"), Block(kind="image", src="http://a.cn/1.jpg?ver=1")),
    images=("http://a.cn/1.jpg?ver=1",),
)


@pytest.mark.parametrize(
    "same",
    [
        {"decoded_as": "gb18030", "fidelity": 0.5},
        {"provenance": {"title": Provenance(where="h1", confidence=0.9)}},
        {"body": (Block(text="单个企业最高200万元。 "), Block(kind="image", src="http://a.cn/1.jpg?ver=2"))},
        {"images": ("http://a.cn/1.jpg?ver=2",)},
        {"breadcrumb": ("首页",)},
    ],
)
def test_what_is_not_meaning_does_not_move_the_digest(same: dict[str, object]) -> None:
    assert ARTICLE.model_copy(update=same).digest == ARTICLE.digest


@pytest.mark.parametrize(
    "other",
    [
        {"title": "关于申报的通告"},
        {"body": (Block(text="单个企业最高300万元。"),)},
        {"published_at": ARTICLE.published_at + timedelta(days=1) if ARTICLE.published_at else None},
        {"source": "商务厅"},
        {"document_numbers": ("云商发〔2024〕17号",)},
        {"images": ()},
    ],
)
def test_one_character_of_meaning_moves_the_digest(other: dict[str, object]) -> None:
    assert ARTICLE.model_copy(update=other).digest != ARTICLE.digest


def test_first_seen_is_no_publication_date() -> None:
    one = ARTICLE.model_copy(update={"published_precision": Precision.FIRST_SEEN})
    later = one.model_copy(update={"published_at": datetime(2026, 1, 1, tzinfo=UTC)})
    assert one.digest == later.digest


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year >= 1900))
def test_times_go_through_text(moment: datetime) -> None:
    assert parse(iso(moment)) == moment


def test_a_time_without_zone_is_shanghai() -> None:
    assert parse("2026-11-22T08:00") == datetime(2026, 11, 22, tzinfo=UTC)
    assert shown(datetime(2026, 11, 22, tzinfo=UTC)) == "2026-11-22 08:00:00"


def test_the_planning_clock_can_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGJIAN_NOW", "2030-01-01T08:00")
    settings.cache_clear()
    assert planning_now() == datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.undo()
    settings.cache_clear()
    assert planning_now().year < 2030 or datetime.now(UTC).year >= 2030


def test_fronts_are_no_place_for_an_article() -> None:
    site = Site(
        name="a-b",
        title="甲",
        homepage="http://news.a.cn/",
        article=r"/\d+\.html",
        entries=(Entry(url="http://news.a.cn/list/index.html"),),
    )
    fronts = ("http://news.a.cn", "http://news.a.cn/", "http://news.a.cn/list/index.html?p=1", "https://other.cn/")
    assert all(site.is_front(url) for url in fronts)
    assert not site.is_front("http://news.a.cn/list/1.html")


def test_errors_carry_what_to_do_next() -> None:
    assert TongjianError("broken", hint="mend it").hint == "mend it"
