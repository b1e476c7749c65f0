"""What closes an official document, and the lines that only look like it. All texts invented."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.article import Signature
from parsers import signature

SAID = "各市商务局要高度重视，认真抓好落实，确保目标如期实现。"
DAY = date(2019, 1, 7)
ONE = Signature(agencies=("云川省商务厅",), on=DAY)
TWO = Signature(agencies=("云川省商务厅", "云川省财政厅"), on=DAY)


@pytest.mark.parametrize(
    ("closing", "want"),
    [
        pytest.param(["云川省商务厅", "2019年1月7日"], ONE, id="two lines"),
        pytest.param(["云川省商务厅2019年1月7日"], ONE, id="one line"),
        pytest.param(["云川省商务厅 2019年1月7日（此件公开发布）"], ONE, id="one line and a note"),
        pytest.param(["云 川 省 商 务 厅", "2019 年 1 月 7 日"], ONE, id="letters set apart"),
        pytest.param(["云川省商务厅（盖章）", "二〇一九年一月七日"], ONE, id="hanzi numerals"),
        pytest.param(["云川省商务厅", "二○一九年元月七日"], ONE, id="元月"),
        pytest.param(["云川省商务厅", "２０１９年１月７日"], ONE, id="full width"),
        pytest.param(["云川省商务厅", "云川省财政厅", "2019年1月7日"], TWO, id="two offices"),
        pytest.param(["云川省商务厅 云川省财政厅", "2019年1月7日"], TWO, id="two offices on a line"),
        pytest.param(["云川省商务厅、云川省财政厅", "2019年1月7日"], TWO, id="two offices, a sign between"),
        pytest.param(["云川省商务厅", "云川省财政厅 2019年1月7日"], TWO, id="the last with the day"),
        pytest.param(["云川省商务厅", "2019年1月7日", "（此件公开发布）"], ONE, id="此件公开发布"),
        pytest.param(["云川省商务厅", "2019年1月7日", "附件：1.目录", "2.表格.xls"], ONE, id="附件"),
        pytest.param(["云川省商务厅", "2019年1月7日", "（联系人：甲某；联系电话：0000-123）"], ONE, id="contact"),
        pytest.param(
            ["云川省商务厅", "2019年1月7日", "抄送：省委办公厅。", "云川省商务厅办公室 2019年1月8日印发"],
            ONE,
            id="抄送",
        ),
        pytest.param(
            ["云川省商务厅", "2019年1月7日", "云川省甲办法", "第一条 为规范管理，制定本办法。"],
            ONE,
            id="what it issues",
        ),
        pytest.param(["附件：1.目录", "云川省商务厅", "2019年1月7日"], ONE, id="附件 before"),
        pytest.param(["部长 甲某某", "2019年1月7日"], Signature(on=DAY), id="a person"),
        pytest.param(["省 长：甲某", "2019年1月7日"], Signature(on=DAY), id="a person, set apart"),
        pytest.param(["2019年1月7日"], Signature(on=DAY), id="under a seal"),
        pytest.param(
            ["云川甲股份有限公司董事会", "2019年1月7日"],
            Signature(agencies=("云川甲股份有限公司董事会",), on=DAY),
            id="board",
        ),
        pytest.param(
            ["中共云川市委 云川市人民政府", "2019年1月7日"],
            Signature(agencies=("中共云川市委", "云川市人民政府"), on=DAY),
            id="party and government",
        ),
        pytest.param(
            ["雲川縣政府辦公室", "2019年1月7日"], Signature(agencies=("雲川縣政府辦公室",), on=DAY), id="traditional"
        ),
    ],
)
def test_signed(closing: list[str], want: Signature) -> None:
    assert signature.find(["云川省商务厅关于某事的通知", "各市商务局：", SAID, *closing]) == want


def test_signed_in_the_last_paragraph() -> None:
    assert signature.find([f"{SAID}特此通知。 云川省商务厅 2019年1月7日 （此件公开发布）"]) == ONE


def test_the_first_of_several_is_the_documents() -> None:
    later = ["云川省乙办法", SAID, "云川省财政厅", "2018年2月3日"]
    assert signature.find([SAID, "云川省商务厅", "2019年1月7日", *later]) == ONE


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([SAID, "本报记者 甲某某 2019年1月7日"], id="byline"),
        pytest.param([SAID, "甲某某", "2019年1月7日", "乙某某当选。"], id="a name"),
        pytest.param([SAID, "来源：云川省商务厅 2019年1月7日"], id="source line"),
        pytest.param([SAID, "（云川省商务厅 2019年1月7日）"], id="source in brackets"),
        pytest.param(["云川省商务厅", "2019年1月7日", SAID], id="letterhead"),
        pytest.param([SAID, "云川省商务厅办公室 2019年1月7日印发"], id="imprint alone"),
        pytest.param([SAID, "云川省商务厅", "2019年2月30日"], id="no such day"),
        pytest.param([SAID, "云川省商务厅", "2019年1月7日", "召开全省会议，部署全年工作。"], id="a chronicle"),
        pytest.param([SAID, "截至2019年1月7日"], id="a term"),
        pytest.param([SAID, "申请单位（盖章）", "年 月 日"], id="a form"),
        pytest.param([SAID, "报名时间", "2019年1月7日", "地点"], id="a notice of dates"),
        pytest.param([SAID, "云川日报", "2019年1月7日"], id="a newspaper"),
        pytest.param([], id="nothing"),
    ],
)
def test_not_signed(texts: list[str]) -> None:
    assert signature.find(texts) is None


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [SAID, "云川省商务厅", "2019年1月7日", "二〇一九年一月七日", "附件：", "部长 甲某", "\ud800", "\u202e日"]
        ),
        st.text(alphabet="云川省商务厅局 。、（）2019年1月7日\n印发", max_size=60),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_any_text_is_read_and_a_day_is_always_given(texts: list[str]) -> None:
    found = signature.find(texts)
    assert found is None or (found.on is not None and all(name and " " not in name for name in found.agencies))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["日" * 1_000_000], id="one line"),
        pytest.param(["商务厅 " * 250_000 + "2019年1月7日"], id="offices"),
        pytest.param(["\n" * 1_000_000], id="breaks"),
        pytest.param([SAID, *["2019年1月7日", "会议。"] * 50_000], id="days"),
        pytest.param([SAID, *["云川省商务厅", "2019年1月7日", "召开会议，部署工作。"] * 30_000], id="a long chronicle"),
    ],
)
@pytest.mark.timeout(20)
def test_a_million_characters_are_read_in_linear_time(texts: list[str]) -> None:
    assert signature.find(texts) is None
