"""Reading queries: what is the same, what is an operator and what a word, and what errors say and where."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.query import Query, QueryError, from_words, parse
from alerts.query.fields import FIELDS
from alerts.query.parsing import DEEPEST, LONGEST
from domain.errors import ConfigurationError

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "queries.md"
EXAMPLES = [
    line
    for block in re.findall(r"```query\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    for line in block.splitlines()
]


def wrong(text: str) -> QueryError:
    with pytest.raises(QueryError) as raised:
        parse(text)
    return raised.value


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) > 25


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_guide_is_understood(text: str) -> None:
    assert parse(text).text == text


def test_the_guide_names_every_field_and_value() -> None:
    guide = GUIDE.read_text("utf-8")
    for field in FIELDS:
        assert f"`{field.name}" in guide
        assert field.chinese in guide
        assert all(value in guide for value in field.values.values())


SAME = [
    ("招商 引资", "招商 与 引资", "招商 AND 引资", "招商&引资", "招商 && 引资", "引资 招商", "(招商) 引资 招商"),
    ("引资 且 招商", "招商\u3000引资", "招商 and 引资", "「招商」『引资』", "“招商”与“引资”", '"招商" "引资"'),
    ("招商 或 引资", "招商 OR 引资", "招商|引资", "招商||引资", "招商 ｜ 引资", "引资 or 招商"),
    ("招商 非 广告", "招商 NOT 广告", "招商 与 非 广告", "招商 !广告", "招商 ！广告", "招商 -广告", "招商 －广告"),
    ("招商 非（广告 或 招聘）", "招商 非 广告 非 招聘", "招商 -(广告|招聘)", "招商 非(招聘 或 广告)"),
    ("招商 近 项目", "招商 近/10 项目", "项目 NEAR/10 招商", "招商 near 项目", "招商 近／10 项目"),
    ("招商 或 引资 投资", "招商 或 (引资 与 投资)"),
    ("标题:招商", "标题：招商", "title:招商", "TITLE： 招商", "标题 ：「招商」", "标题=招商", "标题:(招商)"),
    ("标题:(招商 引资)", "标题:招商 标题:引资"),
    ("标题:(招商 或 引资)", "标题:招商 或 标题:引资"),
    (
        "类型:(新 或 改)",
        "type:(new OR edited)",
        "类型:新、改",
        "类型:(新 改)",
        "type:(edited, new)",
        "类型：新增，修改",
    ),
    ("级别>=4", "severity>=4", "级别 ≥ 4", "级别＞＝4", "级别＞3", "severity > 3", "级别≥４"),
    ("级别<=2", "severity<3", "级别≤2"),
    ("级别:3", "级别=3", "severity＝3"),
    ("文号:鲁政办发〔2017〕7号", "number:鲁政办发（2017）7号", "文号：鲁政办发[2017]第7号", 'number:"鲁政办发 2017 7"'),
    ("濟寧", "济宁", "濟(jì)寧", "「济 宁」"),
    ("ＧＤＰ", "gdp", "GDP"),
    ("非 非 招商", "招商", "!!招商"),
    ("", "  \n\u3000"),
    ("状态:消失", "status:gone"),
    ("转载:首发", "cluster:first"),
    ("涉及:数字金额", "class:amount"),
    ("site:(a 或 b)", "站点:(b、a)", "site:a OR site:b", "site:A,b"),
]


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: texts[0])
def test_these_are_the_same(texts: tuple[str, ...]) -> None:
    first = parse(texts[0])
    for text in texts[1:]:
        assert parse(text) == first, text
        assert hash(parse(text)) == hash(first)


def test_others_are_not() -> None:
    assert len({parse(texts[0]) for texts in SAME}) == len(SAME) - 1, "the first two rows are one"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("非遗", '"非遗"'),
        ("与会代表", '"与会代表"'),
        ("近期 或许", '"近期" "或许"'),
        ("R&D AT&T", '"R&D" "AT&T"'),
        ("互联网+ C++", '"互联网+" "C++"'),
        ("《通知》", '"《通知》"'),
        ("2017-01-07", '"2017-01-07"'),
        ("3:2", '"3:2"'),
        ("1,500万", '"1,500万"'),
        ("淄博（张店", None),
        (r'"他说\"好\""', '「他说"好"」'),
    ],
)
def test_what_is_a_word(text: str, same: str | None) -> None:
    if same is None:
        wrong(text)
    else:
        assert parse(text) == parse(same)


@pytest.mark.parametrize("text", ["或", "与", "非", "近", "and", "OR", "near"])
def test_operators_in_quotes_are_words(text: str) -> None:
    wrong(text)
    assert parse(f'"{text}"') == parse(f"「{text}」")


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("招商 或", 4, "expected a word"),
        ("招商 或 或 引资", 5, "OR wants something on its left"),
        ("与 招商", 0, "AND wants something on its left"),
        ("(招商 或 引资", 0, 'expected ")"'),
        ("招商)", 2, "one closing bracket too many"),
        ("招商 ()", 4, "nothing in these brackets"),
        ("招商 “引资", 3, "expected"),
        ("招商 「引资”", 3, "expected 」"),
        ("招商 serverity>=3", 3, "Did you mean severity"),
        ("招商 题目:引资", 3, "no field 题目"),
        ("type:edit", 5, "Did you mean edited"),
        ("类型:（新 或 增加）", 8, "no value 增加"),
        ("类型:新、增加", 5, "no value 增加"),
        ("status:alive", 7, "Did you mean live"),
        ("标题:", 3, "expected a value"),
        ("标题:(site:a)", 4, "no field within"),
        ("标题>3 招商", 0, "only severity"),
        ("级别>=9", 4, "from 1"),
        ("级别>5", 3, "no such severity"),
        ("级别:高", 3, "from 1"),
        ("级别>=(3 或 4)", 4, "expected a value"),
        ("文号:关于", 3, "no document number"),
        ("招商，引资", 2, "no operator"),
        ("招商 引资、投资", 5, "no operator"),
        ("招商 近/x 引资", 3, "number of characters"),
        ("招商 近/1001 引资", 3, "number of characters"),
        ("招商 近 引资 近 投资", 8, "two sides only"),
        ("招商 近 标题:引资", 5, "NEAR joins words"),
        ("(招商 引资) 近 投资", 0, "NEAR joins words"),
        ("招商 近", 4, "expected a word"),
        ("非 广告", 2, "only what is not wanted"),
        ("招商 或 非 广告", 7, "only what is not wanted"),
        ("非 (甲 近 乙)", 0, "only what is not wanted"),
        ("site:a site:b", 7, "use OR"),
        ("type:(new 与 removed)", 12, "use OR"),
        ('""', 0, "something to look for"),
        ('招商 "  "', 3, "something to look for"),
    ],
)
def test_errors_point_at_the_character(text: str, position: int, said: str) -> None:
    error = wrong(text)
    assert error.position == position, str(error)
    assert said in error.english
    assert re.search("[\u4e00-\u9fff]", error.chinese)
    assert error.hint
    assert isinstance(error, ConfigurationError)


def test_the_caret_stands_under_the_character() -> None:
    assert str(wrong("招商 AI 近/x 引资")).splitlines()[1:] == ["  招商 AI 近/x 引资", "          ^"]
    long = str(wrong("招商 " * 100 + "或 或" + " 引资" * 100)).splitlines()
    assert long[1].startswith("  …")
    assert long[1].endswith("…")
    before = long[1][: long[1].index("或 或") + 2]
    assert len(long[2]) - 1 == sum(2 if sign > "\u2fff" else 1 for sign in before)


def test_unknown_names_list_what_there_is() -> None:
    for field in FIELDS:
        assert f"{field.chinese} {field.name}" in (wrong("字段:甲").hint or "")
    assert "删 removed" in (wrong("type:gone").hint or "")
    assert (wrong("type:edit").hint or "").index("edited") < (wrong("type:edit").hint or "").index("new")


def test_sites_are_known_where_they_are_given() -> None:
    assert parse("site:beta 招商", sites={"alpha", "beta"}) == parse("招商 site:beta")
    with pytest.raises(QueryError, match="no site beeta") as raised:
        parse("招商 site:beeta", sites={"alpha", "beta"})
    assert raised.value.position == 8
    assert raised.value.hint == "站点有 Sites: beta, alpha."


def test_a_hostile_query_is_refused_at_once() -> None:
    assert "too long" in wrong("招" * (LONGEST + 1)).english
    for nest in ("(", "非 ", "!", "标题:("):
        assert wrong(nest * 1300 + "甲")
    assert "nested too deep" in wrong("(" * (DEEPEST + 1) + "甲" + ")" * (DEEPEST + 1)).english
    parse("(" * DEEPEST + "甲" + ")" * DEEPEST)
    parse(" 或 ".join(["(甲 乙)"] * 500))
    side = f"({' 或 '.join('甲乙丙丁戊己庚辛')})"
    assert wrong(f"({' 或 '.join('甲乙丙丁戊己庚辛壬')}) 近 {side}")
    parse(" ".join(f"{side} 近/{number} {side}" for number in range(45)))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('招商ai5 或与非近/()（）：:"“”「」|&!-，、>=＝\\标题型新\n'), max_size=40))
def test_any_text_is_a_query_or_an_error_at_one_of_its_characters(text: str) -> None:
    found = understood(text)
    if isinstance(found, QueryError):
        assert 0 <= found.position <= len(text)
        assert f"Character {found.position + 1}:" in str(found)
    else:
        assert parse(text) == found


def understood(text: str) -> Query | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


@pytest.mark.parametrize(
    ("words", "types", "sites", "same"),
    [
        ((), (), (), ""),
        (("招商",), (), (), "招商"),
        (("招商", "引资"), ("edited", "new"), ("a", "b-1"), "招商 引资 type:(new 或 edited) site:(a 或 b-1)"),
        ((), ("health",), (), "type:health"),
        (("招商",), ("health",), ("a",), "site:a type:health"),
        (("招商",), ("new", "health"), ("a",), "site:a ((招商 type:new) 或 type:health)"),
        (("或", "AND", "近"), (), (), '"或" "AND" "近"'),
        (("GDP 增长", "-3%", "C++", "标题:甲"), (), (), '"GDP 增长" "-3%" "C++" "标题:甲"'),
        (("number:鲁政办发（2017）7号", " 文号： 鲁发 2018 1"), (), (), '文号:鲁政办发〔2017〕7号 文号:"鲁发 2018 1"'),
        (("", "  "), (), (), ""),
    ],
)
def test_options_become_a_query(
    words: tuple[str, ...], types: tuple[str, ...], sites: tuple[str, ...], same: str
) -> None:
    assert parse(from_words(words, types, sites)) == parse(same)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from('招ai5或非()（:"“”「\\|&!-，、>= '), min_size=1, max_size=8), max_size=3))
def test_any_word_becomes_a_query_for_that_word(words: list[str]) -> None:
    asked = [word for word in words if word.strip()]
    query = parse(from_words(words, (), ()))
    assert query == parse(" ".join(from_words([word], (), ()) for word in asked))
    shown = [leaf.shown for leaf in getattr(query.root, "items", (query.root,))]  # type: ignore[union-attr]
    assert shown == [word.strip() for word in asked]


def test_simple_words_are_written_as_they_are() -> None:
    assert from_words(["招商", "10%", "GDP"], ["new"], ["a-b"]) == "site:a-b type:new 招商 10% GDP"
    assert from_words(["招 商"], (), ()) == '"招 商"'


def test_what_a_query_asks_for() -> None:
    query = parse("招商 文号:鲁政办发〔2017〕7号 非 文号:鲁发〔2018〕1号")
    assert [number.text for number in query.numbers] == ["鲁政办发〔2017〕7号"]
    assert not query.wants_health
    assert parse("招商 或 type:health").wants_health
    assert not parse("招商 非 type:health").wants_health
    assert parse("招商 非 (甲 非 type:health)").wants_health
