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
_TABLES = ("utf-8", "gb18030", "big5hkscs")

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
    character in UTF-8, gb18030 or Big5. Only for pages in one of these; one past 2 MiB is left as it is.
    """
    if label not in _TABLES or len(payload) > _MENDED:
        return whole, ()
    moved: dict[str, int] = {}
    found = "".join(_pieces(payload, label, moved))
    return found if moved else whole, tuple(f"mixed: {count} characters are {other}" for other, count in moved.items())


def _pieces(payload: bytes, label: str, moved: dict[str, int]) -> Iterator[str]:
    tried = 0
    for match in _PIECE.finditer(payload):
        own = strict(match[0], label)
        if own is not None and (label == "utf-8" or own.isascii() or not _is_utf8(match[0])):
            yield own
            continue
        tried += 1
        reading, name = _better(match[0], label) if tried <= _PIECES else (text(match[0], label), label)
        if name != label:
            moved[name] = moved.get(name, 0) + foreign(reading)
        yield reading


def _is_utf8(piece: bytes) -> bool:
    """True for two characters or more of three bytes each, as hanzi have in UTF-8 and GBK has not by chance."""
    reading = strict(piece, "utf-8")
    return reading is not None and foreign(reading) > 1 and len(piece) - len(reading) == 2 * foreign(reading)


def _better(piece: bytes, label: str) -> tuple[str, str]:
    """A piece's text and the encoding it is in: `label` unless another clearly fits better."""
    if _is_utf8(piece):
        return piece.decode(), "utf-8"
    own = text(piece, label)
    readings = [(reading, name) for name in _TABLES if (reading := strict(piece, name)) and foreign(reading) > 1]
    best, name = max(readings, key=lambda item: likeness(item[0]), default=("", label))
    return (best, name) if likeness(best) > max(likeness(own), 0.0) + _CLEARLY else (own, label)


def _shifted_out(payload: bytes) -> str:
    """ISO-2022-CN (RFC 1922) as far as pages go: GB 2312 between SO and SI, all else ASCII."""
    plain = _DESIGNATION.sub(b"", payload)
    high = _SHIFTED.sub(lambda run: bytes(byte | 0x80 if byte > 0x20 else byte for byte in run[1]), plain)
    return high.decode("gb2312", "replace")
