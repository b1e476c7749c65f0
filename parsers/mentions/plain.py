"""A text as the rules see it: simplified, half width, one dash, one blank; each character in its old place."""

from functools import lru_cache

from domain.matching import simplified

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SIGNS = {
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t"), " "),
    **dict.fromkeys(map(ord, "–—―−‐‑﹣─~〜～"), "-"),
    **dict.fromkeys(map(ord, "〇○◯"), "零"),
    ord("﹪"): "%",
    ord("－"): "-",
}
_HANZI = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Traditional characters one by one (OpenCC t2s), so that no phrase rule moves what comes after."""
    signs = [chr(code) for block in _HANZI for code in block]
    pairs = zip(signs, simplified("\n".join(signs)).split("\n"), strict=True)
    changed = {ord(old): new for old, new in pairs if old != new and len(new) == 1}
    return {**changed, **_FULL_WIDTH, **_SIGNS}


def plain(text: str) -> str:
    """`text`, folded for matching, of the same length: spans found in it hold in the original."""
    return text.translate(_table())
