"""Bytes to text, once: what a page declares, checked against what it holds.

Order of trust: byte order mark, HTTP header, meta or XML declaration (WHATWG Encoding and HTML
standards, as w3lib has them: gb2312 and gbk are read as gb18030, big5 as big5-hkscs), and over all
of these the text itself. A page of Chinese read with the wrong table has few of the characters
that real Chinese is made of, and this is measured.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

# The characters most used in running text (about half of it), simplified and traditional.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
    "行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然"
    "前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系"
    "军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计"
    "别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶"
    "油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确"
    "才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近"
    "市省县委政府会议工作淄博山东新闻网站编辑来源，。、：；？！“”《》（）【】\u3000"
    "這個為時來們於動會對發產說種後還從業應開實現當點體機電氣變條沒結問題關線內數與無長總組見計設質處給"
)
_LABEL = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MARGIN = 0.12
_ENOUGH = 0.30


@dataclass(frozen=True, slots=True)
class Decoded:
    """`fidelity` is the share of non-ASCII characters that came through, 0..1."""

    text: str
    decoded_as: str
    fidelity: float
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    label: str
    text: str
    lost: int
    foreign: int
    likeness: float


def decode(payload: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page. Never raises: what cannot be decoded becomes U+FFFD and an issue."""
    bom, mark = read_bom(payload)
    if bom is not None and mark is not None and _fits(payload[len(mark) :], bom):
        return _decoded(_trial(payload[len(mark) :], bom), None)
    declared = _declared(payload, content_type)
    return _decoded(_best(payload, declared), declared)


def _declared(payload: bytes, content_type: str | None) -> tuple[str, str] | None:
    """The first declaration that names a known encoding: (as declared, as read)."""
    head = payload[:8192]
    for known, place in (
        (http_content_type_encoding(content_type), content_type or ""),
        (html_body_declared_encoding(head), head.decode("latin-1")),
    ):
        if known:
            # HTML standard: a page whose meta could be read at all is not UTF-16.
            return _label(place, known), "utf-8" if known.startswith(("utf-16", "utf-32")) else known
    return None


def _label(place: str, known: str) -> str:
    """The name as the page writes it; w3lib gives what it stands for."""
    return next((name for name in _LABEL.findall(place) if resolve_encoding(name) == known), known)


def _best(payload: bytes, declared: tuple[str, str] | None) -> _Trial:
    first = _trial(payload, declared[1] if declared else "utf-8")
    if not first.foreign or (not first.lost and first.likeness >= _ENOUGH):
        return first
    labels = [label for label in ("utf-8", "gb18030", "big5hkscs") if label != first.label]
    best = max((_trial(payload, label) for label in labels), key=lambda trial: trial.likeness)
    return best if best.likeness > first.likeness + _MARGIN else first


def _trial(payload: bytes, label: str) -> _Trial:
    text = to_unicode(payload, label)
    foreign = [char for char in text if char > "\x7f"]
    lost = text.count("\ufffd") + (0 if label.startswith("utf") else sum(map(_private, foreign)))
    seen = foreign[:20000]
    common = sum(char in _FREQUENT for char in seen) / max(len(seen), 1)
    plain = sum(char in _ordinary() for char in seen) / max(len(seen), 1)
    likeness = common + plain / 4 - 2 * lost / max(len(foreign), 1)
    return _Trial(label, text, lost, len(foreign), likeness)


def _private(char: str) -> bool:
    return "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f"


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """The first level of GB 2312 (3755 hanzi) and of Big5 (5401), and GB 2312's punctuation."""
    cells = [bytes((lead, trail)) for lead in range(0xA1, 0xD8) for trail in range(0xA1, 0xFF)]
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    big5 = [bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails]
    return frozenset(
        "".join(cell.decode("gb2312", "ignore") for cell in cells if cell[0] in (0xA1, 0xA3) or cell[0] >= 0xB0)
        + "".join(cell.decode("big5", "ignore") for cell in big5)
    )


def _fits(payload: bytes, label: str) -> bool:
    return (
        payload.count(b"\0") > len(payload) // 8
        or not label.startswith(("utf-16", "utf-32"))
        or (codecs.lookup(label).name.startswith("utf") and to_unicode(payload[:4096], label).count("\ufffd") < 8)
    )


def _decoded(trial: _Trial, declared: tuple[str, str] | None) -> Decoded:
    issues = []
    if declared and declared[1] != trial.label:
        issues.append(f"declared {declared[0]}, is {trial.label}")
    if trial.lost:
        issues.append(f"replacement characters: {trial.lost}")
    fidelity = 1 - trial.lost / trial.foreign if trial.foreign else 1.0
    return Decoded(trial.text, trial.label, round(max(fidelity, 0.0), 4), tuple(issues))
