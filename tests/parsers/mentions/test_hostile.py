"""Texts made to be slow: each is read in one pass, which the suite's timeout holds to."""

from datetime import date

import pytest

from parsers.mentions import changed, find

DAY = date(2019, 1, 7)
MILLION = 1_000_000
PIECES = (
    "1", "1,", "1,234", "1.", "一", "百", "万", "十百", "1万",
    "万元", "%", "A1%", "个百分点", "百分之", " ", "2019年", "1月", "1-",
    "1至", "2019-01-", "月", "日", "前", "之日起", "截至2019年", "有效期至", "农历",
    "内", "市", "县", "局", "委", "政府", "教育局", "国务院", "山东",
    "中国", "海城市", "中山", "书记", "书记、", "副", "主任李", "任命王", "任局长",
    "李某、", "市长李某、", "公司", "壹", "壹拾", "北京市朝阳区", "王·", "(", "《",
    "\n", "。",
)  # fmt: skip
# Those where one repetition too many, or a look back without end, would show first.
LONG = ("1", "1,234", "一", "十百", "1-", "2019-01-", " ", "副", "书记、", "李某、", "《", "农历")


@pytest.mark.parametrize("piece", PIECES)
def test_any_repetition_is_read(piece: str) -> None:
    text = piece * (MILLION // 20 // len(piece))
    assert all(text[mention.start : mention.end] == mention.text for mention in find(text, DAY))


@pytest.mark.parametrize("piece", LONG)
def test_a_million_signs_are_read(piece: str) -> None:
    text = piece * (MILLION // len(piece))
    assert all(mention.end <= len(text) for mention in find(text, DAY))


@pytest.mark.parametrize("piece", ["投资5万元。", "投资5万元，", "5万元6万元", "1月2日前。", "\ue000。"])
def test_long_texts_are_compared(piece: str) -> None:
    before = piece * (MILLION // 20 // len(piece))
    after = before.replace("5", "7") + "投资9万元。"
    assert changed(before, after, DAY)[-1][1] is not None


def test_texts_that_share_nothing_are_compared() -> None:
    before = "".join(f"甲{number}号投资{number}元。" for number in range(3_000))
    after = "".join(f"乙{number}处得到{number + 1}元！" for number in range(3_000))
    assert len(changed(before, after, DAY)) >= 1
