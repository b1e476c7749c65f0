"""The tables themselves, where Python's and the web's differ, and pages that mix two of them."""

import re
from collections.abc import Iterator

from w3lib.encoding import to_unicode

from parsers.likeness import foreign, likeness

_PIECE = re.compile(rb"[<>]+|[^<>]+")
_RUN = re.compile(rb"[\x80-\xff]+")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SAMPLE = 16384
_MENDED = 2**21  # bytes of a page that is looked through piece by piece
_PIECES = 2000
_CLEARLY = 0.2

# GB 18030-2022 (and the WHATWG index) has these in Unicode proper; Python's codec, of 2000, in private use.
_GB_2022 = dict(
    zip(
        (*range(0xE78D, 0xE797), 0xE7C7, 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
        "︐︒︑︓︔︕︖︗︘︙ḿ龴龵龶龷龸龹龺龻",
        strict=True,
    )
) | dict(zip((0xE816, 0xE817, 0xE818, 0xE831, 0xE83B, 0xE855), "𠂇𠂉𠃌𡗗𢦏𤇾", strict=True))
# What index-big5 of the WHATWG Encoding Standard, as code page 950, has where Python's big5hkscs differs.
_BIG5 = (
    ("•", "‧"),
    ("､", "﹑"),
    ("‾", "¯"),
    ("∼", "～"),
    ("♁", "⊕"),
    ("☉", "⊙"),
    ("¥", "￥"),
    ("¢", "￠"),
    ("£", "￡"),
)
_SHIFTED = re.compile(rb"\x0e([^\x0f\n]*)(?:\x0f|(?=\n)|$)")
_DESIGNATION = re.compile(rb"\x1b\$[)*+][A-Z]|\x1bN")


def strict(payload: bytes, label: str) -> str | None:
    """The text, or None where some byte does not fit."""
    try:
        return payload.decode(label)
    except UnicodeError:
        return None


def text(payload: bytes, label: str) -> str:
    """The text, with U+FFFD for what does not fit."""
    if label == "iso-2022-cn":
        return _shifted_out(payload)
    return to_unicode(payload, label)


def sample(payload: bytes) -> bytes:
    """Enough of a page to judge it by: all of a small one, else the pieces between tags that are not ASCII."""
    if len(payload) <= _SAMPLE:
        return payload
    kept: list[bytes] = []
    size = 0
    for found in _PIECE.finditer(payload, 0, _MENDED * 2):
        piece = found[0][: _SAMPLE // 4]
        if not piece.isascii():
            kept.append(piece)
            size += len(piece)
            if size > _SAMPLE:
                break
    return b"<".join(kept) or payload[-_SAMPLE:]


def lone_bytes(payload: bytes) -> bool:
    """True where most bytes beyond ASCII stand alone, as in Western text and never in Chinese."""
    runs = _RUN.findall(payload)
    return sum(len(run) == 1 for run in runs) * 2 > len(runs)


def corrected(text: str, label: str) -> tuple[str, int]:
    """Text of gb18030 or big5hkscs as the web's tables have it, and the characters that stay private use.

    Those are a vendor's own (ETEN, UAO, a ministry's names), which no standard gives a meaning.
    """
    if label == "big5hkscs":
        for ours, theirs in _BIG5:
            text = text.replace(ours, theirs)
    if not _PRIVATE.search(text):
        return text, 0
    text = text.translate(_GB_2022) if label == "gb18030" else text
    return text, len(_PRIVATE.findall(text))


def mended(payload: bytes, whole: str, label: str) -> tuple[str, tuple[str, ...]]:
    """A page's text with the pieces between tags that are of another encoding read by that one.

    Templates in UTF-8 with a body or an included list in GBK are served so. `<` and `>` are no part of a
    character in UTF-8, gb18030 or Big5. A page past 2 MiB or without damage is given back as it is.
    """
    others = [other for other in ("utf-8", "gb18030", "big5hkscs") if other != label]
    if "\ufffd" not in whole or len(payload) > _MENDED or len(others) > 2:
        return whole, ()
    moved: dict[str, int] = {}
    found = "".join(_pieces(payload, label, others, moved))
    return found if moved else whole, tuple(f"mixed: {count} characters are {other}" for other, count in moved.items())


def _pieces(payload: bytes, label: str, others: list[str], moved: dict[str, int]) -> Iterator[str]:
    tried = 0
    for match in _PIECE.finditer(payload):
        piece = match[0]
        if piece.isascii():
            yield piece.decode("ascii")
            continue
        own = strict(piece, label) if label == "utf-8" else None
        if own is not None or tried >= _PIECES:
            yield own if own is not None else text(piece, label)
            continue
        tried += 1
        reading, other = _better(piece, label, others)
        if other:
            moved[other] = moved.get(other, 0) + foreign(reading)
        yield reading


def _better(piece: bytes, label: str, others: list[str]) -> tuple[str, str | None]:
    """The piece's text, and the other encoding it is in, if it is in another."""
    own = text(piece, label)
    readings = [(reading, other) for other in others if (reading := strict(piece, other)) and foreign(reading) > 1]
    for reading, other in readings:
        if other == "utf-8" and len(piece) - len(reading) == 2 * foreign(reading):
            return reading, other
    best, name = max(readings, key=lambda item: likeness(item[0]), default=("", None))
    return (best, name) if likeness(best) > max(likeness(own) + _CLEARLY, _CLEARLY) else (own, None)


def _shifted_out(payload: bytes) -> str:
    """ISO-2022-CN (RFC 1922) as far as pages go: GB 2312 between SO and SI, all else ASCII."""
    plain = _DESIGNATION.sub(b"", payload)
    high = _SHIFTED.sub(lambda run: bytes(byte | 0x80 if byte > 0x20 else byte for byte in run[1]), plain)
    return high.decode("gb2312", "replace")
