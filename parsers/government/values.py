"""What the value of each field of a metadata table means; None for values that say nothing (无, 暂无, —)."""

import re
import unicodedata
from datetime import date

from domain.article import Precision, Validity
from parsers import dates, days, numbers, offices
from parsers.dates import Stamp
from parsers.plain import plain

Value = str | date | Stamp | Validity | tuple[str, ...]

_EMPTY = re.compile(
    r"(?i)[\s\-—–－_/\\.。·*:：]*(?:无|暂无|空|未知|待定|没有|不详|null|none|n/?a|undefined|无文号|无索引号)?[\s。]*"
)
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d\d[:：].*)?")
_INDEX = re.compile(r"(?=(?:[^\d]*\d){3})[\w/\-.()〔〕\[\]:—–·#、]{4,60}")
_SENTENCE = re.compile(r"[。！？!?]")
_PATH = re.compile(r"\s*[;；|｜>＞»\\,，]\s*|\s+/\s+|(?<=[\u4e00-\u9fff])/(?=[\u4e00-\u9fff])")
_VALIDITY = (
    (Validity.PENDING, re.compile(r"尚未|未生效|未施行|未实施|待生效|即将")),
    (Validity.AMENDED, re.compile(r"部分|修改|修订|修正|已改")),
    (Validity.REPEALED, re.compile(r"废止|撤销|废除")),
    (Validity.EXPIRED, re.compile(r"失效|过期|无效|到期|^否$|停止执行")),
    (Validity.IN_FORCE, re.compile(r"有效|现行|生效|^是$|施行中|执行中|继续")),
)
_LONGEST_STATE = 12


def read(field: str, text: str) -> Value | None:
    """The value of a field as the article holds it."""
    if _EMPTY.fullmatch(text[:20]) and len(text) <= 20:
        return None
    return _READERS[field](text)


def _index_number(text: str) -> str | None:
    """Half-width and without blanks: 000014348/2019-00001."""
    tokens = unicodedata.normalize("NFKC", text).split()
    for value in ("".join(tokens), tokens[0] if tokens else ""):
        if _INDEX.fullmatch(value) and _DAY.fullmatch(value) is None:
            return value
    return None


def _agency(text: str) -> str | None:
    """One office as stated, several joined by 、."""
    tokens = [token for token in re.split(r"[\s、,，;；]+", text) if token]
    if all(map(offices.is_agency, tokens)):
        return "、".join(dict.fromkeys(tokens))
    fits = 2 <= len(text) <= 60 and not _SENTENCE.search(text) and re.search("[\u4e00-\u9fff]{2}", text)
    return text if fits else None


def _expires(text: str) -> date | None:
    """The last day of 2019-05-01至2024-04-30."""
    found = (days.value(part) for part in reversed(re.split(r"[至到~～]|\s—\s|\s-\s", text[:60])))
    return next(filter(None, found), None)


def _published(text: str) -> Stamp | None:
    stamp = dates.parse(plain(text[:40]))
    return stamp if stamp and stamp.precision is not Precision.MONTH else None


def validity(text: str) -> Validity | None:
    """What a short word says of a document's force: 有效, 已废止, 部分失效."""
    word = plain(text).strip(" 。（）()[]【】")
    if len(word) > _LONGEST_STATE:
        return None
    return next((state for state, pattern in _VALIDITY if pattern.search(word)), None)


def _title(text: str) -> str | None:
    return text if 2 <= len(text) <= 200 and not text.endswith(("...", "…")) else None


def _topics(text: str) -> tuple[str, ...] | None:
    """综合政务\\政务公开 and 环境监测、保护与治理;通告: steps and several alike."""
    found = tuple(dict.fromkeys(part for part in _PATH.split(text) if 1 < len(part) <= 30))
    return found[:10] or None


_READERS = {
    "index_number": _index_number,
    "document_numbers": lambda text: numbers.stated(text) or None,
    "agency": _agency,
    "written_on": days.value,
    "published": _published,
    "effective_on": days.value,
    "expires_on": _expires,
    "validity": validity,
    "title": _title,
    "topics": _topics,
}
