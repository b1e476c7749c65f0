"""Document numbers in all their forms, out of running text. Offices invented but for the State's own."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import days, numerals
from parsers.numbers import document_numbers, stated


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("《意见》(云政办发〔2017〕58号)", ["云政办发〔2017〕58号"]),
        ("云政办发[2017]58号", ["云政办发〔2017〕58号"]),
        ("云政办发［2017］58号", ["云政办发〔2017〕58号"]),
        ("云政办发（2017）58号", ["云政办发〔2017〕58号"]),
        ("云政办发 〔2017〕 第58号", ["云政办发〔2017〕58号"]),
        ("根据国办发〔2017〕7号和云政发〔2018〕1号文件", ["国办发〔2017〕7号", "云政发〔2018〕1号"]),
        ("省政府办公厅印发云政办发〔2017〕58号", ["云政办发〔2017〕58号"]),
        ("云川省人民政府办公厅云政办发〔2017〕58号", ["云政办发〔2017〕58号"]),
        ("鲁经信字〔2017〕3号", ["鲁经信字〔2017〕3号"]),
        ("云商罚字〔2024〕3号,云商罚字〔2024〕3号", ["云商罚字〔2024〕3号"]),
        ("会议（2017）58号房间", []),
        ("云政办发〔2017)58号", []),
        ("方案(2017—2021)(讨论稿)", []),
    ],
)
def test_forms(text: str, numbers: list[str]) -> None:
    assert list(document_numbers(text)) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("云府规〔2020〕1号", ["云府规〔2020〕1号"]),
        ("云政办发〔２０１７〕５８号", ["云政办发〔2017〕58号"]),
        ("云 政 办 发 〔2017〕 58 号", ["云政办发〔2017〕58号"]),
        ("云政办发﹝2017﹞58号、云商发【2017】9号", ["云政办发〔2017〕58号", "云商发〔2017〕9号"]),
        ("雲政辦發〔2017〕58號", ["云政办发〔2017〕58号"]),
        ("云商字A〔2017〕5号", ["云商字A〔2017〕5号"]),
        ("苏0102市监处罚〔2020〕3号", ["苏0102市监处罚〔2020〕3号"]),
        ("云市监处〔2022〕072021000123号", ["云市监处〔2022〕072021000123号"]),
        ("云政发〔2017〕007号", ["云政发〔2017〕7号"]),
        ("云政发〔2017〕58-1号", ["云政发〔2017〕58-1号"]),
        ("国办发明电〔2020〕3号", ["国办发明电〔2020〕3号"]),
        ("工信厅联电子函〔2020〕3号", ["工信厅联电子函〔2020〕3号"]),
        ("鲁自然资规〔2020〕3号", ["鲁自然资规〔2020〕3号"]),
        ("和政发〔2020〕3号", ["和政发〔2020〕3号"]),
    ],
)
def test_spellings_of_a_bracketed_number(text: str, numbers: list[str]) -> None:
    assert list(document_numbers(text)) == numbers


@pytest.mark.parametrize(
    "lead",
    [
        "我市出台",
        "云川市商务局关于转发",
        "此前已由市政府办公室以",
        "为贯彻落实云川省人民政府办公厅",
        "现印发给你们",
        "同意你局",
        "2019年3月1日",
        "第3批",
        "云川市人民政府",
        "废止",
        "国发〔2010〕1号文和",
        "（省政府令第225号）、",
        "原",
        "详见",
        "省委办公厅、省政府办公厅印发",
    ],
)
def test_nothing_of_the_sentence_before(lead: str) -> None:
    assert document_numbers(f"{lead}云政发〔2019〕3号文件")[-1] == "云政发〔2019〕3号"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("云政办发〔2017〕58、59号", ["云政办发〔2017〕58号", "云政办发〔2017〕59号"]),
        ("云政办发〔2017〕58号、59号文件", ["云政办发〔2017〕58号", "云政办发〔2017〕59号"]),
        ("云政办发〔2017〕58至60号", [f"云政办发〔2017〕{n}号" for n in (58, 59, 60)]),
        ("云政办发〔2017〕5号、〔2018〕3号", ["云政办发〔2017〕5号", "云政办发〔2018〕3号"]),
        ("云政办发〔2017〕5号和6号楼", ["云政办发〔2017〕5号"]),
        ("云政办发〔2017〕58号等3号文件", ["云政办发〔2017〕58号"]),
    ],
)
def test_several_under_one_office(text: str, numbers: list[str]) -> None:
    assert list(document_numbers(text)) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("公告2019年第7号", ["公告2019年第7号"]),
        ("公告（2019年第7号）", ["公告2019年第7号"]),
        ("商务部公告2020年第61号", ["商务部公告2020年第61号"]),
        ("中华人民共和国商务部公告 2020年 第61号", ["商务部公告2020年第61号"]),
        ("云川省商务厅2019年第7号公告", ["云川省商务厅公告2019年第7号"]),
        ("按照财政部、税务总局公告2019年第7号规定", ["财政部、税务总局公告2019年第7号"]),
        ("财政部 税务总局 海关总署公告2019年第39号", ["财政部、税务总局、海关总署公告2019年第39号"]),
        ("海关总署公告〔2019〕7号", ["海关总署公告〔2019〕7号"]),
        ("原农业部公告第168号", ["农业部公告第168号"]),
        ("指挥部通告第5号", ["指挥部通告第5号"]),
        ("第58号令", ["第58号令"]),
        ("国务院令第735号", ["国务院令第735号"]),
        ("国务院第735号令", ["国务院令第735号"]),
        ("签署第735号国务院令，公布条例", ["国务院令第735号"]),
        ("《甲条例》（国令第412号）", ["国务院令第412号"]),
        ("《甲办法》（云川省人民政府令第225号）", ["云川省人民政府令第225号"]),
        ("主席令第四十五号", ["主席令第四十五号"]),
        ("1994年10月27日中华人民共和国主席令第33号", ["主席令第三十三号"]),
        ("国家发展和改革委员会、商务部令2020年第32号", ["国家发展和改革委员会、商务部令2020年第32号"]),
        ("云川省大数据局公告2020年第1号", ["云川省大数据局公告2020年第1号"]),
        ("云川市总河长令第3号", ["云川市总河长令第3号"]),
        ("公安部通缉令第3号", []),
        ("招标公告2019年第7号", []),
        ("公告第7号", []),
        ("第7号公告", []),
        ("命令第3号", []),
    ],
)
def test_orders_and_notices(text: str, numbers: list[str]) -> None:
    assert list(document_numbers(text)) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "关于〔2017〕58号",
        "云川省商务厅文件\n〔2017〕58号",
        "总结会在〔2019〕3号",
        "附件（2019）3号",
        "〔2017〕58号",
        "号〔2017〕58号",
        "（2017）云01民终58号",
        "请遵照云川省标准化工作联席会议云标协综合协调〔2009〕3号执行",
    ],
)
def test_none_where_the_office_is_unsure(text: str) -> None:
    assert document_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("云商发〔2019〕3号", ("云商发〔2019〕3号",)),
        ("云商发〔2019〕3号 云财发〔2019〕4号", ("云商发〔2019〕3号", "云财发〔2019〕4号")),
        ("2019年第7号", ("2019年第7号",)),
        ("公告 2019 年第 7 号", ("公告2019年第7号",)),
        ("第12号", ("第12号",)),
        ("无", ()),
        ("见附件。", ()),
    ],
)
def test_the_value_of_a_field(text: str, numbers: tuple[str, ...]) -> None:
    assert stated(text) == numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("45", 45),
        ("四十五", 45),
        ("一百零二", 102),
        ("十", 10),
        ("二〇一九", 2019),
        ("二00八", 2008),
        ("元", None),
        ("", None),
    ],
)
def test_numerals(text: str, number: int | None) -> None:
    assert numerals.value(text) == number


@given(st.integers(1, 999))
def test_numerals_there_and_back(number: int) -> None:
    assert numerals.value(numerals.written(number)) == number


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_days_in_both_scripts(day: date) -> None:
    year, month, number = str(day).split("-")
    spelt = "".join(numerals.DIGITS[int(char)] for char in year)
    hanzi = f"{spelt}年{numerals.written(int(month))}月{numerals.written(int(number))}日"
    assert str(days.parse(hanzi)) == str(days.parse(f"{year}年{int(month)}月{int(number)}日")) == str(day)


PIECES = "云政办发商令号第公告〔〕[]（）20171年、和 \n"


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=PIECES, max_size=80))
def test_what_is_found_is_in_normal_form(text: str) -> None:
    for number in document_numbers(text):
        assert document_numbers(number) == (number,)


@pytest.mark.parametrize(
    "unit",
    [
        "〔2017〕",
        "云政办发",
        "号",
        " ",
        "云 ",
        "公告2019年第",
        "第1号令",
        "财政部 ",
        "公告2019年第1号",
        "发〔2017〕1号",
        "〔2017〕1、1、1",
        "一",
    ],
)
@pytest.mark.timeout(20)
def test_a_million_characters_are_read_in_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert len(document_numbers(text)) <= 2
