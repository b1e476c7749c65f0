"""The words government pages put before a document's particulars, and which field each means.

Collected from the open catalogues that 政府信息公开条例 asks for (名称, 索引号, 生成日期, …: each province
words them in its own way) and from 公文's own parts (GB/T 9704-2012). A field's first words are the surest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.plain import plain

FIELDS: dict[str, str] = {
    "index_number": "索引号|信息索引号|索引编号|信息索引|公开索引号|索取号|索引码",
    "document_numbers": "发文字号|发文文号|公文文号|文件字号|文件编号|文件文号|文号|发文号|公文字号|令号",
    "agency": (
        "发文机关|发文机构|发文单位|发文部门|制发机关|制发单位|制定机关|制定机构|颁布机构|颁布单位|印发机关|成文机关|发布机关"
        "|发布机构|发布单位|发布部门|公布机关|公开主体|公开机构|公开单位|公开责任部门|公开部门|责任部门|责任单位|所属机构|信息所属单位"
    ),
    "written_on": (
        "成文日期|成文时间|制发日期|发文日期|发文时间|印发日期|印发时间|签发日期|签署日期|生成日期|生成时间|信息生成日期|产生日期"
        "|形成日期|制定日期"
    ),
    "published": (
        "发布日期|发布时间|公开日期|公开时间|公布日期|公布时间|颁布日期|颁布时间|信息发布日期|信息公开日期|上网日期|登载日期"
    ),
    "effective_on": "生效日期|生效时间|实施日期|实施时间|施行日期|施行时间|执行日期|开始实施日期|启用日期",
    "expires_on": (
        "失效日期|失效时间|废止日期|废止时间|有效期至|有效期截止日期|有效截止日期|有效期止|截止有效期|终止日期|有效期限|有效期|有效日期"
        "|信息时效期|信息有效期"
    ),
    "validity": (
        "有效性|效力状态|时效性|时效状态|有效状态|效力|是否有效|文件状态|文件效力|公文时效|公文状态|时效|法规状态|政策状态|有效性状态"
    ),
    "title": "标题|信息名称|文件名称|公文名称|公文标题|名称|文件标题|信息标题|题名|政策名称|信息题名",
    "topics": "主题分类|主题|分类|信息分类|组配分类|主题类别|主题词|信息类别|所属主题|类别|内容分类|公开目录",
    "other": (
        "公文种类|文种|体裁分类|体裁|服务对象|服务对象分类|公开方式|公开形式|公开类别|公开范围|公开属性|公开程序|公开时限|公开期限"
        "|信息来源|来源|关键词|关键字|内容概述|内容摘要|内容简介|信息概述|概述|摘要|统一登记号|统一编号|规范性文件统一编号|登记号"
        "|登记日期|登记时间|备注|备注/文号|备注文号|载体类型|信息格式|语种|信息语种|文件下载|附件下载|效力级别|法律效力"
        "|联合发文单位|联合发文|公开事项|栏目|文件类型|文件分类|公文类型|信息类型"
        "|生效范围|适用范围|浏览次数|浏览量|点击数|阅读次数|更新日期|更新时间|字体|字体大小|字号|打印|分享|行业分类|领域分类|政策级别"
        "|发布形式|政策层级|记录形式|访问量"
    ),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


# These stand on no page but by a document: one of them and another word make a table.
CORE = frozenset(("index_number", "document_numbers", "written_on", "validity"))
_CORE_WORDS = _words(
    "发文机关|发文机构|发文单位|发文部门|制发机关|制定机关|公开责任部门|公开主体|主题分类|组配分类|公文种类|体裁分类"
)
# As sure as these words are: what they name is often the office that runs the page, or the day of filing.
_UNSURE = _words(
    "公开责任部门|公开部门|责任部门|责任单位|所属机构|信息所属单位|公开主体|公开机构|公开单位|生成日期|生成时间|信息生成日期|产生日期"
    "|信息时效期|信息有效期|有效日期|类别|分类|主题|终止日期|时效|效力"
)
_KINDS = {word: (kind, rank) for kind, words in FIELDS.items() for rank, word in enumerate(words.split("|"))}
_SORTED = sorted(_KINDS, key=len, reverse=True)
_WORDS = "|".join(" ?".join(map(re.escape, word)) for word in _SORTED)
_OPEN = "[\\[【〔〖［（(「•·●■◆※▪◎★*-]"
_CLOSE = "[\\]】〕〗］）)」]"
_COLON = "[:：∶﹕]"
# 索引号：, [索引号], 【索引号】：
_MARKED = re.compile(rf"{_OPEN} ?(?P<a>{_WORDS}) ?{_CLOSE} ?{_COLON}?|(?:{_OPEN} ?)?(?P<b>{_WORDS}) ?{_COLON}")
_FIRST = re.compile(rf"{_OPEN}{{0,2}} ?(?P<a>{_WORDS})")
_ALONE = re.compile(rf"{_OPEN}{{0,2}} ?(?P<a>{_WORDS}) ?{_CLOSE}? ?{_COLON}? ?")
LONGEST = 600
# The signs that a line with a label can begin with: most lines are told apart by these alone.
OPENINGS = frozenset(word[0] for word in _KINDS) | frozenset("[【〔〖［（(「•·●■◆※▪◎★*-")


@dataclass(frozen=True, slots=True)
class Label:
    """A label where it stands in a text: its field (`other` for the rest), its word, its span, how early it ranks."""

    field: str
    word: str
    start: int
    end: int
    rank: int

    @property
    def core(self) -> bool:
        """True for a word that no publish line has."""
        return self.field in CORE or self.word in _CORE_WORDS

    @property
    def sure(self) -> float:
        """How surely the word means its field, 0..1."""
        return 0.7 if self.word in _UNSURE else 0.95


def alone(text: str) -> Label | None:
    """The label a short text is, and nothing but: 索 引 号："""
    found = _ALONE.fullmatch(plain(text)) if len(text) <= 24 else None
    return _label(found, "a") if found else None


def leading(text: str) -> Label | None:
    """The label a text starts with, with or without a colon after it."""
    found = _FIRST.match(plain(text[:24]))
    return _label(found, "a") if found else None


def marked(text: str) -> Iterator[Label]:
    """The labels of a text with a colon or in brackets; none where the text does not start with one."""
    if len(text) > LONGEST or leading(text) is None:
        return
    for number, found in enumerate(_MARKED.finditer(plain(text))):
        if number == 0 and found.start() > 0:
            return
        yield _label(found, "a" if found["a"] else "b")


def _label(found: re.Match[str], group: str) -> Label:
    word = found[group].replace(" ", "")
    field, rank = _KINDS[word]
    return Label(field, word, found.start(), found.end(), rank)
