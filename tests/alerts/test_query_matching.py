"""Queries held against documents: by a plain oracle, one by one, and all in one pass; they agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query_making import DOCUMENTS, PIECES, QUERIES, WORDS, Asked, both, either, without, word

from alerts.query import Document, Matcher, QueryError, holds, parse
from alerts.query.query import Query
from domain.citation import DocumentNumber

ASKED = word("山东")


def hears(text: str, document: Document) -> bool:
    """By both ways, which must agree."""
    query = parse(text)
    alone = holds(query, document)
    assert (Matcher([("it", query)]).matching(document) == ["it"]) is alone
    return alone


def page(title: str = "", body: str = "", **more: object) -> Document:
    return Document(**{"site": "alpha", "title": title, "body": body, **more})  # type: ignore[arg-type]


def read(asked: Asked) -> Query | None:
    """None for one that says only what is not wanted, or two sites at once, which is refused."""
    try:
        return parse(asked.text)
    except QueryError as error:
        if "只说了不要什么" in error.chinese or "不会同时有" in error.chinese:
            return None
        raise


@settings(max_examples=120, deadline=None)
@given(QUERIES, st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_a_query_means_what_it_says(asked: Asked, documents: list[Document]) -> None:
    query = read(asked)
    for document in documents:
        if query is not None:
            assert holds(query, document) == asked.holds(document)


@settings(max_examples=80, deadline=None)
@given(st.lists(QUERIES, min_size=1, max_size=25), st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_all_in_one_pass_are_those_that_hold_one_by_one(asked: list[Asked], documents: list[Document]) -> None:
    queries = [(number, query) for number, one in enumerate(asked) if (query := read(one))]
    matcher = Matcher(queries)
    for document in documents:
        found = matcher.matching(document)
        assert sorted(found) == [number for number, query in queries if holds(query, document)]


@settings(max_examples=60, deadline=None)
@given(QUERIES, QUERIES)
def test_de_morgan(one: Asked, other: Asked) -> None:
    pairs = [
        (either(one, other, " 或 "), both(without(one, "非"), without(other, "非"), " 与 ")),
        (both(one, other, " 与 "), either(without(one, "非"), without(other, "非"), " 或 ")),
    ]
    for inner, outer in pairs:
        left, right = read(both(ASKED, without(inner, "非"), " 与 ")), read(both(ASKED, outer, " 与 "))
        assert left is None or right is None or left == right


@settings(max_examples=60, deadline=None)
@given(QUERIES, DOCUMENTS)
def test_what_a_document_looks_like_does_not_matter(asked: Asked, document: Document) -> None:
    """Traditional, wide, with readings, with blanks and line ends between the characters: it is the same document."""
    query = read(asked)
    if query is None:
        return
    for change in (traditional, wide, spelled, loose):
        edits = tuple((name, change(before), change(after)) for name, before, after in document.edits)
        twin = page(
            change(document.title),
            change(document.body),
            site=document.site,
            type=document.type,
            severity=document.severity,
            edits=edits,
        )
        assert holds(query, twin) == holds(query, document)
        assert bool(Matcher([(1, query)]).matching(twin)) == holds(query, document)


@settings(max_examples=60, deadline=None)
@given(QUERIES)
def test_how_a_query_is_written_does_not_matter(asked: Asked) -> None:
    query = read(asked)
    if query is not None:
        assert parse(traditional(asked.text)) == query
        assert parse(asked.text.translate(str.maketrans("():>=<", "（）：＞＝＜"))) == query


TRADITIONAL = str.maketrans("东亿资项济开的", "東億資項濟開的")


def traditional(text: str) -> str:
    return text.translate(TRADITIONAL)


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def spelled(text: str) -> str:
    return text.replace("东", "東(dōng)").replace("济", "濟（jì）")


def loose(text: str) -> str:
    return " ".join(text).replace("省 ", "省\n").replace("项", "项\u3000")


def test_the_pieces_have_what_the_twins_change() -> None:
    assert any(sign in "".join(PIECES) for sign in "东亿资项济开")
    assert set(WORDS) < set(PIECES)


@pytest.mark.parametrize(
    ("text", "body", "found"),
    [
        ("AI", "人工智能AI技术", True),
        ("ai", "ＡＩ 技术", True),
        ("AI", "收到E-MAIL", False),
        ("AI", "AI4S与科研", True),
        ("COVID", "COVID19", True),
        ("5G", "15G", False),
        ("5G", "建成5G基站", True),
        ("5亿元", "投资15亿元", False),
        ("5亿元", "投资3.5亿元", False),
        ("5亿元", "投资5亿元", True),
        ("C++", "用C++写", True),
        ('"new york"', "New  York时报", True),
        ('"new york"', "newyork", False),
        ("newyork", "new york", False),
        ("GDP增长", "GDP 增长3%", True),
        ("GDP增长", "ＧＤＰ\n增长", True),
        ('"招 商"', "招商", True),
        ("2017年", "２０１７ 年", True),
        ("济宁", "濟(jì)寧(níng)市", True),
        ("濟寧", "济宁市", True),
        ("互联网+", "“互联网+”行动", True),
        ("R&D", "投入R&D经费", True),
    ],
)
def test_words_as_pages_have_them(text: str, body: str, found: bool) -> None:
    assert hears(text, page(body=body)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲 近/2 乙", True),
        ("乙 近/2 甲", True),
        ("甲 近/1 乙", False),
        ("乙 NEAR/0 丙", True),
        ("(丁 或 甲) NEAR/2 (乙 或 戊)", True),
        ("标题:(甲 近 乙)", False),
        ("正文:(甲 近 乙)", True),
        ("甲 近/0 甲", False),
        ("丙 近/3 丙", True),
        ("非(甲 近/1 乙) 丙", True),
        ("甲 非(甲 近/2 乙)", False),
    ],
)
def test_near_counts_what_stands_between(text: str, found: bool) -> None:
    assert hears(text, page("甲。", "甲一 二乙丙三四五丙")) is found


def test_near_does_not_join_two_texts() -> None:
    assert not hears("甲 近/100 乙", page("甲", "乙"))
    assert hears("甲 近/100 乙", page("", "丙", edits=(("body", "甲乙", "丙"),)))


FULL = page(
    "招商大会",
    "在济南召开。",
    region=("山东省济南市",),
    type="edited",
    severity=4,
    status="edited",
    cluster="copy",
    source="新华社济南电",
    authors=("李四", "王五"),
    numbers=frozenset({"鲁政办发/2017/7"}),
    edits=(("source", "大众日报", "新华社济南电"), ("body", "在青岛召开。", "在济南召开。")),
    classes=("agency", "text"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("site:alpha", True),
        ("站点：（beta 或 ALPHA）", True),
        ("site:alph", False),
        ("地区:山东", True),
        ("地区:浙江", False),
        ("标题:招商", True),
        ("标题:济南", False),
        ("正文:济南", True),
        ("正文:招商", False),
        ("正文:青岛", True),
        ("青岛", True),
        ("大众日报", True),
        ("新华社", True),
        ("来源:新华社", True),
        ("来源:大众日报", True),
        ("来源:青岛", False),
        ("作者:(张三 或 王五)", True),
        ("王五", False),
        ("文号:鲁政办发〔2017〕7号", True),
        ("文号:鲁政办发（2017）第7号", True),
        ("文号:鲁政办发〔2017〕8号", False),
        ("类型:改", True),
        ("类型:(新 或 删)", False),
        ("类型:新、改", True),
        ("级别>3", True),
        ("级别＞＝5", False),
        ("级别<=4", True),
        ("severity:4", True),
        ("severity=3", False),
        ("状态:已改", True),
        ("status:gone", False),
        ("转载:转载", True),
        ("cluster:first", False),
        ("涉及:机构", True),
        ("class:(amount 或 text)", True),
        ("class:(agency 与 text)", True),
        ("class:(agency 与 amount)", False),
        ("非 site:beta", True),
        ("", True),
        ("标题:(招商 非 广告)", True),
        ("标题:(招商 与 (大会 或 项目))", True),
    ],
)
def test_fields(text: str, found: bool) -> None:
    assert hears(text, FULL) is found


def test_a_followed_number_has_the_key_of_the_pages() -> None:
    number = DocumentNumber.of("鲁政办发〔2017〕7号")
    assert number is not None
    assert {number.key} == FULL.numbers
    assert parse("招商 number:鲁政办发[2017]7号").numbers == (number,)


def test_health_is_only_for_those_who_ask_for_it() -> None:
    ill = page("alpha", "broken", type="health")
    for text in ("", "site:alpha", "broken", "非 type:new", "非 type:health", "site:alpha -type:health"):
        assert not hears(text, ill), text
    for text in ("type:health", "类型:站况", "site:alpha (招商 或 type:health)", "type:(new 或 health)"):
        assert hears(text, ill), text
    assert not hears("site:beta type:health", ill)
    assert not hears("type:health", page("alpha", "broken"))


def test_many_alternatives_are_found_as_few_are() -> None:
    cities = [f"城{number}" for number in range(20)]
    deeds = [f"事{number}" for number in range(20)]
    text = f"({' 或 '.join(cities)}) ({' 或 '.join(deeds)}) 非 (广告 近/3 招聘)"
    assert hears(text, page("城7", "有事11。"))
    assert not hears(text, page("城7", "有事。"))
    assert not hears(text, page("城7", "有事11。广告和招聘"))
    assert hears(f"({text}) 或 (({text}) 与 site:beta)", page("城7", "有事11。"))


def test_keys_of_one_meaning_are_all_told() -> None:
    matcher = Matcher((number, parse(text)) for number, text in enumerate(("甲 乙", "乙 与 甲", "(乙) 甲", "甲")))
    assert sorted(matcher.matching(page("甲", "乙"))) == [0, 1, 2, 3]
    assert matcher.matching(page("甲")) == [3]


def test_each_is_told_once_however_many_ways_it_holds() -> None:
    cities = " 或 ".join(f"城{number}" for number in range(5))
    deeds = " 或 ".join(f"事{number}" for number in range(5))
    texts = (
        "济南 或 青岛 或 招商",
        "(济南 或 青岛) class:(agency 或 text)",
        f"({cities}) ({deeds})",
        f"({cities}) ({deeds}) class:(agency 或 text) type:(new 或 edited)",
        f"({cities}) ({deeds}) 非 广告",
        f"(({cities}) ({deeds})) 或 (({deeds}) (济南 或 青岛 或 招商)) 或 site:(alpha 或 beta)",
        "类型:改、删",
    )
    matcher = Matcher(enumerate(parse(text) for text in (*texts, *texts)))
    body = "济南 青岛 招商 城1 城2 城3 事1 事2 事3"
    assert sorted(matcher.matching(page(body=body, type="edited", classes=("agency", "text")))) == list(range(14))
    assert matcher.matching(page(body="城1", site="gamma", type="health")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("济南 site:(alpha 或 beta)", True),
        ("济南 site:(beta 或 gamma)", False),
        ("济南 非 site:(beta 或 gamma)", True),
        ("济南 非 site:(alpha 或 gamma)", False),
        ("济南 (site:(beta 或 gamma) 或 type:(new 或 edited))", True),
        ("济南 (site:(beta 或 gamma) 或 级别>4)", False),
        ("非 class:(agency 或 amount)", False),
        ("非 class:(date 或 amount) 新华社", True),
    ],
)
def test_lists_of_values(text: str, found: bool) -> None:
    assert hears(text, FULL) is found


@pytest.mark.parametrize("often", [1, 300])
def test_near_words_that_stand_by_themselves_and_words_that_are_everywhere(often: int) -> None:
    """Few places are looked around, many are held against all of the other's."""
    body = "招商会。" * often + "E-MAIL" + "。" * 40 + "5亿元" + "。" * 40 + "AI技术"
    assert hears("招商会 近/4 mail", page(body=body))
    assert not hears("招商会 近/9 ai", page(body=body))
    assert not hears("亿元 近/39 ai", page(body=body))
    assert hears("亿元 近/40 ai", page(body=body))
    assert hears("招商会 近/4 招商会", page(body=body)) is (often > 1)
    assert hears("招商会 近/1000 亿元", page(body=body))


def test_nobody_listens() -> None:
    assert Matcher[int]([]).matching(FULL) == []


def test_half_a_surrogate_pair_and_a_nul_are_no_obstacle() -> None:
    assert hears("招商", page("\ud83d招商\x00", "\udc00"))
    assert hears('"招\udc00商"', page("招\udc00商"))


@pytest.mark.parametrize(
    ("before", "after", "word", "found"),
    [
        ("甲乙丙丁" * 50 + "ai图", "甲乙丙丁" * 50 + "ail图", "ai", True),
        ("甲乙丙丁" * 50 + "ail图", "甲乙丙丁" * 50 + "ai图", "ail", True),
        ("甲" * 99 + "e-mail" + "甲" * 99 + "乙", "甲" * 99 + "e-mail" + "甲" * 99 + "丙", "ail", False),
        ("甲" * 200 + "乙" + "甲" * 200, "甲" * 200 + "丙" + "甲" * 200, "甲乙甲", True),
        ("甲乙", "甲乙甲乙", "乙甲", True),
        ("甲乙甲乙", "甲乙", "乙甲", True),
        ("甲乙甲乙甲", "甲乙甲", "乙甲乙", True),
    ],
)
def test_both_sides_of_an_edit_are_looked_through(before: str, after: str, word: str, found: bool) -> None:
    assert hears(word, page(body=after, edits=(("body", before, after),))) is found
    assert hears(f"正文:{word}", page(body=after, edits=(("body", before, after),))) is found
    assert not hears(f"标题:{word}", page(body=after, edits=(("body", before, after),)))
