"""Numbers in Chinese text: 1,200 · 1.2亿 · 三千二百万 · 壹拾贰万 · 二零一九 · 三点五亿."""

from decimal import Decimal

_WRITTEN = ("零", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {sign: value for value, signs in enumerate(_WRITTEN) for sign in signs}
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_KNOWN = frozenset((*_DIGITS, *_SCALES, *_GROUPS))
HANZI = "零一二两三四五六七八九十百千万亿"
FORMAL = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿"


def scale(text: str) -> int:
    """The factor of signs after a number: 万 10,000, 百万 1,000,000, nothing 1."""
    factor = 1
    for sign in text:
        factor *= _SCALES.get(sign) or _GROUPS[sign]
    return factor


def written(text: str) -> Decimal | None:
    """The number hanzi write; None for those that name none exactly (三四百) or are no numeral."""
    whole, point, fraction = text.partition("点")
    if not _KNOWN.issuperset(whole) or (point and not fraction):
        return None
    if not fraction:
        return _whole(whole)
    digits = fraction.rstrip("百千万亿")
    number = _whole(whole)
    if number is None or not digits or not all(sign in _DIGITS for sign in digits):
        return None
    return (number + Decimal(f"0.{_run(digits)}")) * scale(fraction[len(digits) :])


def _whole(text: str) -> Decimal | None:
    if text and all(sign in _DIGITS for sign in text):
        vague = 1 < len(text) < 4 and "零" not in text
        return None if vague else Decimal(_run(text))
    return _scaled(text)


def _run(text: str) -> str:
    return "".join(str(_DIGITS[sign]) for sign in text)


def _scaled(text: str) -> Decimal | None:
    """Reads from left to right: `total` whole groups of 万 and 亿, `section` below them, `digit` not yet placed."""
    total = section = 0
    digit: int | None = None
    last = 0
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None
            digit, last = _DIGITS[sign], last if _DIGITS[sign] else 0
        elif sign in _SCALES:
            section += (1 if digit is None and sign in "十拾" else digit or 0) * _SCALES[sign]
            digit, last = None, _SCALES[sign]
        else:
            section += digit or 0
            group = _GROUPS[sign]
            total = (total + section) * group if group > 10**4 else total + section * group
            section, digit, last = 0, None, group
    # 一万二, 三百五: a last digit counts tenths of what stands before it.
    short = (digit or 0) * (last // 10 if last >= 100 else 1)
    return Decimal(total + section + short) or None


def arabic(text: str) -> Decimal:
    """A number in digits, its thousands parted by commas or not."""
    return Decimal(text.replace(",", ""))


def shown(number: Decimal) -> str:
    """Plain decimal without trailing zeros: 120000000, 12.5."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
