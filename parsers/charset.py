"""Bytes to text, once: what a page declares, checked against what it holds.

Order of trust: byte order mark, HTTP header, meta or XML declaration (WHATWG Encoding and HTML
standards, as w3lib has them: gb2312 and gbk are read as gb18030, big5 as big5-hkscs), and over all of
these the text itself. Bytes that are well-formed UTF-8 beyond chance are UTF-8 whatever is declared;
among the other tables the one wins whose text looks written (parsers.likeness), and a declaration is
believed where the text is too short to tell.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from parsers import mending
from parsers.likeness import foreign, likeness

Where = Literal["bom", "http", "meta", "evidence"]

_LABEL = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_WEB = re.compile(
    r"utf-(?:8|16|32)|gb18030|big5hkscs|cp(?:125|8\d|9\d)\d|euc_|iso8859-|iso2022_|koi8|mac|hz|shift|ascii"
)
_STATEFUL = ("hz", "iso2022_")
_CHINESE = ("gb18030", "big5hkscs")
_EVIDENCE = ("utf-8", *_CHINESE, "cp932", "euc_jp", "cp949")
_ENOUGH = 0.5
_MARGIN = 0.12
_LATIN = 0.3  # what a table that reads any byte at all has to be beaten by: KOI8-R read as gb18030 reaches 0.2
_CHANCE = 8  # bytes that well-formed UTF-8 has beyond one a character before it cannot be chance
_SHORT = 12
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]+)|0*([0-9]+))", re.IGNORECASE)
_ESCAPES = (
    (re.compile(rb"\x1b\$[@B]"), "iso2022_jp"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$\)[AG]"), "iso-2022-cn"),
    (re.compile(rb"~\{(?:[!-w][!-~]){2,99}~\}"), "hz"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`fidelity` is the share of non-ASCII characters that came through, 0..1.

    `where` says what settled the choice: the byte order mark, the HTTP header, the page's meta or XML
    declaration, or the bytes themselves; `confidence` how sure that is, 0..1.
    """

    text: str
    decoded_as: str
    fidelity: float
    issues: tuple[str, ...] = ()
    where: Where = "evidence"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Claim:
    """A declaration that names a known encoding: as read, where, as the page writes it."""

    label: str
    where: Where
    name: str


@dataclass(frozen=True, slots=True)
class _Choice:
    label: str
    confidence: float
    text: str | None = None


def decode(payload: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page. Never raises: what cannot be decoded becomes U+FFFD and an issue."""
    claims, payload = _claims(payload, content_type)
    choice = _choice(payload, claims)
    text = choice.text if choice.text is not None else mending.text(payload, choice.label)
    text, private = mending.corrected(text, choice.label) if choice.label in _CHINESE else (text, 0)
    served = "\ufffd" in text and payload.count(b"\xef\xbf\xbd") == text.count("\ufffd")
    notes: tuple[str, ...] = ()
    if private or ("\ufffd" in text and not served):
        text, notes = mending.mended(payload, text, choice.label)
        text, private = mending.corrected(text, choice.label) if choice.label in _CHINESE else (text, 0)
    lost = text.count("\ufffd")
    fidelity = 1 - (lost + private) / max(foreign(text), 1) if lost or private else 1.0
    where: Where = next((claim.where for claim in claims if claim.label == choice.label), "evidence")
    issues = (*_misdeclared(claims, choice), *notes, *_damage(text, lost, private, served=served))
    return Decoded(text, choice.label, round(max(fidelity, 0.0), 4), issues, where, choice.confidence)


def _claims(payload: bytes, content_type: str | None) -> tuple[list[_Claim], bytes]:
    """What the page says it is, the most trusted first, and its bytes without the mark."""
    bom, mark = read_bom(payload)
    payload = payload[len(mark) :] if mark else payload
    claims = [_Claim(bom, "bom", "a byte order mark")] if bom else []
    http = http_content_type_encoding(content_type)
    if http and _WEB.match(http):
        claims.append(_Claim(_wide(http), "http", _name((content_type or "")[:1024], http)))
    meta = html_body_declared_encoding(payload[:4096])
    if meta and _WEB.match(meta):
        # HTML standard: a page whose meta could be read at all is not UTF-16.
        label = "utf-8" if meta.startswith("utf") else meta
        claims.append(_Claim(label, "meta", _name(payload[:4096].decode("latin-1"), meta)))
    return claims, payload


def _wide(label: str) -> str:
    return "utf-8" if label.startswith("utf-8") else f"{label}-le" if label in ("utf-16", "utf-32") else label


def _name(place: str, known: str) -> str:
    """The name as the page writes it; w3lib gives what it stands for."""
    return next((name for name in _LABEL.findall(place) if resolve_encoding(name) == known), known)


def _choice(payload: bytes, claims: Sequence[_Claim]) -> _Choice:
    wide = _two_bytes(payload, claims)
    if wide:
        return _Choice(wide, 0.99)
    if payload.isascii():
        return _seven_bits(payload, claims)
    text = mending.strict(payload, "utf-8")
    if text is not None and len(payload) - len(text) >= _CHANCE:
        return _Choice("utf-8", 0.99, text)
    first = claims[0].label if claims else ""
    if first in _CHINESE:
        text = mending.strict(payload, first)
        if text is not None and likeness(text) >= _ENOUGH:
            return _Choice(first, _sure(0.99, text), text)
    return _by_evidence(payload, claims)


def _two_bytes(payload: bytes, claims: Sequence[_Claim]) -> str | None:
    """UTF-16 by its mark, or by the NULs that ASCII mark-up has in it: all at odd or all at even places."""
    if claims and claims[0].where == "bom" and claims[0].label != "utf-8":
        return claims[0].label
    head = payload[:4096]
    if b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _seven_bits(payload: bytes, claims: Sequence[_Claim]) -> _Choice:
    """ASCII, or one of the encodings that hide in it (RFC 1843 HZ, RFC 1922 ISO-2022-CN, ISO-2022-JP and -KR)."""
    named = next((claim.label for claim in claims if claim.label.startswith(_STATEFUL)), None)
    found = next((label for mark, label in _ESCAPES if mark.search(payload)), None)
    for label in filter(None, (found, named)):
        text = mending.text(payload, label)
        if label == named or likeness(text) >= _ENOUGH:
            return _Choice(label, _sure(0.95, text), text)
    plain = next((claim.label for claim in claims if not claim.label.startswith(("utf-16", "utf-32"))), "utf-8")
    return _Choice(plain, 1.0, payload.decode("ascii"))


def _by_evidence(payload: bytes, claims: Sequence[_Claim]) -> _Choice:
    sample = mending.sample(payload)
    labels = dict.fromkeys((*(claim.label for claim in reversed(claims)), *_EVIDENCE))
    ranked = sorted(((_score(sample, label, claims), label) for label in labels), reverse=True)
    (best, label), (second, _) = ranked[:2]
    if best < _LATIN and mending.lone_bytes(sample):
        return _Choice("cp1252", 0.5)
    return _Choice(label, _sure(min(0.5 + (best - second), 0.98), mending.text(sample, label)))


def _score(sample: bytes, label: str, claims: Sequence[_Claim]) -> float:
    """How likely bytes are in an encoding: how the text looks, how well they fit, who says so."""
    text = mending.text(sample, label)
    score = likeness(text)
    lost = text.count("\ufffd")
    said = next((place for place, claim in enumerate(claims) if claim.label == label), None)
    if label == "utf-8":
        score += 0.0 if lost * 4 > foreign(text) else min(len(sample) - len(text), _CHANCE) / _CHANCE
    elif label not in _EVIDENCE and not lost:
        score = max(score, _LATIN)
    elif label not in _CHINESE and said is None and score < _ENOUGH:
        return -1.0
    return score + (0.0 if said is None else _MARGIN / (1 + said))


def _sure(confidence: float, text: str) -> float:
    return round(min(confidence, 0.6 + 0.4 * foreign(text[:4096]) / _SHORT), 2)


def _misdeclared(claims: Sequence[_Claim], choice: _Choice) -> tuple[str, ...]:
    wrong = claims and claims[0].label != choice.label
    return (f"declared {claims[0].name}, is {choice.label}",) if wrong else ()


def _damage(text: str, lost: int, private: int, *, served: bool) -> Iterator[str]:
    if lost:
        yield f"replacement characters{', as served' if served else ''}: {lost}"
    if private:
        yield f"private use characters: {private}"
    referred = sum(count for name, count in Counter(_REFERENCE.findall(text)).items() if _is_lost(*name))
    if referred:
        yield f"replacement characters, as references: {referred}"


def _is_lost(hexadecimal: str, decimal: str) -> bool:
    """True for a reference that stands for U+FFFD: itself, zero, half of a pair, beyond Unicode (HTML standard)."""
    if len(hexadecimal or decimal) > 7:
        return True
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return code in (0, 0xFFFD) or 0xD800 <= code < 0xE000 or code > 0x10FFFF
