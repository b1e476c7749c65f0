"""Text of pages and of people, made harmless before it stands in a message.

`clean` is for every form: one line, nothing that is not seen, no address that a client would make a link of. What marks
up in mail, chat or Markdown is widened by `flat`: `*` becomes `＊`, which every service shows as it is, whatever way of
escaping it knows or does not know (DingTalk and WeCom document none).
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

LONGEST = 4_000
_LONGEST_ADDRESS = 2_000
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_COMBINING = re.compile(f"({_MARK}{{2}}){_MARK}+")
_SCHEME = re.compile(r"(?<=[A-Za-z0-9]):(?=//)")
_MAILTO = re.compile(r"(?i)\b(mailto|tel|javascript|data):")
_DOT = re.compile(r"(?<=[A-Za-z0-9-])\.(?=[A-Za-z]{2})")
# What a mention, a tag, emphasis, code, a link, a heading or a table begins with, in any of the services.
_MARKS = "@<>*_`[]\\~|#"
_WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in _MARKS}
# What may stand in an address in Markdown and in HTML without ending it.
_ADDRESS = "/:?#@!$&+,=%-._"


def clean(text: object, longest: int = LONGEST) -> str:
    """One line of signs that are seen: no controls, no overrides of direction, nothing of no width, marks on a sign at
    most two; addresses without what would make them links. At most `longest` signs, `…` where it was longer."""
    said = str(text or "")[: longest + 1_000]
    seen = "".join(sign if sign.isprintable() else _instead(sign) for sign in said)
    short = cut(" ".join(_COMBINING.sub(r"\1", seen).split()), longest)
    return _DOT.sub("．", _MAILTO.sub(r"\1：", _SCHEME.sub("：", short)))


def _instead(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return ""
    return "\ufffd" if kind in ("Cs", "Co", "Cn") else " "


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def flat(text: str) -> str:
    """Without anything that marks up: for plain text and for Markdown."""
    return text.translate(_WIDE)


def web_address(url: object) -> str:
    """The address where it is http or https and no longer than what browsers and mail clients take, as ASCII that ends
    nowhere too early; else nothing."""
    text = str(url or "")
    try:
        parts = urlsplit(text)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    written = quote(text.encode("utf-8", "replace"), safe=_ADDRESS) if good else ""
    return written if len(written) <= _LONGEST_ADDRESS else ""


def width(text: str) -> int:
    """Columns that a text takes: two for a wide sign (UAX #11), none for a mark on another."""
    return sum(0 if unicodedata.combining(sign) else 2 if _is_wide(sign) else 1 for sign in text)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F", "A")


def fitted(text: str, columns: int) -> str:
    """The beginning of a text that takes at most so many columns, `…` where it was longer."""
    if width(text) <= columns:
        return text
    taken, kept = 2, ""
    for sign in text:
        taken += width(sign)
        if taken > columns:
            break
        kept += sign
    return kept.rstrip() + "…"
