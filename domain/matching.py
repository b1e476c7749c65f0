"""The form that two spellings of one text share: 濟(jì)寧, 濟寧 and 济宁.

Mirrors made by machine turn simplified into traditional and write a reading after some of the characters
they changed. The bracket is taken out, then OpenCC's t2s turns the characters back. What a page says is
shown as it says it; what people look for is compared in this form.
"""

import re
import unicodedata
from functools import lru_cache

import opencc

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TONED = "\u0300-\u036fāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿɡ"
BRACKET = re.compile(rf"[(（]\s{{0,3}}([a-zA-Zêü{_TONED}]{{1,8}})\s{{0,3}}[)）]")
READING = re.compile(rf"\s{{0,3}}{BRACKET.pattern}")
READINGS = re.compile(rf"(?<=([{_CJK}])){READING.pattern}")
HAS_TONE = re.compile(f"[{_TONED}]")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:a[io]?|ang?|e[ir]?|eng?|i[aeu]?|i?ang?|iao|ing?|i?ong|ou?|u[aeio]?|uai|uang?|un|[vü]e?)"
)
# Characters turned only in some words: 答覆, 瞭解, 藉口, 沈默, 甦醒, 沿著.
_BY_WORD = frozenset("覆瞭藉沈甦著")
_SOME_BY_WORD = re.compile(f"[{''.join(sorted(_BY_WORD))}]")
# Hong Kong's forms that t2s does not know.
_HONG_KONG = str.maketrans("衞粧", "卫妆")
# Taiwan writes 着 as 著, which t2s leaves: 跟著, 沿著 become 跟着, 沿着. Only after such a verb: 著名, 著作, 土著 stay,
# and so does 著力, which a labelled page keeps.
_ZHE = re.compile(r"(?<=[跟随沿朝向趁凭靠拿带抱指站坐走笑听望忙守围绕伴接等沉执附穿看说志味])著(?![名作录者述书译称])")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")


def has_traditional(text: str) -> bool:
    """True where a text has a character that is traditional by itself."""
    return _traditional().search(text) is not None


def simplified(text: str) -> str:
    """Traditional characters as simplified: OpenCC t2s, Hong Kong's 衞, and 著 as 着 where it is that word.

    A text of simplified characters alone comes back as it is: t2s would make 打坏 打坯.
    """
    if not has_traditional(text) and _SOME_BY_WORD.search(text) is None:
        return text
    turned = str(_converter().convert(text)).translate(_HONG_KONG)
    return _ZHE.sub("着", turned) if "著" in turned else turned


def without_readings(text: str) -> str:
    """`text` without brackets of pinyin after a hanzi.

    A reading shows a tone mark or the script ɡ. One without (们(men), a neutral tone) goes only after
    a character that t2s changes and as a syllable of pinyin, so that 世貿組織(wto) stays.
    """
    return READINGS.sub(_without, text) if BRACKET.search(text) else text


def matchable(text: str) -> str:
    """The form to search and match by; never evidence.

    NFKC, marks nobody sees (zero-width, bidi, variation selectors) and readings out, simplified, case folded,
    runs of white space as one blank. 著 and 着, which no rule tells apart for certain, are one.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = unicodedata.normalize("NFKC", simplified(without_readings(plain)).casefold())
    return " ".join(plain.split()).replace("著", "着")


def key(text: str) -> str:
    """`matchable` without blanks: 「濟(jì)　寧 ＡＢＣ」 and 「济宁abc」 have one key. Two texts match where one key
    holds the other. key(key(text)) is key(text)."""
    return matchable(text).replace(" ", "")


def _without(found: re.Match[str]) -> str:
    char, reading = found.groups()
    toned = HAS_TONE.search(reading) is not None
    mute = _SYLLABLE.fullmatch(reading) is not None and (has_traditional(char) or char in _BY_WORD)
    return "" if toned or mute else found[0]


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def _traditional() -> re.Pattern[str]:
    """The characters t2s changes: about 3,200 of the 28,000 asked."""
    asked = [chr(code) for block in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for code in range(*block)]
    given = _converter().convert("\n".join(asked)).split("\n")
    changed = "".join(old for old, new in zip(asked, given, strict=True) if old != new)
    return re.compile(f"[{changed}衞粧]")
