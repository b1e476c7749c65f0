"""Who wrote, who edited, where from."""

import pytest

from parsers import bylines, read
from parsers.lines import is_credit


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("云川日报记者 温予墨 白芷 全媒体记者 陆执 尹清川", ["温予墨", "白芷", "陆执", "尹清川"]),
        ("本报记者 高 洁 通讯员 李四光", ["高洁", "李四光"]),
        ("记者:张三丰、李四光", ["张三丰", "李四光"]),
        ("栖河台 温予墨", ["温予墨"]),
        ("文/张三丰 图/李四光", ["张三丰", "李四光"]),
        ("阿卜杜拉·买买提 古丽", ["阿卜杜拉·买买提", "古丽"]),
        ("本网记者", []),
        ("栖河新闻网", []),
        ("佚名", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert list(bylines.names(text)) == names


def test_a_line_that_is_a_byline() -> None:
    assert bylines.byline("本报记者 温予墨 通讯员 白芷") == ("温予墨", "白芷")
    assert bylines.byline("全媒体记者 温予墨 摄") == ()
    assert bylines.byline("记者了解到,会议已经结束") == ()


def test_labelled_pairs_in_one_line() -> None:
    pairs = bylines.labelled("2012-01-12 18:39 来源: 中新网 作者: 编辑: 毛长久")
    assert [(pair.kind, pair.value) for pair in pairs] == [("source", "中新网"), ("author", ""), ("editor", "毛长久")]


def test_brackets_around_pairs() -> None:
    pairs = bylines.labelled("【 2012-01-12 12:20 】 【来源： 青年报 】【字体：大 中 小】")
    assert [(pair.kind, pair.value) for pair in pairs][:1] == [("source", "青年报")]


@pytest.mark.parametrize("text", ["栖河新闻网讯(栖河台 温予墨) 8月20日,", "本报讯（记者 温予墨） 昨天"])
def test_datelines(text: str) -> None:
    assert bylines.dateline(text) == ("温予墨",)


@pytest.mark.parametrize("text", ["栖河新闻网讯(第3期) 8月20日,", "会议通过了方案(讨论稿)。", "他说(笑)"])
def test_brackets_that_are_no_datelines(text: str) -> None:
    assert bylines.dateline(text) == ()


def test_the_reporter_at_the_end() -> None:
    assert bylines.closing("大会圆满结束。(记者 温予墨 通讯员 白芷)") == ("温予墨", "白芷")
    assert bylines.closing("图为现场。(记者 温予墨 摄)") == ()
    assert bylines.closing("方案今天公布(征求意见稿)") == ()


@pytest.mark.parametrize(
    "text", ["编辑:", "来源:柯桥传媒", "(责任编辑:张三丰)", "编辑:张三丰 审核:李四光", "【编辑:张三丰】", "记者:张三丰"]
)
def test_credit_lines(text: str) -> None:
    assert is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "记者:请问这是为什么?",
        "编辑:我们认为这个问题很重要。请读者来信。",
        "《会客厅》播出时间:",
        "作者:他在书里写到了自己的童年和故乡",
    ],
)
def test_lines_that_only_look_like_credits(text: str) -> None:
    assert not is_credit(text)


BODY = "".join(f"<p>第{n}段。会议讨论了工作安排,要求各部门抓好落实,确保目标如期实现。</p>" for n in range(4))


def article(info: str, close: str = "") -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    got = read(f"<h1>会议讨论了工作安排</h1><div>{info}</div><div id='c'>{BODY}{close}</div>".encode(), "http://a.cn/x")
    assert [block.text[:3] for block in got.body] == ["第0段", "第1段", "第2段", "第3段"]
    return got.source, got.authors, got.editors


def test_a_name_goes_before_an_account() -> None:
    info = "2020-05-09 21:22:03 栖河日报记者 温予墨 编辑:wenym"
    assert article(info, "<p>来源:栖河传媒</p><p>编辑:白芷</p>") == ("栖河传媒", ("温予墨",), ("白芷",))


def test_an_account_where_nobody_is_named() -> None:
    assert article("2020-05-09 21:22:03 编辑:wenym")[2] == ("wenym",)


def test_an_empty_label_is_nobody() -> None:
    assert article("2020-05-09 来源: 作者: 编辑:", "<p>编辑:</p>") == (None, (), ())


def test_a_source_said_twice() -> None:
    info = "发布日期: 2019- 01- 07&nbsp; 信息来源:栖河市商务局</div><div>信息来源:栖河市商务局"
    assert article(info)[0] == "栖河市商务局"


def test_a_medium_beside_the_time() -> None:
    assert article("栖河新闻网 2020-08-21 15:43:49 字号:- +")[0] == "栖河新闻网"
