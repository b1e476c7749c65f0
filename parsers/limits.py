"""How much of a page is read: bounds that no article comes near, and that keep a hostile page cheap.

The largest of 199 labelled pages has 320 KB and 5,500 tags, the longest tag 315 words.
"""

import re
from itertools import islice

MAX_TEXT = 2_000_000
"""Characters."""
MAX_TAGS = 100_000
"""Tags, closing ones and comments counted: libxml2's tree costs about 1 KB for each."""
MAX_ATTRIBUTES = 1000
"""Attributes of one tag, told by its blanks: libxml2 compares each with all before it."""

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}>?")


def limited(text: str) -> tuple[str, tuple[str, ...]]:
    """The part of a page's text that is read, and what is said of the rest."""
    notes = []
    if len(text) > MAX_TEXT:
        notes.append(f"page: {len(text)} characters, only the first {MAX_TEXT} are read")
        text = text[:MAX_TEXT]
    tags = text.count("<")
    if tags > MAX_TAGS:
        notes.append(f"page: {tags} tags, only the first {MAX_TAGS} are read")
        text = text[: next(islice(re.finditer("<", text), MAX_TAGS, None)).start()]
    slim = _LONG_TAG.sub(_slim, text)
    if len(slim) < len(text):
        notes.append(f"page: a tag of more than {MAX_ATTRIBUTES} attributes is read without them")
    return slim, tuple(notes)


def _slim(found: re.Match[str]) -> str:
    """A long tag: whole where one value makes it long (an image in its address), bare where attributes do."""
    parts = found[0].split(None, MAX_ATTRIBUTES)
    return found[0] if len(parts) <= MAX_ATTRIBUTES else f"{parts[0]}>"
