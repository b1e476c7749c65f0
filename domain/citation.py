"""Document numbers (发文字号) taken apart, and what an article says of the documents it names."""

import re
from enum import StrEnum
from typing import Self

from pydantic import Field, computed_field

from domain.article import Frozen
from domain.matching import key


class Relation(StrEnum):
    """What an article is to a document that it names; IS: its page is the document's own."""

    IS = "is"
    REPEALS = "repeals"
    AMENDS = "amends"
    EXTENDS = "extends"
    INTERPRETS = "interprets"
    DRAFTS = "drafts"
    ISSUES = "issues"
    FORWARDS = "forwards"
    CITES = "cites"

    @property
    def chinese(self) -> str:
        """The word people see beside the English one."""
        return _CHINESE[self]


_CHINESE = {
    Relation.IS: "原文",
    Relation.REPEALS: "废止",
    Relation.AMENDS: "修订",
    Relation.EXTENDS: "延期",
    Relation.INTERPRETS: "解读",
    Relation.DRAFTS: "征求意见",
    Relation.ISSUES: "印发",
    Relation.FORWARDS: "转发",
    Relation.CITES: "引用",
}

# An office has many names: what one is compared by. 国家发展和改革委员会 and 国家发展改革委 are one.
_SHORTER = (
    ("中华人民共和国", ""),
    ("证券监督管理委员会", "证监会"),
    ("银行保险监督管理委员会", "银保监会"),
    ("国有资产监督管理委员会", "国资委"),
    ("监督管理", "监管"),
    ("委员会", "委"),
    ("人民政府", "政府"),
    ("和", ""),
)
_COUNTRY = re.compile(r"^(?:国家|中国)(?=..)")
_BRACKETED = re.compile(r"(?P<issuer>.{1,60})〔(?P<year>\d{4})〕(?P<sequence>[\d-]{1,20})号")
_ORDERED = re.compile(
    r"(?P<offices>.{0,200}?)(?P<kind>令|公告|通告)(?:(?P<year>\d{4})年)?第(?P<sequence>\d{1,15}|[一二三四五六七八九十百零]{1,7})号"
)
_REVERSED = re.compile(r"(?:(?P<year>\d{4})年)?第(?P<sequence>\d{1,15})号(?P<kind>令)")
_NOTICE = re.compile(r"(?P<offices>.{2,200})(?P<kind>令|公告|通告)")
_ANYBODY = re.compile(r"(?:[本我原]?(?:自治区|[省市县区旗]))?(?:政府|总局|总署|[部局厅委署院行])?(?:令|公告|通告)")
_HANZI = "零一二三四五六七八九"


class DocumentNumber(Frozen):
    """A document number in its normal form and what it is made of.

    `issuer` is the office's abbreviation (机关代字: 鲁政办发), or for notices and orders the first office that
    signs with the kind (财政部公告): joint ones are counted in its sequence. `year` is None for orders counted
    through, `sequence` for what is no plain number (58-1).
    """

    text: str
    issuer: str
    year: int | None = None
    sequence: int | None = None

    @classmethod
    def of(cls, text: str) -> Self | None:
        """A number in the normal form that `parsers.numbers` gives; None for anything else."""
        if found := _BRACKETED.fullmatch(text):
            count = found["sequence"]
            notice = _NOTICE.fullmatch(found["issuer"])
            issuer = _office(notice["offices"]) + notice["kind"] if notice else found["issuer"]
            return cls(
                text=text, issuer=issuer, year=int(found["year"]), sequence=int(count) if count.isdigit() else None
            )
        ordered = _ORDERED.fullmatch(text) or _REVERSED.fullmatch(text)
        if ordered is None:
            return None
        parts = ordered.groupdict()
        issuer = _office(parts.get("offices") or "") + parts["kind"]
        year = int(parts["year"]) if parts["year"] else None
        return cls(text=text, issuer=issuer, year=year, sequence=_count(parts["sequence"]))

    @property
    def key(self) -> str:
        """What two spellings of one number share."""
        if self.sequence is None:
            return self.text
        return f"{self.issuer}/{self.year or ''}/{self.sequence}"

    @property
    def named(self) -> bool:
        """False where no office is named, or not whose: 公告2024年第3号 and 省政府令第3号 may be anybody's."""
        return _ANYBODY.fullmatch(self.issuer) is None


def issuer(name: str) -> str:
    """An issuer as `DocumentNumber.issuer` has it: 国家税务总局公告 as 税务总局公告, 鲁政办发 as it stands."""
    plain = key(name)
    found = _NOTICE.fullmatch(plain)
    return _office(found["offices"]) + found["kind"] if found else plain.upper()


def _office(offices: str) -> str:
    name = offices.partition("、")[0]
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return _COUNTRY.sub("", name)


def _count(text: str) -> int:
    """Arabic, or hanzi up to 999 as 主席令 have them."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _HANZI.index(char)
    return total + digit


class Citation(Frozen):
    """What an article says of one document. At least one of `number` and `title` is there.

    `title` as written in 《》. `sentence` is where it stands, `offset` the place of the mention in the article's
    text, or -1 where the article's title, its metadata table or its site's own fields say it.
    """

    relation: Relation
    number: DocumentNumber | None = None
    title: str | None = None
    sentence: str = ""
    offset: int = -1
    confidence: float = Field(ge=0, le=1)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def name(self) -> str | None:
        """What two spellings of the document's title share."""
        return policy_name(self.title) if self.title else None

    @property
    def target(self) -> str:
        """What is named: the number's key, else the title's."""
        return self.number.key if self.number else self.name or ""


_DRAFT = "征求意见稿|意见稿|草案|送审稿|讨论稿|审议稿|修订稿|修改稿|公示稿|初稿|修订|修正|全文|代拟稿|试用稿"
_NOTE = re.compile(rf"\s*[（(〔\[](?:[^（）()]{{0,20}}(?:{_DRAFT})[^（）()]{{0,16}}|\d{{4}}年(?:版|本)?)[）)〕\]]\s*$")
_NUMBER_AFTER = re.compile(r"\s*[（(][^（）()]{2,40}号[）)]\s*$")
_NUMBER_BEFORE = re.compile(
    r"^[\w〔〕\[\]（）()]{2,30}?号\s*(?=《|关于)|(?:公告|通告)\s?(?:\d{4}年)?第\s?\d+\s?号\s?(?=关于)"
)
_INNER = re.compile(
    r"^.{0,60}?关于(?:修订|重新|联合)?(?:印发|发布|公布|下发|颁布)(?P<name>.{6,150})的(?:通知|公告|决定|通告|命令|函)$"
)
_SIGNS = re.compile(r"[\W_]+")
_PLACED = re.compile(r"^.{1,10}?[省市县区州旗盟]|^(?:国家|国务院|全国|中央|中国|中华人民共和国)")


def policy_name(title: str) -> str:
    """The title a document goes by, for comparing: without 《》, signs and blanks, （征求意见稿）, the year of a
    revision; of 关于印发《X》的通知 it is X."""
    bare = _NUMBER_BEFORE.sub("", title.strip())
    bare = bare.removeprefix("《").removesuffix("》") if _is_quoted(bare) else bare
    for _ in range(3):
        bare = _NOTE.sub("", _NUMBER_AFTER.sub("", bare))
    if found := _INNER.match(bare):
        inner = _NOTE.sub("", found["name"].strip("《》〈〉<> "))
        bare = inner if len(inner) >= 6 else bare
    return _SIGNS.sub("", key(bare))


def _is_quoted(title: str) -> bool:
    return title.startswith("《") and title.endswith("》")


def is_placed(name: str) -> bool:
    """True where a name says whose it is (云川市…办法): others name their documents otherwise. 2024年工作要点 is
    everybody's."""
    return _PLACED.match(name) is not None
