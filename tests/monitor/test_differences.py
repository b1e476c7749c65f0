"""Character-level differences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.amounts import amounts
from monitor.differences import Span, characters


def sides(spans: tuple[Span, ...]) -> tuple[str, str]:
    before = "".join(span.text for span in spans if span.op != "insert")
    after = "".join(span.text for span in spans if span.op != "delete")
    return before, after


@pytest.mark.parametrize(
    ("before", "after", "went", "came"),
    [
        ("总投资2000万元。", "总投资3000万元。", "2000万元", "3000万元"),
        ("总投资2000万元。", "总投资2000亿元。", "2000万元", "2000亿元"),
        ("同比增长3.5%，", "同比增长3.8%，", "3.5%", "3.8%"),
        ("共1,234人", "共1,235人", "1,234人", "1,235人"),
        ("历时二十三天", "历时二十四天", "二十三", "二十四"),
        ("2019年1月7日讯", "2019年1月17日讯", "7日", "17日"),
        ("投入200多万元", "投入300多万元", "200多万元", "300多万元"),
    ],
)
def test_an_amount_goes_and_comes_whole(before: str, after: str, went: str, came: str) -> None:
    spans = characters(before, after)
    assert next(span.text for span in spans if span.op == "delete").endswith(went)
    assert next(span.text for span in spans if span.op == "insert").endswith(came)
    assert sides(spans) == (before, after)


def test_what_stays_is_said_once() -> None:
    assert characters("同样", "同样") == (Span("equal", "同样"),)
    assert characters("", "") == ()
    assert characters("市长出席会议", "副市长出席会议") == (Span("insert", "副"), Span("equal", "市长出席会议"))


written = st.text(alphabet="甲乙丙。\n0129.,% 万亿元年二\U00040000a", max_size=60)


@given(written, written)
def test_both_texts_come_back_and_no_amount_is_cut(before: str, after: str) -> None:
    spans = characters(before, after)
    assert sides(spans) == (before, after)
    pieces = [span.text for span in spans if span.op != "insert"]
    _assert_whole(before, pieces)
    _assert_whole(after, [span.text for span in spans if span.op != "delete"])


def _assert_whole(text: str, pieces: list[str]) -> None:
    """No border between pieces lies within an amount of the text."""
    borders, place = set(), 0
    for piece in pieces:
        place += len(piece)
        borders.add(place)
    start = 0
    for amount in amounts(text):
        start = text.index(amount, start)
        assert not borders & set(range(start + 1, start + len(amount)))
        start += len(amount)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("甲乙丙丁" * 25_000, "丁丙乙甲" * 25_000),
        ("一" * 50_000 + "二三" * 25_000, "一" * 49_000 + "三二" * 25_500),
        (
            "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(100_000)),
            "".join(chr(0x4E00 + i * 104729 % 20000) for i in range(100_000)),
        ),
        ("啊" * 100_000, "啊" * 49_999 + "哦" + "啊" * 50_000),
        ("文" * 1_500_000, "字" * 1_500_000),
    ],
)
def test_long_texts_end(before: str, after: str) -> None:
    assert sides(characters(before, after)) == (before, after)
