"""What differs between two states of a text, mention by mention."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mention import Mention
from parsers.mentions import changed

DAY = date(2019, 1, 7)


def said(before: str, after: str) -> list[tuple[str | None, str | None]]:
    return [(_text(old), _text(new)) for old, new in changed(before, after, DAY)]


def _text(mention: Mention | None) -> str | None:
    return mention.text if mention else None


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ("投资1.2万元，占地5亩。", "投资1.2亿元，占地5亩。", [("1.2万元", "1.2亿元")]),
        ("请于1月20日前报送。", "请于1月31日前报送。", [("1月20日", "1月31日")]),
        ("局长李某主持。", "局长赵某主持。", [("局长李某", "局长赵某")]),
        ("增长3.5%，共8家。", "增长35%，共8家。", [("3.5%", "35%")]),
        ("由市财政局负责。", "由市审计局负责。", [("市财政局", "市审计局")]),
        ("在淄博市召开。", "在济南市召开。", [("淄博市", "济南市")]),
        ("1月20日召开。", "1月20日前召开。", [("1月20日", "1月20日")]),
        ("投资5万元。", "投资若干。", [("5万元", None)]),
        ("投资若干。", "投资5万元。", [(None, "5万元")]),
    ],
)
def test_a_changed_mention_is_paired_with_what_it_became(
    before: str, after: str, pairs: list[tuple[str | None, str | None]]
) -> None:
    assert said(before, after) == pairs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("投资5000万元。", "投资0.5亿元。"),
        ("投资１２万元。", "投资12万元。"),
        ("2019年1月7日，会议召开。", "1月7日，会议召开。"),
        ("市发改委负责。", "市发展改革委负责。"),
        ("先有5万元。后有3家。", "后有3家。先有5万元。"),
        ("投资5万元。", "另外还投资5万元，很好。"),
        ("", ""),
    ],
)
def test_other_words_for_the_same_are_no_change(before: str, after: str) -> None:
    assert said(before, after) == []


def test_a_mention_that_came_does_not_shift_the_others() -> None:
    before = "甲公司投资5万元，乙公司投资6万元，丙公司投资7万元。"
    after = "甲公司投资5万元，丁公司投资9万元，乙公司投资6万元，丙公司投资8万元。"
    assert said(before, after) == [(None, "9万元"), ("7万元", "8万元")]


def test_a_sentence_put_in_front_does_not_shift_what_follows() -> None:
    before = "第一笔5万元已到。第二笔6万元未到。"
    after = "更正：共有两笔。第一笔5万元已到。第二笔60万元未到。"
    assert said(before, after) == [("6万元", "60万元")]


def test_pairs_come_in_the_order_of_the_text() -> None:
    pairs = said("局长李某说，1月20日前拨付5万元。", "局长赵某说，1月31日前拨付6万元。")
    assert pairs == [("局长李某", "局长赵某"), ("1月20日", "1月31日"), ("5万元", "6万元")]


@given(
    st.text("投资5万元1月日前。，\n淄博市局长李某", max_size=60),
    st.text("投资6万元2月日前。，\n济南市局长王某", max_size=60),
)
def test_anything_can_be_compared_and_nothing_changes_into_itself(before: str, after: str) -> None:
    assert changed(before, before, DAY) == ()
    for old, new in changed(before, after, DAY):
        assert old or new
        assert old is None or new is None or old.meaning != new.meaning
