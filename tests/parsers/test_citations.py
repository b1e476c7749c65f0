"""Which document an article is, and what it does to those it names. Offices and texts invented but for the State's."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.article import Article, Block, Kind, Signature
from domain.citation import DocumentNumber, Relation, is_placed, issuer, policy_name
from parsers.citing import citations, parse
from parsers.numbers import located

RULE = "云川市招商引资办法"


def article(title: str, *lines: str, **more: object) -> Article:
    return Article.model_validate({"title": title, "body": tuple(Block(text=line) for line in lines), **more})


def said(read: Article) -> dict[str, str]:
    """By number, else by title, what the article does."""
    return {item.number.text if item.number else item.title or "": item.relation.value for item in citations(read)}


def own(read: Article) -> list[str]:
    return [item.number.text for item in citations(read) if item.relation is Relation.IS and item.number]


@pytest.mark.parametrize(
    ("text", "normal", "office", "year", "sequence"),
    [
        ("国办发〔2017〕7号", "国办发〔2017〕7号", "国办发", 2017, 7),
        ("国办发[2017]7号", "国办发〔2017〕7号", "国办发", 2017, 7),
        ("国办发【２０１７】７号", "国办发〔2017〕7号", "国办发", 2017, 7),
        ("国办发(2017)第7号", "国办发〔2017〕7号", "国办发", 2017, 7),
        ("国办发（2017） 007 号", "国办发〔2017〕7号", "国办发", 2017, 7),
        ("云政办发〔2017〕\n 58 号", "云政办发〔2017〕58号", "云政办发", 2017, 58),
        ("云 政 办 发 〔2017〕 58 号", "云政办发〔2017〕58号", "云政办发", 2017, 58),
        ("云府规〔2024〕5号", "云府规〔2024〕5号", "云府规", 2024, 5),
        ("云商办函〔2024〕5号", "云商办函〔2024〕5号", "云商办函", 2024, 5),
        ("云综字〔2024〕5号", "云综字〔2024〕5号", "云综字", 2024, 5),
        ("云政发〔2017〕58-1号", "云政发〔2017〕58-1号", "云政发", 2017, None),
        ("财政部公告2024年第3号", "财政部公告2024年第3号", "财政部公告", 2024, 3),
        ("财政部公告 2024年 第3号", "财政部公告2024年第3号", "财政部公告", 2024, 3),
        ("中华人民共和国财政部2024年第3号公告", "财政部公告2024年第3号", "财政部公告", 2024, 3),
        ("商务部 海关总署公告2023年第23号", "商务部、海关总署公告2023年第23号", "商务部公告", 2023, 23),
        ("国务院令第588号", "国务院令第588号", "国务院令", None, 588),
        ("第588号国务院令", "国务院令第588号", "国务院令", None, 588),
        ("主席令第四十五号", "主席令第四十五号", "主席令", None, 45),
        ("云川市人民政府令第12号", "云川市人民政府令第12号", "云川市政府令", None, 12),
        ("云政令〔2019〕3号", "云政令〔2019〕3号", "云政令", 2019, 3),
        ("云政办发2017 7", "云政办发〔2017〕7号", "云政办发", 2017, 7),
        ("云政办发2017年7号", "云政办发〔2017〕7号", "云政办发", 2017, 7),
        ("云商（2017）7号", "云商〔2017〕7号", "云商", 2017, 7),
    ],
)
def test_a_number_in_any_form(text: str, normal: str, office: str, year: int | None, sequence: int | None) -> None:
    found = parse(text)
    assert found is not None
    assert (found.text, found.issuer, found.year, found.sequence) == (normal, office, year, sequence)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0531-88888888",
        "13800001111",
        "GB/T 9704—2012",
        "（2019）云01民终123号",
        "600519",
        "2024年",
        "第3条",
        "云政办发〔2017〕 号",
    ],
)
def test_lookalikes_are_no_numbers(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("财政部 税务总局公告2023年第7号", "财政部公告2023年第7号"),
        ("国家税务总局公告2023年第7号", "税务总局公告2023年第7号"),
        ("国家发展和改革委员会令2020年第32号", "国家发展改革委令2020年第32号"),
        ("云政发〔2017〕058号", "云政发[2017]58号"),
    ],
)
def test_two_spellings_have_one_key(one: str, other: str) -> None:
    first, second = parse(one), parse(other)
    assert first
    assert second
    assert first.key == second.key


def test_an_issuer_is_named_as_its_numbers_are() -> None:
    found = parse("国家税务总局公告2023年第7号")
    assert found
    assert issuer("国家税务总局公告") == found.issuer
    assert issuer(" 云政办发 ") == "云政办发"


@pytest.mark.parametrize("text", ["公告2024年第3号", "第58号令", "省政府令第3号"])
def test_a_number_of_no_office_is_anybodys(text: str) -> None:
    found = DocumentNumber.of(text)
    assert found
    assert not found.named


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (f"《{RULE}》", RULE),
        (f"{RULE}（征求意见稿）", RULE),
        (f"{RULE}（2024年修订版）", RULE),
        (f"云川市人民政府关于印发《{RULE}》的通知", RULE),
        (f"云川市人民政府办公室关于印发{RULE}的通知（云政办发〔2024〕5号）", RULE),
        (f"关于修订印发{RULE}的通知", RULE),
        (f"{RULE}(试行)", f"{RULE}试行"),
        ("云政发〔2024〕5号《关于做好甲事的意见》", "关于做好甲事的意见"),
        ("财政部 税务总局公告2023年第7号 关于甲税的公告", "财政部税务总局关于甲税的公告"),
    ],
)
def test_a_title_by_which_documents_are_joined(title: str, name: str) -> None:
    assert policy_name(title) == name


def test_whose_a_title_is() -> None:
    assert is_placed(RULE)
    assert not is_placed("2024年工作要点")


def test_the_document_itself_and_what_it_names() -> None:
    read = article(
        f"云川市人民政府关于印发《{RULE}》的通知",
        "云政发〔2024〕5号",
        "各县区人民政府：",
        f"现将《{RULE}》印发给你们，请认真贯彻执行。",
        "第一条 根据《云川省招商条例》和国办发〔2017〕7号文件，制定本办法。",
        "第九条 本办法自2024年5月1日起施行。《云川市招商引资暂行办法》（云政发〔2018〕3号）、"
        "《云川市扩大开放的意见》（云政发〔2017〕1号）同时废止。",
    )
    assert said(read) == {
        "云政发〔2024〕5号": "is",
        "云川省招商条例": "cites",
        "国办发〔2017〕7号": "cites",
        "云政发〔2018〕3号": "repeals",
        "云政发〔2017〕1号": "repeals",
    }


def test_the_sentence_and_the_place_are_the_articles() -> None:
    read = article("关于甲事的通知", "一段。", "前句。按照云政发〔2018〕3号执行，不得有误。后句。")
    (found,) = citations(read)
    assert found.sentence == "按照云政发〔2018〕3号执行，不得有误。"
    assert read.text[found.offset :].startswith("云政发〔2018〕3号")


@pytest.mark.parametrize(
    ("read", "number"),
    [
        (article("关于甲事的通知", "正文。", document_numbers=("云商发〔2024〕3号",)), "云商发〔2024〕3号"),
        (article("关于甲事的通知（云商发〔2024〕3号）", "正文。"), "云商发〔2024〕3号"),
        (article("云商发〔2024〕3号 关于甲事的通知", "正文。"), "云商发〔2024〕3号"),
        (article("关于甲事的通知", "云川市商务局文件 云商发〔2024〕3号", "正文。"), "云商发〔2024〕3号"),
        (article("关于甲事的通知", "发文字号：云商发〔2024〕3号", "正文。"), "云商发〔2024〕3号"),
        (article("关于甲事的通知", "正文。", subtitle="云商发〔2024〕3号"), "云商发〔2024〕3号"),
        (article("财政部 税务总局公告2023年第7号 关于甲税的公告", "正文。"), "财政部、税务总局公告2023年第7号"),
        (article("云川市商务局公告", "2024年第3号", "现公告如下。"), "云川市商务局公告2024年第3号"),
        (article("关于甲事的公告", "2024年第3号", "现公告。", agency="云川市商务局"), "云川市商务局公告2024年第3号"),
        (article("云川市人民政府令", "第12号", "《甲办法》已经通过，现予公布。"), "云川市人民政府令第12号"),
        (
            article("关于公布目录的公告", "云川市商务局 公告", "2024年 第6号", "现予公布。"),
            "云川市商务局公告2024年第6号",
        ),
        (
            article(
                RULE, "（2019年1月1日云川市人民政府令第12号公布 根据2024年3月1日云川市人民政府令第20号修正）", "第一条"
            ),
            "云川市人民政府令第12号",
        ),
        (
            article(
                "关于甲事的公告",
                "正文。",
                document_numbers=("2024年第3号",),
                signature=Signature(agencies=("云川市商务局",), on=date(2024, 1, 1)),
            ),
            "云川市商务局公告2024年第3号",
        ),
    ],
)
def test_a_documents_own_number(read: Article, number: str) -> None:
    assert own(read) == [number]


@pytest.mark.parametrize(
    "read",
    [
        article("商务局召开会议", "会议学习了云政发〔2018〕3号文件。"),
        article("商务局召开会议", *["会议召开，部署工作。"] * 9, "相关文件：", "云政发〔2018〕3号"),
        article("商务局召开会议", "云政发〔2018〕3号文件要求，加快建设。", document_numbers=("云政发〔2018〕3号",)),
        article(f"《{RULE}》政策解读", "正文。", document_numbers=("云政发〔2024〕5号",)),
        article(f"《{RULE}》（云政发〔2024〕5号）解读", "正文。"),
        article("关于转发云政发〔2024〕5号文件的通知", "正文。"),
        article("关于废止云政发〔2024〕5号文件的通知", "正文。"),
        article("办事指南", "云政发〔2024〕5号", kind=Kind.LIST),
    ],
)
def test_what_is_not_the_document(read: Article) -> None:
    assert own(read) == []


@pytest.mark.parametrize(
    ("relation", "title"),
    [
        ("interprets", f"《{RULE}》政策解读"),
        ("interprets", f"一图读懂《{RULE}》"),
        ("interprets", f"《{RULE}》政策问答"),
        ("interprets", f"关于《{RULE}》的起草说明"),
        ("drafts", f"云川市商务局关于公开征求《{RULE}（征求意见稿）》意见的公告"),
        ("drafts", f"关于征集《{RULE}》修改意见的通知"),
        ("drafts", f"{RULE}（征求意见稿）"),
        ("amends", f"云川市人民政府关于修改《{RULE}》的决定"),
        ("amends", f"关于修订《{RULE}》的通知"),
        ("repeals", f"云川市人民政府关于废止《{RULE}》的决定"),
        ("repeals", f"关于停止执行《{RULE}》的通知"),
        ("extends", f"关于延长《{RULE}》有效期的通知"),
        ("extends", f"关于继续执行《{RULE}》的通知"),
        ("forwards", f"云川市商务局关于转发《{RULE}》的通知"),
        ("issues", f"云川市人民政府关于印发《{RULE}》的通知"),
        ("issues", f"云川市人民政府关于印发{RULE}的通知"),
        ("extends", f"关于延长{RULE}有效期的通知"),
        ("repeals", f"关于废止{RULE}的通知"),
        ("interprets", f"{RULE}政策解读"),
        ("interprets", f"解读：{RULE}"),
    ],
)
def test_what_a_title_does(relation: str, title: str) -> None:
    (found,) = citations(article(title, "正文。"))
    assert (found.relation.value, found.name) == (relation, RULE)


@pytest.mark.parametrize(
    ("relation", "sentence"),
    [
        ("cites", "根据《云川市甲办法》（云政发〔2018〕3号）有关规定，现将不适用的内容予以废止。"),
        ("cites", "贯彻落实云政发〔2018〕3号文件精神。"),
        ("cites", "新修订的《云川市甲办法》（云政发〔2018〕3号）出台。"),
        ("cites", "《云川市甲办法》（云政发〔2018〕3号）未废止。"),
        ("cites", "经审议，省政府印发《云川市甲办法》（云政发〔2018〕3号）。"),
        ("repeals", "《云川市甲办法》（云政发〔2018〕3号）同时废止。"),
        ("repeals", "原《云川市甲办法》（云政发〔2018〕3号）自本办法施行之日起停止执行。"),
        ("repeals", "经研究，决定废止《云川市甲办法》（云政发〔2018〕3号）。"),
        ("repeals", "云政发〔2018〕3号文件不再执行。"),
        ("amends", "将《云川市甲办法》（云政发〔2018〕3号）第三条修改为：“应当”。"),
        ("amends", "对《云川市甲办法》（云政发〔2018〕3号）作如下修改：。"),
        ("amends", "现决定修改《云川市甲办法》（云政发〔2018〕3号）。"),
        ("extends", "《云川市甲办法》（云政发〔2018〕3号）有效期延长至2028年。"),
        ("extends", "《云川市甲办法》（云政发〔2018〕3号）继续有效。"),
        ("extends", "经评估，云政发〔2018〕3号文件延期执行两年。"),
        ("extends", "云政发〔2018〕3号文件有效期至2024年6月30日，现延续实施至2025年12月31日。"),
        ("repeals", "《云川市甲办法》（云政发〔2018〕3号）已不适应形势需要，现予以废止。"),
    ],
)
def test_what_a_sentence_does(relation: str, sentence: str) -> None:
    assert said(article("关于甲事的通知", "开头一句。" + sentence)) == {"云政发〔2018〕3号": relation}


def test_each_document_of_a_sentence_by_its_own_words() -> None:
    read = article("关于甲事的通知", "根据《云川省甲条例》，修改《云川市乙办法》，《云川市丙办法》同时废止。")
    assert said(read) == {"云川省甲条例": "cites", "云川市乙办法": "amends", "云川市丙办法": "repeals"}


def test_lists_go_by_their_headings() -> None:
    read = article(
        "云川市人民政府关于废止和修改部分规范性文件的决定",
        "云政发〔2026〕1号",
        "根据《云川省立法条例》规定，经研究，决定：",
        "一、对下列文件予以废止：",
        "1.《云川市甲办法》（云政发〔2014〕5号）",
        "2.关于乙事的意见（云政发〔2004〕5号）",
        "二、对下列文件予以修改：",
        "1.《云川市丙办法》（云政发〔2015〕6号）",
        "三、继续有效的文件：",
        "《云川市丁办法》（云政发〔2016〕7号）",
    )
    assert said(read) == {
        "云政发〔2026〕1号": "is",
        "云川省立法条例": "cites",
        "云政发〔2014〕5号": "repeals",
        "云政发〔2004〕5号": "repeals",
        "云政发〔2015〕6号": "amends",
        "云政发〔2016〕7号": "extends",
    }


def test_the_results_of_a_review_are_lists() -> None:
    read = article(
        "云川市人民政府关于公布规范性文件清理结果的通知",
        "一、废止的文件",
        "1.关于甲事的通知（云政发〔2014〕5号）",
        "二、继续有效的文件",
        "1.关于乙事的通知（云政发〔2014〕7号）",
    )
    assert said(read) == {"云政发〔2014〕5号": "repeals", "云政发〔2014〕7号": "extends"}


def test_a_title_that_is_a_number_names_nothing() -> None:
    (found,) = citations(article("商务部 海关总署公告2023年第23号", "正文。"))
    assert (found.relation, found.title) == (Relation.IS, None)


def test_an_interpretation_learns_the_number_from_its_text() -> None:
    read = article(
        f"《{RULE}》政策解读",
        f"近日，市政府印发《云川市人民政府关于印发{RULE}的通知》（云政发〔2024〕5号），现解读如下。",
    )
    assert said(read) == {"云政发〔2024〕5号": "interprets"}


def test_the_table_of_an_interpretation_names_what_it_reads() -> None:
    read = article(f"《{RULE}》政策解读", "正文。", document_numbers=("云政发〔2024〕5号",))
    assert said(read) == {"云政发〔2024〕5号": "interprets"}


def test_what_is_forwarded() -> None:
    read = article(
        "云川市商务局转发省商务厅关于甲事的通知", "现将《云川省商务厅关于甲事的通知》（云商发〔2024〕3号）转发给你们。"
    )
    assert said(read)["云商发〔2024〕3号"] == "forwards"


@pytest.mark.parametrize(
    "line",
    [
        "咨询电话：0531-88888888。",
        "依据《党政机关公文格式》（GB/T 9704—2012）。",
        "（2019）云01民终123号判决书。",
        "招标编号：云采〔2024〕12号。",
        "许可证号：云商许〔2024〕12号。",
        "股票代码600519。",
        "会议（2017）58号房间。",
        "他写了《平凡的世界》，又读《人民日报》。",
        "（以下简称《云川市甲办法》）",
        "按JJG 539-2016《甲秤检定规程》检定。",
    ],
)
def test_lookalikes_are_not_cited(line: str) -> None:
    assert citations(article("商务局召开会议", line)) == ()


def test_one_statement_a_document() -> None:
    read = article(
        "关于甲事的通知",
        "按照云政发〔2018〕3号执行。",
        "云政发〔2018〕3号同时废止。",
        "《云川市甲办法》见云政发〔2018〕3号。",
    )
    assert [item.relation for item in citations(read) if item.number] == [Relation.REPEALS]


def test_nothing_of_what_is_no_article() -> None:
    assert citations(article("目录", "云政发〔2018〕3号同时废止。", kind=Kind.LIST)) == ()
    assert citations(Article()) == ()


def test_where_a_number_begins_and_ends() -> None:
    text = "按 云 政 发 〔2018〕 3 号，和财政部 税务总局公告2023年第7号。"
    assert [text[begin:end] for begin, end, _ in located(text)] == [
        "云 政 发 〔2018〕 3 号",
        "财政部 税务总局公告2023年第7号",
    ]


PIECES = [
    "云政发〔2018〕3号",
    "《云川市甲办法》",
    "废止",
    "根据",
    "、",
    "，",
    "。",
    "\n",
    "（",
    "）",
    "公告2024年第3号",
    "现将",
    "印发",
    "《",
    "》",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_text_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    read = article(text[:60], *text.split("\n"), document_numbers=("云政发〔2018〕4号",))
    for item in citations(read):
        assert item.number or item.title
        assert -1 <= item.offset <= len(read.text)


@pytest.mark.parametrize(
    "unit",
    [
        "《云川市甲办法》（云政发〔2017〕1号）、",
        "云政发〔2017〕1号",
        "《",
        "《云川市甲办法》乙，",
        "（云政发〔2017〕1号",
        "第1号",
    ],
)
@pytest.mark.timeout(20)
def test_long_lines_are_read_in_linear_time(unit: str) -> None:
    assert len(citations(article(unit * 20, unit * (200_000 // len(unit))))) <= 3
