"""What is looked for is found in either script, in any width, with or without readings."""

import pytest

from domain.matching import key, matchable


@pytest.mark.parametrize(
    "text",
    ["濟(jì)寧 ＡＢＣ 臺灣", "濟寧　abc 臺灣", "济宁 ABC 台湾", "济\u200b宁 abc\u202e 台湾", " 济宁\n\tABC 台湾"],
)
def test_one_form_for_all_spellings(text: str) -> None:
    assert matchable(text) == "济宁 abc 台湾"
    assert key(text) == "济宁abc台湾"


@pytest.mark.parametrize("text", ["世贸组织(wto)", "打坏了设备", "第(一)条"])
def test_what_is_no_reading_stays(text: str) -> None:
    assert matchable(text) == text


def test_a_word_in_one_script_is_found_in_the_other() -> None:
    assert key("著力推進") in key("會議要求着力推进改造")
