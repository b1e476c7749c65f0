"""One document number out of what a person writes or a field holds."""

import re

from domain.citation import DocumentNumber
from parsers import numbers, offices
from parsers.plain import plain as as_plain

_LOOSE = re.compile(
    r"(?P<issuer>[\u4e00-\u9fffA-Z]{2,12})\s*[〔\[［【〈﹝(（{〖]?\s*(?P<year>(?:19|20)\d\d)\s*[〕\]］】〉﹞)）}〗年]?\s*(?:第|[-—-])?\s*"
    r"(?P<count>\d{1,5})\s*号?"
)
_BARE = re.compile(
    r"(?:(?P<kind>公告|通告|令)[(（〔]?)?(?:(?P<year>(?:19|20)\d\d)年)?第?(?P<count>\d{1,5})号[)）〕]?(?P<last>令|公告|通告)?"
)
_KIND = re.compile(r"公告|通告|令(?![人牌])")


def parse(text: str) -> DocumentNumber | None:
    """A number in any of its forms, and in those people type (鲁政办发 2017 7); None for anything else."""
    plain = " ".join(as_plain(text[:200]).split())
    found = numbers.document_numbers(plain)
    if found:
        return DocumentNumber.of(found[0])
    loose = _LOOSE.fullmatch(plain)
    if loose is None or _KIND.search(loose["issuer"]):
        return None
    return DocumentNumber.of(f"{loose['issuer']}〔{loose['year']}〕{int(loose['count'])}号")


def completed(text: str, office: str | None, kind: str | None) -> DocumentNumber | None:
    """公告2024年第3号 and 第3号, which name no office, with the one that the page names."""
    known = DocumentNumber.of(text)
    if known and known.named:
        return known
    bare = _BARE.fullmatch("".join(as_plain(text).split()))
    if bare is None or not office:
        return None
    what = bare["kind"] or bare["last"] or kind
    if what is None:
        return None
    year = f"{bare['year']}年" if bare["year"] else ""
    return DocumentNumber.of(f"{office}{what}{year}第{int(bare['count'])}号")


def kind_of(title: str) -> str | None:
    """令, 公告 or 通告 where a title says that it is one."""
    found = _KIND.search(as_plain(title))
    return found[0] if found else None


def office_of(title: str) -> str | None:
    """The offices that open a title: 云川省商务厅公告, 商务部 海关总署关于…的公告."""
    plain = as_plain(title)
    head = re.split(r"关于|公告|通告|令", plain, maxsplit=1)[0].strip()
    named = offices.agencies(head)
    return "、".join(named) if named and 0 < len(head) <= 60 else None
