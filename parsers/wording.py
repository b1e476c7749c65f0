"""Headlines as words: what two spellings share, what a <title> adds, what a reprint says of its original."""

import re
import unicodedata
from functools import lru_cache

from parsers.plain import plain

_NO_LETTER = re.compile(r"[\W_]+")
_SUFFIX = re.compile(r"\s*(?:[-_|｜–—]{1,2}|\s::\s|<<|>>|·)\s*")
_NAMED_AFTER = re.compile(r"[,，]\s*[\u4e00-\u9fff]{2,8}(?:网|在线|频道|门户)$")
_ORIGINAL = re.compile(r"^[【\[(（]?\s*原(?:文)?标题\s*[:：]\s*(.+?)\s*[】\])）]?$")


@lru_cache(maxsize=4096)
def norm(text: str) -> str:
    """Letters and digits alone, NFKC, lower case: what two spellings of a headline share."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).lower())


def original(text: str) -> str | None:
    """The headline in a line 原标题:…, which opens the body of a reprint."""
    found = _ORIGINAL.match(plain(text))
    return text[slice(*found.span(1))] if found else None


def trimmed(title: str) -> str:
    """A <title> without the site's name: the longest part, the first among equals."""
    parts = [part for part in _SUFFIX.split(_NAMED_AFTER.sub("", title)) if part]
    if len(parts) < 2:
        return parts[0] if parts else title
    first = parts[0]
    return first if len(first) >= 8 else max(parts, key=len)
