"""Traditional characters with readings, folded away where a page is made that way and only there."""

import pytest

from domain import matching
from domain.article import Block
from parsers import fold, original, read, tree

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


def test_letters_after_a_changed_character_that_are_no_pinyin_stay() -> None:
    assert fold.folded("世貿組織(wto)與人們(men)、系統(app)、機構(led)") == "世贸组织(wto)与人们、系统(app)、机构(led)"


@pytest.mark.parametrize("syllable", ["a", "ang", "eng", "er", "zhuang", "xiong", "lüe", "jue", "shi", "yuan", "guai"])
def test_a_neutral_reading_is_any_syllable_of_pinyin(syllable: str) -> None:
    assert fold.folded(f"們({syllable})") == "们"


# --- characters


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        # t2s and the words in which one character stands for two
        ("頭髮 發展 皇后 以後 乾淨 乾隆 乾坤", "头发 发展 皇后 以后 干净 乾隆 乾坤"),
        ("瞭解 瞭望 慰藉 藉口 答覆 覆蓋 徵求 宮商角徵羽", "了解 瞭望 慰藉 借口 答复 覆盖 征求 宫商角徵羽"),
        ("錢鍾書 鍾情 剩餘 關係 聯繫 瀋陽 沈默 沈先生", "钱锺书 钟情 剩余 关系 联系 沈阳 沉默 沈先生"),
        # Taiwan's and Hong Kong's forms
        ("裏面 裡面 公里 羣眾 群衆 山峯 為了 爲了 說明 説明", "里面 里面 公里 群众 群众 山峰 为了 为了 说明 说明"),
        ("衞生 線上 綫上 溫度 匯率 滙率 臺灣 台灣 啓動 啟動", "卫生 线上 线上 温度 汇率 汇率 台湾 台湾 启动 启动"),
        # 著 and 着
        ("著名學者 著作等身 土著語言 顯著變化 原著作者 編著", "著名学者 著作等身 土著语言 显著变化 原著作者 编著"),
        ("沿著長江 跟著隊伍 隨著發展 標誌著時代 執著 著力", "沿着长江 跟着队伍 随着发展 标志着时代 执着 著力"),
        ("看著名畫 有著作傳世", "看著名画 有著作传世"),
    ],
)
def test_variants(traditional: str, simplified: str) -> None:
    assert matching.simplified(traditional) == simplified


@pytest.mark.parametrize("text", ["打坏了设备", "著名 著作 沿着", "覆盖 颠覆 沈阳 慰藉", "甚么 乾坤 乾隆"])
def test_simplified_text_stays(text: str) -> None:
    assert matching.simplified(text) == text


@pytest.mark.parametrize("char", "著覆瞭藉沈乾徵")
def test_lone_characters_of_two_readings_stay(char: str) -> None:
    assert matching.simplified(char) in (char, "干", "征")


# --- switches


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (False, PLAIN),
        ("auto", PLAIN),
        (True, PLAIN),
        ("always", PLAIN),
        ("never", MIRRORED),
        ("script", matching.simplified(MIRRORED)),
        ("readings", matching.without_readings(MIRRORED)),
    ],
)
def test_readings_and_script_are_switched_apart(wanted: bool | str, expected: str) -> None:
    assert fold.folded(MIRRORED, fold.switches(wanted, MIRRORED)) == expected


def test_nothing_to_fold_is_no_folding() -> None:
    for wanted in (False, True, "always", "script", "readings", "never"):
        assert not fold.switches(wanted, PLAIN)


def test_a_page_in_traditional_script_is_folded_where_asked_for() -> None:
    text = "市政府昨天召開會議,討論了明年的工作安排。"
    assert not fold.switches("auto", text)
    assert fold.switches("always", text) == fold.Switches(readings=False, script=True)


# --- the form to match by


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("濟(jì)寧(níng)市", "济宁市"),
        ("ＧＤＰ 增長 ５.２％", "gdp增长5.2%"),
        ("淄政办发〔２０１７〕１７号", "淄政辦發〔2017〕17號"),
        ("通 知\u3000公\u00a0告\n全文", "通知公告全文"),
        ("跟著", "跟着"),
        ("\u202e通\u200b知\u200e\ufeff", "通知"),
        ("衞生", "卫生"),
        ("ﬁnance Straße", "FINANCE STRASSE"),
        ("（一）", "(一)"),
        ("Ⅲ期", "iii期"),
    ],
)
def test_two_spellings_have_one_key(one: str, other: str) -> None:
    assert matching.key(one) == matching.key(other)


@pytest.mark.parametrize(("one", "other"), [("3.5%", "35%"), ("万元", "亿元"), ("(2017)", "2017"), ("皇后", "皇帝")])
def test_what_differs_keeps_its_own_key(one: str, other: str) -> None:
    assert matching.key(one) != matching.key(other)


@pytest.mark.parametrize("text", [MIRRORED, PLAIN, "", "ẞİ ﷺ ㍿ 濟(ji\u0300)", "\ud800", "著（zhe）"])
def test_a_key_is_its_own_key(text: str) -> None:
    assert matching.key(matching.key(text)) == matching.key(text)


# --- the original beside it


def _folded(markup: str) -> tuple[list[str], original.Served | None]:
    root = tree.parse(markup).root
    served = original.fold_tree(root)
    return [line.text for line in tree.lines(tree.visible(root))], served


def test_what_was_served_is_found_again() -> None:
    title = "濟(jì)寧(níng)要聞"
    first = "濟(jì)寧(níng)市召開會議(wto),要求強 (qiáng)化責任擔<span>(dān)</span>當（dāng）<b>責任</b> (2017)"
    lines, served = _folded(f"<h1>{title}</h1><script>'濟寧要聞'</script><div><p>{first}</p><p>{title}(wén)</p></div>")
    assert lines == ["济宁要闻", "济宁市召开会议(wto),要求强化责任担当责任 (2017)", "济宁要闻"]
    assert served is not None
    found = served.original(lines[0], [Block(text=text) for text in lines[1:]])
    assert found.title == title
    bare = first.replace("<span>", "").replace("</span>", "").replace("<b>", "").replace("</b>", "")
    assert found.text.splitlines() == [bare, f"{title}(wén)"]


def test_what_the_page_does_not_hold_stays_as_given() -> None:
    _, served = _folded("<p>濟(jì)寧</p>")
    assert served is not None
    assert served.original("别的", [Block(text="济宁"), Block(text="没有"), Block(text="")]).model_dump() == {
        "title": "别的",
        "text": "濟(jì)寧\n没有",
    }


def test_a_page_with_nothing_to_fold_has_no_original() -> None:
    assert _folded(f"<p>{PLAIN}</p>")[1] is None
