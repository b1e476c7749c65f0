"""Traditional script and readings: 濟(jì)寧 back to 济宁, and the form that two spellings share.

Mirrors made by machine turn simplified into traditional and write a reading after some of the characters
they changed. The bracket is taken out, then OpenCC's t2s turns the characters back. Both can be switched
(`Switches`); what was served is kept beside it (parsers.original).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import opencc
from lxml import etree, html

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TONED = "\u0300-\u036fāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿɡ"
_BRACKET = re.compile(rf"[(（]\s{{0,3}}([a-zA-Zêü{_TONED}]{{1,8}})\s{{0,3}}[)）]")
READING = re.compile(rf"\s{{0,3}}{_BRACKET.pattern}")
_READING = re.compile(rf"(?<=([{_CJK}])){READING.pattern}")
_HAS_TONE = re.compile(f"[{_TONED}]")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:a[io]?|ang?|e[ir]?|eng?|i[aeu]?|i?ang?|iao|ing?|i?ong|ou?|u[aeio]?|uai|uang?|un|[vü]e?)"
)
_MANY = 8
# Of eight readings one falls or rises.
_FALLING = "àèìòùáéíóú\u0300\u0301"
# Characters turned only in some words: 答覆, 瞭解, 藉口, 沈默, 甦醒, 沿著.
_BY_WORD = frozenset("覆瞭藉沈甦著")
# Hong Kong's forms that t2s does not know.
_HONG_KONG = str.maketrans("衞粧", "卫妆")
# Taiwan writes 着 as 著, which t2s leaves: 跟著, 沿著 become 跟着, 沿着. Only after such a verb: 著名, 著作, 土著 stay,
# and so does 著力, which a labelled page keeps.
_ZHE = re.compile(r"(?<=[跟随沿朝向趁凭靠拿带抱指站坐走笑听望忙守围绕伴接等沉执附穿看说志味])著(?![名作录者述书译称])")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what &#1; brings and no XML text may hold
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True, slots=True)
class Switches:
    """What is folded: readings in brackets taken out, traditional characters turned to simplified."""

    readings: bool = False
    script: bool = False

    def __bool__(self) -> bool:
        return self.readings or self.script


BOTH = Switches(readings=True, script=True)


def switches(wanted: bool | str, text: str) -> Switches:
    """What to fold on a page of this text. `wanted` is Site.fold.

    False or "auto": both where the page is evidently such a mirror, else neither. True or "always": both.
    "never": neither. "readings", "script": that one, always. Nothing to do is no folding.
    """
    if wanted == "never":
        return Switches()
    if wanted in (False, "auto"):
        made = is_mirrored(text)
        return Switches(made, made)
    both = wanted in (True, "always")
    return Switches(
        (both or wanted == "readings") and _BRACKET.search(text) is not None,
        (both or wanted == "script") and has_traditional(text),
    )


def has_traditional(text: str) -> bool:
    """True where a text has a character that is traditional by itself."""
    return _traditional().search(text) is not None


def simplified(text: str) -> str:
    """Traditional characters as simplified: OpenCC t2s, Hong Kong's 衞, and 著 as 着 where it is that word.

    A text of simplified characters alone comes back as it is: t2s would make 打坏 打坯.
    """
    if not has_traditional(text) and _BY_WORD.isdisjoint(text):
        return text
    turned = str(_converter().convert(text)).translate(_HONG_KONG)
    return _ZHE.sub("着", turned) if "著" in turned else turned


def without_readings(text: str) -> str:
    """`text` without brackets of pinyin after a hanzi.

    A reading shows a tone mark or the script ɡ. One without (们(men), a neutral tone) goes only after
    a character that t2s changes and as a syllable of pinyin, so that 世貿組織(wto) stays.
    """
    return _READING.sub(_without, text) if _BRACKET.search(text) else text


def is_mirrored(text: str) -> bool:
    """True where a page is evidently made that way: many toned readings after changed characters."""
    if not any(vowel in text for vowel in _FALLING):
        return False
    if sum(_HAS_TONE.search(found[1]) is not None for found in islice(_BRACKET.finditer(text), 9999)) < _MANY:
        return False
    toned = (found[1] for found in _READING.finditer(text) if _HAS_TONE.search(found[2]))
    return sum(map(has_traditional, islice(toned, 4 * _MANY))) >= _MANY


def folded(text: str, wanted: Switches = BOTH) -> str:
    """Readings out, then simplified, as far as wanted."""
    text = without_readings(text) if wanted.readings else text
    return simplified(text) if wanted.script else text


def key(text: str) -> str:
    """The form to search and match by; never shown.

    NFKC, readings out, simplified, case folded, without blanks and marks nobody sees (zero-width, bidi,
    variation selectors): 「濟(jì)　寧 ＡＢＣ」 and 「济宁abc」 have one key. Two texts match where one key
    holds the other. 著 and 着, which no rule tells apart for certain, are one. key(key(text)) is key(text).
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = unicodedata.normalize("NFKC", simplified(without_readings(plain)).casefold())
    return "".join(plain.split()).replace("著", "着")


def fold_tree(root: html.HtmlElement, wanted: Switches = BOTH) -> None:
    """Fold a tree's texts in place; addresses stay as they are."""
    last = ""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        name = "text" if event == "start" else "tail"
        value = getattr(element, name)
        if value:
            if not value.isascii():
                setattr(element, name, _UNFIT.sub("", _after(last, value, wanted)))
            last = value.rstrip()[-1:] or last
        if event == "start":
            _fold_attributes(element, wanted)


def _after(last: str, value: str, wanted: Switches) -> str:
    """A text that may begin with the reading of the character before it: 濟<span>(jì)</span>."""
    if wanted.readings and last and value.lstrip()[:1] in ("(", "（"):
        value = without_readings(last + value)[1:]
    return folded(value, wanted)


def _fold_attributes(element: html.HtmlElement, wanted: Switches) -> None:
    for name in ("content", "title", "alt"):
        value = element.get(name)
        if value and not value.isascii():
            element.set(name, _UNFIT.sub("", folded(value, wanted)))


def _without(found: re.Match[str]) -> str:
    char, reading = found.groups()
    toned = _HAS_TONE.search(reading) is not None
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
