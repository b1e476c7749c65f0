"""What each kind of mention says, in the forms a rule could miss, and what is none."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mention import Mention, MentionKind
from parsers.mentions import find
from parsers.mentions.numerals import written

DAY = date(2019, 1, 7)
DATES = (MentionKind.DATE, MentionKind.DEADLINE)
SIGNS = (
    "0123456789.,%-一二三十百千万亿元年月日前截止至自起施行"
    "市县区省局委政府书记长王李某任命为、，。 (《\n山东淄博有限公司"
)


def found(text: str, *kinds: MentionKind, on: date | None = DAY) -> list[Mention]:
    return [mention for mention in find(text, on) if mention.kind in kinds]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二零一九", 2019),
        ("三千二百万", 32_000_000),
        ("一亿零五百万", 105_000_000),
        ("一万二", 12_000),
        ("三百五", 350),
        ("十", 10),
        ("两千零六", 2006),
        ("壹拾贰万", 120_000),
        ("三点五亿", 350_000_000),
        ("五千万亿", 5 * 10**15),
    ],
)
def test_hanzi_are_read_as_numbers(text: str, number: int) -> None:
    assert written(text) == Decimal(number)


@pytest.mark.parametrize("text", ["三四百", "三四", "三点", "百分", "零"])
def test_vague_numerals_are_none(text: str) -> None:
    assert not written(text)


@pytest.mark.parametrize(
    ("text", "value", "unit", "role"),
    [
        ("投资１．２億圓。", "120000000", "元", None),
        ("价值5,000万美金", "50000000", "美元", None),
        ("面积3平方千米", "3", "平方公里", None),
        ("面积30㎡", "30", "平方米", None),
        ("重3千克", "3", "公斤", None),
        ("装机60万千瓦", "600000", "千瓦", None),
        ("投资9000万-1.2亿元", "90000000/120000000", "元", None),
        ("投资500—1000万元", "5000000/10000000", "元", None),
        ("约为5万元", "50000", "元", "approximate"),
        ("节约5万元", "50000", "元", None),
        ("不低于5万元", "50000", "元", "at_least"),
        ("5万元（含）以下", "50000", "元", "at_most"),
        ("超过了700人", "700", "人", "at_least"),
        ("零下的气温降至-3.5米", "-3.5", "米", None),
    ],
)
def test_amounts_are_given_in_their_base_unit(text: str, value: str, unit: str, role: str | None) -> None:
    [mention] = found(text, MentionKind.AMOUNT)
    assert (mention.value, mention.unit, mention.role) == (value, unit, role)


@pytest.mark.parametrize(
    "text",
    [
        "第3项",
        "前10名",
        "二元结构",
        "八家子村",
        "历时3个月",
        "一家三口",
        "两个问题",
        "型号A5件",
        "骗局之5\n元旦",
        "万元",
    ],
)
def test_what_counts_nothing_is_no_amount(text: str) -> None:
    assert found(text, MentionKind.AMOUNT) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019-1-7发布", "2019-01-07"),
        ("2019.01.07", "2019-01-07"),
        ("二○一九年一月七日", "2019-01-07"),
        ("2018年12月3日至1月5日", "2018-12-03/2019-01-05"),
        ("8月29日", "2018-08-29"),
        ("将于8月29日举行", "2019-08-29"),
        ("29日电", "2018-12-29"),
        ("本月15日", "2019-01-15"),
        ("上月", "2018-12"),
        ("前三季度", "2019-01/2019-09"),
        ("去年下半年", "2018-07/2018-12"),
        ("2月底", "2019-02-28"),
        ("2018年，他去了北京，8月回来", "2018"),
        ("下周一", "2019-01-14"),
    ],
)
def test_dates_are_told_from_the_publication_day(text: str, value: str) -> None:
    assert found(text, *DATES)[0].value == value


def test_a_date_takes_the_year_its_sentence_gives() -> None:
    assert [mention.value for mention in found("2016年，他去了北京，8月5日回来。8月6日", *DATES)] == [
        "2016",
        "2016-08-05",
        "2018-08-06",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("8月29日", "--08-29"), ("15日上午", "---15"), ("明年底", None), ("昨日", None), ("8月", "--08")],
)
def test_without_a_publication_day_what_is_open_stays_open(text: str, value: str | None) -> None:
    assert found(text, *DATES, on=None)[0].value == value


@pytest.mark.parametrize(
    "text",
    [
        "农历八月十五",
        "2月30日",
        "今日头条",
        "税前年薪",
        "年味浓",
        "98年1月11日",
        "1990年代",
        "5日线",
        "2000年历史",
        "每年3月",
    ],
)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert found(text, *DATES) == []


@pytest.mark.parametrize(
    ("text", "kind", "role"),
    [
        ("请于1月20日前报送", MentionKind.DEADLINE, "deadline"),
        ("截止日期：2019年1月20日", MentionKind.DEADLINE, "deadline"),
        ("报名截止到1月20日", MentionKind.DEADLINE, "deadline"),
        ("截至2018年底，全市", MentionKind.DATE, "as_of"),
        ("自2019年3月1日起施行", MentionKind.DATE, "effective"),
        ("有效期至2020年3月1日", MentionKind.DATE, "expires"),
        ("预计年底前将达到6.5", MentionKind.DATE, None),
        ("今年前10名", MentionKind.DATE, None),
        ("2017年以前的账", MentionKind.DATE, None),
        ("春节前后，1月20日前后", MentionKind.DATE, None),
    ],
)
def test_the_words_around_a_date_say_what_it_is(text: str, kind: MentionKind, role: str | None) -> None:
    [mention] = found(text, *DATES)
    assert (mention.kind, mention.role) == (kind, role)


@pytest.mark.parametrize(
    ("text", "post", "person", "role"),
    [
        ("书记、市长张志和，副市长", "书记、市长", "张志和", None),
        ("局长李明说，", "局长", "李明", None),
        ("市长欧阳明华表示", "市长", "欧阳明华", None),
        ("市長王頎出席", "市长", "王颀", None),
        ("任命钱某某同志为省财政厅厅长", "省财政厅厅长", "钱某某", "appointed"),
        ("免去钱某某的省财政厅厅长职务", "省财政厅厅长", "钱某某", "removed"),
    ],
)
def test_posts_come_with_their_holder(text: str, post: str, person: str, role: str | None) -> None:
    mention = found(text, MentionKind.POST)[0]
    assert (mention.value, mention.person, mention.role) == (post, person, role)


@pytest.mark.parametrize(
    "text", ["市长和书记", "主任解释说", "班主任查验", "局长任期三年", "主任医师李某", "主席贺信中"]
)
def test_a_post_without_a_plain_name_is_none(text: str) -> None:
    assert found(text, MentionKind.POST) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("市发改委", "市发展和改革委员会"),
        ("市發改委", "市发展和改革委员会"),
        ("自治区住建厅", "自治区住房和城乡建设厅"),
        ("国家税务总局浙江省税务局", "国家税务总局浙江省税务局"),
        ("山东省人民政府国资委", "山东省人民政府国有资产监督管理委员会"),
        ("北京市市场监管局", "北京市市场监督管理局"),
    ],
)
def test_agencies_are_given_in_full(text: str, value: str) -> None:
    assert [mention.value for mention in found(text, MentionKind.AGENCY)] == [value]


@pytest.mark.parametrize(
    "text", ["公安部门", "各市财政局", "美国财政部", "欧洲央行", "中国政府", "社区委托", "全局", "组织部分"]
)
def test_what_is_no_office_of_ours_is_no_agency(text: str) -> None:
    assert found(text, MentionKind.AGENCY) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("浙江诸暨", "浙江省绍兴市诸暨市"),
        ("甘孜州", "四川省甘孜藏族自治州"),
        ("臺灣", "台湾省"),
        ("鼓楼区", "鼓楼区"),
        ("福州市鼓楼区", "福建省福州市鼓楼区"),
        ("北京市民", "北京市"),
    ],
)
def test_places_are_given_with_what_they_belong_to(text: str, value: str) -> None:
    assert [mention.value for mention in found(text, MentionKind.PLACE)] == [value]


@pytest.mark.parametrize(
    "text",
    ["来宾", "长治久安", "中山路", "北京大学", "黄河南岸", "适应城市", "沿海城市", "淄博某某化工有限公司", "孙中山"],
)
def test_names_of_other_things_are_no_places(text: str) -> None:
    assert found(text, MentionKind.PLACE) == []


def test_a_doubtful_name_counts_where_the_text_has_it_in_full() -> None:
    assert len(found("德州市的企业向德州捐款", MentionKind.PLACE)) == 2


@given(st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=80), st.one_of(st.none(), st.dates()))
def test_spans_hold_in_the_text_and_never_overlap(text: str, on: date | None) -> None:
    mentions = find(text, on)
    assert list(mentions) == sorted(mentions, key=lambda mention: (mention.start, mention.end))
    assert all(mention.text == text[mention.start : mention.end] != "" for mention in mentions)
    for kinds in (DATES, *((kind,) for kind in MentionKind if kind not in DATES)):
        spans = [(mention.start, mention.end) for mention in mentions if mention.kind in kinds]
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
