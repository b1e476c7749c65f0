"""A query in one sentence, Chinese and English."""

import pytest
from hypothesis import given, settings
from query_making import QUERIES, Asked

from alerts.query import QueryError, explain, parse
from alerts.query.phrases import CHINESE, ENGLISH
from alerts.query.tree import Kind, Zone

SENTENCES = [
    ("", "所有站点的每一条变更。", "Every change of every site."),
    ("招商", "这样的变更：出现“招商”。", "Changes where the page says “招商”."),
    ("招商 引资", "这样的变更：出现“招商”和“引资”。", "Changes where the page says “招商” and “引资”."),
    (
        "(招商 或 引资 或 投资) 非 广告",
        "这样的变更：出现“招商”、“引资”或“投资”，并且不出现“广告”。",
        "Changes where the page says “招商”, “引资” or “投资”, and the page does not say “广告”.",
    ),
    (
        "标题:(签约 近/5 (项目|工程)) 级别>=4",
        "这样的变更：标题中有相距不超过 5 个字的“签约”与“项目”或“工程”，并且级别不低于 4。",
        "Changes where the title has “签约” within 5 characters of “项目” or “工程”, and the severity is 4 or more.",
    ),
    (
        "site:a、b 类型:改 涉及:数字金额",
        "这样的变更：站点是“a”或“b”，并且类型为“改”，并且修改涉及“数字金额”。",
        "Changes where the site is a or b, and the type is edited, and the edit touches amount.",
    ),
    (
        "甲 或 (乙 非 (丙 或 丁))",
        "这样的变更：出现“甲”，或者（出现“乙”，并且不出现“丙”或“丁”）。",
        "Changes where the page says “甲”, or (the page says “乙”, and the page does not say “丙” or “丁”).",
    ),
    (
        "甲 非 (乙 标题:丙)",
        "这样的变更：出现“甲”，并且不符合（出现“乙”，并且标题含“丙”）。",
        "Changes where the page says “甲”, and this is not so: (the page says “乙”, and the title has “丙”).",
    ),
    (
        "number:鲁政办发[2017]7号 或 type:health",
        "这样的变更：是或提到文件“鲁政办发〔2017〕7号”，或者类型为“站况”（站点出故障或恢复）。",
        "Changes where the page is or names the document 鲁政办发〔2017〕7号, "
        "or the type is health (a site breaks or mends).",
    ),
    (
        "级别:3 级别<=4 非 非 甲",
        "这样的变更：级别为 3，并且级别不高于 4，并且出现“甲”。",
        "Changes where the severity is 3, and the severity is 4 or less, and the page says “甲”.",
    ),
]


@pytest.mark.parametrize(("text", "chinese", "english"), SENTENCES)
def test_sentences(text: str, chinese: str, english: str) -> None:
    said = explain(parse(text))
    assert said.chinese == chinese
    assert said.english == english


@settings(max_examples=100, deadline=None)
@given(QUERIES)
def test_every_query_has_one_sentence_with_all_its_words(asked: Asked) -> None:
    try:
        query = parse(asked.text)
    except QueryError:
        return
    said = explain(query)
    for sentence, stop in ((said.chinese, "。"), (said.english, ".")):
        assert sentence.count(stop) == 1
        assert sentence.endswith(stop)
        assert sentence.count("(") == sentence.count(")")
        assert all(word in sentence for word in ("招商", "山东省", "alpha") if word in asked.text)


def test_both_languages_have_words_for_every_field() -> None:
    for saying in (CHINESE, ENGLISH):
        assert set(saying.zones) == {(zone, denied) for zone in Zone for denied in (False, True)}
        assert set(saying.kinds) == {(kind, denied) for kind in Kind for denied in (False, True)}
        assert set(saying.near) == set(Zone)
