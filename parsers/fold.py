"""Mirrors that turn simplified into traditional, with pinyin in brackets: 濟(jì)寧 back to 济宁.

The machine that makes such pages writes a reading after some of the characters it changed. The
bracket is taken out, then OpenCC's t2s turns the characters back.
"""

import re
from functools import lru_cache

import opencc
from lxml import html

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TONED = "\u0300-\u036fāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿɡ"
_READING = re.compile(rf"([{_CJK}])\s*[(（]\s*([a-zA-Zêü{_TONED}]{{1,8}})\s*[)）]")
_HAS_TONE = re.compile(f"[{_TONED}]")
_MANY = 8


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional characters as simplified (OpenCC t2s)."""
    return str(_converter().convert(text))


def without_readings(text: str) -> str:
    """`text` without brackets of pinyin after a hanzi.

    A reading shows a tone mark or the script ɡ. One without (們(men), a neutral tone) goes only after
    a character that t2s changes, so that 世贸组织(wto) stays.
    """
    return _READING.sub(_without, text) if "(" in text or "（" in text else text


def _without(found: re.Match[str]) -> str:
    char, reading = found.groups()
    toned = _HAS_TONE.search(reading) is not None
    mute = reading.islower() and simplified(char) != char
    return char if toned or mute else found[0]


def is_mirrored(text: str) -> bool:
    """True where a page is evidently made that way: many toned readings after changed characters."""
    hits = (found for found in _READING.finditer(text) if _HAS_TONE.search(found[2]))
    changed = sum(simplified(found[1]) != found[1] for _, found in zip(range(4 * _MANY), hits, strict=False))
    return changed >= _MANY


def folded(text: str) -> str:
    """Readings out, then simplified."""
    return simplified(without_readings(text))


def fold_tree(root: html.HtmlElement) -> None:
    """Fold a tree's texts in place; addresses stay as they are."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.text and not element.text.isascii():
            element.text = folded(element.text)
        if element.tail and not element.tail.isascii():
            element.tail = folded(element.tail)
        for name in ("content", "title", "alt"):
            value = element.get(name)
            if value and not value.isascii():
                element.set(name, folded(value))
