"""Traditional characters with readings, folded away where a page is made that way and only there."""

import pytest

from parsers import fold, read

MIRRORED = (
    "濟(jì)寧(níng)市召開會議,要求強(qiáng)化責任擔(dān)當(dāng),"
    "加快經(jīng)濟(jì)發(fā)展,抓好項(xiàng)目建設(shè),落實(shí)各項(xiàng)任務(wù)。"
)
PLAIN = "济宁市召开会议,要求强化责任担当,加快经济发展,抓好项目建设,落实各项任务。"


def test_readings_go_and_characters_turn() -> None:
    assert fold.folded(MIRRORED) == PLAIN


def test_the_script_g_and_full_width_brackets() -> None:
    assert fold.folded("廣（ɡuǎnɡ）東") == "广东"


def test_a_neutral_tone_goes_after_a_changed_character() -> None:
    assert fold.folded("人們(men)說(shuō)") == "人们说"


@pytest.mark.parametrize(
    "kept", ["世贸组织(wto)", "负责人(代)", "经济(GDP)增长", "开发区(园区)", "方案(2017—2021)(讨论稿)"]
)
def test_brackets_that_are_no_readings_stay(kept: str) -> None:
    assert fold.folded(kept) == kept


def test_pages_that_teach_pinyin_are_not_mirrored() -> None:
    assert not fold.is_mirrored("龘(dá)、靐(bìng)、齉(nàng)、爩(yù)、麤(cū)、灪(yù)、癵(luán)、鬱(yù)")
    assert fold.is_mirrored(MIRRORED)


def test_a_mirrored_page_is_folded_without_a_site() -> None:
    body = "".join(f"<p>{MIRRORED}</p>" for _ in range(3))
    title = "濟(jì)寧(níng)要聞(wén)速覽(lǎn)"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{body}</div></body>"
    article = read(page.encode(), "http://example.cn/2020/0101/1.html")
    assert article.title == "济宁要闻速览"
    assert article.text.splitlines() == [PLAIN] * 3
    assert article.language == "zh-Hans"


def test_a_page_in_traditional_script_stays_as_it_is() -> None:
    text = "市政府昨天召開會議,討論了明年的工作安排,要求各部門抓好落實,確保經濟發展目標如期實現。"
    article = read(
        f"<h1>市政府召開會議討論明年工作</h1><div><p>{text}</p><p>{text}</p></div>".encode(), "http://example.tw/a"
    )
    assert article.text.splitlines() == [text, text]
    assert article.language == "zh-Hant"


def test_addresses_are_not_folded() -> None:
    page = f"<h1>濟(jì)寧(níng)要聞(wén)</h1><div><p>{MIRRORED}</p><p><img src='/圖/a.jpg'></p><p>{MIRRORED}</p></div>"
    assert read(page.encode(), "http://example.cn/a").images == ("http://example.cn/%E5%9C%96/a.jpg",)
