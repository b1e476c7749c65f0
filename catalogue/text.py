"""Text as PostgreSQL can hold it, and as it is searched."""

import re
import zlib
from typing import Any

from domain.matching import matchable

# PostgreSQL's text holds neither NUL nor half of a surrogate pair; pages in the wild have both.
_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")


def clean(value: Any) -> Any:
    """The same value, with U+FFFD for every character PostgreSQL refuses; looks into lists and dicts."""
    if isinstance(value, str):
        return _UNHOLDABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def folded(text: str) -> str:
    """The form searched in: as domain.matching has it, script and width and readings folded."""
    return matchable(str(clean(text)))


def grams(text: str) -> list[int]:
    """The pairs of neighbouring characters in folded text, each as a signed 16-bit number, sorted.

    Pairs, not pg_trgm's triples: most Chinese words have two characters, for which pg_trgm must read every
    row (measured on 6,000 articles: 90 ms against 2 ms, its index 142 MB against 19 MB), and it sees no
    Chinese at all in a database whose locale is C. Two pairs may share a number: the text itself decides.
    """
    pairs = {text[start : start + 2] for start in range(len(text) - 1)}
    return sorted({(zlib.crc32(pair.encode()) & 0xFFFF) - 2**15 for pair in pairs})
