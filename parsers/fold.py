"""Traditional script and readings: 濟(jì)寧 back to 济宁 on a page that is made that way.

Mirrors made by machine turn simplified into traditional and write a reading after some of the characters
they changed. The bracket is taken out, then OpenCC's t2s turns the characters back. Both can be switched
(`Switches`); what was served is kept beside it (parsers.original).
"""

import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree, html

from domain.matching import BRACKET, HAS_TONE, READINGS, has_traditional, simplified, without_readings

_MANY = 8
# Of eight readings one falls or rises.
_FALLING = "àèìòùáéíóú\u0300\u0301"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what &#1; brings and no XML text may hold


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
        (both or wanted == "readings") and BRACKET.search(text) is not None,
        (both or wanted == "script") and has_traditional(text),
    )


def is_mirrored(text: str) -> bool:
    """True where a page is evidently made that way: many toned readings after changed characters."""
    if not any(vowel in text for vowel in _FALLING):
        return False
    if sum(HAS_TONE.search(found[1]) is not None for found in islice(BRACKET.finditer(text), 9999)) < _MANY:
        return False
    toned = (found[1] for found in READINGS.finditer(text) if HAS_TONE.search(found[2]))
    return sum(map(has_traditional, islice(toned, 4 * _MANY))) >= _MANY


def folded(text: str, wanted: Switches = BOTH) -> str:
    """Readings out, then simplified, as far as wanted."""
    text = without_readings(text) if wanted.readings else text
    return simplified(text) if wanted.script else text


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
