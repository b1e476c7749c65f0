"""Values of scripts as fields of an article: mark-up, times, names, addresses of images."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

from domain.article import Precision
from parsers import dates
from parsers.dates import Stamp
from parsers.embedded import keys

MAX_BODY = 1_000_000
"""Characters of a body that are kept."""

_HANZI = re.compile(r"[\u3400-\u9fff]+")
_TAG = re.compile(r"<(?:p|div|br|section|article|span|img|h[1-6]|table|strong|figure|ul|ol|a)\b|</p>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_ESCAPED = re.compile(r"&lt;|&#0*60;|&#x0*3c;|&#x0*3d;|=\s*&quot;|&amp;(?:lt|nbsp|quot);", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*&quot;(.*)&quot;\s*$", re.DOTALL)
_ITEMS = 2000
_LATEST = 4_102_444_800  # 2100, in seconds


def hanzi(text: str) -> int:
    """How many hanzi a text has."""
    return sum(map(len, _HANZI.findall(text)))


def line(text: object) -> str | None:
    """A text as one line, without mark-up; None for what is longer than a heading."""
    if not isinstance(text, str) or len(text) > 400:
        return None
    quoted = _QUOTED.match(text)
    plain = html.unescape(_MARKUP.sub("", html.unescape(quoted[1] if quoted else text)))
    return " ".join(plain.split()) or None


def title(value: object) -> str | None:
    """A headline: a text, or an object that holds one as WordPress has it."""
    found = line(value.get("rendered") if isinstance(value, dict) else value)
    return found if found and 4 <= len(found) <= 300 else None


def markup(value: object) -> str | None:
    """A body as a fragment of mark-up: mark-up as it is, escaped mark-up, plain text, or a list of pieces."""
    if isinstance(value, str):
        return _string(value[:MAX_BODY])
    if isinstance(value, list):
        return "\n".join(_pieces(value))[:MAX_BODY] or None
    if isinstance(value, dict):
        rendered = value.get("rendered")
        if isinstance(rendered, str):
            return _string(rendered[:MAX_BODY])
        inner = (item for key, item in value.items() if keys.plain(str(key)) in (*keys.ITEM, *keys.BODY))
        return next(("\n".join(_pieces(item)) for item in inner if isinstance(item, list)), None)
    return None


def _string(text: str) -> str | None:
    if len(text) < 20:
        return None
    quoted = _QUOTED.match(text)
    text = quoted[1] if quoted else text
    if text.count("%E") > 10 and "<" not in text:
        text = unquote(text)
    if _ESCAPED.search(text):
        text = html.unescape(text)
        text = html.unescape(text) if "<" not in text and "&lt;" in text else text
    if text.lstrip()[:1] in ("{", "["):
        return _nested(text)
    return text if _TAG.search(text) else _paragraphs(text)


def _nested(text: str) -> str | None:
    """A body that is JSON in a string."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return markup(value) if isinstance(value, (list, dict)) else None


def _paragraphs(text: str) -> str | None:
    lines = (html.escape(item.strip(), quote=False) for item in re.split(r"[\r\n]+|(?:\u3000){2,}", text))
    return "\n".join(f"<p>{item}</p>" for item in lines if item) or None


def _pieces(items: list[object]) -> Iterator[str]:
    """The paragraphs and images of a body that is a list."""
    for item in items[:_ITEMS]:
        if isinstance(item, str):
            yield item if _TAG.search(item) else f"<p>{html.escape(item, quote=False)}</p>" if item.strip() else ""
        elif isinstance(item, dict):
            known = {keys.plain(str(key)): value for key, value in item.items()}
            text = next((known[name] for name in keys.ITEM if isinstance(known.get(name), str) and known[name]), None)
            if isinstance(text, str) and (hanzi(text) or "<" in text):
                yield text if _TAG.search(text) else _paragraphs(text) or ""
            elif src := next(filter(None, (_address(known.get(name)) for name in keys.IMAGE)), None):
                yield f'<img src="{html.escape(src)}">'


def stamp(value: object) -> Stamp | None:
    """A time: text, or seconds or milliseconds since 1970."""
    if isinstance(value, str) and not value.strip().isdigit():
        return dates.parse(value[:60])
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value).strip()
    number = float(text) if len(text) <= 20 else 0.0
    if text.isdigit() and len(text) in (8, 14):
        return dates.parse(text)
    seconds = number / 1000 if number > _LATEST else number
    if not 631_152_000 <= seconds < _LATEST:  # 1990: what is earlier is a count
        return None
    return Stamp(datetime.fromtimestamp(seconds, UTC).replace(microsecond=0), Precision.SECOND)


def name(value: object) -> str | None:
    """The name of a medium or a person: a text, or an object with a name."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        known = {keys.plain(str(key)): item for key, item in value.items()}
        value = next((known[key] for key in ("name", "title", "nickname", "sourcename") if key in known), None)
    text = line(value)
    return text if text and len(text) <= 40 and "://" not in text and not text.isdigit() else None


def names(value: object) -> tuple[str, ...]:
    """People's names, one or several."""
    if isinstance(value, str):
        value = re.split(r"[、,，;；/|]|\s{1,}(?=[\u4e00-\u9fff])", value)
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(found for item in items[:40] if (found := name(item))))


def images(value: object) -> tuple[str, ...]:
    """The addresses of images: texts, or objects with a url."""
    items = value if isinstance(value, list) else [value]
    found = (_address(_url(item)) for item in items[:100])
    return tuple(dict.fromkeys(filter(None, found)))


def _url(item: object) -> object:
    if not isinstance(item, dict):
        return item
    known = {keys.plain(str(key)): value for key, value in item.items()}
    return next((known[key] for key in keys.IMAGE if known.get(key)), None)


def _address(value: object) -> str | None:
    if not isinstance(value, str) or not 5 < len(value) < 2000 or any(char in value for char in " <>\"'\n"):
        return None
    return value if value.startswith(("http://", "https://", "/", "./", "../")) else None


def norm(text: str) -> str:
    """Letters and digits alone, NFKC, lower case."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and norm(one or "") == norm(other or "")


def agree(title: str | None, head: str) -> bool:
    """True where a title is the page's own <title>, or its beginning."""
    own, shown = norm(title or ""), norm(head)
    return len(own) >= 4 and len(shown) >= 4 and (own in shown or shown in own or own[:12] == shown[:12])
