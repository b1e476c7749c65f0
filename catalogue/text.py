"""Text as PostgreSQL can hold it, and as it is searched."""

import json
import re
import zlib
from typing import Any

from domain.matching import matchable

# PostgreSQL's text holds neither NUL nor half of a surrogate pair; pages in the wild have both.
_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")


def clean(value: Any) -> Any:
    """The same value, with U+FFFD for every character PostgreSQL refuses; looks into lists and dicts."""
    if isinstance(value, str):
        return _UNHOLDABLE.sub("\ufffd", value) if _UNHOLDABLE.search(value) else value
    if isinstance(value, (dict, list)) and _is_clean(value):
        return value
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def _is_clean(value: Any) -> bool:
    """As JSON, where a NUL is written as an escape: one look at all of it is many times faster than one at each."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    return "\\u0000" not in written and not _UNHOLDABLE.search(written)


def folded(text: str) -> str:
    """The form searched in: as domain.matching has it, script and width and readings folded."""
    return matchable(str(clean(text)))


def grams(text: str) -> list[int]:
    """The pairs of neighbouring characters in folded text, each as a signed 32-bit number, sorted.

    Pairs, not pg_trgm's triples: most Chinese words have two characters, for which pg_trgm must read every
    row (measured on 6,000 articles: 90 ms against 2 ms, its index 142 MB against 19 MB), and it sees no
    Chinese at all in a database whose locale is C. Two pairs may share a number: the text itself decides. In 16
    bits one rare pair in a hundred shared one with a pair that is everywhere, and took seconds among a million.
    """
    pairs = {text[start : start + 2] for start in range(len(text) - 1)}
    return sorted({zlib.crc32(pair.encode()) - 2**31 for pair in pairs})
