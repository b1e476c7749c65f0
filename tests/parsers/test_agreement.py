"""Two readers of one page: what counts as saying different things."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from domain.article import Precision
from parsers.agreement import disagreements
from parsers.dates import Stamp
from parsers.document import Found
from parsers.fields import Fields

NOON = datetime(2024, 5, 6, 4, 0, 30, tzinfo=UTC)


def title(text: str, sure: float = 0.9) -> Fields:
    return Fields(title=Found(text, "h1", sure))


def source(text: str) -> Fields:
    return Fields(source=Found(text, "x", 0.9))


def published(at: datetime, precision: Precision) -> Fields:
    return Fields(published=Found(Stamp(at, precision), "x", 0.9))


def body(text: str) -> Fields:
    return Fields(region=Found(html.fromstring(f"<div><p>{text}</p></div>"), "x", 0.7))


@pytest.mark.parametrize(
    ("given", "generic"),
    [
        (title("会议讨论了工作安排"), title("会议讨论了工作安排")),
        (title("会议 讨论了“工作安排”"), title("会议讨论了「工作安排」")),
        (title("会议讨论了工作安排"), title("会议讨论了工作安排_例报")),
        (title("会议讨论了工作安排"), title("热门推荐栏目", 0.79)),
        (title("会议讨论了工作安排"), Fields()),
        (Fields(), title("会议讨论了工作安排")),
        (source("例报"), source("例报 ")),
        (published(NOON, Precision.SECOND), published(NOON.replace(second=0), Precision.MINUTE)),
        (published(NOON, Precision.SECOND), published(NOON.replace(second=9), Precision.SECOND)),
        (published(NOON, Precision.MINUTE), published(NOON.replace(hour=1), Precision.DAY)),
        (published(NOON, Precision.DAY), published(NOON.replace(day=1), Precision.MONTH)),
        (body("会议讨论了工作安排，要求抓好落实。"), body("会议讨论了工作安排，要求抓好落实。来源：例报")),
        (body(""), body("")),
    ],
)
def test_the_same(given: Fields, generic: Fields) -> None:
    assert disagreements(given, generic) == ()


@pytest.mark.parametrize(
    ("given", "generic", "told"),
    [
        (
            title("热门推荐栏目"),
            title("会议讨论了工作安排"),
            "reader: title: «热门推荐栏目» here, «会议讨论了工作安排» by the generic reader",
        ),
        (source("例报"), source("别报"), "reader: source: «例报» here, «别报» by the generic reader"),
        (
            published(NOON, Precision.SECOND),
            published(NOON.replace(minute=1), Precision.MINUTE),
            "reader: published: «2024-05-06 12:00» here, «2024-05-06 12:01» by the generic reader",
        ),
        (
            published(NOON.replace(hour=16), Precision.MINUTE),
            published(NOON, Precision.DAY),
            "reader: published: «2024-05-07 00:00» here, «2024-05-06» by the generic reader",
        ),
        (
            body("版权声明"),
            body("会议讨论了工作安排，要求抓好落实。" * 4),
            "reader: body: only 0% of it is also the generic reader's",
        ),
    ],
)
def test_not_the_same(given: Fields, generic: Fields, told: str) -> None:
    assert disagreements(given, generic) == (told,)


def test_several_at_once_in_a_fixed_order() -> None:
    given = replace(title("热门推荐栏目"), source=source("例报").source)
    generic = replace(title("会议讨论了工作安排"), source=source("别报").source)
    assert [note.split(":")[1] for note in disagreements(given, generic)] == [" title", " source"]
