"""A text's twin for matching: same length, simplified, digits and letters half-width.

Rules are written once, for simplified characters; what they match is cut from the original by the same
places. Character by character (OpenCC t2s), so that places agree; words that differ between the mainland,
Taiwan and Hong Kong (列印, 字級) stand in the rules themselves.
"""

from functools import lru_cache

import opencc

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_BLANKS = {0x3000: 0x20, 0xA0: 0x20}


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`text` as rules read it; places in it are places in `text`."""
    return text if text.isascii() else text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, int]:
    hanzi = [chr(code) for code in range(0x4E00, 0xA000)]
    turned = str(opencc.OpenCC("t2s").convert("\n".join(hanzi))).split("\n")
    changed = {ord(a): ord(b) for a, b in zip(hanzi, turned, strict=True) if a != b and len(b) == 1}
    return changed | _WIDE | _BLANKS
